"""Taking R2 apart: how much of it each moment explains (S7)."""

from enum import StrEnum
from math import factorial

import numpy as np

from prioritization.analysis.ratings import Floats

LMG_UP_TO = 12


class Method(StrEnum):
    LMG = "lmg"
    RELATIVE_WEIGHTS = "relative-weights"
    PEARSON = "pearson"


def default_method(moments: int) -> Method:
    return Method.LMG if moments <= LMG_UP_TO else Method.RELATIVE_WEIGHTS


def contributions(R: Floats, method: Method) -> Floats:
    """(B, K) by the method from B correlation matrices (B, K+1, K+1), overall last."""
    if method is Method.LMG:
        return lmg(R)
    if method is Method.RELATIVE_WEIGHTS:
        return relative_weights(R)
    return np.asarray(R[:, :-1, -1])


def shares(value: Floats, method: Method) -> Floats:
    """(B, K) with sum 1: of R2, or of the sum of r2 for pearson."""
    part = value**2 if method is Method.PEARSON else value
    total = part.sum(1, keepdims=True)
    return np.asarray(np.divide(part, total, out=np.full(part.shape, np.nan), where=total > 0))


def lmg(R: Floats) -> Floats:
    """Average gain in R2 over all orders of entry (Lindeman, Merenda and Gold 1980; Shapley):
    sum_k k!(K-k-1)!/K! sum_{|s|=k} [R2(s + m) - R2(s)]. Sums to R2.

    (B, K+1, K+1) -> (B, K). ValueError: more than 20 moments (2^K regressions).
    """
    K = R.shape[1] - 1
    if K > 20:
        raise ValueError("LMG of more than 20 moments is out of reach: use relative weights")
    r2 = subset_r2(R)
    subsets = np.arange(2**K)
    size = np.array([bin(s).count("1") for s in subsets])
    weight = np.array([factorial(k) * factorial(K - k - 1) / factorial(K) for k in range(K)])
    out = np.empty((len(R), K))
    for m in range(K):
        without = subsets[(subsets >> m & 1) == 0]
        out[:, m] = (r2[:, without | 1 << m] - r2[:, without]) @ weight[size[without]]
    return out


def subset_r2(R: Floats) -> Floats:
    """R2 of the regression of the last column on every subset of the others: (B, K+1, K+1) -> (B, 2^K).

    Bit m of the index says that column m is in. One column at a time is either swept out of the rest
    (Schur complement) or dropped, for all subsets at once; what is left of the last is 1 - R2.
    """
    state = R[:, None]
    while state.shape[-1] > 1:
        dropped = state[..., 1:, 1:]
        column = state[..., 1:, :1]
        swept = dropped - column @ np.swapaxes(column, -1, -2) / state[..., :1, :1]
        state = np.concatenate([dropped, swept], axis=1)
    return np.asarray(1 - state[..., 0, 0])


def relative_weights(R: Floats) -> Floats:
    """Johnson (2000), equal to Genizi (1993): L = R_xx^(1/2), e_m = sum_k L_mk^2 (L^-1 r)_k^2. Sums to R2.

    (B, K+1, K+1) -> (B, K). Criticised (Thomas et al. 2014): LMG is preferred where it is feasible.
    """
    values, vectors = np.linalg.eigh(R[:, :-1, :-1])
    values = np.maximum(values, 1e-12)
    turned = np.swapaxes(vectors, -1, -2)
    root = (vectors * np.sqrt(values)[:, None, :]) @ turned
    back = (vectors / np.sqrt(values)[:, None, :]) @ turned
    gamma = np.einsum("bkj,bj->bk", back, R[:, :-1, -1])
    return np.asarray(np.einsum("bmk,bk->bm", root**2, gamma**2))
