from itertools import combinations
from math import hypot

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cycles.effort import HEIGHT, LEFT, PLOT_HEIGHT, PLOT_WIDTH, TOP, WIDTH, Tried, Words, draw_effort
from cycles.models import Action

WORDS = Words("Effort and impact", "Effort", "Impact", "Wins", "Projects", "Spare", "Drop")


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=60))
def test_no_two_marks_overlap_and_all_are_in_the_plot(cells):
    actions = [Tried(f"A{n}", "Do", effort, impact, False) for n, (effort, impact) in enumerate(cells, 1)]
    drawn = draw_effort(actions, WORDS)
    assert len(drawn.marks) == len(cells)
    for one, other in combinations(drawn.marks, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= one.r + other.r - 1e-6
    for mark in drawn.marks:
        assert mark.x - mark.r >= LEFT
        assert mark.x + mark.r <= LEFT + PLOT_WIDTH
        assert mark.y - mark.r >= TOP
        assert mark.y + mark.r <= TOP + PLOT_HEIGHT < HEIGHT
    assert LEFT + PLOT_WIDTH <= WIDTH


@pytest.mark.parametrize("effort", range(1, 6))
@pytest.mark.parametrize("impact", range(1, 6))
def test_the_block_of_quick_wins_is_what_the_model_calls_one(effort, impact):
    drawn = draw_effort([Tried("A1", "Do", effort, impact, False)], WORDS)
    mark = drawn.marks[0]
    inside = mark.x < LEFT + float(drawn.win_width) and mark.y < TOP + float(drawn.win_height)
    assert inside is Action(effort=effort, impact=impact).is_quick_win


def test_done_actions_are_hollow_and_names_are_escaped():
    drawn = draw_effort([Tried("A7", "Do <it>", 1, 5, True)], WORDS)
    svg = render_to_string("cycles/effort.svg", {"effort": drawn})
    assert 'class="is-done"' in svg
    assert "<title>A7 Do &lt;it&gt;</title>" in svg
    assert ">7</text>" in svg
