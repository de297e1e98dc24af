"""What may be shown without showing a person (S0)."""

import numpy as np

from prioritization.analysis.ratings import Bools, Ints

K = 10


def suppressed(counts: Ints, k: int = K) -> Bools:
    """Which cells of a published breakdown are hidden: those below k, and when that is exactly one,
    the next smallest too, since the total less the rest would reveal it.

    `counts` (cells,). ValueError: k below 5.
    """
    if k < 5:
        raise ValueError("the suppression threshold is at least 5")
    hidden = np.asarray(counts) < k
    if hidden.sum() == 1 and hidden.size > 1:
        rest = np.where(hidden, np.iinfo(np.int64).max, counts)
        hidden = hidden.copy()
        hidden[int(rest.argmin())] = True
    return np.asarray(hidden)


def reveals_the_rest(n: int, total: int, k: int = K) -> bool:
    """A filter that leaves out fewer than k (but someone) shows them by difference to the whole."""
    return n < k or 0 < total - n < k


def may_say_everyone(n: int, k: int = K) -> bool:
    """ "100 %" or "0 %" is a statement about each of them: only from 2k answers up."""
    return n >= 2 * k
