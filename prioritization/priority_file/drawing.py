"""The answer as a chart (SVG) and as a page to hand on (PDF)."""

import hashlib
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from prioritization import figures
from prioritization.analysis.change import ChangeVerdict
from prioritization.analysis.estimates import Source
from prioritization.chart import Scatter, Tick, Words, scatter
from prioritization.matrix_words import words
from prioritization.priority_file.answer import Answer
from prioritization.priority_file.table import (
    certainty,
    heading,
    importance,
    metrics,
    quadrant,
)
from prioritization.shapes import Before, Point, domain_of

# How much of the axis a stretched importance takes.
FILLED = 0.74


@dataclass(frozen=True)
class Axis:
    """Importance as drawn. The chart has one scale for both axes; an importance that is no rating on
    the scale of satisfaction is stretched onto it, and its ticks say what it was."""

    slope: float = 1.0
    shift: float = 0.0

    @property
    def own(self) -> bool:
        return (self.slope, self.shift) == (1.0, 0.0)

    def at(self, value: float) -> float:
        return self.shift + self.slope * value

    def back(self, drawn: float) -> float:
        return (drawn - self.shift) / self.slope


def svg(answer: Answer) -> str:
    """FileFaultError is the caller's: there is a chart only when `answer` has a crosshair."""
    return render_to_string("prioritization/matrix.svg", _context(answer)).strip() + "\n"


def _context(answer: Answer) -> dict[str, object]:
    shown = [p for p in answer.priorities.moments if p.rank is not None]
    act = sum(p.quadrant == "concentrate_here" for p in shown)
    return {
        "chart": chart(answer),
        "ident": "mx",
        "title": _("Priority matrix"),
        "about": _("%(n)d moments by satisfaction (to the right) and importance (upward); %(act)d to act on.")
        % {"n": len(shown), "act": act},
        "links": False,
    }


def chart(answer: Answer) -> Scatter:
    cross = answer.priorities.crosshair
    assert cross is not None
    axis = axis_of(answer)
    scale = answer.estimates.scales.satisfaction
    drawn = scatter(
        points(answer, axis),
        (axis.at(cross.importance), cross.satisfaction),
        (scale.low, scale.high),
        words_of(answer),
    )
    if axis.own:
        return drawn
    upright = f"{drawn.words.crosshair} {figures.decimal(axis.at(cross.importance), 2)}"
    return replace(
        drawn,
        y_ticks=tuple(
            Tick(mark.at, tick(answer, axis.back(value)))
            for mark, value in zip(drawn.y_ticks, drawn.domain.ticks, strict=True)
        ),
        notes=tuple(
            replace(note, text=f"{drawn.words.crosshair} {importance(answer, cross.importance)}")
            if note.text == upright and abs(note.y - drawn.cross[1]) < 20
            else note
            for note in drawn.notes
        ),
        # On two different scales the diagonal means nothing.
        ink_3="none",
        words=replace(drawn.words, iso=""),
    )


def axis_of(answer: Answer) -> Axis:
    scales = answer.estimates.scales
    if answer.source is Source.STATED and scales.coincide:
        return Axis()
    shown = [p for p in answer.priorities.moments if p.rank is not None]
    i, s = ([float(getattr(p, name)) for p in shown] for name in ("importance", "satisfaction"))
    domain = domain_of(s, (scales.satisfaction.low, scales.satisfaction.high))
    middle, span = (domain.low + domain.high) / 2, domain.high - domain.low
    wide = max(i) - min(i)
    slope = FILLED * span / wide if wide > 0 else 1.0
    return Axis(slope, middle - slope * (max(i) + min(i)) / 2)


def tick(answer: Answer, value: float) -> str:
    """On the axis of a share its sign is in the name of the axis; below nothing there is nothing."""
    if answer.source is Source.STATED:
        return figures.decimal(value, 1)
    value = 100 * value if answer.source is Source.PICKS else value
    return figures.decimal(value, 1) if value >= 0 else ""


def points(answer: Answer, axis: Axis) -> list[Point]:
    out = []
    for m, p in enumerate(answer.priorities.moments):
        if p.rank is None or p.importance is None or p.satisfaction is None or p.quadrant is None:
            continue
        out.append(
            Point(
                number=str(p.rank),
                name=answer.labels[m],
                importance=axis.at(p.importance),
                satisfaction=p.satisfaction,
                quadrant=p.quadrant.value,
                rank=p.rank,
                uncertain=p.verdict == "uncertain",
                named=len(answer.labels) <= 12 or p.quadrant == "concentrate_here",
                title=_("%(rank)d, %(moment)s: importance %(i)s, satisfaction %(s)s")
                % {
                    "rank": p.rank,
                    "moment": answer.labels[m],
                    "i": importance(answer, p.importance),
                    "s": figures.decimal(p.satisfaction, 2),
                },
                before=before(answer, m),
            )
        )
    return out


def before(answer: Answer, m: int) -> Before | None:
    """Where the moment stood in the wave compared with; only stated importance has an earlier place."""
    if answer.change is None or answer.before is None or answer.source is not Source.STATED:
        return None
    verdict = answer.change.verdicts[m]
    i, s = float(answer.before.importance[m]), float(answer.before.satisfaction[m])
    if verdict is None or i != i or not axis_of(answer).own:
        return None
    return Before(i, s, verdict is not ChangeVerdict.NO_EVIDENCE)


def words_of(answer: Answer) -> Words:
    name = {
        Source.STATED: _("Importance"),
        Source.PICKS: _("Picked by, %"),
        Source.DERIVED: _("Derived importance, % of R²"),
    }[answer.source]
    cross = answer.priorities.crosshair
    fixed = cross is not None and not cross.moves_with_the_data
    return words(name, pgettext("crosshair", "line") if fixed else "")


def pdf(answer: Answer, name: str) -> bytes:
    """One document, tagged: heading, chart, ranked table, notes. `name` is that of the file."""
    # WeasyPrint and what the reports need: loaded only for this.
    from prioritization.reports.pages import Composed
    from prioritization.reports.pdf import typeset

    ranked = sorted(
        (m for m, p in enumerate(answer.priorities.moments) if p.rank is not None),
        key=lambda m: answer.priorities.moments[m].rank or 0,
    )
    rows = [
        {
            "rank": p.rank,
            "label": answer.labels[m],
            "importance": importance(answer, p.importance),
            "satisfaction": figures.decimal(p.satisfaction, 2),
            "quadrant": quadrant(p),
            "certainty": certainty(p),
            "n": figures.decimal(p.n_satisfaction, 0),
        }
        for m in ranked
        for p in [answer.priorities.moments[m]]
    ]
    context = {
        "language": get_language(),
        "name": name,
        "heading": heading(answer),
        "rows": rows,
        "notes": answer.notes,
        "metrics": metrics(answer),
        "drawn": bool(ranked),
    }
    if ranked:
        context |= _context(answer)
    html = render_to_string("prioritization/report/file.html", context)
    return typeset(Composed(html, hashlib.sha256(html.encode()).hexdigest()))
