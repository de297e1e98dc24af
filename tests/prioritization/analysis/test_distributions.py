"""The normal distribution by hand against scipy, and against the integral it stands for."""

import numpy as np
import pytest
from scipy import integrate, special

from prioritization.analysis.distributions import bivariate_normal_cdf, f_quantile, normal_cdf, owens_t

EDGES = np.array([0.0, 1e-300, 1e-9, 0.3, 1.0, 1.0 + 1e-12, 2.5, 6.0, 9.0, 40.0])


def test_normal_cdf_is_that_of_scipy():
    x = np.concatenate([-EDGES, EDGES, np.linspace(-9, 9, 4001), [np.inf, -np.inf]])
    np.testing.assert_allclose(normal_cdf(x), special.ndtr(x), rtol=1e-13, atol=1e-300)
    assert np.isnan(normal_cdf(np.array([np.nan]))).all()
    assert normal_cdf(np.zeros((2, 3))).shape == (2, 3)


def test_owens_t_is_that_of_scipy():
    rng = np.random.default_rng(3)
    h = np.concatenate([np.repeat(EDGES, 2 * EDGES.size + 2), rng.normal(0, 3, 5000)])
    slopes = np.concatenate([EDGES, -EDGES, [np.inf, -np.inf]])
    a = np.concatenate([np.tile(slopes, EDGES.size), rng.standard_cauchy(5000)])
    np.testing.assert_allclose(owens_t(h, a), special.owens_t(h, a), rtol=0, atol=2e-15)
    np.testing.assert_allclose(owens_t(-h, a), special.owens_t(h, a), rtol=0, atol=2e-15)


@pytest.mark.parametrize("rho", [-0.999, -0.6, 0.0, 0.2, 0.97])
def test_bivariate_normal_is_its_integral(rho: float):
    def at(h: float, k: float) -> float:
        def inside(x: float) -> float:
            given = special.ndtr((k - rho * x) / np.sqrt(1 - rho**2))
            return float(np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * given)

        bend = k / rho if rho else 0.0
        points = [p for p in (bend - 0.1, bend, bend + 0.1) if -12 < p < h]
        return float(integrate.quad(inside, -12, h, points=points or None, epsabs=1e-13, limit=400)[0])

    places = [(-2.2, 0.4), (0.0, -1.3), (1.7, 0.0), (0.6, 0.6), (3.1, 2.9), (-4.0, -3.5)]
    h, k = np.array(places).T
    found = bivariate_normal_cdf(h, k, rho)
    np.testing.assert_allclose(found, [at(h, k) for h, k in places], rtol=0, atol=1e-12)


def test_f_quantile_is_that_of_scipy():
    df = np.array([1, 2, 3, 28, 400, 10**6])
    for confidence in (0.5, 0.95, 0.999):
        np.testing.assert_allclose(f_quantile(df, confidence), special.fdtri(2, df, confidence), rtol=1e-9)
