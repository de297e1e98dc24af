"""The parts of a report, in order, each under what it has found."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization import finding as matrix_finding
from prioritization import findings
from prioritization.reports import notes, parts
from prioritization.reports.document import Document


@dataclass(frozen=True)
class Section:
    """`key` names the template and the anchor; `title` stands in the contents, `finding` over the page."""

    key: str
    number: int
    title: str
    finding: str
    part: dict[str, Any]

    @property
    def template(self) -> str:
        return f"prioritization/report/_{self.key}.html"

    @property
    def outline(self) -> str:
        return f"{self.number}. {self.title}"


Found = tuple[str, str, str, dict[str, Any]]


def sections(document: Document) -> list[Section]:
    """What there is nothing to say about is left out."""
    return [
        Section(key, number, title, finding, part)
        for number, (key, title, finding, part) in enumerate(find(document), 1)
    ]


def find(document: Document) -> Iterator[Found]:
    standing, plan, moments = document.standing, document.plan, len(document.outline)
    yield "cycle", _("The cycle"), findings.of_the_cycle(standing, moments), parts.cycle_part(document)
    if standing and standing.board.rows:
        finding = matrix_finding.of_the_matrix(standing.board)
        yield "priorities", _("Priorities"), finding, parts.priorities_part(document)
        title = ngettext("The %(n)d moment", "The %(n)d moments", moments) % {"n": moments}
        yield "moments", title, findings.of_the_table(standing), parts.moments_part(standing)
    if document.requirement_count:
        without = len(document.moments_without_requirement)
        finding = findings.of_the_requirements(document.requirement_count, without)
        yield "requirements", _("Requirements"), finding, parts.requirements_part(document)
    if plan.counted:
        yield "plan", _("Action plan"), findings.of_the_plan(plan), parts.plan_part(document)
    finding = _("Where the numbers come from and how to read them")
    yield "notes", _("About this report"), finding, notes.notes_part(document)
