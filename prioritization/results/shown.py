"""The cells that may be shown, as people read them: one row a moment, one figure a headline question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from prioritization import figures
from prioritization.analysis.headline import Metric, customer_effort, net_promoter, top_two
from prioritization.analysis.picks import NOT_PICKED, WAS_PICKED
from prioritization.analysis.ratings import Ints, Scale
from prioritization.analysis.suppression import may_say_everyone
from prioritization.analysis.tally import Histogram
from prioritization.results.bars import Bars, bars
from prioritization.results.cells import Cells
from prioritization.results.counts import EFFORT_MAX, Reading
from surveys.models import Importance, Item, Survey


@dataclass(frozen=True)
class Distribution:
    """How often each point was given. `name` says of what, in words for who does not see the columns."""

    n: int
    mean: str
    drawn: Bars
    name: str
    in_words: str


@dataclass(frozen=True)
class ItemRow:
    key: int
    number: int
    name: str
    stage: str
    is_requirement: bool
    is_critical: bool
    satisfaction: Distribution | None
    importance: Distribution | None
    picked: str
    picked_of: int
    not_experienced: int
    no_answer: int
    not_asked: int
    hidden: bool


@dataclass(frozen=True)
class Figure:
    """A headline question: its value with its interval, and how often each point was given."""

    key: str
    name: str
    value: str
    low: str
    high: str
    n: int
    says: str
    drawn: Bars | None
    in_words: str
    hidden: bool = False


def distribution(counts: Ints, low: int, name: str) -> Distribution | None:
    n = int(counts.sum())
    if not n:
        return None
    points = [low + place for place in range(len(counts))]
    mean = sum(point * int(times) for point, times in zip(points, counts, strict=True)) / n
    drawn = bars([int(times) for times in counts], [str(point) for point in points])
    return Distribution(n, figures.decimal(mean, 2), drawn, name, said(counts, points))


def said(counts: Ints, points: Sequence[int]) -> str:
    told = [_("%(point)d: %(n)s") % {"point": p, "n": int(n)} for p, n in zip(points, counts, strict=True)]
    return ", ".join(told)


def rows_of(reading: Reading, cells: Cells, survey: Survey, on_channel: Mapping[int, bool]) -> list[ItemRow]:
    """Moments in the order of the survey, the requirements of each below it."""
    language = get_language() or "es"
    rows, number = [], 0
    for place, item in enumerate(reading.items):
        number += not item.is_requirement
        if on_channel.get(item.moment_id or 0, not on_channel):
            rows.append(row_of(cells, survey, item, place, number, language))
    return rows


def row_of(cells: Cells, survey: Survey, item: Item, place: int, number: int, language: str) -> ItemRow:
    name = item.text(language)
    joint, points = cells.counts.joint[place], survey.scale_max
    by_satisfaction, by_importance = joint.sum(0), joint.sum(1)
    hidden, weight_hidden = bool(cells.satisfaction[place]), bool(cells.importance[place])
    rated = by_satisfaction[:points]
    told = _("Satisfaction with “%(moment)s”") % {"moment": name}
    weighs = _("Importance of “%(moment)s”") % {"moment": name}
    picks = survey.importance == Importance.PICKS and not weight_hidden
    asked = int(by_importance[[NOT_PICKED - 1, WAS_PICKED - 1]].sum())
    picked = int(by_importance[WAS_PICKED - 1])
    return ItemRow(
        key=item.pk,
        number=number,
        name=name,
        stage=item.stage.get(language) or next(iter(item.stage.values()), ""),
        is_requirement=item.is_requirement,
        is_critical=item.is_critical,
        satisfaction=None if hidden else distribution(rated, 1, told),
        importance=distribution(by_importance[:points], 1, weighs)
        if survey.importance == Importance.RATED and not weight_hidden
        else None,
        picked=figures.percent(picked / asked) if picks and asked else "",
        picked_of=asked if picks else 0,
        not_experienced=0 if hidden else int(by_satisfaction[points]),
        no_answer=0 if hidden else int(by_satisfaction[points + 1]),
        not_asked=0 if hidden else int(by_satisfaction[points + 2]),
        hidden=hidden,
    )


def headlines(cells: Cells, survey: Survey, k: int) -> list[Figure]:
    """NPS, CSAT and CES with their 95% intervals (S9), of the questions that were asked."""
    found = []
    counts = cells.counts
    if survey.asks_overall:
        says = _("Share of customers who chose one of the two highest points overall.")
        share = top_two(Histogram.unweighted(counts.overall))
        found.append(
            figure(
                "csat",
                _("Overall satisfaction (CSAT)"),
                share,
                percent,
                says,
                counts.overall,
                1,
                cells.overall,
                k,
            )
        )
    if survey.asks_nps:
        says = _("Share who would recommend (9 or 10) less the share who would not (0 to 6).")
        score = net_promoter(Histogram.unweighted(counts.nps))
        found.append(
            figure("nps", _("Recommendation (NPS)"), score, whole, says, counts.nps, 0, cells.nps, k)
        )
    if survey.asks_effort:
        effort = customer_effort(Histogram.unweighted(counts.effort), Scale(1, EFFORT_MAX))
        mean, says = (effort.mean if effort else None), ""
        if effort and not cells.effort:
            easy = {
                "share": percent(effort.easy.value),
                "low": percent(effort.easy.low),
                "high": percent(effort.easy.high),
            }
            says = _("Mean from 1 to 7. %(share)s had it easy, 5 to 7 (%(low)s to %(high)s).") % easy
        found.append(
            figure("ces", _("Effort (CES)"), mean, two, says, counts.effort, 1, cells.effort, k, shares=False)
        )
    return found


def figure(
    key: str,
    name: str,
    metric: Metric | None,
    written: "Written",
    says: str,
    counts: Ints,
    first: int,
    hidden: bool,
    k: int,
    *,
    shares: bool = True,
) -> Figure:
    n = int(counts.sum())
    everyone = (
        shares and metric is not None and abs(metric.value) in (0.0, 100.0) and not may_say_everyone(n, k)
    )
    if hidden or metric is None or everyone:
        return Figure(key, name, figures.MISSING, "", "", 0 if hidden else n, says, None, "", bool(n))
    points = [first + place for place in range(len(counts))]
    drawn = bars([int(x) for x in counts], [str(point) for point in points])
    low, high = written(metric.low), written(metric.high)
    return Figure(key, name, written(metric.value), low, high, n, says, drawn, said(counts, points))


class Written:
    """How the value of a headline question is written."""

    def __init__(self, places: int, *, sign: bool = False, share: bool = False) -> None:
        self.places, self.sign, self.share = places, sign, share

    def __call__(self, value: float) -> str:
        if self.share:
            return figures.percent(value / 100)
        return figures.signed(value, self.places) if self.sign else figures.decimal(value, self.places)


percent, whole, two = Written(0, share=True), Written(0, sign=True), Written(2)
