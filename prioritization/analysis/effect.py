"""Did the moments an action aimed at change? What was fixed beforehand, tested after a later wave (S8).

Only the moments that were fixed are tested, so Holm's correction counts those and no others; the rest of
the moments say how much changes by itself, and where the middle lies that extremes fall back to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from prioritization.analysis.change import (
    ALPHA,
    SMALLEST_EFFECT,
    ChangeVerdict,
    Difference,
    change_verdict,
    difference_in_differences,
    hedges_g,
    hedges_interval,
    minimum_detectable,
    paired,
    paired_difference_in_differences,
    shrunk,
    welch,
)
from prioritization.analysis.estimates import Estimates, ratio
from prioritization.analysis.multiplicity import holm
from prioritization.analysis.ratings import Bools, Floats, Ints
from prioritization.analysis.suppression import K, reveals_the_rest


@dataclass(frozen=True, eq=False)
class Linked:
    """(R, M) satisfactions of the same respondents in both waves, NaN where there is none."""

    before: Floats
    after: Floats

    @property
    def counts(self) -> Ints:
        """Who rated each moment both times."""
        return np.asarray((~np.isnan(self.after - self.before)).sum(0))


@dataclass(frozen=True)
class Beyond:
    """The change less that of the moments nobody worked on, with its interval (S8.3)."""

    change: float
    low: float
    high: float
    controls: int


@dataclass(frozen=True)
class Outcome:
    """What became of one moment.

    `pairs`: so many rated it both times and are compared with themselves; None: two groups of customers.
    `p` is Holm's over `tests`, `p_alone` before that; `adjusted` the change without the pull towards the
    mean; `detectable` the smallest true change that would have been found four times in five.
    """

    n_before: int
    n_after: int
    pairs: int | None
    before: float
    after: float
    change: float
    low: float | None
    high: float | None
    p: float | None
    p_alone: float | None
    g: float | None
    g_low: float | None
    g_high: float | None
    adjusted: float | None
    detectable: float | None
    beyond: Beyond | None
    tests: int
    verdict: ChangeVerdict


def outcomes(
    before: Estimates,
    after: Estimates,
    tested: Bools,
    controls: Bools,
    *,
    linked: Linked | None = None,
    least: int = K,
    beside: Sequence[float] = (),
    smallest_effect: float = SMALLEST_EFFECT,
) -> tuple[Outcome | None, ...]:
    """One for each moment that is `tested`; None for the others, and where too few rated it (S0).

    before, after    of the same moments in the same order, on one scale
    tested, controls (M,) which were fixed, and which nobody worked on; they share none
    linked           rows of those who answered both times: used for a moment where they are at least
                     half of the smaller wave and their number gives nobody away
    beside           p of what else is tested between these waves: Holm counts them too

    ValueError: other moments, another scale, or a tested moment among the controls.
    """
    check_comparable(before, after, tested, controls)
    n1, n2 = before.n_satisfaction, after.n_satisfaction
    shown = (n1 >= least) & (n2 >= least)
    by_pairs = shown & pairable(linked, n1, n2, least) if linked else np.zeros(len(n1), dtype=bool)
    c = _two_groups(before, after, shown)
    if linked and by_pairs.any():
        c = c.replaced(by_pairs, _same_people(linked, by_pairs))
    tests = tested & shown & ~np.isnan(c.p)
    together = np.concatenate([np.where(tests, c.p, np.nan), np.asarray(beside, dtype=np.float64)])
    p_holm, count = holm(together)[: len(tests)], int((~np.isnan(together)).sum())
    detectable = minimum_detectable(c.se, ALPHA / max(1, count))
    g_low, g_high = hedges_interval(c.g, c.n1, c.n2)
    free = controls & shown

    def outcome(m: int) -> Outcome:
        p, low, high, g, adjusted = (float(x[m]) for x in (p_holm, c.low, c.high, c.g, c.adjusted))
        return Outcome(
            n_before=int(n1[m]),
            n_after=int(n2[m]),
            pairs=int(c.n1[m]) if by_pairs[m] else None,
            before=float(c.first[m]),
            after=float(c.second[m]),
            change=float(c.diff[m]),
            low=_known(c.low[m]),
            high=_known(c.high[m]),
            p=_known(p_holm[m]),
            p_alone=_known(c.p[m]),
            g=_known(c.g[m]),
            g_low=_known(g_low[m]),
            g_high=_known(g_high[m]),
            adjusted=_known(c.adjusted[m]),
            detectable=_known(detectable[m]),
            beyond=_beyond(before, after, m, free, linked if by_pairs[m] else None),
            tests=count,
            verdict=change_verdict(p, low, high, g, adjusted, smallest_effect),
        )

    return tuple(outcome(m) if tested[m] and shown[m] else None for m in range(before.moments))


def check_comparable(before: Estimates, after: Estimates, tested: Bools, controls: Bools) -> None:
    if before.moments != after.moments or before.scales.satisfaction != after.scales.satisfaction:
        raise ValueError("waves are compared on the same moments and the same scale")
    if (tested & controls).any():
        raise ValueError("a moment that was worked on is no control")


def pairable(linked: Linked, n1: Ints, n2: Ints, least: int = K) -> Bools:
    """(M,) where those who rated it both times stand for the wave, and their number gives nobody away.

    A house rule: at least half of the smaller wave. With fewer the two waves are compared as two groups,
    which only makes a claim harder.
    """
    pairs = linked.counts
    enough = (pairs >= least) & (2 * pairs >= np.minimum(n1, n2))
    gives_away = [
        reveals_the_rest(int(p), int(a), least) or reveals_the_rest(int(p), int(b), least)
        for p, a, b in zip(pairs, n1, n2, strict=True)
    ]
    return np.asarray(enough & ~np.array(gives_away, dtype=bool))


@dataclass(frozen=True, eq=False)
class _Columns:
    """All (M,): the change of each moment, how sure it is, and how large."""

    n1: Ints
    n2: Ints
    first: Floats
    second: Floats
    diff: Floats
    se: Floats
    low: Floats
    high: Floats
    p: Floats
    g: Floats
    adjusted: Floats

    @classmethod
    def of(cls, found: Difference, n1: Ints, n2: Ints, sd1: Floats, sd2: Floats, v1: Floats) -> Self:
        """`adjusted` is the later mean less the baseline drawn towards the middle (S8.4)."""
        g = hedges_g(found.diff, sd1, n1, sd2, n2)
        adjusted = found.second - shrunk(found.first, v1)
        columns = (found.first, found.second, found.diff, found.se, found.low, found.high, found.p)
        return cls(n1, n2, *columns, g, adjusted)

    def replaced(self, which: Bools, other: Self) -> Self:
        """Where `which`, the other's."""
        return replace(
            self,
            **{
                field.name: np.where(which, getattr(other, field.name), getattr(self, field.name))
                for field in fields(self)
            },
        )


