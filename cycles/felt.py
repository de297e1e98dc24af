"""What is measured beside what customers feel: levels that are met but not felt, and the opposite."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cyclemap.rounding import half_up
from cycles.outline import Entry, Outline
from cycles.service_levels import BREACHED, MET, LevelStanding


@dataclass(frozen=True)
class Line:
    """What satisfaction is held against: below it, it is low."""

    value: float
    is_crosshair: bool

    @property
    def text(self) -> str:
        return decimal(self.value)

    @property
    def words(self) -> str:
        """What "low" means, said wherever it is used."""
        if self.is_crosshair:
            return _("low: below %(value)s, the line of the matrix") % {"value": self.text}
        return _("low: below %(value)s, the midpoint of the scale") % {"value": self.text}


@dataclass(frozen=True)
class Felt:
    """One service level at a moment that customers have rated."""

    standing: LevelStanding
    entry: Entry
    line: Line

    @property
    def satisfaction(self) -> float:
        assert self.entry.satisfaction is not None
        return self.entry.satisfaction

    @property
    def low(self) -> bool:
        return self.satisfaction < self.line.value

    @property
    def sure(self) -> bool:
        """Whether the whole interval lies on the same side of the line."""
        score = self.entry.score
        if score is None or score.low is None or score.high is None:
            return False
        return score.high < self.line.value or score.low >= self.line.value

    @property
    def interval(self) -> str:
        score = self.entry.score
        if score is None or score.low is None or score.high is None:
            return ""
        said = {"low": decimal(score.low), "high": decimal(score.high)}
        return _("95%% interval %(low)s to %(high)s") % said

    @property
    def satisfaction_text(self) -> str:
        return decimal(self.satisfaction)


def decimal(value: float) -> str:
    return number_format(f"{half_up(value):.1f}")


def line_of(outline: Outline) -> Line:
    """The crosshair of the matrix; where there is none, the midpoint of the scale."""
    scores = outline.scores
    if scores.line is not None:
        return Line(scores.line, True)
    return Line(sum(scores.scale) / 2, False)


def met_not_felt(standings: Sequence[LevelStanding], outline: Outline) -> list[Felt]:
    """In target, and yet the satisfaction is low. The sure ones first, then the lowest."""
    return chosen(standings, outline, MET, lambda felt: felt.low)


def felt_not_met(standings: Sequence[LevelStanding], outline: Outline) -> list[Felt]:
    """Out of target, and yet the satisfaction is not low."""
    return chosen(standings, outline, BREACHED, lambda felt: not felt.low)


def chosen(
    standings: Sequence[LevelStanding], outline: Outline, state: str, wanted: Callable[[Felt], bool]
) -> list[Felt]:
    line = line_of(outline)
    entries = {entry.moment.pk: entry for entry in outline}
    found = []
    for standing in standings:
        entry = entries.get(standing.moment_id or 0)
        shown = entry and entry.satisfaction is not None and entry.score and entry.score.enough
        if entry and shown and standing.state == state and standing.in_force:
            found.append(Felt(standing, entry, line))
    kept = [felt for felt in found if wanted(felt)]
    return sorted(kept, key=lambda felt: (not felt.sure, felt.satisfaction, felt.standing.level.pk))
