"""The priority matrix as a native scatter chart: a series a quadrant, its figures in the workbook inside.

The quadrants' grounds lie behind the chart, placed by the same axes; the crosshair is two series of lines.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from openpyxl import load_workbook
from pptx.chart.data import XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from cyclemap.svg import INK, INK_2
from prioritization.board import Board, Row
from prioritization.chart import Words
from prioritization.drawing import words_of
from prioritization.quadrant_names import quadrant_name
from prioritization.shapes import LOOKS, Look
from prioritization.sheet.cells import put
from prioritization.slides.deck import Box, Run, Slide, describe, fill, inches

MARKERS = {
    "concentrate_here": XL_MARKER_STYLE.DIAMOND,
    "keep_up": XL_MARKER_STYLE.CIRCLE,
    "low_priority": XL_MARKER_STYLE.SQUARE,
    # There is no hexagon among the marks of a chart.
    "possible_overkill": XL_MARKER_STYLE.TRIANGLE,
}
# Of the chart: where its inner plot lies, in parts of its width and height.
PLOT = (0.085, 0.075, 0.885, 0.775)


@dataclass(frozen=True)
class Axis:
    low: float
    high: float
    step: float

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)


def axis_of(values: Sequence[float], least: float, most: float, step: float) -> Axis:
    """Steps around the values with a little air, never beyond the scale by more than what a mark needs."""
    air = step * 0.3
    low = max(least, floor((min(values) - air) / step) * step)
    high = min(most, ceil((max(values) + air) / step) * step)
    return Axis(low, max(high, low + step), step)


def axes(board: Board) -> tuple[Axis, Axis]:
    """Satisfaction across, importance up."""
    assert board.cross
    low, high = board.scale
    step = 1.0 if high - low > 7 else 0.5
    across = axis_of([*(row.satisfaction for row in board.rows), board.cross.satisfaction], low, high, step)
    up = [*(row.importance for row in board.rows), board.cross.importance]
    if board.rows[0].derived:
        wide = 5.0 if max(up) <= 30 else 10.0
        return across, Axis(0.0, ceil((max(up) + 0.5) / wide) * wide, wide)
    return across, axis_of(up, low, high, step)


def draw(slide: Slide, board: Board, box: Box, alt: str) -> Any:
    words = words_of(board)
    across, up = axes(board)
    plot = (
        box[0] + PLOT[0] * box[2],
        box[1] + PLOT[1] * box[3],
        PLOT[2] * box[2],
        PLOT[3] * box[3],
    )
    assert board.cross
    cross = (across.share(board.cross.satisfaction), up.share(board.cross.importance))
    ground(slide, plot, cross, words)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *inches(box), data_of(board, across, up, words))
    describe(frame, "matrix", alt)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(10), RGBColor.from_string(INK_2[1:])
    place_plot(chart)
    for one, axis, name in (
        (chart.category_axis, across, words.satisfaction),
        (chart.value_axis, up, words.importance),
    ):
        set_axis(slide, one, axis, name)
    groups = groups_of(board)
    *drawn, upright, level = chart.plots[0].series
    for series, (quadrant, rows) in zip(drawn, groups.items(), strict=True):
        set_series(slide, series, quadrant, rows)
    set_line(upright)
    set_line(level)
    name_points(chart, list(groups.values()))
    return frame


def groups_of(board: Board) -> dict[str, list[Row]]:
    """The moments of each quadrant that has any: a series without figures is one that a program repairs."""
    groups = {quadrant: [row for row in board.rows if row.quadrant == quadrant] for quadrant in LOOKS}
    return {quadrant: rows for quadrant, rows in groups.items() if rows}


def data_of(board: Board, across: Axis, up: Axis, words: Words) -> XyChartData:
    """Four decimals tell everything a scale of ten points can."""
    data = XyChartData(number_format="0.00")
    for quadrant, rows in groups_of(board).items():
        series = data.add_series(quadrant_name(quadrant))
        for row in rows:
            series.add_data_point(round(row.satisfaction, 4), round(row.importance, 4))
    assert board.cross
    upright = data.add_series(f"{words.crosshair}, {words.satisfaction}")
    level = data.add_series(f"{words.crosshair}, {words.importance}")
    for value in (up.low, up.high):
        upright.add_data_point(round(board.cross.satisfaction, 4), value)
    for value in (across.low, across.high):
        level.add_data_point(value, round(board.cross.importance, 4))
    return data


def ground(slide: Slide, plot: Box, cross: tuple[float, float], words: Words) -> None:
    """The quadrants' colours and names, one group behind the chart."""
    group = slide.shapes.add_group_shape()
    left, top, width, height = plot
    x, y = left + cross[0] * width, top + (1 - cross[1]) * height
    for look in LOOKS.values():
        box = (
            x if look.right else left,
            top if look.upper else y,
            (left + width - x) if look.right else (x - left),
            (y - top) if look.upper else (top + height - y),
        )
        shape = group.shapes.add_shape(MSO_SHAPE.RECTANGLE, *inches(box))
        fill(shape, look.background[1:])
        shape.name = f"ground {look.css}"
    names = ", ".join(words.names)
    describe(group, "quadrants", names)
    for look, name in zip(LOOKS.values(), words.names, strict=True):
        corner(slide, look, name, plot)


