"""The last page of a report: where each number comes from, and every formula in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization import figures
from prioritization.asking import Asked
from prioritization.reports import parts
from prioritization.reports.document import Document
from prioritization.standing import SURE
from prioritization.waves import Standing


@dataclass(frozen=True)
class Term:
    term: str
    says: str


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
    found += [Term(name, said) for name, said in document.narrowed]
    if document.refused:
        found.append(Term(_("Not followed"), " ".join(document.refused)))
    if document.choice.filters.get("segment") or document.choice.filters.get("from"):
        said = ngettext(
            "%(n)d answer is left by these filters.",
            "%(n)d answers are left by these filters.",
            standing.n_responses,
        )
        found.append(Term(_("Answers shown"), said % {"n": standing.n_responses}))
    found.append(Term(_("Answers"), answers_words(asked)))
    return [*found, *method_terms(crosshair_words(document, standing)), *terms_of(standing)]


def answers_words(asked: Asked) -> str:
    said = ngettext("%(n)d answer", "%(n)d answers", asked.answers) % {"n": asked.answers}
    if asked.rate is None:
        return f"{said}."
    rate = ngettext(
        "%(rate)s of %(n)d invitation was answered.",
        "%(rate)s of %(n)d invitations were answered.",
        asked.invited,
    )
    return f"{said}. {rate % {'rate': figures.percent(asked.rate), 'n': asked.invited}}"


def crosshair_words(document: Document, standing: Standing) -> str:
    cross = standing.board.cross
    at = _("Importance %(i)s, satisfaction %(s)s.") % {
        "i": figures.decimal(cross.importance if cross else None, 2),
        "s": figures.decimal(cross.satisfaction if cross else None, 2),
    }
    if document.rule == "mean" and not document.choice.filters.get("segment"):
        return _("The axes cross at the mean of the moment means, each moment counting once.") + " " + at
    return parts.crosshair_words(document, standing) + " " + at


def method_terms(crosshair: str) -> list[Term]:
    """Every formula in words, so that a board can tell what a number means and what it does not."""
    return [
        Term(
            _("Importance and satisfaction"),
            _(
                "Plain means of the answers, on the scale of the survey. Whoever did not experience "
                "a moment does not count in its satisfaction."
            ),
        ),
        Term(
            _("Mean satisfaction"),
            _("The satisfaction of the moments, each weighted by its importance."),
        ),
        Term(_("Crosshair"), crosshair),
        Term(
            _("Quadrants"),
            _(
                "Act (concentrate here): importance at or above the crosshair, satisfaction below it. "
                "Protect (keep up the good work): both at or above. Watch (low priority): both below. "
                "Ease (possible overkill): importance below, satisfaction at or above."
            ),
        ),
        Term(
            _("Interval"),
            _(
                "95% of a mean, by Student's t: the mean plus and minus the standard error times the "
                "quantile for the number of answers."
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


def terms_of(standing: Standing) -> list[Term]:
    """What is true of this report alone."""
    found = []
    if standing.before:
        found.append(
            Term(
                _("What changed"),
                _(
                    "Difference of the mean satisfaction from %(wave)s (Welch's test; Holm's correction, "
                    "because many moments are compared at once). Called clear when chance would give it "
                    "less than 5 times in 100. It does not prove a cause."
                )
                % {"wave": standing.before.wave},
            )
        )
    if standing.board.hidden:
        found.append(
            Term(
                _("Not shown"),
                _(
                    "Moments with fewer than %(k)d answers, to protect who answered and because the mean "
                    "would be noise: %(moments)s. They do not enter the crosshair."
                )
                % {"k": standing.threshold, "moments": ", ".join(row.name for row in standing.board.hidden)},
            )
        )
    found.append(Term(_("Left out"), left_out(standing)))
    return found


def left_out(standing: Standing) -> str:
    """What was answered and does not count in a mean, and how many cells are not shown."""
    rows = standing.board.rows
    skipped = sum(row.n_not_experienced for row in rows), sum(row.n_no_answer for row in rows)
    return _(
        "In the moments shown, ticked as “did not experience it”: %(lived)d; ratings left empty: %(none)d. "
        "Neither counts in a mean. Moments not shown: %(hidden)d."
    ) % {"lived": skipped[0], "none": skipped[1], "hidden": len(standing.board.hidden)}
