"""What each moment requires, and which actions answer it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prioritization import findings
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.tables import Block, Table


def find(document: Document) -> Found | None:
    if not document.requirement_count:
        return None
    missing = document.moments_without_requirement
    return Found(
        _("Moments and requirements"),
        findings.of_the_requirements(document.requirement_count, len(missing)),
        {"without": ", ".join(missing)},
        table_of(document),
    )


def table_of(document: Document) -> Table:
    codes: dict[int, list[str]] = {}
    for step in document.plan.open + document.plan.done:
        for pk in step.requirement_ids:
            codes.setdefault(pk, []).append(step.action.code)
    blocks = []
    for entry in document.outline:
        lines = [
            {
                "requirement": requirement,
                "minimum": requirement.text("minimum"),
                "desired": requirement.text("desired"),
                "actions": ", ".join(codes.get(requirement.pk, [])),
            }
            for requirement in document.requirements.get(entry.moment.pk, [])
        ]
        if lines:
            blocks.append(Block(f"{entry.number}. {entry.moment}", lines))
    return Table(5, blocks)


CHAPTER = Chapter("requirements", gettext_lazy("Moments and requirements"), find)
