"""Slides of what the chapters of the report found in tables: requirements, the report card, effects, cases,
service levels, maturity, comments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cyclemap.svg import INK
from cycles.maturity import Row as Judged
from prioritization.card_lines import Line as Graded
from prioritization.reports.chapters import Found
from prioritization.reports.chapters.card import row as as_graded
from prioritization.reports.document import Document
from prioritization.reports.registry import BY_KEY
from prioritization.slides.deck import Slide
from prioritization.slides.table import Cell, Column, Line, Table, heading, line, over_slides
from prioritization.slides.tables import Page

GROUND = "F1F3EE"
COLOURS = {"up": "14587F", "down": "A83A06", "act": "8F3005", "keep": "0F4563"}


@dataclass(frozen=True)
class Shape:
    """How the lines of a chapter become rows, and what the notes say of them."""

    columns: Callable[[], list[Column]]
    row: Callable[[Any], Line]
    # What is said of all of it, beside the table.
    notes: Callable[[], str]
    # What is said of what was found.
    told: Callable[[Mapping[str, Any]], list[str]] = lambda part: []
    # Rows before all others.
    first: Callable[[Mapping[str, Any]], list[Line]] = lambda part: []


def requirement_columns() -> list[Column]:
    return [
        Column(_("Requirement"), 4.4, most=3),
        Column(_("Minimum"), 2.6, most=3),
        Column(_("Desired"), 2.6, most=3),
        Column(_("Level"), 1.6, most=2),
        Column(_("Actions"), 1.4, most=2),
    ]


def requirement_row(found: Mapping[str, Any]) -> Line:
    wanted = found["requirement"]
    return line(
        str(wanted),
        found["minimum"] or "–",
        found["desired"] or "–",
        wanted.get_level_display(),
        found["actions"] or "–",
    )


def without_requirement(part: Mapping[str, Any]) -> list[str]:
    return [_("Without a requirement yet.") + " " + part["without"]] if part["without"] else []


def card_columns() -> list[Column]:
    return [
        Column(_("Moment"), 4.4, most=2),
        Column(_("Grade"), 2.4, most=2),
        Column(_("Satisfaction"), 1.4, right=True),
        Column(_("95% interval"), 1.8, right=True),
        Column("n", 1.1, right=True),
        Column(_("Change"), 1.9, right=True, most=2),
    ]


def graded(one: Graded, change: str = "", css: str = "", *, whole: bool = False) -> Line:
    """`whole`: of more than a moment, which is bold."""
    name = one.name if whole or not one.number else f"{one.number}. {one.name}"
    return line(
        Cell(name, whole, fill=GROUND if whole else ""),
        Cell(", ".join(filter(None, (one.grade_text, one.could_text))), True, fill=GROUND if whole else ""),
        Cell(one.mean_text, whole, fill=GROUND if whole else ""),
        Cell(one.interval_text or "–", False, fill=GROUND if whole else ""),
        Cell(one.n_text, False, fill=GROUND if whole else ""),
        Cell(change or "–", False, COLOURS.get(css, INK[1:]), GROUND if whole else ""),
    )


def card_row(found: Mapping[str, Any]) -> Line:
    return graded(found["line"], found["change"], found["css"], whole=bool(found["colour"]))


def card_first(part: Mapping[str, Any]) -> list[Line]:
    """The whole cycle, then its phases."""
    whole = as_graded(part["card"].overall)
    named = replace(part["card"].overall, name=_("The cycle"))
    return [
        graded(named, str(whole["change"] or ""), str(whole["css"]), whole=True),
        *(graded(phase["line"], phase["change"], phase["css"]) for phase in part["phases"]),
    ]


def card_told(part: Mapping[str, Any]) -> list[str]:
    card = part["card"]
    steps = [_("%(label)s from %(point)s") % {"label": s.label, "point": s.point_text} for s in card.steps]
    answers = ngettext("%(n)s answer", "%(n)s answers", card.respondents) % {"n": card.respondents}
    since = [_("Change since %(wave)s.") % {"wave": card.compare}] if card.compare else []
    return [f"{answers}.", " · ".join(steps), *since]


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


def maturity_columns() -> list[Column]:
    return [
        Column(_("Element"), 2.6, most=2),
        Column(_("What that looks like"), 6.4, most=4),
        Column(pgettext("comparison", "Before"), 1.1, right=True),
        Column(pgettext("comparison", "Now"), 1.1, right=True),
        Column(_("Difference"), 1.4, right=True),
    ]


def maturity_row(found: Judged) -> Line:
    colour = COLOURS["up" if found.difference > 0 else "down"] if found.difference else INK[1:]
    return line(
        Cell(str(found.element.name), True),
        f"{found.said} – {found.note}" if found.note else found.said,
        "–" if found.before is None else str(found.before),
        Cell(str(found.now), True),
        Cell(found.difference_text, bool(found.difference), colour),
    )


def maturity_told(part: Mapping[str, Any]) -> list[str]:
    """Which days are compared, and who judged."""
    judged = [one for one in (part["comparison"].before, part["comparison"].now) if one]
    return [f"{one}, {date_format(one.made_on)}. {one.made_by}" for one in judged]


def cases_columns() -> list[Column]:
    return [Column(_("Cases"), 8), Column(_("Number"), 2, right=True)]


def case_row(found: tuple[str, int]) -> Line:
    return line(str(found[0]), str(found[1]))


SHAPES = {
    "requirements": Shape(
        requirement_columns,
        requirement_row,
        lambda: _(
            "What each moment requires, in the order of experiencing it, and the actions that answer it."
        ),
        without_requirement,
    ),
    "card": Shape(
        card_columns,
        card_row,
        lambda: _(
            "Stages and cycle: means of their moments, weighted by importance where it was asked. A grade "
            "“could be” another where its interval crosses a threshold."
        ),
        card_told,
        card_first,
    ),
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
            "A case is a low score, a complaint, a request or a question that is followed up until the "
            "customer is told how it ended. One case may have several causes."
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
    "maturity": Shape(
        maturity_columns,
        maturity_row,
        lambda: _(
            "Levels from 1 to 5, as the organisation's own people judged them: an opinion, not a measurement."
        ),
        maturity_told,
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
    rows = shape.first(found.part)
    for block in found.table.blocks:
        if block.title:
            rows.append(heading(block.title, COLOURS.get(block.css, INK[1:])))
        rows += [shape.row(one) for one in block.lines]

    def made(number: int) -> Slide:
        slide = page(found.finding, found.title, number)
        figures = [f"{figure.value} {figure.says}" for figure in found.part.get("figures", [])]
        slide.say([shape.notes(), *shape.told(found.part), *figures])
        return slide

    return over_slides(Table(key, shape.columns()), rows, made, found.finding)
