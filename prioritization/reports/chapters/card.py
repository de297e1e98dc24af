"""The report card: a grade for the cycle, its phases, stages and moments."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prioritization.asking import waves_of
from prioritization.card_lines import Line
from prioritization.report_card import Card, Choice, StageLines, card_of
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.tables import Block, Table
from prioritization.tallies.read import BeingCountedError


def find(document: Document) -> Found | None:
    card = card_for(document)
    if card is None or not card.graded:
        return None
    blocks = [
        Block("", [row(stage.line, colour=stage.colour), *map(row, moments_of(stage))])
        for stage in card.stages
    ]
    part = {"card": card, "phases": [row(line) for line in card.phases.lines if line.mean]}
    return Found(_("Report card"), card.title, part, Table(6, blocks))


def card_for(document: Document) -> Card | None:
    """None without answers, and while too many are not counted yet."""
    wave = document.wave
    if wave is None or document.asked is None or not document.asked.answers:
        return None
    filters = document.filters
    choice = Choice.of(filters) if filters else Choice.usual(wave, waves_of(document.cycle))
    try:
        return card_of(document.cycle, wave, choice, document.outline)
    except BeingCountedError:
        return None


def moments_of(stage: StageLines) -> list[Line]:
    """The requirements that were asked about are left to the page: here they would be too many."""
    return [line for line in stage.rows if line.is_moment]


def row(line: Line, colour: str = "") -> dict[str, object]:
    arrow = {"up": "↑", "down": "↓"}.get(line.direction, "")
    return {
        "line": line,
        "colour": colour,
        "change": f"{arrow} {line.change_text}" if arrow else line.change and _("no clear change"),
        "css": {"up": "up", "down": "down"}.get(line.direction, "flat"),
    }


CHAPTER = Chapter("card", gettext_lazy("The report card"), find)
