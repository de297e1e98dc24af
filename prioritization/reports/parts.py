"""What each section of a report says, ready to print: no template computes or words anything."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cycles.choices import ActionStatus
from prioritization import figures, findings
from prioritization.drawing import scatter_of
from prioritization.plan import Step
from prioritization.reports.document import Document
from prioritization.shapes import LOOKS, shape
from prioritization.standing import ORDER, SURE, Row, Standing, quadrant_name


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


@dataclass(frozen=True)
class Term:
    term: str
    says: str


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
    rows = [row for pk in moment_ids if (row := document.row(pk)) and row.satisfaction is not None]
    return min(rows, key=lambda row: row.satisfaction or 0, default=None)


def cycle_figures(document: Document) -> list[Figure]:
    """The four numbers to remember: of the survey where there is one, else of the map."""
    standing, asked, plan = document.standing, document.asked, document.plan
    moments = len(document.outline)
    done = Figure(
        _("%(n)d of %(all)d") % {"n": len(plan.done), "all": plan.counted},
        ngettext("action of the plan done", "actions of the plan done", len(plan.done)),
    )
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
            done,
        ]
    return [
        Figure(figures.decimal(standing.satisfaction), mean_says(standing)),
        Figure(
            _("%(n)d of %(all)d") % {"n": len(standing.to_act), "all": len(standing.shown)},
            ngettext("moment in Act", "moments in Act", len(standing.to_act)),
        ),
        Figure(str(asked.answers), answers_say(document)),
        done,
    ]


def mean_says(standing: Standing) -> str:
    top = standing.scale[1]
    if standing.change is None:
        return _("mean satisfaction of %(top)d, weighted by importance") % {"top": top}
    return _("mean satisfaction of %(top)d, weighted by importance; %(change)s since %(wave)s") % {
        "top": top,
        "change": figures.signed(standing.change),
        "wave": standing.before,
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
    chart = scatter_of(standing)
    return {
        "aside": findings.beside_the_priorities(standing),
        "chart": chart,
        "title": _("Priority matrix, %(wave)s") % {"wave": standing.wave},
        "about": about(standing),
        "signs": [sign(quadrant) for quadrant in ORDER],
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
    shown = len(standing.shown)
    said = ngettext(
        "%(n)d moment by satisfaction (across) and importance (up).",
        "%(n)d moments by satisfaction (across) and importance (up).",
        shown,
    ) % {"n": shown}
    numbers = ", ".join(row.number for row in standing.to_act)
    if numbers:
        said += " " + _("In Act: %(numbers)s.") % {"numbers": numbers}
    return said + " " + _("The table that follows has the same figures.")


def source(document: Document, standing: Standing, cut_at: float | None) -> str:
    parts = [
        _("Means from %(low)d to %(high)d.") % {"low": standing.scale[0], "high": standing.scale[1]},
        _("The axes cross at the mean of the moments shown."),
        _("Ellipses: %(share)s confidence.") % {"share": figures.percent(0.95)},
        ngettext("%(wave)s, %(n)d answer.", "%(wave)s, %(n)d answers.", standing.n_responses)
        % {"wave": standing.wave, "n": standing.n_responses},
    ]
    if cut_at is not None:
        parts.insert(1, _("The axes begin at %(start)s.") % {"start": figures.decimal(cut_at)})
    return " ".join(parts)


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
    without = [str(e.moment) for e in document.outline if not document.requirements.get(e.moment.pk)]
    return {"blocks": blocks, "without": ", ".join(without)}


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


# --- Notes ---------------------------------------------------------------------------------------


def notes_part(document: Document) -> dict[str, Any]:
    return {"terms": list(terms(document))}


def terms(document: Document) -> list[Term]:
    found = [Term(_("Data as of"), date_format(document.as_of, "DATE_FORMAT"))]
    standing, asked = document.standing, document.asked
    if standing is None or asked is None:
        found.append(Term(_("Survey"), _("No survey results are part of this report.")))
        return found
    if asked.first and asked.last:
        found.append(
            Term(
                _("Period"),
                _("%(wave)s: answers from %(first)s to %(last)s.")
                % {
                    "wave": standing.wave,
                    "first": date_format(asked.first, "DATE_FORMAT"),
                    "last": date_format(asked.last, "DATE_FORMAT"),
                },
            )
        )
    found.append(
        Term(
            _("Answers"),
            ngettext("%(n)d answer", "%(n)d answers", asked.answers) % {"n": asked.answers}
            + (
                "; "
                + ngettext(
                    "%(rate)s of %(n)d invitation was answered.",
                    "%(rate)s of %(n)d invitations were answered.",
                    asked.invited,
                )
                % {"rate": figures.percent(asked.rate), "n": asked.invited}
                if asked.rate is not None
                else "."
            ),
        )
    )
    found += method_terms(standing)
    return found


def method_terms(standing: Standing) -> list[Term]:
    """Every formula in words, so that a board can tell what a number means and what it does not."""
    found = [
        Term(
            _("Importance and satisfaction"),
            _(
                "Plain means of the answers, on the scale of the survey. Whoever did not live through "
                "a moment does not count in its satisfaction."
            ),
        ),
        Term(
            _("Mean satisfaction"),
            _("The satisfaction of the moments, each weighted by its importance."),
        ),
        Term(
            _("Crosshair"),
            _(
                "The axes cross at the mean of the moment means, each moment counting once: "
                "importance %(i)s, satisfaction %(s)s."
            )
            % {
                "i": figures.decimal(standing.cross[0] if standing.cross else None, 2),
                "s": figures.decimal(standing.cross[1] if standing.cross else None, 2),
            },
        ),
        Term(
            _("Quadrants"),
            _(
                "Act (concentrate here): importance at or above the crosshair, satisfaction below it. "
                "Protect (keep up the good work): both at or above. Watch (low priority): both below. "
                "Ease (possible overkill): importance below, satisfaction at or above."
            ),
        ),
        Term(_("Gap"), _("Importance minus satisfaction. Above zero, more is expected than is given.")),
        Term(
            _("Certainty"),
            _(
                "The approximate probability that the moment truly lies in its quadrant, given how much "
                "answers differ and that the crosshair itself is measured. Below %(sure)s the mark is hollow."
            )
            % {"sure": figures.percent(SURE)},
        ),
        Term(
            _("Order"),
            _("By quadrant, and within it by gap weighted by importance, the largest shortfall first."),
        ),
    ]
    if standing.before:
        found.append(
            Term(
                _("What changed"),
                _(
                    "Difference of the mean satisfaction from %(wave)s. It is called clear when it is larger "
                    "than its margin of error (95 of 100 times); otherwise it may be chance. "
                    "It does not prove a cause."
                )
                % {"wave": standing.before},
            )
        )
    if standing.unshown:
        found.append(
            Term(
                _("Not shown"),
                _(
                    "Moments with fewer than %(k)d answers, to protect who answered and because the mean "
                    "would be noise: %(moments)s. They do not enter the crosshair."
                )
                % {"k": standing.threshold, "moments": ", ".join(row.name for row in standing.unshown)},
            )
        )
    return found
