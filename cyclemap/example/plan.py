"""The action plan of the example. Dates are days from today."""

from dataclasses import dataclass

from cycles.choices import ActionStatus


@dataclass(frozen=True)
class PlannedAction:
    number: int
    name: dict[str, str]
    description: dict[str, str]
    # Number of the moment on the wheel -> which of its requirements, counted from one.
    serves: dict[int, list[int]]
    owner: str
    effort: int
    impact: int
    status: str
    due: int | None
    done: int | None = None


NAME = {"es": "Menos espera, más probador", "en": "Less waiting, better fitting rooms"}
GOAL = {
    "es": "Que ningún momento crítico baje de 3,5 de satisfacción antes de la próxima oleada.",
    "en": "No critical moment below 3.5 of satisfaction by the next wave.",
}
OWNER = "Elena Ferrer"

ACTIONS = [
    PlannedAction(
        1,
        {"es": "Segunda caja los sábados de 12 a 15 h", "en": "Second till on Saturdays, 12 to 3 pm"},
        {
            "es": "Cambiar los turnos de comida para tener dos cajas abiertas a mediodía.",
            "en": "Move lunch shifts so that two tills are open at midday.",
        },
        {11: [1]},
        "Óscar Benítez",
        2,
        4,
        ActionStatus.DOING,
        due=-6,
    ),
    PlannedAction(
        2,
        {
            "es": "Cobro con móvil en planta en horas punta",
            "en": "Mobile payment on the shop floor at peak times",
        },
        {
            "es": "Dos personas cobran con tarjeta entre los percheros cuando la fila pasa de cinco.",
            "en": "Two people take card payments among the rails when the queue is longer than five.",
        },
        {11: [1, 2], 12: [1]},
        "Iván Salas",
        3,
        5,
        ActionStatus.DOING,
        due=21,
    ),
    PlannedAction(
        3,
        {
            "es": "Turno en probadores con aviso por mensaje",
            "en": "Turns for the fitting rooms, called by message",
        },
        {
            "es": "Se toma número a la entrada y un mensaje avisa cuando queda libre.",
            "en": "Take a number at the entrance; a message says when a room is free.",
        },
        {9: [1]},
        "Marta Quiroga",
        3,
        5,
        ActionStatus.DONE,
        due=-58,
        done=-60,
    ),
    PlannedAction(
        4,
        {
            "es": "Timbre para pedir otra talla desde el probador",
            "en": "Bell to ask for another size from the fitting room",
        },
        {
            "es": "Un timbre en cada probador avisa a la persona de zona.",
            "en": "A bell in each fitting room calls the person of that area.",
        },
        {8: [1], 9: [2]},
        "Noelia Prado",
        2,
        3,
        ActionStatus.DONE,
        due=-64,
        done=-64,
    ),
    PlannedAction(
        5,
        {
            "es": "Existencias por tienda en la web, cada hora",
            "en": "Stock by shop on the website, every hour",
        },
        {
            "es": "Enlazar el programa de existencias con la tienda en línea.",
            "en": "Connect the stock system with the online shop.",
        },
        {2: [1]},
        "Iván Salas",
        4,
        5,
        ActionStatus.APPROVED,
        due=71,
    ),
    PlannedAction(
        6,
        {
            "es": "Cambios sin tique, con el correo de compra",
            "en": "Exchanges without a receipt, with the purchase e-mail",
        },
        {
            "es": "El terminal busca la compra por el correo o por la tarjeta.",
            "en": "The till looks up the purchase by e-mail or by card.",
        },
        {15: [1, 3]},
        "Noelia Prado",
        2,
        5,
        ActionStatus.DOING,
        due=7,
    ),
    PlannedAction(
        7,
        {"es": "Mostrador propio para cambios", "en": "A counter of its own for exchanges"},
        {
            "es": "Junto a los probadores, abierto de viernes a domingo.",
            "en": "Next to the fitting rooms, open from Friday to Sunday.",
        },
        {15: [4], 11: [3]},
        "Óscar Benítez",
        4,
        4,
        ActionStatus.APPROVED,
        due=29,
    ),
    PlannedAction(
        8,
        {
            "es": "Horario visible y respuestas guardadas en WhatsApp",
            "en": "Visible hours and saved answers on WhatsApp",
        },
        {
            "es": "El perfil dice a qué horas se contesta; lo más preguntado tiene respuesta lista.",
            "en": "The profile says when we answer; what is asked most has an answer ready.",
        },
        {3: [1, 2]},
        "Lucía Peña",
        1,
        3,
        ActionStatus.DONE,
        due=-75,
        done=-77,
    ),
    PlannedAction(
        9,
        {"es": "Plano de tallas por pared y color", "en": "Map of sizes by wall and colour"},
        {
            "es": "Un plano en cada pared y repaso de tallas a las cinco de la tarde.",
            "en": "A map on every wall, and sizes put in order at five in the afternoon.",
        },
        {7: [1, 2]},
        "Lucía Peña",
        2,
        3,
        ActionStatus.DOING,
        due=14,
    ),
    PlannedAction(
        10,
        {"es": "Dos horas de aparcamiento con la compra", "en": "Two hours of parking with a purchase"},
        {
            "es": "Acuerdo con el centro comercial, validado en caja.",
            "en": "Agreement with the shopping centre, validated at the till.",
        },
        {4: [2]},
        "Marta Quiroga",
        4,
        2,
        ActionStatus.PROPOSED,
        due=None,
    ),
    PlannedAction(
        11,
        {"es": "Datáfono sin contacto en las dos cajas", "en": "Contactless terminal at both tills"},
        {
            "es": "Sustituir los dos terminales antiguos.",
            "en": "Replace the two old terminals.",
        },
        {12: [1]},
        "Iván Salas",
        2,
        3,
        ActionStatus.DONE,
        due=-67,
        done=-70,
    ),
    PlannedAction(
        12,
        {"es": "Aviso cuando el arreglo está listo", "en": "Message when the alteration is ready"},
        {
            "es": "Costura marca el arreglo como listo y sale un mensaje.",
            "en": "Alterations marks the work as ready and a message goes out.",
        },
        {14: [2]},
        "Noelia Prado",
        1,
        3,
        ActionStatus.APPROVED,
        due=18,
    ),
]
