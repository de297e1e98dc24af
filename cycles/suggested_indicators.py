"""Indicators that suit a stage before, during or after the transaction, each with where it comes from."""

from dataclasses import dataclass

from cycles.choices import Bound, Category, Phase


@dataclass(frozen=True)
class Suggestion:
    key: str
    phase: str
    category: str
    name: dict[str, str]
    unit: dict[str, str]
    bound: str
    source: dict[str, str]

    def said(self, language: str) -> str:
        return self.name.get(language[:2], self.name["en"])


CATEGORIES = {
    "es": "Las cuatro categorías de indicadores de un acuerdo de nivel de servicio (ANS)",
    "en": "The four indicator categories of a service level agreement (SLA)",
}
AROUND = {
    "es": "Evaluación del servicio antes, durante y después de la transacción",
    "en": "Evaluation of the service before, during and after the transaction",
}
METRICS = {
    "es": "Métricas por etapa del ciclo: satisfacción, retención y lealtad",
    "en": "Metrics of each stage of the cycle: satisfaction, retention and loyalty",
}

BEFORE, DURING, AFTER = Phase.BEFORE.value, Phase.DURING.value, Phase.AFTER.value
QUALITY, RESPONSIVENESS, VOLUME, EFFICIENCY = (category.value for category in Category)
MOST, LEAST = Bound.AT_MOST.value, Bound.AT_LEAST.value
SHARE = {"es": "%", "en": "%"}
HOURS = {"es": "horas", "en": "hours"}


def suggestion(
    key: str,
    phase: str,
    category: str,
    es: str,
    en: str,
    unit: dict[str, str],
    bound: str,
    source: dict[str, str],
) -> Suggestion:
    return Suggestion(key, phase, category, {"es": es, "en": en}, unit, bound, source)


SUGGESTIONS = (
    suggestion(
        "policies_known", BEFORE, QUALITY,
        "Clientes que conocían las políticas antes de comprar",
        "Customers who knew the policies before buying",
        SHARE, LEAST, AROUND,
    ),
    suggestion(
        "first_answer", BEFORE, RESPONSIVENESS,
        "Tiempo hasta la primera respuesta a una consulta", "Time to the first answer to an enquiry",
        HOURS, MOST, METRICS,
    ),
    suggestion(
        "enquiries", BEFORE, VOLUME,
        "Consultas atendidas", "Enquiries answered",
        {"es": "consultas", "en": "enquiries"}, LEAST, CATEGORIES,
    ),
    suggestion(
        "conversion", BEFORE, EFFICIENCY,
        "Consultas que terminan en compra", "Enquiries that end in a purchase",
        SHARE, LEAST, METRICS,
    ),
    suggestion(
        "right_first_time", DURING, QUALITY,
        "Entregas correctas a la primera", "Deliveries right the first time",
        SHARE, LEAST, AROUND,
    ),
    suggestion(
        "on_time", DURING, RESPONSIVENESS,
        "Entregas a tiempo", "Deliveries on time",
        SHARE, LEAST, METRICS,
    ),
    suggestion(
        "served", DURING, VOLUME,
        "Clientes atendidos", "Customers served",
        {"es": "clientes", "en": "customers"}, LEAST, CATEGORIES,
    ),
    suggestion(
        "cost_per_service", DURING, EFFICIENCY,
        "Coste de cada atención", "Cost of each service",
        {"es": "€", "en": "€"}, MOST, CATEGORIES,
    ),
    suggestion(
        "repeat_purchase", AFTER, QUALITY,
        "Clientes que vuelven a comprar (retención)", "Customers who buy again (retention)",
        SHARE, LEAST, METRICS,
    ),
    suggestion(
        "complaint_solved", AFTER, RESPONSIVENESS,
        "Tiempo hasta resolver un reclamo", "Time to solve a complaint",
        HOURS, MOST, AROUND,
    ),
    suggestion(
        "complaints", AFTER, VOLUME,
        "Reclamos recibidos", "Complaints received",
        {"es": "reclamos", "en": "complaints"}, MOST, AROUND,
    ),
    suggestion(
        "referral", AFTER, EFFICIENCY,
        "Clientes nuevos que llegan recomendados", "New customers who come by recommendation",
        SHARE, LEAST, METRICS,
    ),
)  # fmt: skip
BY_KEY = {one.key: one for one in SUGGESTIONS}


def suggested_for(phase: str, category: str) -> Suggestion:
    """A stage that says no phase is taken to be during the transaction."""
    phase = phase or DURING
    return next(one for one in SUGGESTIONS if one.phase == phase and one.category == category)
