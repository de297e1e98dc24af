"""What the actions of the example cost and promise, who approved them, what customers are told of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User, Workspace
from cycles.choices import ActionStatus, Vertex
from cycles.models import Action, ActionPlan, Cycle

SPONSOR = "Noelia Prado"
AFTER: dict[str, dict[str, str]] = {
    "name": {"es": "Cambios y arreglos sin vueltas", "en": "Exchanges and alterations without detours"},
    "goal": {
        "es": "Que nadie tenga que volver dos veces por un cambio o un arreglo.",
        "en": "Nobody has to come back twice for an exchange or an alteration.",
    },
}
SPONSOR_AFTER = "Marta Quiroga"
OF_AFTER = (6, 7, 12)  # the numbers of its actions


@dataclass(frozen=True)
class Figures:
    effort_days: str
    duration_days: int
    cost: int
    lift: str
    confidence: int
    vertex: Vertex
    begun: int | None = None  # days from today
    email: str = ""


FIGURES = {
    1: Figures("4", 21, 1800, "0.35", 70, Vertex.PEOPLE, begun=-27, email="oscar.benitez@lunaria.example"),
    2: Figures("9", 45, 3400, "0.5", 60, Vertex.SYSTEMS, begun=-24, email="ivan.salas@lunaria.example"),
    3: Figures("8", 30, 2600, "0.55", 75, Vertex.SYSTEMS, begun=-88, email="marta.quiroga@lunaria.example"),
    4: Figures("3", 14, 900, "0.3", 70, Vertex.SYSTEMS, begun=-80),
    5: Figures("22.5", 90, 9500, "0.6", 55, Vertex.SYSTEMS, email="ivan.salas@lunaria.example"),
    6: Figures("5", 21, 1200, "0.7", 70, Vertex.STRATEGY, begun=-14),
    7: Figures("12", 30, 4800, "0.55", 50, Vertex.PEOPLE, email="oscar.benitez@lunaria.example"),
    8: Figures("2", 7, 0, "0.4", 80, Vertex.STRATEGY, begun=-84),
    9: Figures("4", 14, 350, "0.35", 65, Vertex.SYSTEMS, begun=-10),
    10: Figures("6", 60, 7200, "0.4", 30, Vertex.STRATEGY, email="marta.quiroga@lunaria.example"),
    11: Figures("2", 10, 640, "0.25", 75, Vertex.SYSTEMS, begun=-80, email="ivan.salas@lunaria.example"),
    12: Figures("2.5", 14, 180, "0.3", 70, Vertex.PEOPLE),
}
RESOURCES = {
    2: (
        "Dos terminales móviles y media jornada de formación.",
        "Two mobile terminals, half a day of training.",
    ),
    3: ("Pantalla a la entrada y el envío de mensajes.", "A screen at the entrance, and the messages."),
    5: ("La empresa que lleva la tienda en línea.", "The firm that runs the online shop."),
}
TOLD = {
    3: (
        "Se espera de pie a que quede libre un probador.",
        "Se toma número a la entrada y un mensaje avisa cuando queda libre.",
        "You wait standing until a fitting room is free.",
        "Take a number at the entrance: a message calls you when one is free.",
    ),
    8: (
        "Por WhatsApp no se sabe cuándo contestan.",
        "El perfil dice a qué horas contestamos, y lo más preguntado tiene respuesta al momento.",
        "On WhatsApp nobody knows when you will answer.",
        "The profile says when we answer, and what is asked most is answered at once.",
    ),
    11: (
        "El datáfono falla y hay que repetir el pago.",
        "Hay dos terminales nuevos, sin contacto, en las dos cajas.",
        "The card terminal fails and the payment has to be repeated.",
        "Both tills have new contactless terminals.",
    ),
}


def fill_in(workspace: Workspace, cycle: Cycle, today: date) -> None:
    """The actions are there; the people too. No history: it is how the example begins."""
    people = {user.name: user for user in User.objects.filter(memberships__workspace=workspace)}
    first = cycle.plans.get()
    first.sponsor = SPONSOR
    ActionPlan.objects.bulk_update([first], ["sponsor"])
    second = ActionPlan(
        cycle=cycle,
        name=AFTER["name"]["es"],
        goal=AFTER["goal"]["es"],
        sponsor=SPONSOR_AFTER,
        created_at=first.created_at + timedelta(days=10),
    )
    second.translate("en", name=AFTER["name"]["en"], goal=AFTER["goal"]["en"])
    second.save()
    actions = list(Action.objects.filter(plan=first))
    for action in actions:
        if action.number in OF_AFTER:
            action.plan = second
        put(action, FIGURES[action.number], people, today)
    Action.objects.bulk_update(
        actions,
        [
            "plan",
            "owner_member",
            "owner_email",
            "effort_days",
            "duration_days",
            "cost",
            "lift",
            "confidence",
            "vertex",
            "launched_on",
            "approved_by",
            "approved_at",
            "resources",
            "is_publishable",
            "said",
            "did",
            "translations",
        ],
    )


def put(action: Action, figures: Figures, people: dict[str, User], today: date) -> None:
    action.owner_member = people.get(action.owner)
    action.owner_email = "" if action.owner_member else figures.email
    action.effort_days, action.duration_days = Decimal(figures.effort_days), figures.duration_days
    action.cost, action.lift = Decimal(figures.cost), Decimal(figures.lift)
    action.confidence, action.vertex = figures.confidence, figures.vertex
    if figures.begun is not None:
        action.launched_on = today + timedelta(days=figures.begun)
    if action.status != ActionStatus.PROPOSED:
        action.approved_by = people[SPONSOR]
        before = -12 if figures.begun is None else figures.begun - 6
        action.approved_at = timezone.now() + timedelta(days=before)
    if action.number in RESOURCES:
        action.resources, elsewhere = RESOURCES[action.number]
        action.translate("en", resources=elsewhere)
    if action.number in TOLD:
        action.said, action.did, said, did = TOLD[action.number]
        action.is_publishable = True
        action.translate("en", said=said, did=did)
