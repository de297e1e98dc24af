"""Slides of what the chapters of the report found in tables: effects, cases, service levels, comments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cyclemap.svg import INK
from prioritization.reports.chapters import Found
from prioritization.reports.document import Document
from prioritization.reports.registry import BY_KEY
from prioritization.slides.deck import Slide
from prioritization.slides.table import Cell, Column, Line, Table, heading, line, over_slides
from prioritization.slides.tables import Page

COLOURS = {"up": "14587F", "down": "A83A06", "act": "8F3005", "keep": "0F4563"}


@dataclass(frozen=True)
class Shape:
    """How the lines of a chapter become rows, and what the notes say of them."""

    columns: Callable[[], list[Column]]
    row: Callable[[Any], Line]
    notes: Callable[[], str]


def effects_columns() -> list[Column]:
    return [
        Column(_("Code"), 0.9),
        Column(_("Action"), 3.6, most=2),
        Column(_("Change"), 1.9, right=True),
        Column(_("Verdict"), 2, most=2),
        Column(_("What the customers say"), 4.6, most=3),
    ]


def effect_row(found: Mapping[str, Any]) -> Line:
    colour = COLOURS.get(found["css"], INK[1:])
    return line(
        found["action"].code,
        str(found["name"]),
        Cell(str(found["change"] or "–"), bool(found["change"]), colour),
        Cell(str(found["verdict"] or ""), False, colour),
        str(found["says"]),
    )


def levels_columns() -> list[Column]:
    return [
        Column(_("Service level"), 4, most=2),
        Column(_("Moment"), 3, most=2),
        Column(_("Target"), 2.2),
        Column(_("Last result"), 1.8, right=True),
        Column(_("Kept"), 2),
    ]


def level_row(found: Mapping[str, Any]) -> Line:
    names = ("name", "moment", "target", "last", "words")
    return line(*(str(found[name]) for name in names))


def cases_columns() -> list[Column]:
    return [Column(_("Cases"), 8), Column(_("Number"), 2, right=True)]


def case_row(found: tuple[str, int]) -> Line:
    return line(str(found[0]), str(found[1]))


SHAPES = {
    "effects": Shape(
        effects_columns,
        effect_row,
        lambda: _(
            "The mean satisfaction of the moments an action aimed at, before and after it began. An effect "
            "is described, not claimed: it does not prove the cause."
        ),
    ),
    "cases": Shape(
        cases_columns,
        case_row,
        lambda: _(
            "A case is a low score or a complaint that is followed up until the customer is told how it "
            "ended. One case may have several causes."
        ),
    ),
    "levels": Shape(
        levels_columns,
        level_row,
        lambda: _(
            "Kept: of the periods measured in the last twelve months, or thirty days where it is measured "
            "every day."
        ),
    ),
    "comments": Shape(
        lambda: [Column(_("Comment"), 10, most=4)],
        lambda text: line(str(text)),
        lambda: _("Chosen by the consultant; they are examples, not a measure."),
    ),
}


def found_in(key: str, document: Document) -> Found | None:
    """None where the chapter has nothing to say in a table."""
    found = BY_KEY[key].find(document)
    return found if found and found.table and found.table.rows else None


def draw(key: str, found: Found, page: Page) -> list[Slide]:
    shape = SHAPES[key]
    assert found.table
    rows: list[Line] = []
    for block in found.table.blocks:
        if block.title:
            rows.append(heading(block.title, COLOURS.get(block.css, INK[1:])))
        rows += [shape.row(one) for one in block.lines]

    def made(number: int) -> Slide:
        slide = page(found.finding, found.title, number)
        figures = [f"{figure.value} {figure.says}" for figure in found.part.get("figures", [])]
        slide.say([shape.notes(), *figures])
        return slide

    return over_slides(Table(key, shape.columns()), rows, made, found.finding)
