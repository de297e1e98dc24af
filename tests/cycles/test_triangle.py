from math import hypot

import pytest
from django.template.loader import render_to_string

from cycles.triangle import HEIGHT, WIDTH, draw_triangle


@pytest.mark.parametrize("counts", [(0, 0, 0), (8, 19, 15), (1, 0, 400)])
def test_nodes_stay_in_the_picture_and_apart_from_the_customer(counts):
    drawn = draw_triangle(["Strategy", "People", "Systems"], counts, "Customer")
    radii = [float(corner.r) for corner in drawn.corners]
    assert max(radii) <= 26
    assert min(radii) >= 13
    for corner in drawn.corners:
        x, y, r = float(corner.x), float(corner.y), float(corner.r)
        assert x - r >= 0
        assert x + r <= WIDTH
        assert y - r >= 0
        assert y + r <= HEIGHT
        assert hypot(x - float(drawn.centre_x), y - float(drawn.centre_y)) > r + 11
        assert 10 <= float(corner.name_y) <= HEIGHT


def test_more_requirements_make_a_larger_node():
    few, many, some = (float(c.r) for c in draw_triangle(["a", "b", "c"], [1, 16, 4], "d").corners)
    assert few < some < many == 26


def test_the_picture_says_its_numbers():
    drawn = draw_triangle(["Strategy", "People", "Systems"], [8, 19, 15], "Customer")
    svg = render_to_string("cycles/triangle.svg", {"triangle": drawn})
    assert 'aria-label="Strategy 8, People 19, Systems 15"' in svg
    assert ">19</text>" in svg
