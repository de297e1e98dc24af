"""NPS, CSAT, CES: published intervals."""

import numpy as np
import pytest

from prioritization.analysis.headline import (
    customer_effort,
    net_promoter,
    net_promoter_change,
    net_promoter_variance,
    top_two,
    wilson,
)
from prioritization.analysis.ratings import Scale
from prioritization.analysis.tally import Histogram


def of(counts: list[int]) -> Histogram:
    return Histogram.unweighted(np.array(counts, dtype=np.int64))


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    # Newcombe 1998, Stat. Med. 17:857, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_newcombe_prints_it(x: int, n: int, low: float, high: float):
    assert wilson(x, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nobody():
    with pytest.raises(ValueError, match="at least one"):
        wilson(0, 0)


def test_variance_of_nps_is_that_of_plus_one_zero_minus_one():
    """S16, mistake 9: never p(1 - p)."""
    y = np.repeat([1.0, 0.0, -1.0], [50, 30, 20])
    assert net_promoter_variance(0.5, 0.2) == pytest.approx(y.var())
    assert net_promoter_variance(0.5, 0.5) == 1.0


def test_nps_and_its_adjusted_wald_interval():
    # 50 promoters, 30 passives, 20 detractors: with 3/4 added to each end of n + 3 = 103.
    counts = [20, 0, 0, 0, 0, 0, 0, 15, 15, 25, 25]
    found = net_promoter(of(counts))
    p, d = 50.75 / 103, 20.75 / 103
    half = 100 * 1.959964 * ((p + d - (p - d) ** 2) / 103) ** 0.5
    assert found.value == pytest.approx(30.0)
    assert (found.low, found.high) == pytest.approx((100 * (p - d) - half, 100 * (p - d) + half), rel=1e-6)
    assert found.n == 100


def test_boundaries_of_promoters_and_detractors():
    assert net_promoter(of([0] * 9 + [1, 1])).value == 100
    assert net_promoter(of([0] * 6 + [4] + [0] * 4)).value == -100
    assert net_promoter(of([0] * 7 + [2, 2, 0, 0])).value == 0


def test_metrics_of_nobody():
    assert net_promoter(of([0] * 11)) is None
    assert top_two(of([0] * 5)) is None
    assert customer_effort(of([0] * 7), Scale(1, 7)) is None
    assert net_promoter_change(of([0] * 11), of([1] * 11)) is None


def test_weighted_nps_does_not_care_for_the_size_of_weights():
    rng = np.random.default_rng(1)
    answers, w = rng.integers(0, 11, 200), rng.uniform(0.3, 3, 200)
    a, b = (net_promoter(Histogram.count(answers, (11,), w * factor)) for factor in (1.0, 10.0))
    assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high))
    y = np.where(answers >= 9, 1.0, np.where(answers <= 6, -1.0, 0.0))
    mean = (w * y).sum() / w.sum()
    se = np.sqrt(200 / 199 * ((w * (y - mean)) ** 2).sum()) / w.sum()
    assert (a.high - a.low) / 2 == pytest.approx(100 * 1.959964 * se, rel=1e-6)


def test_csat_is_top_two_with_wilson():
    found = top_two(of([1, 2, 7, 20, 10]))
    assert found.value == pytest.approx(75.0)
    assert (found.low, found.high) == pytest.approx(tuple(100 * x for x in wilson(30, 40)))
    weighted = Histogram.count(np.array([4, 0, 3]), (5,), np.array([2.0, 1.0, 1.0]))
    assert top_two(weighted).value == pytest.approx(75.0)
    assert top_two(weighted).low == pytest.approx(100 * wilson(0.75 * 16 / 6, 16 / 6)[0])


def test_effort_knows_which_end_is_good():
    ces2 = customer_effort(of([5, 0, 5, 10, 10, 10, 10]), Scale(1, 7))
    assert ces2.easy.value == pytest.approx(60.0)
    assert ces2.mean.value == pytest.approx((5 + 15 + 40 + 50 + 60 + 70) / 50)
    old = customer_effort(of([10, 20, 5, 5, 10]), Scale(1, 5), high_is_good=False)
    assert old.easy.value == pytest.approx(60.0)


def test_change_of_nps_sums_the_variances():
    before, after = of([10, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0]), of([5, 0, 0, 0, 0, 0, 0, 0, 0, 15, 0])
    found = net_promoter_change(before, after)
    assert found.value == pytest.approx(50.0)
    half = 100 * 1.959964 * (1 / 20 + 0.75 / 20) ** 0.5
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=1e-6)
