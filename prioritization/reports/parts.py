"""What each section of a report says, ready to print: no template computes or words anything."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from scipy.stats import t as student

from cycles.choices import ActionStatus
from prioritization import figures, findings
from prioritization.board import Row
from prioritization.comparison import Change
from prioritization.drawing import scatter_of
from prioritization.filters import rule_name
from prioritization.plan import Step
from prioritization.quadrant_names import quadrant_name
from prioritization.reports.document import Document
from prioritization.shapes import LOOKS, shape
from prioritization.standing import SURE
from prioritization.waves import Standing


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
    chart = scatter_of(standing.board, rule_name(document.rule))
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
        crosshair_words(document, standing),
        _("Ellipses: %(share)s confidence.") % {"share": figures.percent(0.95)},
        ngettext("%(wave)s, %(n)d answer.", "%(wave)s, %(n)d answers.", standing.n_responses)
        % {"wave": standing.wave, "n": standing.n_responses},
    ]
    if cut_at is not None:
        parts.insert(1, _("The axes begin at %(start)s.") % {"start": figures.decimal(cut_at)})
    return " ".join(parts)


RULES = {
    "mean": gettext_lazy("The axes cross at the mean of the moments shown."),
    "median": gettext_lazy("The axes cross at the median of the moments shown."),
    "trimmed": gettext_lazy(
        "The axes cross at the trimmed mean of the moments shown, without the outermost."
    ),
    "midpoint": gettext_lazy("The axes cross at the midpoint of the scale."),
}


def crosshair_words(document: Document, standing: Standing) -> str:
    said = str(RULES.get(document.rule, RULES["mean"]))
    if document.choice.filters.get("segment"):
        said = _(
            "The axes cross where they do for all customers, so that the group can be held against them."
        )
    if standing.board.rows and standing.board.rows[0].picked:
        said += " " + _(
            "Importance: the share of customers who picked the moment as one of the most important."
        )
    elif any(row.derived for row in standing.board.rows):
        said += " " + _(
            "Importance: derived, the share of each moment in what the moments explain of the "
            "overall satisfaction. It is an association, not an effect."
        )
    return said


def moments_part(standing: Standing) -> dict[str, Any]:
    return {"threshold": standing.threshold, "derived": any(row.derived for row in standing.board.rows)}


@lru_cache(maxsize=4096)
def half_width(n: int) -> float:
    """Of a 95% interval, in standard errors, by Student's t."""
    return float(student.ppf(0.975, n - 1))


def range_of(mean: float, se: float | None, n: int, *, derived: bool = False) -> str:
    """The 95% interval, short: a table has many of them. Nothing where the spread is not known."""
    if not se or n < 2:
        return figures.MISSING
    half = half_width(n) * se
    if derived:
        return between(figures.percent(max(0.0, mean - half) / 100), figures.percent((mean + half) / 100))
    return between(figures.decimal(mean - half, 2), figures.decimal(mean + half, 2))


def between(low: str, high: str) -> str:
    """2.91–3.10; with signs −0.03 to +0.40, as a dash beside a sign reads as another one."""
    if {low[0], high[0]} & {"+", figures.MINUS}:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return f"{low}–{high}"


def changed(change: Change | None) -> tuple[str, str]:
    """The words, and the class that colours them."""
    if change is None:
        return figures.MISSING, "flat"
    if not change.clear:
        return _("no clear change"), "flat"
    arrow, css = ("↑", "up") if change.difference > 0 else ("↓", "down")
    return f"{arrow} {figures.decimal(abs(change.difference))}", css


# --- Plan ----------------------------------------------------------------------------------------


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
