"""The priority matrix of a wave: computed from the tallies of its answers, kept up to date.

`refresh` stores what the unfiltered page shows; `compute` answers any other question on the spot.
Both give the same JSON (format "cyclemap-matrix/3"): numbers unrounded, a missing one null. How the
moments hold under other rules, and how sure their order is, `prioritization/depth.py` adds.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from prioritization import depth, headlines, sources
from prioritization.analysis.crosshair import CrosshairRule
from prioritization.analysis.engine import MIN_N, MomentPriority, Priorities, prioritize
from prioritization.analysis.estimates import Estimates, estimate
from prioritization.analysis.suppression import reveals_the_rest, suppressed
from prioritization.analysis.tally import Tally
from prioritization.models import Matrix
from prioritization.tallies import read as tallies
from prioritization.tallies.layout import Layout
from prioritization.tallies.read import BeingCountedError, Filter
from prioritization.tallies.sample import satisfactions
from surveys.models import Importance, Item, Wave

FORMAT = "cyclemap-matrix/3"
# The certainty under a median is drawn; the same data must give the same figures at every look.
SEED = 20060918

Segment = tuple[str, str]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watermark:
    """How far a reading of a wave's answers went."""

    n: int
    last: int

    def __str__(self) -> str:
        return f"{self.n}-{self.last}"


@dataclass(frozen=True, eq=False)
class Reading:
    """The tallies of a wave, of everybody and of one segment, all from one moment."""

    watermark: Watermark
    items: Sequence[Item]
    sizes: dict[str, dict[str, int]]
    wave_id: int
    layout: Layout
    wanted: Sequence[Filter]
    everybody: Tally
    segment: Tally | None = None
    picks: bool = False
    least: int = MIN_N

    def estimates(self, tally: Tally, derived: bool) -> Estimates:
        """Of everybody or of the segment; for derived importance some of the answers are read."""
        if self.picks and not derived:
            return sources.picked(tally)
        which = self.wanted[1 if tally is self.segment else 0]
        return sources.of(
            tally, derived, lambda: satisfactions(self.wave_id, self.layout, which, tally.respondents)
        )


Period = tuple[date, date]


def read(wave: Wave, segment: Segment | None = None, period: Period | None = None) -> Reading:
    """Two statements, however many answers there are; of those only the newest are read from rows.

    A period narrows everybody. BeingCountedError: too many are not counted yet for somebody who waits.
    """
    items, layout = asked(wave)
    first, last = period or (None, None)
    wanted = [Filter((), first, last)]
    if segment:
        wanted.append(Filter((segment,), first, last))
    found = tallies.read(wave.pk, layout, *wanted)
    mark = Watermark(found.n, found.last)
    everybody, narrowed = [*found.tallies, None][:2]
    picks = wave.survey.importance == Importance.PICKS
    assert everybody is not None
    return Reading(
        mark, items, found.sizes, wave.pk, layout, wanted, everybody, narrowed, picks, least_shown(wave)
    )


def least_shown(wave: Wave) -> int:
    """Fewer answers are no point: ten, so that chance does not decide, or the threshold of the survey."""
    return max(MIN_N, wave.survey.threshold)


def asked(wave: Wave) -> tuple[list[Item], Layout]:
    """The moments asked about, and how they are counted. Requirements are asked about beside them."""
    items = list(wave.survey.items.all())
    layout = Layout.of(wave.survey, ((item.pk, item.is_requirement) for item in items))
    return [item for item in items if not item.is_requirement], layout


def compute(
    reading: Reading, rule: CrosshairRule = "grand_mean", importance: str = "stated"
) -> dict[str, Any]:
    """The matrix of everybody, or of the segment that was read, by stated or derived importance.

    A segment is held against everybody's crosshair, so that its points can be compared with theirs.
    Where derived importance is refused (S7) no moment has a place.
    """
    rng = np.random.default_rng(SEED)
    derived = importance == "derived"
    tally, segment = reading.everybody, reading.segment
    estimates = reading.estimates(tally, derived)
    priorities = prioritize(estimates, crosshair=rule, min_n=reading.least, rng=rng)
    if segment is not None:
        cross = priorities.crosshair
        fixed = ("user", cross.importance, cross.satisfaction) if cross else rule
        tally, estimates = segment, reading.estimates(segment, derived)
        priorities = prioritize(estimates, crosshair=fixed, min_n=reading.least, rng=rng)
    result = as_json(priorities, reading.items)
    if derived:
        add_spread(result["moments"], tally)
    return {
        "format": FORMAT,
        "source": "picks" if reading.picks and not derived else importance,
        "n_respondents": tally.respondents,
        **result,
        "metrics": headlines.of(tally, reading.least),
        "segments": reading.sizes,
    }


