"""What is known of the effect of one action: how far the question has come, and the answer."""

from dataclasses import dataclass
from enum import StrEnum

from cycles.models import Action
from prioritization.analysis.change import ChangeVerdict
from prioritization.analysis.effect import Outcome
from prioritization.effect_words import sentence_of
from prioritization.target import Target
from surveys.models import Wave


class Stage(StrEnum):
    """How far the question "did it work?" has come."""

    NO_TARGET = "no_target"
    PLANNED = "planned"  # fixed, not begun
    WAITING = "waiting"  # begun, and no wave after it yet
    COUNTING = "counting"
    WITHHELD = "withheld"  # too few answers to show
    MEASURED = "measured"


@dataclass(frozen=True)
class Aimed:
    """One target moment. `outcome` None: not measured, or too few answers. `importance_before` for the
    matrix, None where too few said it."""

    moment_id: int
    number: str
    name: str
    outcome: Outcome | None = None
    importance_before: float | None = None


@dataclass(frozen=True)
class Effect:
    """What is known of one action. Its figures are those of the moment that decides the verdict."""

    action: Action
    stage: Stage
    target: Target | None = None
    after: Wave | None = None
    moments: tuple[Aimed, ...] = ()
    in_advance: bool = True  # fixed before the later wave was opened

    @property
    def measured(self) -> tuple[Aimed, ...]:
        return tuple(one for one in self.moments if one.outcome)

    @property
    def verdict(self) -> ChangeVerdict | None:
        """A fall of one moment is not made good by the rise of another."""
        found = {one.outcome.verdict for one in self.moments if one.outcome}
        for verdict in (ChangeVerdict.WORSENED, ChangeVerdict.IMPROVED, ChangeVerdict.NO_EVIDENCE):
            if verdict in found:
                return verdict
        return None

    @property
    def main(self) -> Aimed | None:
        """The moment that decides; of several the surest."""
        decisive = [one for one in self.measured if one.outcome and one.outcome.verdict == self.verdict]
        return min(decisive, key=lambda one: surely(one.outcome), default=None)

    @property
    def outcome(self) -> Outcome | None:
        return self.main.outcome if self.main else None

    @property
    def change(self) -> float | None:
        return self.outcome.change if self.outcome else None

    @property
    def interval(self) -> tuple[float, float] | None:
        o = self.outcome
        return (o.low, o.high) if o and o.low is not None and o.high is not None else None

    @property
    def p_holm(self) -> float | None:
        return self.outcome.p if self.outcome else None

    @property
    def g(self) -> float | None:
        return self.outcome.g if self.outcome else None

    @property
    def adjusted(self) -> float | None:
        return self.outcome.adjusted if self.outcome else None

    @property
    def detectable(self) -> float | None:
        return self.outcome.detectable if self.outcome else None

    @property
    def provisional(self) -> bool:
        """The later wave is still being answered: looked at often enough, chance looks like an effect."""
        return bool(self.after and self.after.closed_at is None)

    @property
    def sentence(self) -> str:
        return sentence_of(self)


def surely(outcome: Outcome | None) -> float:
    return 1.0 if outcome is None or outcome.p is None else outcome.p
