"""Effects of actions: paired as in R, what changes by itself taken off, and how often a verdict is wrong."""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from prioritization.analysis.change import (
    ChangeVerdict,
    difference_in_differences,
    paired_difference_in_differences,
)
from prioritization.analysis.effect import Linked, outcomes, pairable
from prioritization.analysis.estimates import Estimates, estimate
from prioritization.analysis.planner import sample_before_after, sample_before_after_paired
from prioritization.analysis.ratings import Ratings, Scale, Scales, State
from prioritization.analysis.tally import Tally
from tests.prioritization.analysis.published import SLEEP
from tests.prioritization.analysis.worlds import make_ratings

IMPROVED = ChangeVerdict.IMPROVED
SIMULATIONS = 1_000
FIVE = Scale(1, 5)
LEVELS = np.array([2.6, 3.1, 3.4, 3.7, 4.0, 3.2])


def flags(size: int, *places: int) -> np.ndarray:
    found = np.zeros(size, dtype=bool)
    found[list(places)] = True
    return found


def ratings_of(satisfaction: np.ndarray, scale: Scale = FIVE) -> Ratings:
    state = np.where(np.isnan(satisfaction), State.NOT_EXPERIENCED, State.RATED).astype(np.int8)
    return Ratings(Scales(scale, scale), np.full(satisfaction.shape, 4.0), satisfaction, state, None)


def estimates_of(satisfaction: np.ndarray) -> Estimates:
    return estimate(Tally.of(ratings_of(satisfaction)))


# --- By the book ----------------------------------------------------------------------------------


def test_the_paired_route_is_r_s_paired_t_of_sleep():
    # t.test(extra ~ group, sleep, paired = TRUE): mean 1.58, CI 0.7001142 2.4598858, p = 0.002833.
    one, two = (group[:, None] for group in SLEEP)
    scale = Scale(0, 10)
    whole = estimate(Tally.of(ratings_of(np.tile([[1.0], [2.0]], (5, 1)), scale)))
    (found,) = outcomes(whole, whole, flags(1, 0), flags(1), linked=Linked(one, two))
    assert found is not None
    assert found.pairs == 10
    assert found.change == pytest.approx(1.58)
    assert found.low == pytest.approx(0.7001142, abs=5e-8)
    assert found.high == pytest.approx(2.4598858, abs=5e-8)
    assert found.p == pytest.approx(0.002833, abs=5e-7)
    assert found.beyond is None


def test_linked_difference_in_differences_is_a_paired_t_of_the_contrast():
    rng = np.random.default_rng(5)
    mood = rng.normal(0, 0.7, (80, 1))
    before, after = (np.rint(3 + k * mood + rng.normal(0, 0.8, (80, 4))) for k in (0, 1))
    found = paired_difference_in_differences(before, after, 0, flags(4, 1, 2, 3))
    contrast = (after - before) @ np.array([1, -1 / 3, -1 / 3, -1 / 3])
    known = stats.ttest_1samp(contrast, 0.0)
    low, high = known.confidence_interval(0.95)
    assert found.diff[0] == pytest.approx(contrast.mean())
    assert found.p[0] == pytest.approx(known.pvalue)
    assert (found.low[0], found.high[0]) == (pytest.approx(low), pytest.approx(high))
    for controls in (flags(4), flags(4, 0, 1)):
        with pytest.raises(ValueError, match="controls"):
            paired_difference_in_differences(before, after, 0, controls)


