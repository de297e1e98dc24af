"""What the page of an import shows: a line a column, the moments as they would be, what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cyclemap.faults import FileFaultError
from cycles.exchange import mapping
from cycles.exchange.carried import ColumnLine, column_lines
from cycles.exchange.columns import BY_KEY, COLUMNS, folded
from cycles.exchange.rows import MomentRow, Planned, plan, read_rows
from cycles.exchange.table_file import Table
from cycles.exchange.writing import stages_of, too_many
from cycles.models import Cycle, Moment, Stage
from cycles.views.reached import number_in

SHOWN = 60


@dataclass(frozen=True)
class Preview:
    cycle: Cycle
    table: Table
    chosen: mapping.Chosen
    usual: Stage
    seen: int  # the revision of the cycle that the person has seen
    stages: list[Stage]
    faults: Mapping[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    rows: list[MomentRow] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    moved: bool = False
    twice: int = 0  # moments whose name the map has already

    @property
    def wrong(self) -> bool:
        return bool(self.faults or self.problems)

    @property
    def ready(self) -> bool:
        return not self.wrong and self.n > 0

    @property
    def n(self) -> int:
        return sum(len(one.moments) for one in self.planned)

    @property
    def new_stages(self) -> list[str]:
        return [one.name for one in self.planned if one.stage is None]

    @property
    def columns_fault(self) -> str:
        return self.faults.get("columns", "")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(column.key, str(column.label)) for column in COLUMNS]

    @property
    def lines(self) -> list[ColumnLine]:
        return column_lines(self.table, self.chosen, self.faults)

    @property
    def keys(self) -> list[str]:
        """What the table of the preview shows beside stage and name."""
        return [column.key for column in COLUMNS if column.key in self.chosen and column.key not in APART]

    @property
    def headings(self) -> list[str]:
        return [str(BY_KEY[key].label) for key in self.keys]

    @property
    def shown(self) -> Iterator[tuple[Planned, list[tuple[MomentRow, list[str]]]]]:
        left = SHOWN
        for one in self.planned:
            if left > 0:
                rows = one.moments[:left]
                left -= len(rows)
                yield one, [(row, [row.shown(key) for key in self.keys]) for row in rows]

    @property
    def hidden(self) -> int:
        return max(0, self.n - SHOWN)


APART = ("stage", "name", "phase", "colour")


def preview_of(
    cycle: Cycle, table: Table, told: Mapping[str, str] | None = None, *, moved: bool = False
) -> Preview:
    """As guessed, or as the person says. Once moved, the page shows the cycle of now."""
    stages = stages_of(cycle)
    width = len(table.header)
    chosen = mapping.guessed(table.header) if told is None else mapping.told(told, width)
    asked = number_in(told, "stage") if told else None
    usual = next((stage for stage in stages if stage.pk == asked), stages[-1])
    seen = (number_in(told, "seen") if told and not moved else None) or cycle.revision
    known = (cycle, table, chosen, usual, seen, stages)
    if faults := mapping.faults_of(chosen):
        return Preview(*known, faults, moved=moved)
    try:
        rows = read_rows(table, chosen)
    except FileFaultError as error:
        return Preview(*known, problems=error.lines(), moved=moved)
    planned = plan(rows, stages, usual)
    problems = [why] if (why := too_many(planned, stages)) else []
    return Preview(*known, {}, problems, rows, planned, moved, twice_in(cycle, rows))


def twice_in(cycle: Cycle, rows: list[MomentRow]) -> int:
    names = Moment.objects.filter(stage__cycle=cycle, deleted_at=None).values_list("name", flat=True)
    there = {folded(name) for name in names}
    return sum(folded(row.name) in there for row in rows if row.name)