def corner(slide: Slide, look: Look, name: str, plot: Box) -> None:
    left, top, width, height = plot
    y = top - 0.27 if look.upper else top + height + 0.29
    box = (left + width - 2.2 if look.right else left, y, 2.2, 0.25)
    run = Run(name, 12, True, look.ink[1:])
    slide.text(box, [run], f"quadrant {look.css}", align="right" if look.right else "left", anchor="middle")


def place_plot(chart: Any) -> None:
    """By hand, so that the grounds lie under it."""
    x, y, w, h = PLOT
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    old = area.find(qn("c:layout"))
    if old is not None:
        area.remove(old)
    area.insert(
        0,
        parse_xml(
            '<c:layout xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:manualLayout>'
            '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
            f'<c:x val="{x}"/><c:y val="{y}"/><c:w val="{w}"/><c:h val="{h}"/></c:manualLayout></c:layout>'
        ),
    )


def set_axis(slide: Slide, axis: Any, spread: Axis, name: str) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = spread.low, spread.high, spread.step
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("FFFFFF")
    axis.major_gridlines.format.line.width = Pt(0.75)
    axis.format.line.fill.background()
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.tick_labels.number_format = "0" if spread.step >= 5 else "0.0"
    axis.tick_labels.number_format_is_linked = False
    axis.has_title = True
    paragraph = axis.axis_title.text_frame.paragraphs[0]
    slide.deck.run(paragraph, Run(name, 11, True))


def set_series(slide: Slide, series: Any, quadrant: str, rows: Sequence[Row]) -> None:
    look = LOOKS[quadrant]
    series.format.line.fill.background()
    size = 19 if len(rows) < 24 else 15
    series.marker.style, series.marker.size = MARKERS[quadrant], size
    paint(series.marker, look.fill[1:], "FFFFFF")
    for k, row in enumerate(rows):
        point = series.points[k]
        if row.uncertain:
            point.marker.style, point.marker.size = MARKERS[quadrant], size
            paint(point.marker, "FFFFFF", look.fill[1:])
        label = point.data_label
        label.position = XL_LABEL_POSITION.CENTER
        text = label.text_frame
        colour = INK if row.uncertain else look.on
        slide.deck.run(
            text.paragraphs[0], Run(row.number, 8.5 if len(row.number) < 3 else 7, True, colour[1:])
        )
        if row.uncertain:
            ground_of(label)


def ground_of(label: Any) -> None:
    """White behind a dark number: LibreOffice fills hollow marks with the colour of their series."""
    drawn = label._dLbl
    drawn.find(qn("c:tx")).addnext(
        parse_xml(
            '<c:spPr xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></c:spPr>'
        )
    )


def paint(marker: Any, inside: str, line: str) -> None:
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = RGBColor.from_string(inside)
    marker.format.line.color.rgb = RGBColor.from_string(line)
    marker.format.line.width = Pt(1.5 if inside == "FFFFFF" else 0.75)


def set_line(series: Any) -> None:
    series.marker.style = XL_MARKER_STYLE.NONE
    series.format.line.color.rgb = RGBColor.from_string(INK[1:])
    series.format.line.width = Pt(1)
    series.smooth = False


def name_points(chart: Any, groups: Sequence[Sequence[Row]]) -> None:
    """Beside the figures in the workbook: number and name of the moment, so that they can be edited."""
    part = chart.part.chart_workbook.xlsx_part
    book = load_workbook(io.BytesIO(part.blob))
    sheet = book.active
    at = 1
    for rows in groups:
        for k, row in enumerate(rows, 1):
            put(sheet.cell(at + k, 3), int(row.number) if row.number.isdecimal() else row.number)
            put(sheet.cell(at + k, 4), row.name)
        # A series ends in an empty row (python-pptx writes them so).
        at += len(rows) + 2
    sheet.column_dimensions["D"].width = 44
    out = io.BytesIO()
    book.save(out)
    part._blob = out.getvalue()