def test_what_changes_by_itself_is_not_the_action_s():
    """All moments rise by half a point, the first by a whole one: half of it goes beyond the rest."""
    before, after = make_ratings(3000, seed=1), make_ratings(3000, seed=2, shift=0.5)
    after.satisfaction[:, 1] = np.minimum(after.satisfaction[:, 1] + 1, 5)
    a, b = estimate(Tally.of(before)), estimate(Tally.of(after))
    found = outcomes(a, b, flags(6, 1, 4), flags(6, 0, 2, 3))
    risen, drifted = found[1], found[4]
    assert risen
    assert drifted
    by_hand = difference_in_differences(a, b, 1, flags(6, 0, 2, 3))
    assert (risen.beyond.change, risen.beyond.low) == (by_hand.diff[0], by_hand.low[0])
    assert risen.beyond.change < risen.change - 0.3
    assert risen.beyond.low > 0
    assert drifted.verdict == IMPROVED
    assert abs(drifted.beyond.change) < 0.1
    assert risen.beyond.controls == 3


# --- What is tested, and how ------------------------------------------------------------------------


def test_holm_counts_the_moments_that_were_fixed_and_no_others():
    a, b = estimate(Tally.of(make_ratings(200, seed=3))), estimate(Tally.of(make_ratings(200, seed=4)))
    alone = outcomes(a, b, flags(6, 2), flags(6))[2]
    among = outcomes(a, b, flags(6, 0, 1, 2), flags(6, 5))
    assert (alone.tests, among[2].tests) == (1, 3)
    assert [m for m, one in enumerate(among) if one] == [0, 1, 2]
    raw = {m: outcomes(a, b, flags(6, m), flags(6))[m].p for m in (0, 1, 2)}
    first = min(raw, key=raw.get)
    assert among[first].p == pytest.approx(min(1, 3 * raw[first]))
    assert among[2].detectable > alone.detectable


def test_too_few_are_not_shown_and_do_not_count_as_a_test():
    before, after = make_ratings(100, seed=1), make_ratings(100, seed=2)
    after.satisfaction[9:, 0] = np.nan
    after.state[9:, 0] = State.NOT_EXPERIENCED
    found = outcomes(estimate(Tally.of(before)), estimate(Tally.of(after)), flags(6, 0, 1), flags(6, 2))
    assert found[0] is None
    assert found[1].tests == 1


def test_the_adjusted_change_takes_off_what_the_worst_gains_by_chance():
    a, b = estimate(Tally.of(make_ratings(40, seed=1))), estimate(Tally.of(make_ratings(40, seed=2)))
    worst = int(np.argmin(a.satisfaction))
    found = outcomes(a, b, flags(6, worst), flags(6))[worst]
    assert found.adjusted < found.change


@pytest.mark.parametrize(
    ("pairs", "n1", "n2", "used"),
    [
        (60, 100, 100, True),
        (50, 100, 100, True),
        (49, 100, 100, False),  # less than half
        (9, 12, 12, False),  # fewer than are ever shown
        (95, 100, 100, False),  # the five others could be told by subtraction
        (100, 100, 100, True),
        (90, 100, 300, True),
    ],
)
def test_pairs_stand_for_the_wave_only_where_they_are_many_and_give_nobody_away(pairs, n1, n2, used):
    both = np.zeros((pairs, 1))
    assert pairable(Linked(both, both), np.array([n1]), np.array([n2])).tolist() == [used]


def test_a_moment_of_another_scale_or_one_that_is_its_own_control_is_refused():
    a = estimate(Tally.of(make_ratings(50)))
    ten = estimate(Tally.of(make_ratings(50, scale=Scale(1, 10))))
    with pytest.raises(ValueError, match="scale"):
        outcomes(a, ten, flags(6, 0), flags(6))
    with pytest.raises(ValueError, match="control"):
        outcomes(a, a, flags(6, 0), flags(6, 0, 1))


def test_some_moments_of_estimates_are_those_moments():
    whole = estimate(Tally.of(make_ratings(80, seed=9)))
    part = whole.take([4, 1])
    assert part.satisfaction.tolist() == whole.satisfaction[[4, 1]].tolist()
    assert part.full_covariance()[2, 3] == whole.full_covariance()[6 + 4, 6 + 1]
    assert part.moments == 2


