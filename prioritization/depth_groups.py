"""The values of a segment side by side, behind the matrix: each against the rest of the wave."""

from collections.abc import Mapping
from dataclasses import dataclass

from prioritization import groups
from prioritization.matrix import asked, least_shown, open_to_view
from prioritization.matrix_page import MatrixPage
from prioritization.tallies import read as tallies
from prioritization.tallies.read import Filter

# A segment of more values than this is a list of names: its tail belongs to nobody's rest.
MOST_VALUES = 60


@dataclass(frozen=True)
class Column:
    value: str
    n: int
    cells: Mapping[str, groups.Cell]


def groups_of(page: MatrixPage, wanted: str) -> tuple[str, tuple[Column, ...]]:
    """The values of one segment, each against the rest of the wave."""
    assert page.filters
    assert page.result
    filters, sizes = page.filters, page.result["segments"]
    name = wanted if wanted in sizes else next(iter(sizes), "")
    # A period has its own sizes, which are not known for every group: then they are not compared.
    if not name or filters.period or page.matrix is None:
        return name, ()
    rows = groups.wanted(
        sizes[name], open_to_view(sizes[name], page.matrix.n_responses, least_shown(filters.wave))
    )
    items, layout = asked(filters.wave)
    values = sorted(sizes[name], key=lambda value: -sizes[name][value])[:MOST_VALUES]
    found = tallies.read(filters.wave.pk, layout, *(Filter(((name, value),)) for value in values))
    compared = groups.compared(dict(zip(values, found.tallies, strict=True)), rows)
    keys = [str(item.moment_id) if item.moment_id is not None else f"q{item.pk}" for item in items]
    return name, tuple(
        Column(one.value, one.n, {k: c for k, c in zip(keys, one.cells, strict=True) if c})
        for one in compared
    )
