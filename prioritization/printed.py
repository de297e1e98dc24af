"""The matrix as rows for the stencils of its templates (see cyclemap/stencil.py): flat, and written out."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from prioritization.chart import Scatter

if TYPE_CHECKING:
    # `manage.py prioritize` draws without a database, and a board knows models.
    from prioritization.board import Row

Printed = dict[str, object]


@lru_cache(maxsize=64)
def on_page(chart: Scatter, ident: str, title: str, about: str, language: str) -> SafeString:
    """The drawing with links, printed once as long as it is the same one (see `chart.kept_scatter`)."""
    del language
    said = {"chart": chart, "ident": ident, "title": title, "about": about, "links": True}
    return render_to_string("prioritization/matrix.svg", said)


def parts(chart: Scatter) -> dict[str, list[Printed]]:
    """For templates/prioritization/chart/: what there is many of on the drawing."""
    return {
        "grounds": grounds(chart),
        "ticks": ticks(chart),
        "notes": [
            {"x": n.x, "y": n.y, "anchor": n.anchor, "text": n.text, "ink": chart.ink_2} for n in chart.notes
        ],
        "corners": corners(chart),
        "ovals": [
            {"css": o.look.css, "fill": o.look.fill, "path": o.path, "on": o.selected, "number": o.number}
            for o in chart.ovals
        ],
        "arrows": arrows(chart),
        "marks": marks(chart),
        "names": names(chart),
    }


def grounds(chart: Scatter) -> list[Printed]:
    return [
        {
            "css": b.look.css,
            "x": b.x,
            "y": b.y,
            "width": b.width,
            "height": b.height,
            "fill": b.look.background,
        }
        for b in chart.backgrounds
    ]


def corners(chart: Scatter) -> list[Printed]:
    return [
        {
            "css": c.look.css,
            "x": c.x,
            "y": c.y,
            "remark_y": c.remark_y,
            "anchor": c.anchor,
            "fill": c.look.ink,
            "ink": chart.ink_2,
            "name": c.name,
            "remark": c.remark,
        }
        for c in chart.corners
    ]


def arrows(chart: Scatter) -> list[Printed]:
    return [
        {
            "x": a.x,
            "y": a.y,
            "shaft": a.shaft,
            "head": a.head,
            "clear": a.clear,
            "faint": chart.crowded and not a.clear,
            "colour": a.colour,
            "surface": chart.surface,
        }
        for a in chart.arrows
    ]


def names(chart: Scatter) -> list[Printed]:
    return [
        {
            "css": n.css,
            "x": n.x,
            "y": n.y,
            "size": n.size,
            "anchor": n.anchor,
            "ground": n.ground,
            "text": n.text,
            "ink": chart.ink,
        }
        for n in chart.names
    ]


def ticks(chart: Scatter) -> list[Printed]:
    """Below the plot and beside it."""
    below: list[Printed] = [
        {"x": t.at, "y": chart.below, "anchor": "middle", "text": t.text, "ink": chart.ink_2}
        for t in chart.x_ticks
    ]
    return below + [
        {"x": chart.beside, "y": t.at, "anchor": "end", "text": t.text, "ink": chart.ink_2}
        for t in chart.y_ticks
    ]


def marks(chart: Scatter) -> list[Printed]:
    return [
        {
            "number": m.point.number,
            "title": m.point.title,
            "href": m.point.href,
            "on": m.point.selected,
            "under": m.point.number in chart.beneath,
            "weak": m.point.uncertain,
            "css": m.look.css,
            "x": m.x,
            "baseline": m.baseline,
            "path": m.path,
            "ring": m.ring,
            "fill": m.fill,
            "stroke": m.stroke,
            "text": m.text,
            "ink": chart.ink,
            "size": chart.number_size,
        }
        for m in chart.marks
    ]


def lines(rows: Sequence["Row"], chosen: str = "") -> list[Printed]:
    """For _matrix_row.html and _matrix_moved.html; `chosen` is the key of the moment that is open."""
    return [line(row, chosen) for row in rows]


def line(row: "Row", chosen: str) -> Printed:
    change = row.change
    clear = bool(change and change.clear)
    return {
        "key": row.key,
        "number": row.number,
        "name": row.name,
        "href": row.href,
        "on": row.key == chosen,
        "css": row.css,
        "weak": row.uncertain,
        "importance": row.importance_text,
        "satisfaction": row.satisfaction_text,
        "gap": row.gap_text,
        "no_gap": row.gap is None,
        "negative": row.gap is not None and row.gap < 0,
        "share": row.gap_share,
        "n": row.n,
        "certainty": row.certainty_text,
        "indicative": row.indicative,
        "gone": not row.on_map,
        "up": row.difference_text if change and clear and change.difference > 0 else "",
        "down": row.difference_text if change and clear and change.difference <= 0 else "",
        "flat": bool(change and not clear),
        "before": row.before_text if clear else "",
        "move": row.move if clear else "",
    }
