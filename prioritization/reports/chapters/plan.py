"""The action plan: who does what until when, and what is won early."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prioritization import findings
from prioritization.reports import parts
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.tables import Block, Table


def find(document: Document) -> Found | None:
    plan = document.plan
    if not plan.counted:
        return None
    blocks = [
        Block(title, [parts.action_line(document, step) for step in steps])
        for title, steps in (
            (_("In progress"), plan.doing),
            (_("To begin"), plan.waiting),
            (_("Done"), plan.done),
        )
        if steps
    ]
    part = {"quick_wins": parts.quick_wins(document)}
    return Found(_("Action plan"), findings.of_the_plan(plan), part, Table(7, blocks))


CHAPTER = Chapter("plan", gettext_lazy("The action plan"), find)
