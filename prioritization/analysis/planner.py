"""How many answers are enough (S10)."""

from dataclasses import dataclass
from math import ceil, inf, sqrt

from prioritization.analysis.headline import z_of


@dataclass(frozen=True)
class Sample:
    """`needed` answers; `invitations` to send for them at the expected rate of response."""

    needed: int
    invitations: int | None


def _sample(n0: float, population: float, design_effect: float, response_rate: float | None) -> Sample:
    if not n0 > 0 or not population >= 1 or not design_effect > 0:
        raise ValueError("margin, spread, population and design effect must be above zero")
    n = n0 if population == inf else n0 / (1 + (n0 - 1) / population)
    needed = _ceil(n * design_effect)
    if population != inf:
        needed = min(needed, ceil(population))
    if response_rate is None:
        return Sample(needed, None)
    if not 0 < response_rate <= 1:
        raise ValueError("a response rate lies between 0 and 1")
    return Sample(needed, _ceil(needed / response_rate))


def _ceil(x: float) -> int:
    """Rounded up, but not for the dust of a division."""
    return ceil(x - 1e-9)


def sample_for_share(
    margin: float,
    *,
    p: float = 0.5,
    population: float = inf,
    confidence: float = 0.95,
    design_effect: float = 1.0,
    response_rate: float | None = None,
) -> Sample:
    """n0 = z^2 p q/e^2, then the finite population n0/(1 + (n0-1)/N), x deff, rounded up.

    `margin` as a share, 0.05 for five points. Krejcie and Morgan (1970) are its rounded values.
    ValueError: a number out of range.
    """
    if not 0 < margin < 1 or not 0 < p < 1:
        raise ValueError("margin and share lie between 0 and 1")
    return _sample(z_of(confidence) ** 2 * p * (1 - p) / margin**2, population, design_effect, response_rate)


def sample_for_mean(
    margin: float,
    sd: float,
    *,
    population: float = inf,
    confidence: float = 0.95,
    design_effect: float = 1.0,
    response_rate: float | None = None,
) -> Sample:
    """n0 = z^2 sd^2/e^2 in rating points."""
    if not margin > 0 or not sd > 0:
        raise ValueError("margin and spread must be above zero")
    return _sample((z_of(confidence) * sd / margin) ** 2, population, design_effect, response_rate)


def sample_for_nps(
    margin: float,
    *,
    promoters: float | None = None,
    detractors: float | None = None,
    population: float = inf,
    confidence: float = 0.95,
    design_effect: float = 1.0,
    response_rate: float | None = None,
) -> Sample:
    """n0 = z^2 (p + d - (p-d)^2)/e^2 with `margin` in NPS points; without p and d the worst case, 1."""
    if not 0 < margin < 200:
        raise ValueError("the margin lies between 0 and 200 points")
    variance = 1.0
    if promoters is not None and detractors is not None:
        variance = promoters + detractors - (promoters - detractors) ** 2
    return _sample(
        z_of(confidence) ** 2 * variance / (margin / 100) ** 2, population, design_effect, response_rate
    )


def margin_of_error(
    n: int, *, p: float = 0.5, population: float = inf, confidence: float = 0.95, design_effect: float = 1.0
) -> float:
    """z sqrt(deff p q/n (N-n)/(N-1)), a share. Only of a random sample: of any other it is a guide."""
    if n < 1 or n > population:
        raise ValueError("the sample is at least one and at most the population")
    finite = 1.0 if population == inf or population <= 1 else (population - n) / (population - 1)
    return z_of(confidence) * sqrt(design_effect * p * (1 - p) / n * finite)


def sample_before_after(
    sd: float,
    change: float,
    *,
    confidence: float = 0.95,
    power: float = 0.80,
    design_effect: float = 1.0,
    response_rate: float | None = None,
    tests: int = 1,
) -> Sample:
    """Answers per wave to find a change: 2 (z_{1-a/2} + z_power)^2 sd^2/change^2 x deff.

    Of several moments tested at once each has a/tests, the part that Holm's correction leaves the
    first of them.
    """
    n0 = 2 * (_reach(sd, change, confidence, power, tests) * sd / change) ** 2
    return _sample(n0, inf, design_effect, response_rate)


def sample_before_after_paired(
    sd: float,
    change: float,
    correlation: float,
    *,
    confidence: float = 0.95,
    power: float = 0.80,
    design_effect: float = 1.0,
    response_rate: float | None = None,
    tests: int = 1,
) -> Sample:
    """Customers who answer both times to find a change: (z_{1-a/2} + z_power)^2 sd_d^2/change^2 x deff,
    with sd_d^2 = 2 sd^2 (1 - correlation) of the two answers of one customer, and z_{1-a/2}^2/2 more,
    since so few have a t test that needs them (Guenther 1981).

    `response_rate` is that of answering both times. ValueError: a correlation outside of -1 to 1.
    """
    if not -1 <= correlation < 1:
        raise ValueError("the correlation lies between -1 and 1")
    n0 = 2 * (1 - correlation) * (_reach(sd, change, confidence, power, tests) * sd / change) ** 2
    n0 += z_of(1 - (1 - confidence) / tests) ** 2 / 2
    return _sample(n0, inf, design_effect, response_rate)


def _reach(sd: float, change: float, confidence: float, power: float, tests: int) -> float:
    """How many standard errors a change must measure to be found that often."""
    if not sd > 0 or not change > 0 or not 0 < power < 1 or tests < 1:
        raise ValueError("spread and change must be above zero, power between 0 and 1")
    return z_of(1 - (1 - confidence) / tests) + z_of(2 * power - 1)
