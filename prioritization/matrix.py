"""The priority matrix of a wave: ratings read into arrays, computed, kept up to date.

`refresh` stores what the unfiltered page shows; `compute` answers any other question on the spot.
Both give the same JSON (format "cyclemap-matrix/1"): numbers unrounded, a missing one null.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from prioritization.analysis.crosshair import CrosshairRule
from prioritization.analysis.engine import MomentPriority, Priorities, prioritize
from prioritization.analysis.ratings import Ratings, Scale, Scales, State
from prioritization.analysis.suppression import reveals_the_rest, suppressed
from prioritization.analysis.tally import Tally
from prioritization.models import Matrix
from surveys.models import Item, Rating, Response, Wave

FORMAT = "cyclemap-matrix/1"
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


@dataclass(frozen=True)
class Reading:
    """The answers of a wave as arrays, one row a respondent, one column an item."""

    watermark: Watermark
    items: Sequence[Item]
    segments: Sequence[dict[str, Any]]
    ratings: Ratings

    def of(self, segment: Segment | None) -> Ratings:
        if segment is None:
            return self.ratings
        name, value = segment
        return self.ratings.take(np.array([str(s.get(name)) == value for s in self.segments], dtype=bool))


def read(wave: Wave) -> Reading:
    """Three statements, however many answers there are."""
    responses = list(Response.objects.filter(wave=wave).order_by("pk").values_list("pk", "segments"))
    items = list(wave.survey.items.all())
    scale = Scale(1, wave.survey.scale_max)
    row = {pk: k for k, (pk, _) in enumerate(responses)}
    column = {item.pk: k for k, item in enumerate(items)}
    shape = (len(responses), len(items))
    importance, satisfaction = np.full(shape, np.nan), np.full(shape, np.nan)
    state = np.full(shape, State.NOT_ASKED, dtype=np.int8)
    ratings = Rating.objects.filter(response__wave=wave).values_list(
        "response_id", "item_id", "importance", "satisfaction", "experienced"
    )
    for response_id, item_id, i, s, experienced in ratings.iterator(chunk_size=20_000):
        at = row.get(response_id), column[item_id]
        if at[0] is None:  # committed since the first statement: the next look counts it
            continue
        importance[at] = np.nan if i is None else i
        satisfaction[at] = np.nan if s is None else s
        rated = State.RATED if s is not None else State.NO_ANSWER
        state[at] = rated if experienced else State.NOT_EXPERIENCED
    return Reading(
        Watermark(len(responses), responses[-1][0] if responses else 0),
        items,
        [segments for _, segments in responses],
        Ratings(Scales(scale, scale), importance, satisfaction, state),
    )


def compute(
    reading: Reading, rule: CrosshairRule = "grand_mean", segment: Segment | None = None
) -> dict[str, Any]:
    """The matrix of everybody, or of one segment.

    A segment is held against everybody's crosshair, so that its points can be compared with theirs.
    """
    rng = np.random.default_rng(SEED)
    priorities = prioritize(Tally.of(reading.ratings), crosshair=rule, rng=rng)
    ratings = reading.of(segment)
    if segment is not None:
        cross = priorities.crosshair
        fixed = ("user", cross.importance, cross.satisfaction) if cross else rule
        priorities = prioritize(Tally.of(ratings), crosshair=fixed, rng=rng)
    result = as_json(priorities, reading.items)
    return {
        "format": FORMAT,
        "n_respondents": ratings.respondents,
        **result,
        "segments": segment_sizes(reading.segments),
    }


def as_json(priorities: Priorities, items: Sequence[Item]) -> dict[str, Any]:
    cross = priorities.crosshair
    return {
        "crosshair": asdict(cross) if cross else None,
        "moments": [
            {
                "id": item.moment_id,
                "item": item.pk,
                "number": item.position + 1,
                "label": item.wording,
                **moment_as_json(moment),
            }
            for item, moment in zip(items, priorities.moments, strict=True)
        ],
    }


def moment_as_json(moment: MomentPriority) -> dict[str, Any]:
    fields = asdict(moment)
    if moment.p_quadrant is not None:
        fields["p_quadrant"] = moment.p_quadrant._asdict()
    return fields


def segment_sizes(segments: Sequence[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """{"visit": {"first": 120, "again": 280}}: what the filters offer, and what is too small for it."""
    counts: dict[str, Counter[str]] = {}
    for chosen in segments:
        for name, value in chosen.items():
            if value not in (None, ""):
                counts.setdefault(name, Counter())[str(value)] += 1
    return {name: dict(sorted(counts[name].items())) for name in sorted(counts)}


def open_to_view(sizes: dict[str, int], respondents: int) -> list[str]:
    """The values of one segment that may be shown without giving a small group away (S0).

    Those who have no value are a cell of the breakdown like the others.
    """
    unknown = respondents - sum(sizes.values())
    cells = [*sizes.values(), unknown] if unknown else list(sizes.values())
    hidden = suppressed(np.array(cells))
    return [
        value
        for (value, n), small in zip(sizes.items(), hidden, strict=False)
        if not small and not reveals_the_rest(n, respondents)
    ]


def watermark(wave: Wave) -> Watermark:
    """One statement over the index of a wave's answers."""
    now = Response.objects.filter(wave=wave).aggregate(n=Count("pk"), last=Coalesce(Max("pk"), 0))
    return Watermark(now["n"], now["last"])


def stale_waves() -> QuerySet[Wave]:
    """Waves whose answers moved since their matrix was computed: came, went, or were swapped."""
    return (
        Wave.objects.annotate(n=Count("responses"), last=Coalesce(Max("responses__pk"), 0))
        .filter(
            ~Q(n=Coalesce(F("matrix__n_responses"), 0))
            | ~Q(last=Coalesce(F("matrix__last_response_id"), 0))
            | (Q(matrix__isnull=False) & ~Q(matrix__result__format=FORMAT))
        )
        .select_related("survey")
        .order_by("pk")
    )


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
        matrix.result = compute(reading)
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
        except Exception:
            log.exception("the matrix of wave %s could not be computed", wave.pk)
    return done
