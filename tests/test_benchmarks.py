"""The README says what was measured last, good or bad."""

import pytest

from benchmarks.harness import BEGIN, END, README, Result, as_ratio, kept, readme_table

pytestmark = pytest.mark.once


def test_the_readme_holds_the_figures_of_the_last_run():
    table = README.read_text().partition(BEGIN)[2].partition(END)[0]
    assert table.strip() == readme_table(kept())
    assert len({result.name for result in kept()}) == len(kept()) > 10


def test_a_missed_goal_is_said():
    fast = Result("fast", 0.004, 0.01, "lower", "ours 1 ms, theirs 250 ms")
    slow = Result("slow", 0.16, 0.4, "higher", "ours 160, theirs 1000")
    said = readme_table([fast, slow]).splitlines()
    assert said[2] == "| `fast` | 1/250 | ≤ 1/100 | ours 1 ms, theirs 250 ms |"
    assert said[3] == "| `slow` | 0.16 (missed) | ≥ 0.4 | ours 160, theirs 1000 |"
    assert as_ratio(fast, 3.14159) == "3.14"
