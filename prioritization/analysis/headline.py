"""NPS, CSAT and CES with their intervals (S9)."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from prioritization.analysis.distributions import student_quantile
from prioritization.analysis.ratings import Scale
from prioritization.analysis.tally import Histogram


@dataclass(frozen=True)
class Metric:
    """`value` between `low` and `high` with the stated confidence; n answers."""

    value: float
    low: float
    high: float
    n: int


def z_of(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """(p + z^2/2n -+ z sqrt(pq/n + z^2/4n^2))/(1 + z^2/n), Wilson 1927. ValueError: n not above 0."""
    if n <= 0:
        raise ValueError("an interval needs at least one answer")
    z, p = z_of(confidence), successes / n
    middle = p + z * z / (2 * n)
    half = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    below, above = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return max(0.0, below), min(1.0, above)


def net_promoter(answers: Histogram, confidence: float = 0.95) -> Metric | None:
    """NPS = 100 (p - d), p the share of 9-10 and d of 0-6; None without answers.

    `answers` (11,). Interval: adjusted Wald (Rocks 2016), three answers added, 3/4 of one to promoters
    and to detractors. With weights the linearised standard error.
    """
    n, total = int(answers.n.sum()), float(answers.w.sum())
    if n == 0:
        return None
    promoters, detractors = answers.w[9:].sum() / total, answers.w[:7].sum() / total
    value = 100 * (promoters - detractors)
    z = z_of(confidence)
    if np.array_equal(answers.w, answers.n):
        p, d = (answers.n[9:].sum() + 0.75) / (n + 3), (answers.n[:7].sum() + 0.75) / (n + 3)
        centre, half = 100 * (p - d), 100 * z * (net_promoter_variance(p, d) / (n + 3)) ** 0.5
    else:
        y = np.array([-1.0] * 7 + [0.0] * 2 + [1.0] * 2)
        squares = float((answers.w2 * (y - value / 100) ** 2).sum()) / total**2
        centre, half = value, 100 * z * (squares * n / (n - 1)) ** 0.5 if n > 1 else 200.0
    return Metric(float(value), max(-100.0, float(centre - half)), min(100.0, float(centre + half)), n)


def net_promoter_variance(p: float, d: float) -> float:
    """Of one answer, +1, 0 or -1: p + d - (p - d)^2. Never p(1 - p)."""
    return float(p + d - (p - d) ** 2)


def top_two(answers: Histogram, confidence: float = 0.95) -> Metric | None:
    """CSAT: percent of answers in the two highest points, Wilson interval; weighted with n_eff."""
    return share(answers, answers.n.size - 2, confidence)


def share(answers: Histogram, first: int, confidence: float = 0.95) -> Metric | None:
    """Percent of answers from the point at index `first` up. None without answers."""
    n, total = int(answers.n.sum()), float(answers.w.sum())
    if n == 0:
        return None
    p = float(answers.w[first:].sum()) / total
    effective = total**2 / float(answers.w2.sum())
    low, high = wilson(p * effective, effective, confidence)
    return Metric(100 * p, 100 * low, 100 * high, n)


@dataclass(frozen=True)
class Effort:
    """`mean` on the scale; `easy` the percent who had it easy."""

    mean: Metric
    easy: Metric


def customer_effort(
    answers: Histogram, scale: Scale, *, high_is_good: bool = True, confidence: float = 0.95
) -> Effort | None:
    """CES: mean with a t interval, and percent easy with Wilson (S9). None for fewer than two answers.

    CES 2.0 is agreement from 1 to 7 with "made it easy": easy is 5 to 7. The CES of 2010 runs from 1
    to 5 and LOW is good: `high_is_good=False`, and easy is the two lowest points.
    """
    n, total = int(answers.n.sum()), float(answers.w.sum())
    if n < 2:
        return None
    values = scale.values
    mean = float(answers.w @ values) / total
    se = (float((answers.w2 * (values - mean) ** 2).sum()) / total**2 * n / (n - 1)) ** 0.5
    half = float(student_quantile(n - 1, (1 + confidence) / 2)) * se
    if high_is_good:
        easy = share(answers, scale.points - 3 if scale.points >= 7 else scale.points - 2, confidence)
    else:
        easy = share(
            Histogram(answers.n[::-1], answers.w[::-1], answers.w2[::-1]), scale.points - 2, confidence
        )
    if easy is None:
        return None
    return Effort(Metric(mean, max(scale.low, mean - half), min(scale.high, mean + half), n), easy)


def net_promoter_change(before: Histogram, after: Histogram, confidence: float = 0.95) -> Metric | None:
    """Difference of two waves, z with summed variances; None when either is empty. `n` is both."""
    first, second = net_promoter(before, confidence), net_promoter(after, confidence)
    if first is None or second is None:
        return None
    variance = 0.0
    for answers, metric in ((before, first), (after, second)):
        y = np.array([-1.0] * 7 + [0.0] * 2 + [1.0] * 2)
        variance += float((answers.w2 * (y - metric.value / 100) ** 2).sum()) / float(answers.w.sum()) ** 2
    difference, half = second.value - first.value, 100 * z_of(confidence) * variance**0.5
    return Metric(difference, difference - half, difference + half, first.n + second.n)
