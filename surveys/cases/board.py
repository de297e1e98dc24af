"""The board: seven statuses in four columns, and nothing else decides which status stands where."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from accounts.models import Membership
from cycles.models import Cycle
from surveys.cases.lines import Line, line_of
from surveys.cases.overdue import due_first
from surveys.models import Case, CaseStatus

# The four phases that staff see, and the phases of attention that each holds. Every status stands in one.
COLUMNS: dict[str, tuple[CaseStatus, ...]] = {
    "contact": (CaseStatus.CAPTURED,),
    "information": (CaseStatus.CLASSIFIED, CaseStatus.REGISTERED),
    "resolution": (CaseStatus.SOLVING, CaseStatus.PRESENTED),
    "end": (CaseStatus.CLOSED, CaseStatus.SURVEYED),
}
NAMES: dict[str, "str | Promise"] = {
    "contact": pgettext_lazy("column of cases", "Contact"),
    "information": pgettext_lazy("column of cases", "Information"),
    "resolution": pgettext_lazy("column of cases", "Resolution"),
    "end": pgettext_lazy("column of cases", "End"),
}
COLUMN_OF = {status: column for column, held in COLUMNS.items() for status in held}
# Cards drawn in a column; the rest are in the list.
MOST = 40


@dataclass(frozen=True)
class Column:
    key: str
    name: str
    # Of each status it holds: its label and how many there are.
    counts: list[tuple[str, str, int]]
    lines: list[Line] = field(default_factory=list)

    @property
    def n(self) -> int:
        return sum(n for _status, _label, n in self.counts)

    @property
    def more(self) -> int:
        return self.n - len(self.lines)

    @property
    def first(self) -> str:
        """Where a card goes that is dropped on it."""
        return COLUMNS[self.key][0]


def counts_by_status(cases: QuerySet[Case]) -> dict[str, int]:
    found = dict(cases.order_by().values_list("status").annotate(n=Count("pk")))
    return {status: found.get(status, 0) for status in CaseStatus.values}


def columns_of(cycle: Cycle, member: Membership, now: datetime) -> list[Column]:
    """What is late first, then by the hour it is due; at the end what was closed last. Five questions."""
    cases = Case.objects.filter(cycle=cycle)
    counts = counts_by_status(cases)
    rows = cases.select_related("moment", "owner", "contact", "follow_up", "cycle")
    columns = []
    for key, held in COLUMNS.items():
        order = ["-closed_at", "-pk"] if key == "end" else due_first(now)
        shown = rows.filter(Q(status__in=held)).order_by(*order)[:MOST]
        labels = [(str(s), str(CaseStatus(s).label), counts[s]) for s in held]
        columns.append(Column(key, str(NAMES[key]), labels, [line_of(case, member, now) for case in shown]))
    return columns
