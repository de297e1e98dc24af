"""Tables of a report, and how the longest are cut where all of them together are too much for one PDF."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Block:
    """Rows under a heading of their own. `css` colours it."""

    title: str
    lines: list[Any]
    css: str = ""


@dataclass
class Table:
    """`left_out`: so many rows were cut off at the end."""

    columns: int
    blocks: list[Block] = field(default_factory=list)
    left_out: int = 0

    @property
    def rows(self) -> int:
        return sum(len(block.lines) for block in self.blocks)

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def cut(self, rows: int) -> None:
        self.left_out += max(0, self.rows - rows)
        for block in self.blocks:
            block.lines = block.lines[:rows]
            rows -= len(block.lines)
        self.blocks = [block for block in self.blocks if block.lines]


def plain(columns: int, lines: list[Any]) -> Table:
    return Table(columns, [Block("", lines)] if lines else [])


def fit(tables: Sequence[Table], most: int) -> None:
    """Cut the longest until there are at most so many cells: none is cut while a longer one is whole."""
    if sum(table.cells for table in tables) <= most:
        return
    low, high = 0, max(table.rows for table in tables)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(table.columns * min(table.rows, middle) for table in tables) <= most:
            low = middle
        else:
            high = middle - 1
    for table in tables:
        table.cut(low)
