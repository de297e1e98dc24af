"""What each section of a report says, ready to print: no template computes or words anything."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cycles.choices import ActionStatus
from prioritization import figures, findings
from prioritization.board import Row
from prioritization.comparison import Change
from prioritization.drawing import scatter_of
from prioritization.plan import Step
from prioritization.reports.document import Document
from prioritization.shapes import LOOKS, shape
from prioritization.standing import SURE, Mark, quadrant_name
from prioritization.waves import Standing, mark_of


@dataclass(frozen=True)
class Figure:
    value: str
    says: str


@dataclass(frozen=True)
class Sign:
    """One shape of the legend."""

    name: str
    path: str
    fill: str
    stroke: str


# --- The cycle -----------------------------------------------------------------------------------


def cycle_part(document: Document) -> dict[str, Any]:
    return {
        "wheel": document.wheel("wheel"),
        "figures": cycle_figures(document),
        "stages": [
            {"part": part, "weakest": weakest(document, [e.moment.pk for e in part.entries])}
            for part in document.outline.parts
        ],
    }


def weakest(document: Document, moment_ids: list[int]) -> Row | None:
    rows = [row for pk in moment_ids if (row := document.row(pk))]
    return min(rows, key=lambda row: row.satisfaction, default=None)


def cycle_figures(document: Document) -> list[Figure]:
    """The four numbers to remember: of the survey where there is one, else of the map."""
    standing, asked, plan = document.standing, document.asked, document.plan
    moments = len(document.outline)
    done = [
        Figure(
            _("%(n)d of %(all)d") % {"n": len(plan.done), "all": plan.counted},
            ngettext("action of the plan done", "actions of the plan done", len(plan.done)),
        )
    ]
    if not plan.counted:
        done = []
    if not (standing and asked and standing.satisfaction is not None):
        stages = len(document.outline.parts)
        critical = sum(entry.moment.is_critical for entry in document.outline)
        return [
            Figure(
                str(moments),
                ngettext("moment in %(n)d stage", "moments in %(n)d stages", stages) % {"n": stages},
            ),
            Figure(str(critical), ngettext("critical moment", "critical moments", critical)),
            Figure(
                str(document.requirement_count),
                ngettext("requirement", "requirements", document.requirement_count),
            ),
            *done,
        ]
    return [
        Figure(figures.decimal(standing.satisfaction), mean_says(standing)),
        Figure(
            _("%(n)d of %(all)d") % {"n": len(standing.board.to_act), "all": len(standing.board.rows)},
            ngettext("moment in Act", "moments in Act", len(standing.board.to_act)),
        ),
        Figure(str(asked.answers), answers_say(document)),
        *done,
    ]


def mean_says(standing: Standing) -> str:
    top = standing.board.scale[1]
    if standing.change is None or standing.before is None:
        return _("mean satisfaction of %(top)d, weighted by importance") % {"top": top}
    return _("mean satisfaction of %(top)d, weighted by importance; %(change)s since %(wave)s") % {
        "top": top,
        "change": figures.signed(standing.change),
        "wave": standing.before.wave,
    }


def answers_say(document: Document) -> str:
    asked = document.asked
    if asked is None or asked.rate is None:
        return ngettext("answer", "answers", asked.answers if asked else 0)
    return ngettext(
        "answer, %(rate)s of %(n)d invitation", "answers, %(rate)s of %(n)d invitations", asked.invited
    ) % {"rate": figures.percent(asked.rate), "n": asked.invited}


# --- Priorities ----------------------------------------------------------------------------------


def priorities_part(document: Document) -> dict[str, Any]:
    standing = document.standing
    assert standing is not None
    chart = scatter_of(standing.board)
    return {
        "aside": findings.beside_the_priorities(standing),
        "chart": chart,
        "title": _("Priority matrix, %(wave)s") % {"wave": standing.wave},
        "about": about(standing),
        "signs": [sign(quadrant) for quadrant in LOOKS],
        "hollow": Sign(
            _("less than %(share)s certainty") % {"share": figures.percent(SURE)},
            shape("keep_up", 12.5, 12.5, 9.6),
            "#FFFFFF",
            LOOKS["keep_up"].fill,
        ),
        "source": source(document, standing, chart.domain.low if chart.domain.cut else None),
    }


def sign(quadrant: str) -> Sign:
    fill = LOOKS[quadrant].fill
    return Sign(quadrant_name(quadrant), shape(quadrant, 12.5, 12.5, 9.6), fill, fill)


def about(standing: Standing) -> str:
    """The matrix in words, for who cannot see it."""
    shown = len(standing.board.rows)
    said = ngettext(
        "%(n)d moment by satisfaction (across) and importance (up).",
        "%(n)d moments by satisfaction (across) and importance (up).",
        shown,
    ) % {"n": shown}
    numbers = ", ".join(row.number for row in standing.board.to_act)
    if numbers:
        said += " " + _("In Act: %(numbers)s.") % {"numbers": numbers}
    return said + " " + _("The table that follows has the same figures.")


def source(document: Document, standing: Standing, cut_at: float | None) -> str:
    low, high = standing.board.scale
    parts = [
        _("Means from %(low)d to %(high)d.") % {"low": low, "high": high},
        _("The axes cross at the mean of the moments shown."),
        _("Ellipses: %(share)s confidence.") % {"share": figures.percent(0.95)},
        ngettext("%(wave)s, %(n)d answer.", "%(wave)s, %(n)d answers.", standing.n_responses)
        % {"wave": standing.wave, "n": standing.n_responses},
    ]
    if cut_at is not None:
        parts.insert(1, _("The axes begin at %(start)s.") % {"start": figures.decimal(cut_at)})
    return " ".join(parts)


def moments_part(standing: Standing) -> dict[str, Any]:
    return {
        "groups": [
            {
                "group": group,
                "lines": [
                    {"row": row, "mark": mark_of(row), "change": changed(row.change)} for row in group.rows
                ],
            }
            for group in standing.board.groups
        ],
        "hidden": [(hidden, Mark(hidden.number)) for hidden in standing.board.hidden],
        "before": standing.before.wave if standing.before else None,
        "threshold": standing.threshold,
    }


def changed(change: Change | None) -> tuple[str, str]:
    """The words, and the class that colours them."""
    if change is None:
        return figures.MISSING, "flat"
    if not change.clear:
        return _("no clear change"), "flat"
    arrow, css = ("↑", "up") if change.difference > 0 else ("↓", "down")
    return f"{arrow} {figures.decimal(abs(change.difference))}", css


# --- Requirements and plan -----------------------------------------------------------------------


def requirements_part(document: Document) -> dict[str, Any]:
    codes: dict[int, list[str]] = {}
    for step in document.plan.open + document.plan.done:
        for pk in step.requirement_ids:
            codes.setdefault(pk, []).append(step.action.code)
    blocks = []
    for entry in document.outline:
        rows = document.requirements.get(entry.moment.pk, [])
        lines = [
            {
                "requirement": requirement,
                "minimum": requirement.text("minimum"),
                "desired": requirement.text("desired"),
                "actions": ", ".join(codes.get(requirement.pk, [])),
            }
            for requirement in rows
        ]
        if lines:
            blocks.append({"number": entry.number, "moment": str(entry.moment), "lines": lines})
    return {"blocks": blocks, "without": ", ".join(document.moments_without_requirement)}


def plan_part(document: Document) -> dict[str, Any]:
    plan = document.plan
    blocks = [
        (_("In progress"), plan.doing),
        (_("To begin"), plan.waiting),
        (_("Done"), plan.done),
    ]
    return {
        "quick_wins": quick_wins(document),
        "blocks": [
            {"title": title, "lines": [action_line(document, step) for step in steps]}
            for title, steps in blocks
            if steps
        ],
    }


def quick_wins(document: Document) -> str:
    wins = [step.action.code for step in document.plan.quick_wins]
    if not wins:
        return ""
    return ngettext("Quick win: %(codes)s.", "Quick wins: %(codes)s.", len(wins)) % {"codes": ", ".join(wins)}


def action_line(document: Document, step: Step) -> dict[str, Any]:
    action = step.action
    day = action.done_on if action.status == ActionStatus.DONE else action.due_on
    return {
        "step": step,
        "name": action.text("name"),
        "marks": document.marks(step),
        "quick_win": step in document.plan.quick_wins,
        "day": day,
    }
