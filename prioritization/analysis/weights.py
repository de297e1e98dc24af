"""Weights that give the sample the shape of the population (S12)."""

from collections.abc import Mapping, Sequence

import numpy as np

from prioritization.analysis.ratings import Floats, Ints

SMALLEST_STRATUM = 5


def post_stratify(strata: Sequence[str], population: Mapping[str, float]) -> Floats:
    """w_h = (N_h/N)/(n_h/n), mean 1 (S12). Strata with fewer than 5 answers are first joined, smallest
    first, with the next smallest. ValueError: a stratum without a positive population, or no answers."""
    if not strata:
        raise ValueError("no answers to weight")
    names, codes = np.unique(np.asarray(strata), return_inverse=True)
    for name in names:
        if not population.get(str(name), 0) > 0:
            raise ValueError(f"no population is given for {name}")
    n = np.bincount(codes).astype(np.float64)
    N = np.array([float(population[str(name)]) for name in names])
    group = np.arange(len(names))
    while len(np.unique(group)) > 1:
        sizes = {g: n[group == g].sum() for g in np.unique(group)}
        ordered = sorted(sizes, key=lambda g: (sizes[g], g))
        if sizes[ordered[0]] >= SMALLEST_STRATUM:
            break
        group[group == ordered[0]] = ordered[1]
    joined_n = np.bincount(group, n, len(names))[group]
    joined_N = np.bincount(group, N, len(names))[group]
    return np.asarray((joined_N / N.sum() / (joined_n / n.sum()))[codes])


def rake(
    margins: Sequence[tuple[Ints, Floats]],
    *,
    weights: Floats | None = None,
    tolerance: float = 1e-10,
    rounds: int = 1000,
) -> Floats:
    """Iterative proportional fitting to margins, mean 1 (S12).

    margins: pairs of (codes (R,) from 0, target shares per code). ValueError: a code without a target
    or the reverse, or margins that cannot be met.
    """
    rows = len(margins[0][0])
    w = np.ones(rows) if weights is None else weights / weights.mean()
    targets = []
    for codes, target in margins:
        target = np.asarray(target, np.float64)
        filled = np.bincount(codes, minlength=target.size) > 0
        if filled.size != target.size or not (filled == (target > 0)).all():
            raise ValueError("every code needs a target above zero, and every target an answer")
        targets.append(target / target.sum())
    for _ in range(rounds):
        off = 0.0
        for (codes, _target), target in zip(margins, targets, strict=True):
            factor = target / (np.bincount(codes, w, target.size) / w.sum())
            off = max(off, float(np.abs(factor - 1).max()))
            w = w * factor[codes]
        if off < tolerance:
            return np.asarray(w / w.mean())
    raise ValueError("these margins cannot be met together")


def trim(weights: Floats, low: float = 0.2, high: float = 5.0) -> Floats:
    """Kept within [.2, 5] times the median, then mean 1 again (S12)."""
    middle = np.median(weights)
    kept = np.clip(weights, low * middle, high * middle)
    return np.asarray(kept / kept.mean())


def design_effect(weights: Floats) -> float:
    """Kish: n sum w^2/(sum w)^2."""
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def effective_n(weights: Floats) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum())
