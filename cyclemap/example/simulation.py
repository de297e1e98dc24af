"""Simulated answers: numbers in, numbers out. Knows no model.

Each customer has a general mood (the halo that makes all her ratings alike) and a general
strictness about what matters; each cell adds its own. The latent values are rounded to the scale,
and each moment is shifted until the mean of what was answered is the wanted one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cyclemap.example.figures import DIFFERENCES, FIGURES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LOW, HIGH = 1, 5
NO_ANSWER = 0.02
NUMBERS = sorted(FIGURES)


@dataclass(frozen=True)
class Answers:
    """One row a customer, one column a moment; 0 where there is no number."""

    importance: Ints
    satisfaction: Ints
    experienced: Bools
    overall: Ints
    nps: Ints


def simulate(rng: np.random.Generator, wave: int, segments: Sequence[dict[str, str]]) -> Answers:
    """The answers of one wave (0 or 1) by customers of these segments."""
    rows, columns = len(segments), len(NUMBERS)
    mood = rng.normal(0, 0.5, (rows, 1))
    strictness = 0.35 * mood + rng.normal(0, 0.3, (rows, 1))
    own = rng.normal(0, 0.8, (rows, columns))
    importance_differs, satisfaction_differs = _differences(segments)
    reach = np.array([FIGURES[number].reach for number in NUMBERS])
    experienced = rng.random((rows, columns)) < reach

    satisfaction = _calibrated(
        mood + own + satisfaction_differs,
        np.array([FIGURES[number].satisfaction[wave] for number in NUMBERS]),
        experienced & (rng.random((rows, columns)) >= NO_ANSWER),
    )
    importance = _calibrated(
        strictness + 0.12 * own + rng.normal(0, 0.6, (rows, columns)) + importance_differs,
        np.array([FIGURES[number].importance[wave] for number in NUMBERS]),
        experienced & (rng.random((rows, columns)) >= NO_ANSWER),
    )
    weight = importance * (satisfaction > 0)
    felt = (weight * satisfaction).sum(axis=1) / np.maximum(weight.sum(axis=1), 1)
    felt = felt + rng.normal(0, 0.35, rows)
    overall = _on_scale(felt, LOW, HIGH)
    nps = _on_scale(2.5 * (felt - LOW) + 0.5 + rng.normal(0, 1.2, rows), 0, 10)
    return Answers(importance, satisfaction, experienced, overall, nps)


def _differences(segments: Sequence[dict[str, str]]) -> tuple[Floats, Floats]:
    importance = np.zeros((len(segments), len(NUMBERS)))
    satisfaction = np.zeros_like(importance)
    column = {number: k for k, number in enumerate(NUMBERS)}
    for (name, value), moments in DIFFERENCES.items():
        of_segment = np.array([customer.get(name) == value for customer in segments], dtype=bool)
        for number, (i, s) in moments.items():
            importance[of_segment, column[number]] += i
            satisfaction[of_segment, column[number]] += s
    return importance, satisfaction


def _on_scale(latent: Floats, low: int, high: int) -> Ints:
    return np.clip(np.rint(latent), low, high).astype(np.int64)


def _calibrated(latent: Floats, wanted: Floats, rated: Bools) -> Ints:
    """Round the latent values to the scale, shifted so that the mean of each column's rated cells
    is the wanted one; 0 where not rated. The mean rises with the shift, so halving finds it."""
    low, high = np.full(len(wanted), -5.0), np.full(len(wanted), 15.0)
    counts = np.maximum(rated.sum(axis=0), 1)
    for _ in range(40):
        middle = (low + high) / 2
        means = np.where(rated, _on_scale(latent + middle, LOW, HIGH), 0).sum(axis=0) / counts
        low, high = np.where(means < wanted, middle, low), np.where(means < wanted, high, middle)
    return np.where(rated, _on_scale(latent + high, LOW, HIGH), 0)
