"""Grades: a weighted mean with its covariance, thresholds without gaps, certainty, tested change."""

import numpy as np
import pytest

from prioritization.analysis import grades
from prioritization.analysis.change import ChangeVerdict
from prioritization.analysis.estimates import estimate
from prioritization.analysis.grades import Mean, Thresholds, mean_of, moved
from prioritization.analysis.ratings import Ratings, Scale, Scales, State
from prioritization.analysis.tally import Tally

FIVE = Scale(1, 5)
LETTERS = Thresholds(("A", "B", "C", "D", "E"), (87.5, 75.0, 62.5, 50.0))
pytestmark = pytest.mark.once


def ratings_of(importance, satisfaction, weights=None) -> Ratings:
    i, s = np.array(importance, float), np.array(satisfaction, float)
    state = np.where(np.isnan(s), State.NOT_EXPERIENCED, State.RATED).astype(np.int8)
    return Ratings(Scales(FIVE, FIVE), i, s, state, weights)


def drawn(n: int, seed: int, lift: float = 0.0, moments: int = 3) -> Ratings:
    """Customers with a mood of their own, so that what they say of two moments goes together."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(0, 0.8, (n, 1))
    s = np.clip(np.rint(3.4 + lift + mood + rng.normal(0, 0.7, (n, moments))), 1, 5)
    i = np.clip(np.rint(4 - 0.4 * np.arange(moments) + 0.5 * mood + rng.normal(0, 0.6, (n, moments))), 1, 5)
    return ratings_of(i, s)


def test_the_mean_is_weighted_by_importance():
    e = estimate(Tally.of(ratings_of([[5, 1], [5, 1], [3, 1]], [[2, 5], [4, 5], [3, 4]])))
    found = mean_of(e, np.array([0, 1]))
    weights, means = np.array([13 / 3, 1.0]), np.array([3.0, 14 / 3])
    assert found is not None
    assert found.value == pytest.approx((weights @ means) / weights.sum())
    plain = mean_of(e, np.array([0, 1]), weighted=False)
    assert plain is not None
    assert plain.value == pytest.approx(means.mean())
    assert mean_of(e, np.array([], dtype=int)) is None


def test_the_interval_counts_that_one_customer_rates_several_moments():
    """Against resampled customers, and wider than if the moments were strangers to each other."""
    ratings = drawn(200, 7)
    members = np.arange(3)
    e = estimate(Tally.of(ratings))
    found = mean_of(e, members)
    rng = np.random.default_rng(1)
    values = []
    for _ in range(1500):
        some = estimate(Tally.of(ratings.take(rng.integers(0, 200, 200)), cross=False))
        values.append(float(some.importance @ some.satisfaction / some.importance.sum()))
    assert found is not None
    assert found.v**0.5 == pytest.approx(np.std(values), rel=0.07)
    apart = mean_of(estimate(Tally.of(ratings, cross=False)), members)
    assert apart is not None
    assert found.v > 1.5 * apart.v


def test_multiplying_all_weights_changes_nothing():
    plain = drawn(60, 3)
    w = np.random.default_rng(2).uniform(0.5, 2, 60)
    one, ten = (
        Ratings(plain.scales, plain.importance, plain.satisfaction, plain.state, w * k) for k in (1, 10)
    )
    a, b = (mean_of(estimate(Tally.of(r)), np.arange(3)) for r in (one, ten))
    assert a is not None
    assert b is not None
    assert (a.value, a.v) == pytest.approx((b.value, b.v))


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (5, "A"),
        (4.5, "A"),
        (4.4999, "B"),
        (4.0, "B"),
        (3.999, "C"),
        (3.5, "C"),
        (3, "D"),
        (2.99, "E"),
        (1, "E"),
    ],
)
def test_a_grade_begins_on_its_threshold(value, label):
    sure = Mean(value, 0.0, 100, 100)
    grade = LETTERS.grade(sure, FIVE)
    assert (grade.label, grade.could_be, grade.p) == (label, (), 1.0)


def test_thresholds_leave_no_gap_and_fall():
    for starts in ((90, 75, 60), (90, 75, 75, 60), (90, 95, 60, 50), (101, 75, 60, 50), (90, 75, 60, 0)):
        with pytest.raises(ValueError, match="threshold"):
            Thresholds(("A", "B", "C", "D", "E"), tuple(map(float, starts)))
    assert {LETTERS.place(p) for p in np.linspace(0, 100, 1001)} == {0, 1, 2, 3, 4}


def test_a_grade_could_be_another_where_the_interval_crosses():
    near = LETTERS.grade(Mean(4.45, 0.05**2, 200, 200), FIVE)
    assert (near.label, near.could_be, near.is_sure) == ("B", ("A",), False)
    assert 0.8 < near.p < 0.86  # one standard error below the threshold
    wide = LETTERS.grade(Mean(3.75, 0.3**2, 12, 12), FIVE)
    assert (wide.label, wide.could_be) == ("C", ("B", "D"))
    clear = LETTERS.grade(Mean(4.25, 0.02**2, 500, 500), FIVE)
    assert clear.is_sure
    assert clear.p > 0.999
    assert sum(LETTERS.chances(Mean(3.7, 0.2**2, 20, 20), FIVE)) == pytest.approx(1)
    tens = Thresholds(tuple(str(n) for n in range(10, 0, -1)), tuple(float(x) for x in range(90, 0, -10)))
    assert tens.grade(Mean(7.3, 0.0, 50, 50), Scale(1, 10)).label == "8"
    assert [tens.shade(k) for k in (0, 4, 9)] == [0, 2, 4]


def test_the_interval_stays_within_the_scale():
    assert Mean(4.95, 0.2**2, 15, 15).interval(FIVE)[1] == 5
    assert Mean(1.02, 0.2**2, 15, 15).interval(FIVE)[0] == 1


def test_a_change_is_of_satisfaction_and_not_of_weights():
    """The same satisfaction with other importance: the mean moves, the change is nothing."""
    s = np.array([[2, 5], [3, 5], [2, 4], [3, 4]] * 10, float)
    before = estimate(Tally.of(ratings_of(np.tile([5.0, 1.0], (40, 1)), s)))
    now = estimate(Tally.of(ratings_of(np.tile([1.0, 5.0], (40, 1)), s)))
    found = moved(before, now, np.arange(2), np.arange(2))
    assert found is not None
    assert found.now.value == pytest.approx(found.before.value)
    (change,) = grades.changes([found])
    assert change is not None
    assert change.verdict == ChangeVerdict.NO_EVIDENCE
    assert moved(before, now, np.array([], int), np.array([], int)) is None


def test_a_true_rise_is_found_and_holm_counts_the_lines():
    before, now = estimate(Tally.of(drawn(300, 4))), estimate(Tally.of(drawn(300, 5, lift=0.5)))
    whole = moved(before, now, np.arange(3), np.arange(3))
    (change,) = grades.changes([whole])
    assert change is not None
    assert change.verdict == ChangeVerdict.IMPROVED
    assert change.low is not None
    assert 0 < change.low < change.difference
    ones = [moved(before, now, np.array([m]), np.array([m])) for m in range(3)]
    together = grades.changes([*ones, None])
    alone = [grades.changes([one])[0] for one in ones]
    assert together[-1] is None
    assert min(t.p for t in together[:3] if t) == pytest.approx(3 * min(a.p for a in alone if a))


def test_without_any_change_false_alarms_are_rare():
    """2,000 pairs of equal waves: at most 5 % of the cards call any of three stages changed."""
    rng = np.random.default_rng(11)
    false = 0
    for _ in range(2000):
        lines = []
        for _stage in range(3):
            a, b = rng.normal(3.5, 0.08), rng.normal(3.5, 0.08)
            lines.append(grades.Moved(Mean(a, 0.08**2, 80, 80), Mean(b, 0.08**2, 80, 80)))
        false += any(c and c.verdict != ChangeVerdict.NO_EVIDENCE for c in grades.changes(lines))
    assert false / 2000 <= 0.05
