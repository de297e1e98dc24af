"""Ratings made for the tests: seeded, with a halo, with every kind of missing number."""

import numpy as np

from prioritization.analysis.ratings import Ratings, Scale, Scales, State

FIVE = Scale(1, 5)


def make_ratings(
    respondents: int = 300,
    moments: int = 6,
    *,
    seed: int = 1,
    weighted: bool = False,
    missing: float = 0.25,
    shift: float = 0.0,
    scale: Scale = FIVE,
) -> Ratings:
    """Importance falls and satisfaction rises along the moments; one person's ratings hang together."""
    rng = np.random.default_rng(seed)
    width = (scale.high - scale.low) / 4
    halo = rng.normal(size=(respondents, 1))
    level = np.linspace(0.55, 0.85, moments) * (scale.high - scale.low) + scale.low

    def rate(mean: np.ndarray, own: float) -> np.ndarray:
        x = mean + width * (own * rng.normal(size=(respondents, moments)) + 0.6 * halo)
        return np.clip(np.round(x), scale.low, scale.high)

    importance, satisfaction = rate(level[::-1], 0.9), rate(level + shift * width, 1.0)
    state = rng.choice(
        4, (respondents, moments), p=[1 - missing, 0.6 * missing, 0.2 * missing, 0.2 * missing]
    ).astype(np.int8)
    satisfaction[state != State.RATED] = np.nan
    importance[rng.random((respondents, moments)) < missing / 3] = np.nan
    overall = np.clip(np.round(3.4 + np.nan_to_num(satisfaction - 3.4).mean(1) + 0.6 * halo[:, 0]), 1, 5)
    overall[rng.random(respondents) < missing / 5] = np.nan
    nps = np.clip(np.round(7.5 + 1.8 * halo[:, 0] + rng.normal(size=respondents)), 0, 10)
    picks = np.zeros((respondents, moments), dtype=bool)
    for row in picks:
        row[rng.choice(moments, min(3, moments), replace=False)] = True
    return Ratings(
        Scales(scale, scale, FIVE),
        importance,
        satisfaction,
        state,
        rng.uniform(0.5, 2.0, respondents) if weighted else None,
        overall,
        nps,
        picks,
    )
