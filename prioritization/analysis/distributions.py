"""The distributions behind certainty: normal of one and of two variables, F of ellipses, Student's t.

By hand where a matrix needs them, because loading scipy.special takes longer than reading a file of
ratings; a test holds each against scipy's.
"""

from math import erfc

import numpy as np

from prioritization.analysis.ratings import Floats, Ints

HALF = 0.5**0.5
# Twenty points integrate exp(-h^2 x^2 / 2) / (1 + x^2) over [0, 1] to 1e-15 of its weight.
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(20)
SQUARES, WEIGHTS = ((POINTS + 1) / 2) ** 2, WEIGHTS / (4 * np.pi)


def normal_cdf(x: Floats) -> Floats:
    """P(X <= x) of a standard normal: erfc(-x / sqrt 2) / 2, elementwise; NaN stays NaN."""
    flat = [0.5 * erfc(-HALF * value) for value in x.ravel().tolist()]
    return np.array(flat).reshape(x.shape)


def owens_t(h: Floats, a: Floats) -> Floats:
    """T(h, a) = 1/(2 pi) integral from 0 to a of exp(-h^2 (1 + x^2) / 2) / (1 + x^2) dx (Owen 1956).

    Beyond |a| = 1 by T(h, a) = (1 - erf(h/sqrt 2) erf(ah/sqrt 2)) / 4 - T(ah, 1/a) for a > 0; T is odd in
    a and even in h. Absolute error about 1e-15; a may be infinite, h not.
    """
    sign, a, h = np.sign(a), np.abs(a), np.abs(h)
    steep = a > 1
    with np.errstate(divide="ignore", invalid="ignore", under="ignore"):
        ah = np.where(h == 0, 0.0, a * h)
        far, slope = np.where(steep, ah, h), np.where(steep, 1 / a, a)
        x2 = 1 + (slope * slope)[..., None] * SQUARES
        # Beyond 40 nothing is left of the integral.
        t = slope * (np.exp((-0.5 * np.minimum(far, 40.0) ** 2)[..., None] * x2) / x2 @ WEIGHTS)
    if steep.any():
        rest = 0.25 - (normal_cdf(h[steep]) - 0.5) * (normal_cdf(ah[steep]) - 0.5)
        t[steep] = rest - t[steep]
    return np.asarray(sign * t)


def bivariate_normal_cdf(h: Floats | float, k: Floats | float, rho: Floats | float) -> Floats:
    """P(X <= h, Y <= k) of standard normals correlated by rho, elementwise, by Owen's T (Owen 1956).

    Phi2 = (Phi(h) + Phi(k))/2 - T(h, a_h) - T(k, a_k) - d, with a_h = (k - rho h)/(h sqrt(1 - rho^2)),
    a_k likewise and d = 1/2 when h and k have opposite signs. Exact to about 1e-15.
    """
    h, k, rho = np.broadcast_arrays(*(np.asarray(a, np.float64) for a in (h, k, rho)))
    # Beyond 40 standard errors the normal is 0 or 1 in double precision.
    both = np.clip(np.stack([h, k]), -40.0, 40.0) + 0.0
    return joint_cdf(both, normal_cdf(both), np.clip(rho, -1.0, 1.0))


def joint_cdf(both: Floats, phi: Floats, rho: Floats) -> Floats:
    """The same of `both` (2, ...) finite values, whose normal_cdf `phi` (2, ...) is known already."""
    h, k = both
    root = np.sqrt((1 - rho) * (1 + rho))
    with np.errstate(divide="ignore", invalid="ignore"):
        a = (both[::-1] - rho * both) / (both * root)
    lines = (root == 0) | (h == 0) & (k == 0)
    if special := bool(lines.any()):
        a = np.where(lines, 0.0, a)
    product = h * k
    d = 0.5 * ((product < 0) | ((product == 0) & (h + k < 0)))
    result = phi.sum(0) / 2 - owens_t(both, a).sum(0) - d
    if special:
        at_origin = 0.25 + np.arcsin(rho) / (2 * np.pi)
        result = np.where((h == 0) & (k == 0), at_origin, result)
        flat = np.where(rho > 0, phi.min(0), phi.sum(0) - 1)
        result = np.where(root == 0, flat, result)
    return np.asarray(np.minimum(np.maximum(result, 0.0), 1.0))


def f_quantile(df: Floats | Ints, confidence: float) -> Floats:
    """F_{confidence; 2, df}, which has a closed form: (df/2) ((1 - confidence)^(-2/df) - 1)."""
    df = np.asarray(df, np.float64)
    return np.asarray(df / 2 * np.expm1(-2 / df * np.log1p(-confidence)))


def student_cdf(df: Floats, t: Floats) -> Floats:
    """P(T <= t) of Student's t."""
    from scipy.special import stdtr  # only where something is tested, not for a matrix

    return np.asarray(stdtr(df, t))


def student_quantile(df: Floats | float, p: float) -> Floats:
    from scipy.special import stdtrit

    return np.asarray(stdtrit(df, p))