def add_spread(moments: list[dict[str, Any]], tally: Tally) -> None:
    """The satisfaction is as sure as ever, wherever the importance comes from."""
    spread = np.sqrt(estimate(tally).blocks[:, 1, 1])
    for moment, se in zip(moments, spread.tolist(), strict=True):
        if not moment["suppressed"]:
            moment["se_satisfaction"] = se


def as_json(priorities: Priorities, items: Sequence[Item]) -> dict[str, Any]:
    cross = priorities.crosshair
    return {
        "crosshair": asdict(cross) if cross else None,
        "moments": [
            {
                "id": item.moment_id,
                "item": item.pk,
                "number": number,
                "label": item.wording,
                **moment_as_json(moment),
            }
            for number, (item, moment) in enumerate(zip(items, priorities.moments, strict=True), 1)
        ],
    }


def moment_as_json(moment: MomentPriority) -> dict[str, Any]:
    fields = asdict(moment)
    if moment.p_quadrant is not None:
        fields["p_quadrant"] = moment.p_quadrant._asdict()
    return fields


def open_to_view(sizes: dict[str, int], respondents: int, k: int = MIN_N) -> list[str]:
    """The values of one segment that may be shown without giving a small group away (S0).

    Those who have no value are a cell of the breakdown like the others.
    """
    unknown = respondents - sum(sizes.values())
    cells = [*sizes.values(), unknown] if unknown else list(sizes.values())
    hidden = suppressed(np.array(cells), k)
    return [
        value
        for (value, n), small in zip(sizes.items(), hidden, strict=False)
        if not small and not reveals_the_rest(n, respondents, k)
    ]


def watermark(wave: Wave) -> Watermark:
    """One statement, which counts only what is not in the tallies."""
    return watermarks([wave])[wave.pk]


def watermarks(waves: Sequence[Wave]) -> dict[int, Watermark]:
    found = tallies.extents([wave.pk for wave in waves])
    return {wave.pk: Watermark(*found[wave.pk]) for wave in waves}


def stale_waves() -> list[Wave]:
    """Waves whose answers moved since their matrix was computed: came, went, or were swapped."""
    known = {
        wave_id: (Watermark(n, last), form)
        for wave_id, n, last, form in Matrix.objects.values_list(
            "wave_id", "n_responses", "last_response_id", "result__format"
        )
    }
    never = Watermark(0, 0), FORMAT
    stale = [
        wave_id
        for wave_id, extent in tallies.extents().items()
        if known.get(wave_id, never) != (Watermark(*extent), FORMAT)
    ]
    if not stale:
        return []
    return list(Wave.objects.filter(pk__in=stale).select_related("survey").order_by("pk"))


def refresh(wave: Wave) -> bool:
    """Compute and store the matrix of a wave unless that is done already, or being done.

    The row is locked meanwhile: of two workers one computes, the other goes on to the next wave.
    """
    with transaction.atomic():
        Matrix.objects.get_or_create(wave=wave)
        matrix = Matrix.objects.select_for_update(skip_locked=True).filter(wave=wave).first()
        if matrix is None or is_current(matrix, watermark(wave)):
            return False
        reading = read(wave)
        matrix.result = depth.deepened(compute(reading), reading)
        matrix.n_responses, matrix.last_response_id = reading.watermark.n, reading.watermark.last
        matrix.computed_at = timezone.now()
        matrix.save()
    return True


def is_current(matrix: Matrix, now: Watermark) -> bool:
    known = Watermark(matrix.n_responses, matrix.last_response_id)
    return known == now and matrix.result.get("format") == FORMAT


def refresh_stale() -> int:
    """Bring every matrix up to date; a wave that fails is reported and holds up no other."""
    done = 0
    for wave in stale_waves():
        try:
            done += refresh(wave)
        except BeingCountedError:
            log.info("wave %s: its answers are being counted first", wave.pk)
        except Exception:
            log.exception("the matrix of wave %s could not be computed", wave.pk)
    return done
