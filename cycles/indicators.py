"""The indicators of a cycle by stage and category, and where a category has none.

A service level is an indicator too: it counts in the stage of its moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from cycles.agreements import period_name
from cycles.choices import Category, Every
from cycles.models import Cycle, Indicator, ServiceLevel, Stage
from cycles.outline import Outline
from cycles.results import Result, Thing, keeps, results_of, window_start
from cycles.service_levels import LevelStanding, standing_of, target_text
from cycles.suggested_indicators import BY_KEY, Suggestion, suggested_for
from cycles.units import with_unit


@dataclass(frozen=True)
class Followed:
    """An indicator, or a service level as one, with its results."""

    thing: Thing
    bound: str
    target: Decimal | None
    unit: str
    results: list[Result]

    @property
    def is_level(self) -> bool:
        return isinstance(self.thing, ServiceLevel)

    @property
    def last(self) -> Result | None:
        return self.results[-1] if self.results else None

    @property
    def last_text(self) -> str:
        return with_unit(self.last.value, self.unit) if self.last else "–"

    @property
    def last_period(self) -> str:
        return period_name(self.last.day, self.thing.every) if self.last else ""

    @property
    def target_text(self) -> str:
        return target_text(self.bound, self.target, self.unit) if self.target is not None else ""

    def kept(self, result: Result) -> bool | None:
        return keeps(self.bound, self.target, result.value) if self.target is not None else None

    @property
    def last_kept(self) -> bool | None:
        return self.kept(self.last) if self.last else None

    @property
    def source(self) -> str:
        """Where the suggestion it began as comes from."""
        known = BY_KEY.get(getattr(self.thing, "suggested", ""))
        return known.source.get((get_language() or "en")[:2], known.source["en"]) if known else ""


@dataclass(frozen=True)
class Cell:
    category: str
    label: str
    followed: list[Followed]
    suggestion: Suggestion | None  # what to begin with, where it is not there already

    @property
    def suggested_name(self) -> str:
        return self.suggestion.said(get_language() or "en") if self.suggestion else ""

    @property
    def suggested_source(self) -> str:
        return self.suggestion.source.get((get_language() or "en")[:2], "") if self.suggestion else ""


@dataclass(frozen=True)
class Balance:
    """One stage and its four categories."""

    stage: Stage
    cells: list[Cell]

    @property
    def missing(self) -> list[str]:
        return [cell.label for cell in self.cells if not cell.followed]


def indicators_of(cycle: Cycle) -> list[Indicator]:
    """Those in place: neither in the bin nor of something that is."""
    in_place = Q(stage__deleted_at=None, moment=None) | Q(stage=None, moment__deleted_at=None)
    rows = Indicator.objects.filter(in_place, cycle=cycle, deleted_at=None)
    return list(rows.select_related("stage", "moment__stage").order_by("pk"))


def followed_in(
    cycle: Cycle, standings: Sequence[LevelStanding] | None = None, today: date | None = None
) -> list[tuple[int | None, Followed]]:
    """Indicators and service levels, each with the key of its stage; None: of the whole cycle."""
    today = today or timezone.localdate()
    indicators = indicators_of(cycle)
    since = window_start(Every.MONTH, today)
    results = results_of(cycle, indicators, since) if indicators else {}
    found: list[tuple[int | None, Followed]] = []
    for one in indicators:
        one.cycle = cycle
        stage_id = one.stage_id or (one.moment.stage_id if one.moment else None)
        said = Followed(one, one.bound, one.target_value, one.text("unit"), results["indicator", one.pk])
        found.append((stage_id, said))
    for standing in standing_of(cycle, today) if standings is None else standings:
        level, target = standing.level, standing.target
        bound, value, unit = (
            (target.bound, target.value, target.unit) if target else ("", None, level.text("unit"))
        )
        stage_id = level.moment.stage_id if level.moment else None
        found.append((stage_id, Followed(level, bound, value, unit, standing.results)))
    return found


def balance_of(
    outline: Outline, standings: Sequence[LevelStanding] | None = None, today: date | None = None
) -> list[Balance]:
    """A card a stage. Four queries at most."""
    followed = followed_in(outline.cycle, standings, today)
    taken = {(key, getattr(one.thing, "suggested", "")) for key, one in followed}
    cards = []
    for part in outline.parts:
        cells = []
        for category in Category:
            mine = [one for key, one in followed if key == part.stage.pk and one.thing.category == category]
            idea = suggested_for(part.stage.phase, category)
            fresh = (part.stage.pk, idea.key) not in taken
            cells.append(Cell(category.value, str(category.label), mine, idea if fresh else None))
        cards.append(Balance(part.stage, cells))
    return cards


def holes_in(cards: Sequence[Balance]) -> int:
    """How many stages have no indicator in some category."""
    return sum(bool(card.missing) for card in cards)
