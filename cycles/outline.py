"""A cycle read whole: its stages, its moments in order and numbered, what customers think of each.

One reading (two queries) feeds the list, the wheel, and every choice of a moment on a page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cyclemap.compiled import ByKey
from cycles.models import Cycle, Moment, ServiceLevel, Stage
from cycles.scores import Score, Scores


@dataclass(frozen=True)
class Entry:
    """A moment in its place."""

    moment: Moment
    stage: Stage
    number: int  # 1, 2, ... clockwise through the whole cycle
    score: Score | None
    requirements: int  # how many
    missed: bool = False  # whether a service level of it is missed

    @property
    def satisfaction(self) -> float | None:
        return self.score.satisfaction if self.score else None

    @property
    def importance(self) -> float | None:
        return self.score.importance if self.score else None

    @property
    def step(self) -> int:
        """Colour of the satisfaction, 0 where there is none to show."""
        return self.score.step if self.score and self.score.satisfaction is not None else 0

    @property
    def few(self) -> bool:
        """Answered, but not by enough people."""
        return bool(self.score and self.score.n and not self.score.enough)


@dataclass(frozen=True)
class Part:
    stage: Stage
    entries: list[Entry]

    @property
    def satisfaction(self) -> float | None:
        """Of its moments, each as important as it is: as for the whole cycle (S5.4) and on the report card.

        Where importance was not asked, all of them weigh the same.
        """
        known = [
            (entry.importance, entry.satisfaction) for entry in self.entries if entry.satisfaction is not None
        ]
        weights = [importance or 0.0 for importance, _ in known]
        if not all(weights):
            weights = [1.0] * len(known)
        return sum(w * s for w, (_, s) in zip(weights, known, strict=True)) / sum(weights) if known else None


@dataclass(frozen=True)
class Outline:
    cycle: Cycle
    parts: list[Part]
    scores: Scores

    @property
    def entries(self) -> list[Entry]:
        return [entry for part in self.parts for entry in part.entries]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return sum(len(part.entries) for part in self.parts)

    @property
    def requirements(self) -> int:
        return sum(entry.requirements for entry in self)

    def entry(self, moment_id: int | None) -> Entry | None:
        return next((entry for entry in self if entry.moment.pk == moment_id), None)

    def beside(self, entry: Entry) -> tuple[Entry | None, Entry | None]:
        """The moments before and after."""
        entries = self.entries
        at = entry.number - 1
        return entries[at - 1] if at else None, entries[at + 1] if at + 1 < len(entries) else None


def outline_of(cycle: Cycle, scores: Scores) -> Outline:
    return outlines_of([cycle], {cycle.pk: scores})[0]


def stages_in(**cycles: object) -> QuerySet[Stage]:
    return Stage.objects.filter(**cycles).order_by("cycle_id", "position")


def moments_in(**cycles: object) -> QuerySet[Moment]:
    return (
        Moment.objects.filter(**cycles, deleted_at=None)
        .annotate(
            n_requirements=Count("requirements", filter=Q(requirements__deleted_at=None)),
            is_missed=Exists(
                ServiceLevel.objects.filter(moment=OuterRef("pk"), deleted_at=None, is_missed=True)
            ),
        )
        .order_by("stage_id", "position")
    )


# Of one cycle, as nearly every page and change asks.
_stages = ByKey(lambda key: stages_in(cycle=key))
_moments = ByKey(lambda key: moments_in(stage__cycle=key))


def outlines_of(cycles: Sequence[Cycle], scores: Mapping[int, Scores]) -> list[Outline]:
    """Many cycles, still in two queries. `scores` by the cycle's key."""
    if len(cycles) == 1:
        stages, moments = _stages.all(cycles[0].pk), _moments.all(cycles[0].pk)
    else:
        stages = list(stages_in(cycle__in=cycles))
        moments = list(moments_in(stage__cycle__in=cycles))
    stages_of: dict[int, list[Stage]] = {cycle.pk: [] for cycle in cycles}
    for stage in stages:
        stages_of[stage.cycle_id].append(stage)
    moments_of: dict[int, list[Moment]] = {}
    for moment in moments:
        moments_of.setdefault(moment.stage_id, []).append(moment)
    return [
        Outline(cycle, parts_of(cycle, stages_of[cycle.pk], moments_of, scores[cycle.pk]), scores[cycle.pk])
        for cycle in cycles
    ]


def parts_of(
    cycle: Cycle, stages: list[Stage], moments_of: dict[int, list[Moment]], scores: Scores
) -> list[Part]:
    parts, number = [], 0
    for stage in stages:
        stage.cycle = cycle
        entries = []
        for moment in moments_of.get(stage.pk, []):
            number += 1
            moment.stage = stage
            known: Any = moment
            entries.append(
                Entry(moment, stage, number, scores.of(moment.pk), known.n_requirements, known.is_missed)
            )
        parts.append(Part(stage, entries))
    return parts
