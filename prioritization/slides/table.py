"""Native tables: as many rows on a slide as fit, the head repeated on each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches

from cyclemap.svg import INK, INK_3
from prioritization.slides.deck import INNER, MARGIN, ROOM, TOP, Box, Run, Slide, describe, emu
from prioritization.slides.setting import fitted, height_of, lines_of

SIZE = 11.0
HEAD_SIZE = 10.0
PAD, PAD_Y = 0.08, 0.045
# Table style "No Style, No Grid": lines and colours are our own.
PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True)
class Column:
    name: str
    width: float  # a share; all together make the table's width
    right: bool = False
    most: int = 1  # lines


@dataclass(frozen=True)
class Cell:
    text: str
    bold: bool = False
    colour: str = INK[1:]
    fill: str = ""


@dataclass(frozen=True)
class Line:
    """A row of cells; with `heading` one cell over all columns."""

    cells: tuple[Cell, ...]
    heading: bool = False  # on a slide that goes on, the last one is said again


Made = Callable[[int], Slide]  # the slide of this part of the table: 0, 1, ...


def line(*cells: str | Cell) -> Line:
    return Line(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells))


def heading(text: str, colour: str = INK[1:], fill: str = "F1F3EE") -> Line:
    return Line((Cell(text, True, colour, fill),), heading=True)


class Table:
    def __init__(
        self, name: str, columns: Sequence[Column], *, width: float = INNER, size: float = SIZE
    ) -> None:
        self.name, self.columns, self.size = name, columns, size
        whole = sum(column.width for column in columns)
        self.widths = [width * column.width / whole for column in columns]
        self.width = width

    def fit(self, row: Line) -> tuple[Line, float]:
        """Cut to its columns, and how tall that is."""
        if row.heading:
            cell = row.cells[0]
            text = fitted(cell.text, self.width - 2 * PAD, self.size, 1, bold=cell.bold)
            fit = Line((Cell(text, cell.bold, cell.colour, cell.fill),), heading=True)
            return fit, height_of(1, self.size) + 2 * PAD_Y
        cells, most = [], 1
        for cell, column, width in zip(row.cells, self.columns, self.widths, strict=True):
            inner = width - 2 * PAD
            text = fitted(cell.text, inner, self.size, column.most, bold=cell.bold)
            most = max(most, len(lines_of(text, inner, self.size, bold=cell.bold)))
            cells.append(Cell(text, cell.bold, cell.colour, cell.fill))
        return Line(tuple(cells)), height_of(most, self.size) + 2 * PAD_Y

    @property
    def head_height(self) -> float:
        inner = [width - 2 * PAD for width in self.widths]
        lines = max(
            len(lines_of(column.name, width, HEAD_SIZE))
            for column, width in zip(self.columns, inner, strict=True)
        )
        return height_of(min(lines, 2), HEAD_SIZE) + 2 * PAD_Y

    def parts(self, rows: Sequence[Line], room: float) -> Iterator[list[tuple[Line, float]]]:
        """What stands on one slide each. A heading is never the last; the next slide says it again."""
        kept: list[tuple[Line, float]] = []
        used, last = self.head_height, None
        fits = [self.fit(row) for row in rows]
        for k, (row, height) in enumerate(fits):
            after = fits[k + 1][1] if row.heading and k + 1 < len(fits) else 0.0
            if kept and used + height + after > room:
                yield kept
                kept, used = [], self.head_height
                if last and not row.heading:
                    kept, used = [last], used + last[1]
            if row.heading:
                last = (row, height)
            kept.append((row, height))
            used += height
        if kept:
            yield kept

    def draw(self, slide: Slide, part: Sequence[tuple[Line, float]], box: Box, alt: str) -> Any:
        tall = self.head_height + sum(height for _, height in part)
        left, top, width, _ = (emu(value) for value in box)
        frame = slide.shapes.add_table(len(part) + 1, len(self.columns), left, top, width, emu(tall))
        describe(frame, self.name, alt)
        table = frame.table
        table._tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN
        table.first_row, table.horz_banding = True, False
        for column, wide in zip(table.columns, self.widths, strict=True):
            column.width = emu(wide)
        table.rows[0].height = emu(self.head_height)
        for k, column in enumerate(self.columns):
            name = fitted(column.name, self.widths[k] - 2 * PAD, HEAD_SIZE, 2)
            self._cell(
                slide, table.cell(0, k), Cell(name, False, INK_3[1:]), column.right, INK[1:], HEAD_SIZE
            )
        for r, (row, height) in enumerate(part, 1):
            table.rows[r].height = emu(height)
            if row.heading:
                table.cell(r, 0).merge(table.cell(r, len(self.columns) - 1))
            for k, cell in enumerate(row.cells):
                right = self.columns[k].right and not row.heading
                self._cell(slide, table.cell(r, k), cell, right, "DFE3DC", self.size)
        return frame

    def _cell(self, slide: Slide, at: Any, cell: Cell, right: bool, under: str, size: float) -> None:
        at.margin_left = at.margin_right = Inches(PAD)
        at.margin_top = at.margin_bottom = Inches(PAD_Y)
        at.vertical_anchor = MSO_ANCHOR.MIDDLE
        paragraph = at.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        if cell.text:
            slide.deck.run(paragraph, Run(cell.text, size, cell.bold, cell.colour))
        else:
            # Else an empty cell is as tall as the largest letters of the theme.
            paragraph._p.get_or_add_endParaRPr().set("sz", str(round(size * 100)))
        props = at._tc.get_or_add_tcPr()
        props.insert(0, _under(under))
        if cell.fill:
            at.fill.solid()
            at.fill.fore_color.rgb = RGBColor.from_string(cell.fill)


def _under(colour: str) -> Any:
    return parse_xml(
        '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="6350">'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:lnB>'
    )


def balanced(table: Table, rows: Sequence[Line], room: float) -> list[list[tuple[Line, float]]]:
    """On as few slides as it takes, each about as full as the others."""
    parts = list(table.parts(rows, room))
    if len(parts) < 2:
        return parts
    for share in (0.5, 0.6, 0.7, 0.8, 0.9):
        tighter = list(table.parts(rows, room * share))
        if len(tighter) == len(parts):
            return tighter
    return parts


def over_slides(table: Table, rows: Sequence[Line], made: Made, alt: str, top: float = TOP) -> list[Slide]:
    """The table on as many slides as it takes."""
    slides = []
    for number, part in enumerate(balanced(table, rows, ROOM - (top - TOP))):
        slide = made(number)
        table.draw(slide, part, (MARGIN, top, table.width, 0), alt)
        slides.append(slide)
    return slides
