"""Cases of the example: what some customers of the second survey complained of, in every status."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone, translation

from accounts.member_mail import LetterState
from accounts.models import User
from cyclemap.example import COLLEAGUE, CONSULTANT, MANAGER
from cyclemap.example.rounds import ROUNDS, moment_of
from cycles.models import Action, Cycle, Moment
from surveys.campaigns import new_message_id
from surveys.cases.closing import MAIL_KIND
from surveys.cases.looking import newest_answer
from surveys.cases.opening import open_case
from surveys.cases.policy import hours_of
from surveys.links import current_key_version, new_nonce
from surveys.models import (
    Assignment,
    Case,
    CaseKind,
    CasePolicy,
    CaseRule,
    CaseStatus,
    CaseStep,
    Cause,
    FollowUp,
    MailState,
    Origin,
    OutgoingMail,
    Rating,
    Response,
    Told,
    Wave,
)

LOW = 2
What = CaseStep.What
ORDER = list(CaseStatus)


@dataclass(frozen=True)
class PlannedCase:
    """`words` are a part of the customer's comment. Hours are counted from the opening."""

    moment: int
    words: str
    kind: str
    status: str
    days_ago: int
    owner: str = ""
    causes: tuple[str, ...] = ()
    contacted: float | None = None
    solved: float | None = None
    notes: tuple[str, ...] = ()
    told: str = ""
    # Whether it was solved, and the satisfaction, as the customer said afterwards.
    answer: tuple[bool, int] | None = None
    temper: str = ""
    title: str = ""
    action: int | None = None


LOW_SCORE, COMPLAINT, REQUEST, QUESTION = (
    CaseKind.LOW_SCORE,
    CaseKind.COMPLAINT,
    CaseKind.REQUEST,
    CaseKind.QUESTION,
)
CASES = [
    PlannedCase(
        15, "", COMPLAINT, CaseStatus.SURVEYED, 17, COLLEAGUE, ("rules",), 3, 44,
        ("Le negaron el cambio por no llevar la bolsa. La etiqueta estaba puesta.",),
        "Ya puedes cambiar la chaqueta en cualquier tienda con el recibo, sin bolsa. "
        "Hemos recordado la norma en las tres cajas.",
        (True, 5),
    ),
    PlannedCase(
        8, "", LOW_SCORE, CaseStatus.SURVEYED, 16, MANAGER, ("stock", "bare_minimum"), 20, 70,
        ("La talla 42 estaba en Plaza Norte. Nadie lo miró.",),
        "Hemos apartado la 42 a tu nombre y te la llevamos a la tienda que prefieras.",
        (True, 4),
    ),
    PlannedCase(
        9, "", LOW_SCORE, CaseStatus.SURVEYED, 15, MANAGER, ("no_word",), 30, 96,
        (), "Hay una persona en los probadores los sábados desde esta semana.", (False, 2),
    ),
    PlannedCase(
        4, "La planta menos dos", COMPLAINT, CaseStatus.CLOSED, 12, COLLEAGUE, ("information",), 6, 50,
        ("El centro comercial la cierra por obras hasta fin de mes.",),
        "Avisamos en la web y en Instagram de qué plantas del aparcamiento están abiertas.",
    ),
    PlannedCase(
        14, "", REQUEST, CaseStatus.PRESENTED, 6, MANAGER, ("promise",), 5, 90,
        ("Arreglo prometido para el jueves. Está listo hoy.",),
    ),
    PlannedCase(
        11, "Dijeron que abrirían otra caja", LOW_SCORE, CaseStatus.SOLVING, 9, COLLEAGUE,
        ("promise", "no_word"), 26, None,
        ("Los sábados de 12 a 15 h sigue habiendo una sola caja.",), action=1,
    ),
    PlannedCase(
        11, "No se sabe si la fila", LOW_SCORE, CaseStatus.REGISTERED, 5, MANAGER, ("information",), 30, None,
    ),
    PlannedCase(
        11, "El niño lloraba", LOW_SCORE, CaseStatus.CLASSIFIED, 3, MANAGER, ("no_word",), None, None,
        temper="submissive",
    ),
    PlannedCase(11, "", LOW_SCORE, CaseStatus.CAPTURED, 1),
    PlannedCase(
        7, "Las tallas están mezcladas", LOW_SCORE, CaseStatus.SOLVING, 4, CONSULTANT,
        ("tools", "bare_minimum"), 22, None,
    ),
    PlannedCase(
        6, "Nada más entrar", COMPLAINT, CaseStatus.REGISTERED, 2, MANAGER, ("manners",), 4, None,
        temper="aggressive",
    ),
    PlannedCase(3, "", QUESTION, CaseStatus.CAPTURED, 1, title="¿Cuándo vuelve el vestido verde?"),
    PlannedCase(9, "", LOW_SCORE, CaseStatus.CAPTURED, 0),
]  # fmt: skip


