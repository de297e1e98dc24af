"""Tables of a report that are too long together: the longest are cut, and it is known by how much."""

import pytest

from prioritization.reports.tables import Block, Table, fit, plain


@pytest.mark.parametrize(
    ("rows", "most", "left"),
    [
        ([3, 3], 100, [3, 3]),
        ([10, 2], 12, [10, 2]),
        ([10, 2], 8, [6, 2]),
        ([10, 9, 1], 9, [4, 4, 1]),
        ([5], 0, [0]),
        ([], 0, []),
    ],
)
def test_none_is_cut_while_a_longer_one_is_whole(rows, most, left):
    tables = [plain(1, list(range(n))) for n in rows]
    fit(tables, most)
    assert [table.rows for table in tables] == left
    assert [table.left_out for table in tables] == [n - kept for n, kept in zip(rows, left, strict=True)]


def test_columns_count_and_empty_blocks_go():
    table = Table(5, [Block("a", [1, 2, 3]), Block("b", [4, 5]), Block("c", [6])])
    fit([table, plain(1, [1])], 21)
    assert [block.lines for block in table.blocks] == [[1, 2, 3], [4]]
    assert (table.cells, table.left_out) == (20, 2)
