"""Some of the answers behind a tally, one by one: for what sums cannot tell, how much a respondent
moves a figure that is not a mean (S7)."""

import numpy as np

from prioritization.analysis.ratings import Floats
from prioritization.tallies.answers import Answers, tables
from prioritization.tallies.layout import Layout
from prioritization.tallies.read import Filter, statement

# A spread of these is known to a hundredth.
ENOUGH = 16_384


def satisfactions(wave_id: int, layout: Layout, wanted: Filter, respondents: int) -> Floats:
    """(S, M + 1) satisfactions and, last, overall; NaN where there is none.

    Of the `respondents` the filter holds all, or a part of 16,384 or more of them: every k-th block, and
    every k-th answer that is not in a block yet. BeingCountedError as `read`.
    """
    every = max(1, respondents // ENOUGH)
    found = statement(wave_id, layout, [wanted], [False], every=every)
    if not all(found.dimensions.keeps(name) for name, _ in wanted.segments):
        found = statement(wave_id, layout, [wanted], [False], every=every, digested=False)
    parts = [block.take(wanted.holds(block, found.dimensions)) for block in found.blocks]
    tail = Answers(
        found.tail.pairs, found.tail.heads, found.tail.days, np.zeros((0, len(found.tail)), np.uint16)
    )
    parts.append(tail.take(np.flatnonzero(wanted.holds_in(found.tail))[::every]))
    _, satisfaction, overall = tables(layout)
    x = np.concatenate([np.vstack([satisfaction[part.pairs], overall[part.heads]]) for part in parts], axis=1)
    return np.where(x > 0, x, np.nan).astype(np.float64).T
