"""Who does what next: for each person the actions, cases and approvals that are theirs, soonest first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from cycles.outline import Outline
from prioritization.around import Around, OpenCase
from prioritization.plan import Step
from prioritization.situation import Situation

PEOPLE, TASKS = 6, 3
NEVER = datetime.max.replace(tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True)
class Task:
    """`due` None: no day was set. What has to be decided comes before what has a far day."""

    says: str
    when: str
    late: bool
    url: str
    due: datetime | None = None
    first: bool = False

    @property
    def order(self) -> tuple[bool, bool, datetime, str]:
        return (not self.late, not self.first, self.due or NEVER, self.says)


@dataclass
class Person:
    """`key` of a member; None for a name that is no member, and for nobody at all ("")."""

    key: int | None
    name: str
    you: bool = False
    tasks: list[Task] = field(default_factory=list)

    @property
    def shown(self) -> list[Task]:
        return sorted(self.tasks, key=lambda task: task.order)[:TASKS]

    @property
    def rest(self) -> list[Task]:
        return sorted(self.tasks, key=lambda task: task.order)[TASKS:]

    @property
    def late(self) -> int:
        return sum(task.late for task in self.tasks)

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@dataclass(frozen=True)
class NextSteps:
    people: list[Person]
    others: list[Person]  # folded


def next_steps(situation: Situation, around: Around, membership: Membership) -> NextSteps:
    """You first, then nobody, whose work somebody has to take, then whoever has most that is late."""
    people: dict[tuple[int | None, str], Person] = {}

    def of(key: int | None, name: str) -> Person:
        ident = (key, "" if key else name)
        return people.setdefault(ident, Person(key, name, you=key == membership.user_id))

    for step in situation.plan.open:
        of(step.action.owner_member_id, step.action.owner).tasks.append(action(step, situation, membership))
    for one in around.cases:
        owner = str(one.case.owner) if one.case.owner else one.case.owner_name
        of(one.case.owner_id, owner).tasks.append(case(one, situation, membership))
    if around.waiting:
        for manager in around.managers:
            of(manager.pk, str(manager)).tasks.append(approval(len(around.waiting), situation, membership))
    ranked = sorted(people.values(), key=rank)
    return NextSteps(ranked[:PEOPLE], ranked[PEOPLE:])


def rank(person: Person) -> tuple[bool, bool, int, str]:
    return (not person.you, bool(person.name), -person.late, person.name)


def action(step: Step, situation: Situation, membership: Membership) -> Task:
    due = step.action.due_on
    when = ""
    if due:
        when = _("today") if due == situation.today else date_format(due, "MONTH_DAY_FORMAT")
    return Task(
        says=str(step.action),
        when=when,
        late=step.late,
        url=membership.url("cycles:action", step.action.pk),
        due=midday(due) if due else None,
    )


def case(one: OpenCase, situation: Situation, membership: Membership) -> Task:
    due = next((d for d in dues(one)), None)
    place = place_of(one, situation.outline)
    says = _("Case %(code)s, %(place)s") if place else _("Case %(code)s")
    return Task(
        says=says % {"code": one.case.code, "place": place},
        when=date_format(timezone.localdate(due), "MONTH_DAY_FORMAT") if due else "",
        late=one.late,
        url=membership.url("surveys:case", one.case.pk),
        due=due,
    )


def dues(one: OpenCase) -> Iterator[datetime]:
    """Of what has not happened yet."""
    case = one.case
    pending = (
        (case.contacted_at, case.contact_due_at),
        (case.solved_at, case.solve_due_at),
    )
    yield from sorted(due for done, due in pending if done is None and due is not None)


def place_of(one: OpenCase, outline: Outline) -> str:
    entry = outline.entry(one.case.moment_id) if one.case.moment_id else None
    return str(entry.moment) if entry else ""


def approval(n: int, situation: Situation, membership: Membership) -> Task:
    return Task(
        says=ngettext("Approve %(n)d action", "Approve %(n)d actions", n) % {"n": n},
        when="",
        late=False,
        url=membership.url("cycles:plan", situation.cycle.pk),
        first=True,
    )


def midday(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
