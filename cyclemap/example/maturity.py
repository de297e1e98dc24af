"""How mature Lunaria says it is: at the start, and between the two waves."""

from datetime import date, timedelta

from cycles.models import Assessment, Cycle

# Days from today, occasion, who, and (level, why) of relationship, doubts, value, experience.
JUDGED = [
    (
        -133,
        {"es": "Al empezar", "en": "At the start"},
        "Noelia Prado, Óscar Benítez, Marta Quiroga",
        [
            (2, "Las clientas de siempre las conoce cada dependienta, y no está escrito."),
            (2, "Por WhatsApp contesta quien puede, y no siempre lo mismo."),
            (3, "El taller de tallas y arreglos se valora; lo sabemos por la tienda, sin medirlo."),
            (2, "El probador y la caja dependen del día."),
        ],
    ),
    (
        -25,
        {"es": "Después de la primera encuesta", "en": "After the first survey"},
        "Noelia Prado, Óscar Benítez, Lucía Peña",
        [
            (3, "La ficha de clienta ya la leen las dos tiendas."),
            (4, "Respuestas guardadas y horario a la vista; contestamos en el día."),
            (3, "Ya está por momentos, falta medir lo que la clienta no echa en falta."),
            (3, "Todo el recorrido tiene mínimos y responsable; la fila de caja sigue pendiente."),
        ],
    ),
]


def load_maturity(cycle: Cycle, today: date) -> None:
    rows = []
    for number, (days, occasion, people, judged) in enumerate(JUDGED):
        row = Assessment(
            cycle=cycle,
            name=occasion["es"],
            made_on=today + timedelta(days=days),
            made_by=people,
            key=f"example-{number}",
        )
        for element, (level, why) in zip(
            ("relationship", "doubts", "value", "experience"), judged, strict=True
        ):
            setattr(row, element, level)
            setattr(row, f"{element}_note", why)
        row.translate("en", name=occasion["en"])
        rows.append(row)
    Assessment.objects.bulk_create(rows)
