"""What is asked of a ratings file, and what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from prioritization.analysis.estimates import Estimates
from prioritization.analysis.ratings import Scales
from prioritization.ratings_file.layout import Layout
from prioritization.ratings_file.sums import Sums


@dataclass(frozen=True)
class Question:
    """What the reader needs to know beforehand: segments (name -> value), weighted, and whether derived
    importance will have to be resampled."""

    segments: Mapping[str, str] = field(default_factory=dict)
    weighted: bool = False
    grouped: bool = False


@dataclass(frozen=True, eq=False)
class RatingsFile:
    """`waves` in the order of their names ("" when there is no wave column); `points` of that layout."""

    layout: Layout
    moments: tuple[str, ...]
    scales: Scales
    waves: Mapping[str, Sums] = field(default_factory=dict)
    points: Estimates | None = None
    has_importance: bool = False
    has_picks: bool = False
    has_overall: bool = False
    notes: tuple[str, ...] = ()
