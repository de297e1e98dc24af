"""Columns of respondents, whatever the layout: identity, wave, weight, and ratings off the scale."""

from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext as _

from prioritization.analysis.ratings import Bools, Floats, Scale
from prioritization.ratings_file.blocks import NONE, NOT_EXPERIENCED, Block, Codes, Texts
from prioritization.ratings_file.faults import Faults, shown

MOST_WAVES = 500


class Hasher:
    """Texts to 64-bit numbers, so that eight bytes a respondent are enough to find a repeated one.

    Equal numbers are only a suspicion: whoever finds them compares the texts.
    """

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0x5EED)
        self.odd = np.zeros(0, dtype=np.uint64)

    def __call__(self, texts: Texts) -> np.ndarray:
        if texts.dtype == object:
            texts = np.array([bytes(text) for text in texts])
        width = texts.dtype.itemsize
        while self.odd.size < width:
            more = self.rng.integers(0, 1 << 63, 64, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
            self.odd = np.concatenate([self.odd, more])
        letters = np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), width)
        mixed = letters.astype(np.uint64) @ self.odd[:width]
        mixed ^= mixed >> np.uint64(32)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        return mixed ^ (mixed >> np.uint64(29))


def repeated(hashes: Sequence[np.ndarray]) -> np.ndarray:
    """The numbers that occur more than once."""
    every = np.sort(np.concatenate(hashes)) if hashes else np.zeros(0, dtype=np.uint64)
    return np.unique(every[1:][every[1:] == every[:-1]])


def wrong(codes: Codes, scale: Scale, *, ne: bool) -> Bools:
    """Cells that are neither a rating of the scale nor empty (nor NE, where that may be)."""
    off = (codes < scale.low) | (codes > scale.high)
    fine = (codes == NONE) | (codes == NOT_EXPERIENCED) if ne else codes == NONE
    return np.asarray(off & ~fine)


def report(
    block: Block,
    codes: Codes,
    places: Sequence[int],
    header: Sequence[str],
    scale: Scale,
    faults: Faults,
    *,
    ne: bool,
) -> Bools:
    """Tells each wrong cell; (rows, columns) which they are."""
    off = wrong(codes, scale, ne=ne)
    for column in np.flatnonzero(off.any(axis=0)).tolist():
        texts = block.texts(places[column])
        for row in np.flatnonzero(off[:, column]).tolist():
            faults.add(expected(texts[row], scale, ne=ne), int(block.lines[row]), header[places[column]])
    return off


def expected(cell: bytes, scale: Scale, *, ne: bool) -> str:
    given = {"found": shown(cell.decode()), "low": scale.low, "high": scale.high}
    if ne:
        return _("found “%(found)s”; expected a whole number from %(low)d to %(high)d, NE or nothing") % given
    return _("found “%(found)s”; expected a whole number from %(low)d to %(high)d, or nothing") % given


def decimal(texts: Texts, *, comma: bool) -> Floats:
    """Numbers of cells; NaN for what is none."""
    if comma:
        texts = np.array([bytes(text).replace(b",", b".") for text in texts])
    try:
        if texts.dtype != object:
            return texts.astype(np.float64)
    except ValueError:
        pass
    return np.array([_number(bytes(text)) for text in texts])


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def weights(block: Block, place: int, header: Sequence[str], faults: Faults, *, comma: bool) -> Floats:
    """(rows,) above zero and finite; 1 where it is not, after telling so."""
    texts = block.texts(place)
    found = decimal(texts, comma=comma)
    bad = ~(np.isfinite(found) & (found > 0))
    for row in np.flatnonzero(bad).tolist():
        faults.add(
            _("found “%s”; expected a weight above zero") % shown(bytes(texts[row]).decode()),
            int(block.lines[row]),
            header[place],
        )
    return np.where(bad, 1.0, found)


def split(texts: Texts) -> list[tuple[str, Bools]]:
    """The different texts of a column, and the rows of each."""
    if len(texts) and (texts == texts[0]).all():
        return [(bytes(texts[0]).decode(), np.ones(len(texts), dtype=bool))]
    values, which = np.unique(texts, return_inverse=True)
    return [(bytes(value).decode(), np.asarray(which == k)) for k, value in enumerate(values)]
