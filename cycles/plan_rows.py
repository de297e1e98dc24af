"""The actions of a cycle as its plan page shows them: one reading for list, board, table and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import EDITORS, Membership, Role, User
from cyclemap.stencil import Row as Printed
from cycles import approval
from cycles.action_marks import ShortEffect, effects_in, quick_wins_in
from cycles.choices import ActionStatus
from cycles.comments import open_counts
from cycles.models import Action, ActionPlan, Cycle
from cycles.outline import Entry, Outline
from cycles.owners import gone, people_of
from cycles.plan_choice import BOARD, LIST, TABLE, Choice

# So many of a list are shown before it is cut; the rest is one press away.
MOST = {LIST: 20, BOARD: 20, TABLE: 50}
# The order of the page: what is going on first.
ORDER = (
    ActionStatus.DOING,
    ActionStatus.APPROVED,
    ActionStatus.PROPOSED,
    ActionStatus.DONE,
    ActionStatus.DROPPED,
)
ACT = "concentrate_here"
MARKS = {
    ACT: "act",
    "keep_up": "keep",
    "low_priority": "watch",
    "possible_overkill": "ease",
}


@dataclass(frozen=True)
class Row:
    action: Action
    entries: list[Entry]
    targets: list[str]  # the states this member may put it in
    url: str
    status_url: str
    talk_url: str
    n_open: int  # threads
    owner_gone: bool
    effect: ShortEffect | None = None

    @property
    def state(self) -> str:
        return approval.state_of(self.action)

    @property
    def marks(self) -> list[tuple[Entry, str]]:
        """Each moment with the shape of its quadrant, "" where it has none."""
        return [
            (entry, MARKS.get(entry.score.quadrant or "", "") if entry.score else "")
            for entry in self.entries
        ]

    @property
    def overdue(self) -> int:
        """Days past the date."""
        late = self.action.is_late and self.action.due_on
        return (timezone.localdate() - late).days if late else 0

    @property
    def day(self) -> date | None:
        """The day it was done; until then, the day it is due."""
        return self.action.done_on or self.action.due_on

    @property
    def day_text(self) -> str:
        """Short; with its year if that is not this one."""
        if self.day is None:
            return ""
        shape = pgettext("a day and its month, in the letters of Django's date filter", "j M")
        return date_format(self.day, shape if self.day.year == timezone.localdate().year else f"{shape} Y")

    @property
    def choosable(self) -> list[str]:
        """States that a press on a list is enough for; sending back asks for a reason."""
        return [target for target in self.targets if target != approval.SENT_BACK]

    @property
    def statuses(self) -> list[Printed]:
        return [
            {"value": state, "label": approval.label_of(state), "chosen": state == self.state}
            for state in approval.STATES
            if state == self.state or state in self.choosable
        ]

    @property
    def drops(self) -> str:
        """The columns of the board this card may be dragged to."""
        return " ".join(dict.fromkeys(self.choosable))

    @property
    def effort(self) -> list[Printed]:
        return pips(self.action.effort)

    @property
    def impact(self) -> list[Printed]:
        return pips(self.action.impact)

    @property
    def initials(self) -> str:
        words = self.action.owner.split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else ""


def pips(value: int | None) -> list[Printed]:
    """So many of five, as `_pips.html` prints them."""
    return [{"value": value, **{f"p{n}": bool(value and n <= value) for n in range(1, 6)}}]


@dataclass(frozen=True)
class Fold:
    """A list that is cut where it gets long: how many it has, and the address that shows it whole or cut."""

    key: str
    n: int
    query: str
    is_whole: bool


@dataclass(frozen=True)
class Group:
    status: str
    label: str
    n: int
    rows: list[Row]
    fold: Fold | None

    @property
    def has_effects(self) -> bool:
        return any(row.effect for row in self.rows)


@dataclass
class Shelf:
    """All actions of a cycle for one member, and what is needed to show any of them. Six queries."""

    cycle: Cycle
    outline: Outline
    member: Membership
    _entries: dict[int, Entry] = field(init=False)

    def __post_init__(self) -> None:
        self._entries = {entry.moment.pk: entry for entry in self.outline}

    @cached_property
    def plans(self) -> list[ActionPlan]:
        return list(ActionPlan.objects.filter(cycle=self.cycle, deleted_at=None))

    @cached_property
    def actions(self) -> list[Action]:
        found = Action.objects.filter(plan__cycle=self.cycle, deleted_at=None)
        actions = list(found.select_related("plan").prefetch_related("moments"))
        wins = quick_wins_in(self.cycle)
        for action in actions:
            action.__dict__["quick_by_figures"] = wins.get(action.pk)
        return actions

    @cached_property
    def effects(self) -> Mapping[int, ShortEffect]:
        return effects_in(self.cycle)

    @cached_property
    def managers(self) -> list[User]:
        return approval.managers_of(self.cycle.client)

    @cached_property
    def people(self) -> set[int]:
        return {person.pk for person in people_of(self.cycle.client)}

    @cached_property
    def owners(self) -> list[str]:
        """Everybody an action was given to, by name."""
        return sorted({action.owner for action in self.actions if action.owner}, key=str.casefold)

    @cached_property
    def talks(self) -> dict[int, int]:
        return open_counts(self.cycle, "action")

    def rows(self, actions: Sequence[Action]) -> list[Row]:
        page, status, talk = (
            self.member.urls(f"cycles:{name}") for name in ("action", "action_status", "action_comments")
        )
        return [
            Row(
                action,
                self.linked(action),
                self.targets(action),
                page(action.pk),
                status(action.pk),
                talk(action.pk),
                self.talks.get(action.pk, 0),
                gone(action, self.people),
                self.effects.get(action.pk) if action.status == ActionStatus.DONE else None,
            )
            for action in actions
        ]

    def linked(self, action: Action) -> list[Entry]:
        """The moments it serves, in the order of the map."""
        found = [self._entries[moment.pk] for moment in action.moments.all() if moment.pk in self._entries]
        return sorted(found, key=lambda entry: entry.number)

    def targets(self, action: Action) -> list[str]:
        here = bool(self.managers)
        return approval.targets(approval.state_of(action), self.member.role, approved_here=here)


def folded(rows: list[Row], key: str, choice: Choice) -> tuple[list[Row], Fold | None]:
    """The rows that are shown of a list, and what is said below them if there are more."""
    most = MOST[choice.view]
    if len(rows) <= most:
        return rows, None
    fold = Fold(key, len(rows), choice.turned_over(key), is_whole=key in choice.whole)
    return (rows if fold.is_whole else rows[:most]), fold


def groups_of(rows: Sequence[Row], choice: Choice) -> list[Group]:
    """By status; within one by date, those without a date last. Dropped ones only where there are any."""
    groups = []
    for status in ORDER:
        mine = [row for row in rows if row.action.status == status]
        mine.sort(key=lambda row: (row.action.due_on is None, row.action.due_on or 0, row.action.number))
        if mine or status != ActionStatus.DROPPED:
            shown, fold = folded(mine, status.value, choice)
            groups.append(Group(status.value, str(status.label), len(mine), shown, fold))
    return groups


def who_approves(managers: Sequence[User], member: Membership) -> str:
    """One sentence for the head of the page."""
    if not managers:
        return _("The client has no manager in this workspace, so actions begin without anybody's approval.")
    if member.role == Role.MANAGER or member.role not in EDITORS:
        return ""
    names = ", ".join(str(person) for person in managers)
    return _("Who approves: %(names)s.") % {"names": names}
