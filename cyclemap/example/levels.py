"""The service levels and indicators of the example, with a year of months behind them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cycles.choices import Agreed, Bound, Category, Clock, Tier
from cycles.models import Cycle, Indicator, Measurement, Moment, ServiceLevel, Stage
from cycles.results import preceding
from cycles.service_levels import settle
from cycles.suggested_indicators import BY_KEY

Results = tuple[float | None, ...]


@dataclass(frozen=True)
class Agreement:
    """`moment`: its number on the wheel; `above`: which of these it makes specific. The last month last."""

    name: dict[str, str]
    category: str
    bound: str
    target: float | None
    unit: dict[str, str]
    results: Results = ()
    moment: int | None = None
    tier: str = ""
    above: int | None = None
    applies_to: dict[str, str] | None = None
    responsible: str = ""
    provider: str = ""
    customer: str = ""
    accepted: tuple[int, int] | None = None  # days before today
    terms: dict[str, str] | None = None
    clock: str = ""
    kind: str = Agreed.SERVICE


HOURS = {"es": "horas", "en": "hours"}
SHARE = {"es": "%", "en": "%"}
ANSWER = {
    "es": "Tiempo hasta contestar una consulta",
    "en": "Time until a question is answered",
}

AGREEMENTS = (
    Agreement(
        ANSWER,
        Category.RESPONSIVENESS,
        Bound.AT_MOST,
        24,
        HOURS,
        (20, 19.5, 21, 18, 17.5, 19, 16, 15.5, 15, 14, 14.5, 13),
        kind=Agreed.MULTILEVEL,
        tier=Tier.CORPORATE,
        responsible="Noelia Prado",
        provider="Lunaria Moda, dirección",
        customer="Todas las clientas",
    ),
    Agreement(
        {"es": "Respuesta por WhatsApp en horario de tienda", "en": "Answer on WhatsApp in opening hours"},
        Category.RESPONSIVENESS,
        Bound.AT_MOST,
        4,
        HOURS,
        (6.5, 6, 5.2, 4.8, 4.4, 3.9, 3.6, 3.1, 2.8, 2.4, 2.2, 2),
        moment=3,
        kind=Agreed.MULTILEVEL,
        tier=Tier.DEPARTMENT,
        above=0,
        applies_to={"es": "Atención al cliente", "en": "Customer service"},
        responsible="Lucía Peña",
        provider="Atención al cliente",
        customer="Lunaria Moda, dirección",
    ),
    Agreement(
        {"es": "Respuesta por WhatsApp a socias", "en": "Answer on WhatsApp to members"},
        Category.RESPONSIVENESS,
        Bound.AT_MOST,
        1,
        HOURS,
        (None, None, None, None, 1.4, 1.2, 0.9, 0.9, 0.8, 0.8, 0.7, 0.7),
        moment=3,
        kind=Agreed.MULTILEVEL,
        tier=Tier.CUSTOMER,
        above=1,
        applies_to={"es": "Socias del programa Luna", "en": "Members of the Luna programme"},
        responsible="Lucía Peña",
        provider="Atención al cliente",
        customer="Socias del programa Luna",
    ),
    Agreement(
        {"es": "Espera en la fila de caja", "en": "Wait in the queue at the till"},
        Category.RESPONSIVENESS,
        Bound.AT_MOST,
        5,
        {"es": "minutos", "en": "minutes"},
        (4.6, 4.8, 4.9, 5.4, 4.9, 5.6, 5.8, 5.2, 6.1, 5.9, 6.4, 6.2),
        moment=11,
        responsible="Óscar Benítez",
        provider="Tiendas Lunaria",
        customer="Lunaria Moda, dirección",
        accepted=(352, 349),
        terms={
            "es": "Se mide los sábados de 12 a 15 h. Si se incumple dos meses seguidos, se abre otra caja.",
            "en": "Timed on Saturdays, 12 to 3 pm. Missed two months in a row, another till opens.",
        },
    ),
    Agreement(
        {
            "es": "Existencias de la web que coinciden con la tienda",
            "en": "Stock on the website that is in the shop",
        },
        Category.QUALITY,
        Bound.AT_LEAST,
        95,
        SHARE,
        (93.8, 95.2, 95.6, 95.9, 96.3, 96, 96.4, None, 96.2, 96.8, 96.5, 96.9),
        moment=2,
        responsible="Iván Salas",
        provider="Sistemas",
        customer="Tiendas Lunaria",
        accepted=(340, 338),
    ),
    Agreement(
        {"es": "Arreglos listos el día prometido", "en": "Alterations ready on the promised day"},
        Category.QUALITY,
        Bound.AT_LEAST,
        90,
        SHARE,
        (91, 90, 92, 88, 87, 89, 86, 85, 84, 86, 83, 84),
        moment=14,
        kind=Agreed.CUSTOMER,
        applies_to={"es": "Clientas con arreglo", "en": "Customers with an alteration"},
        responsible="Noelia Prado",
        provider="Taller de costura",
        customer="Clientas con arreglo",
    ),
    Agreement(
        {"es": "Tiempo hasta el primer contacto en un caso", "en": "Time to the first contact in a case"},
        Category.RESPONSIVENESS,
        Bound.AT_MOST,
        24,
        HOURS,
        clock=Clock.CONTACT,
        responsible="Noelia Prado",
        provider="Atención al cliente",
        customer="Todas las clientas",
    ),
)

# By the number of the stage and the suggestion: target and results.
INDICATORS: dict[tuple[int, str], tuple[float | None, Results]] = {
    (1, "conversion"): (30, (24, 25, 24, 26, 27, 27, 28, 29, 28, 30, 31, 31)),
    (1, "enquiries"): (None, (410, 388, 402, 395, 430, 441, 455, 480, 402, 470, 512, 530)),
    (3, "served"): (None, (5200, 5900, 4700, 4400, 4650, 4800, 5100, 5300, 4100, 4900, 5350, 5500)),
    (4, "cost_per_service"): (4.5, (4.9, 4.8, 4.9, 4.7, 4.6, 4.6, 4.4, 4.5, None, 4.4, 4.3, 4.3)),
    (5, "repeat_purchase"): (35, (31, 31, 32, 33, 33, 34, 34, 35, 35, 36, 36, 37)),
    (5, "complaints"): (40, (52, 61, 47, 44, 45, 43, 41, 39, 38, 36, 37, 35)),
    (5, "referral"): (20, (14, 15, 15, 16, 15, 17, 18, 18, 17, 19, 19, 20)),
}


def load_levels(cycle: Cycle, today: date) -> None:
    """What is measured is of the twelve months that are over."""
    months = [preceding(today.replace(day=1), "month")]
    while len(months) < 12:
        months.append(preceding(months[-1], "month"))
    months.reverse()
    moments = list(Moment.objects.filter(stage__cycle=cycle))
    made: list[ServiceLevel] = []
    rows: list[Measurement] = []
    for one in AGREEMENTS:
        level = agreed(cycle, one, moments, made, today)
        level.save()
        made.append(level)
        rows += measured(months, one.results, cycle=cycle, service_level=level)
    stages = {stage.position: stage for stage in Stage.objects.filter(cycle=cycle)}
    for (number, key), (target, results) in INDICATORS.items():
        if stage := stages.get(number - 1):
            indicator = followed(cycle, stage, key, target)
            indicator.save()
            rows += measured(months, results, cycle=cycle, indicator=indicator)
    Measurement.objects.bulk_create(rows)
    settle(cycle, today)


def agreed(
    cycle: Cycle, one: Agreement, moments: list[Moment], made: list[ServiceLevel], today: date
) -> ServiceLevel:
    signed: dict[str, Any] = {}
    if one.accepted:
        provider, customer = one.accepted
        signed = {
            "provider_signer": one.responsible,
            "provider_accepted_on": date.fromordinal(today.toordinal() - provider),
            "customer_signer": "Noelia Prado",
            "customer_accepted_on": date.fromordinal(today.toordinal() - customer),
            "valid_from": date.fromordinal(today.toordinal() - customer).replace(day=1),
        }
        signed["valid_from"] = preceding(signed["valid_from"], "month")
    level = ServiceLevel(
        cycle=cycle,
        name=one.name["es"],
        category=one.category,
        kind=one.kind,
        tier=one.tier,
        moment=moments[one.moment - 1] if one.moment else None,
        above=made[one.above] if one.above is not None else None,
        applies_to=(one.applies_to or {}).get("es", ""),
        bound=one.bound,
        target_value=Decimal(str(one.target)),
        unit=one.unit["es"],
        clock=one.clock,
        responsible=one.responsible,
        provider=one.provider,
        customer=one.customer,
        terms=(one.terms or {}).get("es", ""),
        **signed,
    )
    english = {"name": one.name["en"], "unit": one.unit["en"]}
    english |= {"applies_to": (one.applies_to or {}).get("en", ""), "terms": (one.terms or {}).get("en", "")}
    level.translate("en", **english)
    return level


def followed(cycle: Cycle, stage: Stage, key: str, target: float | None) -> Indicator:
    idea = BY_KEY[key]
    indicator = Indicator(
        cycle=cycle,
        stage=stage,
        name=idea.name["es"],
        category=idea.category,
        unit=idea.unit["es"],
        bound=idea.bound,
        target_value=None if target is None else Decimal(str(target)),
        suggested=key,
    )
    indicator.translate("en", name=idea.name["en"], unit=idea.unit["en"])
    return indicator


def measured(months: list[date], results: Results, **of: Any) -> list[Measurement]:
    return [
        Measurement(day=day, value=Decimal(str(value)), **of)
        for day, value in zip(months[-len(results) :] if results else [], results, strict=True)
        if value is not None
    ]