def _two_groups(before: Estimates, after: Estimates, shown: Bools) -> _Columns:
    s1, s2 = (np.where(shown, e.satisfaction, np.nan) for e in (before, after))
    v1, v2 = (np.where(shown, e.blocks[:, 1, 1], np.nan) for e in (before, after))
    n1, n2 = before.n_satisfaction, after.n_satisfaction
    found = welch(s1, v1, n1, s2, v2, n2)
    return _Columns.of(found, n1, n2, before.sd_satisfaction, after.sd_satisfaction, v1)


def _same_people(linked: Linked, which: Bools) -> _Columns:
    """Of the pairs alone, the baseline too: what they said first against what they said later."""
    there = ~np.isnan(linked.after - linked.before) & which
    before, after = (np.where(there, x, np.nan) for x in (linked.before, linked.after))
    found, n = paired(before, after), there.sum(0)
    v1, v2 = (
        ratio(np.where(there, (x - mean) ** 2, 0.0).sum(0), n - 1.0)
        for x, mean in ((before, found.first), (after, found.second))
    )
    return _Columns.of(found, n, n, np.sqrt(v1), np.sqrt(v2), ratio(v1, n))


def _beyond(
    before: Estimates, after: Estimates, moment: int, free: Bools, linked: Linked | None
) -> Beyond | None:
    """None without a moment that nobody worked on, or where the spread is not known."""
    if not free.any():
        return None
    found = (
        paired_difference_in_differences(linked.before, linked.after, moment, free)
        if linked
        else difference_in_differences(before, after, moment, free)
    )
    change, low, high = (float(x[0]) for x in (found.diff, found.low, found.high))
    return None if np.isnan([change, low, high]).any() else Beyond(change, low, high, int(free.sum()))


def _known(x: float) -> float | None:
    return None if np.isnan(x) else float(x)