# --- How often a verdict is wrong -------------------------------------------------------------------


def simulated(rng: np.random.Generator, n: int, lift: np.ndarray, mood: np.ndarray | None = None):
    """Satisfactions of n customers on the scale: a halo, own opinions, rounded. -> (R, M)."""
    halo = rng.normal(0, 0.5, (n, 1)) if mood is None else mood
    latent = LEVELS + lift + halo + rng.normal(0, 0.8, (n, len(LEVELS)))
    return np.clip(np.rint(latent), 1, 5)


def population(lift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sd of each moment as rated by very many."""
    x = simulated(np.random.default_rng(99), 200_000, lift)
    return x.mean(0), x.std(0)


def verdicts(
    seed: int, n: int, lift: np.ndarray, *fixed: np.ndarray, linked: bool = False, times: int = SIMULATIONS
) -> list[Counter]:
    """For each set of moments that was fixed: (moment, verdict) -> in how many of the simulations."""
    rng = np.random.default_rng(seed)
    found: list[Counter] = [Counter() for _ in fixed]
    for _ in range(times):
        mood = rng.normal(0, 0.5, (n, 1)) if linked else None
        x = simulated(rng, n, np.zeros(len(LEVELS)), mood)
        y = simulated(rng, n, lift, mood)
        a, b, rows = estimates_of(x), estimates_of(y), Linked(x, y) if linked else None
        for tested, count in zip(fixed, found, strict=True):
            said = outcomes(a, b, tested, ~tested & (lift == 0), linked=rows)
            count.update((m, one.verdict) for m, one in enumerate(said) if one)
            count["false"] += any(
                one and one.verdict == IMPROVED and not lift[m] for m, one in enumerate(said)
            )
    return found


@pytest.mark.parametrize("linked", [False, True])
def test_without_an_effect_hardly_ever_is_one_claimed(linked: bool):
    """Issue 6: at most 5 % of a thousand comparisons claim an improvement that is none."""
    one, four = verdicts(11, 120, np.zeros(6), flags(6, 0), flags(6, 0, 1, 2, 3), linked=linked)
    assert 0 < one["false"] / SIMULATIONS <= 0.05
    assert 0 < four["false"] / SIMULATIONS <= 0.05


@pytest.mark.parametrize(
    ("tested", "linked", "points"),
    [((1,), False, 0.3), ((0,), True, 0.3), ((1, 3, 5), False, 0.35)],
)
def test_the_power_is_the_planner_s(tested: tuple[int, ...], linked: bool, points: float):
    """Issue 6: within three points of the planned 80 %, for the very first of the moments fixed."""
    lift = np.zeros(6)
    aim = tested[0]
    lift[aim] = points
    (before, sd), (after, sd_after) = population(np.zeros(6)), population(lift)
    change = after[aim] - before[aim]
    spread = float(np.sqrt((sd[aim] ** 2 + sd_after[aim] ** 2) / 2))
    if linked:
        rng = np.random.default_rng(98)
        mood = rng.normal(0, 0.5, (200_000, 1))
        x, y = (simulated(rng, 200_000, up, mood)[:, aim] for up in (np.zeros(6), lift))
        r = float(np.corrcoef(x, y)[0, 1])
        n = sample_before_after_paired(spread, change, r, tests=len(tested)).needed
    else:
        n = sample_before_after(spread, change, tests=len(tested)).needed
    (said,) = verdicts(12, n, lift, flags(6, *tested), linked=linked)
    assert said[aim, IMPROVED] / SIMULATIONS == pytest.approx(0.80, abs=0.03)
    assert said["false"] / SIMULATIONS <= 0.05


def test_a_fall_is_found_as_well_and_called_so():
    lift = np.zeros(6)
    lift[2] = -0.5
    (said,) = verdicts(13, 300, lift, flags(6, 2), times=50)
    assert said[2, ChangeVerdict.WORSENED] == 50
