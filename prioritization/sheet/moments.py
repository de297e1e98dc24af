"""The matrix as a tab, every figure unrounded; and how often each point was given."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from scipy.stats import t as student

from prioritization.board import Row
from prioritization.matrix import watermarks
from prioritization.reports.document import Document
from prioritization.results.cells import cells_of
from prioritization.results.counts import Reading, Split, read
from prioritization.results.who import threshold
from prioritization.sheet.cells import Value
from prioritization.sheet.tab import INTEGER, SHARE, TWO, Column, Tab, rounded
from prioritization.tallies.read import BeingCountedError
from surveys.models import Importance, Wave


def ranked(document: Document) -> Tab:
    standing = document.standing
    assert standing
    board = standing.board
    rows = [ranked_row(row) for row in sorted(board.rows, key=lambda row: row.place)]
    rows += [
        [number_of(hidden.number), hidden.name, "", _("Not shown: too few answers"), *[None] * 18]
        for hidden in board.hidden
    ]
    return Tab(_("Moments"), ranked_columns(), rows)


def ranked_columns() -> list[Column]:
    interval = _("95% confidence interval of the mean (Student's t).")
    return [
        Column(_("No."), 6, INTEGER, _("Place of the moment in the cycle.")),
        Column(_("Moment"), 42),
        Column(_("Stage"), 22),
        Column(_("Quadrant"), 13, says=_("By the crosshair: importance and satisfaction above or below it.")),
        Column(_("Place by urgency"), 10, INTEGER, _("1 is what asks for action first.")),
        Column(_("Importance"), 12, TWO, _("Mean of the answers; a share in percent where it is derived.")),
        Column(_("Importance, from"), 12, TWO, interval),
        Column(_("Importance, to"), 12, TWO, interval),
        Column(_("Satisfaction"), 12, TWO, _("Mean of the answers of those who experienced the moment.")),
        Column(_("Satisfaction, from"), 12, TWO, interval),
        Column(_("Satisfaction, to"), 12, TWO, interval),
        Column(_("Gap"), 9, TWO, _("Importance minus satisfaction.")),
        Column(_("Certainty"), 10, SHARE, _("Probability that the moment truly lies in its quadrant.")),
        Column(
            pgettext("column", "Verdict"), 12, says=_("Firm from 95%, probable from 80%, else uncertain.")
        ),
        Column(_("Ratings of importance"), 11, INTEGER),
        Column(_("Ratings of satisfaction"), 11, INTEGER),
        Column(_("Did not experience it"), 10, INTEGER),
        Column(_("Left it blank"), 10, INTEGER),
        Column(_("Satisfaction before"), 12, TWO, _("In the wave it is compared with.")),
        Column(_("Change of satisfaction"), 12, TWO),
        Column(
            _("Clear change"),
            10,
            says=_("1: more than chance (Welch's test, Holm's correction). 0: may be chance."),
        ),
        Column(_("Quadrant before"), 13, says=_("By the crosshair of now.")),
    ]


def ranked_row(row: Row) -> list[Value]:
    change = row.change
    derived = row.derived or not row.se_importance
    return [
        number_of(row.number),
        row.name,
        row.stage,
        row.quadrant_name,
        row.rank,
        rounded(row.importance),
        *([None, None] if derived else interval(row.importance, row.se_importance, row.n_importance)),
        rounded(row.satisfaction),
        *interval(row.satisfaction, row.se_satisfaction, row.n_satisfaction),
        rounded(row.gap),
        rounded(row.certainty),
        row.verdict_text if row.verdict else "",
        row.n_importance,
        row.n_satisfaction,
        row.n_not_experienced,
        row.n_no_answer,
        rounded(change.satisfaction_before if change else None),
        rounded(change.difference if change else None),
        None if change is None else int(change.clear),
        row.quadrant_before_name,
    ]


def number_of(number: str) -> int | str:
    return int(number) if number.isdecimal() else number


def interval(mean: float, se: float | None, n: int) -> list[float | None]:
    if not se or n < 2:
        return [None, None]
    half = float(student.ppf(0.975, n - 1)) * se
    return [rounded(mean - half), rounded(mean + half)]


# --- How often each point was given ------------------------------------------------------------------


def tallies(document: Document) -> Tab | None:
    """Of all answers of the wave; questions that too few answered stay out, as on the page of results."""
    wave = document.wave
    if wave is None or document.asked is None or document.asked.answers < threshold(wave):
        return None
    try:
        reading = read(wave, Split(), watermarks([wave])[wave.pk])
    except BeingCountedError:
        return None
    points = wave.survey.scale_max
    columns = [
        Column(_("No."), 6, INTEGER),
        Column(_("Asked about"), 42, says=_("A moment, or a requirement below its moment.")),
        Column(_("Question"), 14),
        *[Column(str(point), 7, INTEGER, _("So many answered so.")) for point in range(1, points + 1)],
        Column(_("Answers"), 10, INTEGER),
        Column(_("Mean"), 9, TWO),
        Column(_("Did not experience it"), 10, INTEGER),
        Column(_("Left it blank"), 10, INTEGER),
        Column(_("Was not asked"), 10, INTEGER, _("The survey drew other moments for them.")),
    ]
    return Tab(_("Answers"), columns, tally_rows(wave, reading, document.language))


def tally_rows(wave: Wave, reading: Reading, language: str) -> list[Sequence[Value]]:
    cells = cells_of(reading, Split(), [], threshold(wave))
    points = wave.survey.scale_max
    rows: list[Sequence[Value]] = []
    number = 0
    for place, item in enumerate(reading.items):
        number += not item.is_requirement
        name = item.text(language)
        joint = cells.counts.joint[place]
        if not cells.satisfaction[place]:
            counts = [int(n) for n in joint.sum(0)]
            rows.append(
                [
                    number,
                    name,
                    _("Satisfaction"),
                    *counts[:points],
                    *summed(counts[:points]),
                    *counts[points:],
                ]
            )
        if wave.survey.importance == Importance.RATED and not cells.importance[place]:
            counts = [int(n) for n in joint.sum(1)[:points]]
            if sum(counts):
                rows.append([number, name, _("Importance"), *counts, *summed(counts), None, None, None])
    return rows


def summed(counts: Sequence[int]) -> list[Value]:
    n = sum(counts)
    mean = sum(point * times for point, times in enumerate(counts, 1)) / n if n else None
    return [n, rounded(mean)]
