"""What may be shown without showing a person (S0)."""

import numpy as np

from prioritization.analysis.ratings import Bools, Ints

K = 10


def suppressed(counts: Ints, k: int = K) -> Bools:
    """Which cells of a published breakdown are hidden: those below k, and as long as that is one, or
    they are fewer than k people together, the next smallest too: the total less the rest reveals them.

    `counts` (cells,). ValueError: k below 5.
    """
    if k < 5:
        raise ValueError("the suppression threshold is at least 5")
    counts = np.asarray(counts)
    hidden = counts < k
    while 0 < hidden.sum() < hidden.size and (hidden.sum() == 1 or counts[hidden].sum() < k):
        rest = np.where(hidden, np.iinfo(np.int64).max, counts)
        hidden[int(rest.argmin())] = True
    return np.asarray(hidden)


def reveals_the_rest(n: int, total: int, k: int = K) -> bool:
    """A filter that leaves out fewer than k (but someone) shows them by difference to the whole."""
    return n < k or 0 < total - n < k


def may_say_everyone(n: int, k: int = K) -> bool:
    """ "100 %" or "0 %" is a statement about each of them: only from 2k answers up."""
    return n >= 2 * k
