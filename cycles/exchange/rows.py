"""Rows of cells to moments in their stages; or what is wrong, each fault with its line and column."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cyclemap.faults import Faults
from cycles.exchange.columns import BY_KEY, CellError, Column, folded
from cycles.exchange.mapping import Chosen
from cycles.exchange.table_file import Table
from cycles.models import Stage


@dataclass(frozen=True)
class MomentRow:
    """`values` by field of Moment; without a name the row is only about its stage."""

    line: int
    stage: str  # "" where neither this row nor one above it says
    of_stage: dict[str, str]
    values: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    def shown(self, key: str) -> str:
        """As the preview has it."""
        value = self.stage if key == "stage" else self.of_stage.get(key, self.values.get(key))
        return "" if value is None else str(BY_KEY[key].write(value))


@dataclass(frozen=True)
class Planned:
    """A stage of the file: one of the map, or a new one."""

    name: str
    stage: Stage | None
    rows: list[MomentRow] = field(default_factory=list)

    @property
    def moments(self) -> list[MomentRow]:
        return [row for row in self.rows if row.name]

    def said(self, key: str) -> str:
        """The first thing the rows say about the stage itself."""
        return next((row.of_stage[key] for row in self.rows if row.of_stage.get(key)), "")


def read_rows(table: Table, chosen: Chosen) -> list[MomentRow]:
    """FileFaultError with every fault. A row without a stage is of the stage above it, as in merged cells."""
    faults = Faults()
    columns = [(place, BY_KEY[key]) for place, key in enumerate(chosen) if key]
    stage = ""
    found = []
    for line, cells in zip(table.lines, table.rows, strict=True):
        said = read_cells(line, cells, columns, table.header, faults)
        stage = said.pop("stage", "") or stage
        of_stage = {key: said.pop(key) for key in ("phase", "colour") if key in said}
        if not said.get("name") and any(said.values()):
            faults.add(_("the moment has no name"), line)
        found.append(MomentRow(line, stage, of_stage, said))
    faults.check()
    return found


def read_cells(
    line: int, cells: Sequence[str], columns: list[tuple[int, Column]], header: list[str], faults: Faults
) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for place, column in columns:
        try:
            said[column.key] = column.read(cells[place])
        except CellError as error:
            faults.add(str(error), line, header[place] or str(column.label))
    return said


def plan(rows: Sequence[MomentRow], stages: Sequence[Stage], usual: Stage) -> list[Planned]:
    """The stages that the rows name, in the order in which they come; `usual` for rows that name none."""
    known: dict[str, Stage] = {}
    for stage in reversed(stages):
        for name in (stage.name, *(texts.get("name", "") for texts in stage.translations.values())):
            if name:
                known[folded(name)] = stage
    planned: dict[object, Planned] = {}
    for row in rows:
        stage_of = known.get(folded(row.stage)) if row.stage else usual
        key: object = stage_of.pk if stage_of else folded(row.stage)
        if key not in planned:
            planned[key] = Planned(str(stage_of) if stage_of else row.stage, stage_of)
        planned[key].rows.append(row)
    return list(planned.values())