def load_cases(cycle: Cycle, today: date) -> None:
    """As worked on until this morning; every mail about them has left."""
    wave = Wave.objects.select_related("survey").get(survey__cycle=cycle, name=ROUNDS[-1].name)
    moments = list(Moment.objects.filter(stage__cycle=cycle).order_by("stage__position", "position"))
    people = {user.email: user for user in User.objects.filter(email__in=[MANAGER, COLLEAGUE, CONSULTANT])}
    used: set[int] = set()
    # As it stood this morning, or a moment ago where the morning is still to come.
    now = min(moment_of(today, 0, time(8, 40)), timezone.now())
    with translation.override("es"):
        for planned in CASES:
            moment = moments[planned.moment - 1]
            response = None if planned.title else _answer(wave, moment, planned.words, used)
            _open(cycle, moment, planned, response, people.get(planned.owner), now)
    Assignment.objects.filter(case__cycle=cycle).update(state=LetterState.SENT)
    newest = newest_answer()
    CaseRule.objects.create(
        survey=wave.survey, is_on=True, moment_at_most=1, overall_at_most=2, nps_at_most=3,
        owner=people[MANAGER], looked_to=newest, seen_to=newest,
    )  # fmt: skip


def _answer(wave: Wave, moment: Moment, words: str, used: set[int]) -> Response | None:
    """Somebody with a low score there, preferably who wrote these words, or nothing; nobody twice."""
    low = Rating.objects.filter(item__moment=moment, item__is_requirement=False, satisfaction__lte=LOW)
    answers = Response.objects.filter(wave=wave, pk__in=low.values("response_id"))
    answers = answers.exclude(pk__in=used).exclude(invitation=None).order_by("pk")
    answers = answers.select_related("wave__survey", "invitation__contact")
    wanted = answers.filter(comment__startswith=words) if words else answers.filter(comment="")
    found = wanted.first() or answers.first()
    if found is not None:
        used.add(found.pk)
    return found


def _open(
    cycle: Cycle,
    moment: Moment,
    planned: PlannedCase,
    response: Response | None,
    owner: User | None,
    now: datetime,
) -> None:
    opened_at = now - timedelta(days=planned.days_ago, hours=planned.moment % 5)
    if response is not None:
        # Nobody complains before having answered.
        opened_at = max(opened_at, response.submitted_at + timedelta(minutes=2))
    score = response.ratings.filter(item__moment=moment).first() if response else None
    reasons = [{"what": "moment", "item": score.item_id, "score": score.satisfaction}] if score else []
    case = open_case(
        cycle, kind=planned.kind, origin=Origin.SCORE if response else Origin.HAND, moment=moment,
        response=response, reasons=reasons, title=planned.title, owner=owner, at=opened_at,
    ).case  # fmt: skip
    case.causes.set(Cause.objects.filter(client=cycle.client, key__in=planned.causes))
    case.actions.set(Action.objects.filter(plan__cycle=cycle, number=planned.action or 0))
    _work(case, planned, owner, opened_at, now)


def _work(case: Case, planned: PlannedCase, owner: User | None, opened_at: datetime, now: datetime) -> None:
    """Its steps at believable hours, none of them to come."""

    def at(hours: float) -> datetime:
        return min(opened_at + timedelta(hours=hours), now - timedelta(minutes=5))

    def step(what: What, hours: float, **more: object) -> None:
        who = None if more.get("status") == CaseStatus.SURVEYED else owner
        CaseStep.objects.create(case=case, what=what, at=at(hours), who=who, who_name=str(who or ""), **more)

    place = ORDER.index(CaseStatus(planned.status))
    end = planned.solved or 40.0
    for n, status in enumerate(ORDER[1 : place + 1], 1):
        told = {"channel": Told.MAIL, "text": planned.told} if status == CaseStatus.CLOSED else {}
        step(What.STATUS, n * end / 5 if n < 5 else end + n, status=status, **told)
    if planned.contacted is not None:
        step(What.CONTACT, planned.contacted, channel=Told.PHONE)
    for text in planned.notes:
        step(What.NOTE, (planned.contacted or 2) + 1, text=text)
    contact, solve = hours_of(CasePolicy(), planned.kind)
    fields: dict[str, object] = {
        "status": planned.status,
        "temper": planned.temper,
        "contacted_at": None if planned.contacted is None else at(planned.contacted),
        "solved_at": None if planned.solved is None else at(planned.solved),
        "contact_due_at": opened_at + timedelta(hours=contact) if case.contact else None,
        "solve_due_at": opened_at + timedelta(hours=solve),
    }
    if planned.told:
        fields |= {
            "closed_at": at(end + 5),
            "notice_channel": Told.MAIL,
            "notice_on": timezone.localdate(at(end + 5)),
            "notice_text": planned.told,
        }
    Case.objects.filter(pk=case.pk).update(**fields)
    if planned.told and case.contact is not None:
        _mail(case, planned, at(end + 5), at(end + 6))


def _mail(case: Case, planned: PlannedCase, queued: datetime, sent: datetime) -> None:
    assert case.contact is not None
    mail = {"state": MailState.SENT, "sent_at": sent, "transmitting_at": sent, "created_at": queued}
    OutgoingMail.objects.create(
        case=case,
        kind=MAIL_KIND,
        recipient=case.contact.email,
        message_id=new_message_id(),
        attempts=1,
        **mail,
    )
    solved, satisfaction = planned.answer or (None, None)
    answered_at = sent + timedelta(hours=9) if planned.answer else None
    FollowUp.objects.create(
        case=case, nonce=new_nonce(), key_version=current_key_version(), created_at=queued,
        solved=solved, satisfaction=satisfaction, answered_at=answered_at,
    )  # fmt: skip
    if answered_at:
        CaseStep.objects.create(case=case, what=What.ANSWER, at=answered_at)
