"""From 3 to 60 moments nothing lies on anything else, and everything is inside the picture."""

import re
from itertools import combinations, pairwise
from math import hypot

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cyclemap.svg import satisfaction_cuts, satisfaction_step
from cycles.arcs import StageOf, arc_name, plain
from cycles.scores import Scores
from cycles.wheel import RING, MomentOf, draw_wheel, hatched, place_angles
from tests.boxes import overlap

NAMES = [
    "Pay",
    "Queue at the till",
    "Consultar tallas y existencias en la tienda más cercana antes de salir de casa con toda la familia",
    "Desoxirribonucleico-electroencefalografista-otorrinolaringólogo",
    "🛍️ Buy 👗",
    "de la a",
    "شراء فستان",
    "W" * 120,
]


def wheel(n, k, *, critical=(), weights=None, names=NAMES, **more):
    counts = [n // k + (i < n % k) for i in range(k)]
    stages = [StageOf(f"Stage {i}", "abcdefgh"[i % 8], count) for i, count in enumerate(counts)]
    moments = [
        MomentOf(
            key=i,
            number=i + 1,
            name=names[i % len(names)],
            weight=weights[i] if weights else (i % 7) / 6,
            critical=i in critical,
            step=i % 6,
        )
        for i in range(n)
    ]
    return draw_wheel(stages, moments, title="Wheel", start="Start", **more)


def assert_sound(drawn):
    boxes = [node.label.box for node in drawn.nodes if node.label]
    for one, other in combinations(boxes, 2):
        assert overlap(one, other) == 0, (one, other)
    for one, other in combinations(drawn.nodes, 2):
        apart = hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1])
        assert apart >= one.reach + other.reach - 1e-6, (one.number, other.number)
    for node in drawn.nodes:
        x, y = node.centre
        for box in boxes:
            nearest = (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3]))
            assert hypot(x - nearest[0], y - nearest[1]) > node.reach, (node.number, box)
    left, top, right, bottom = drawn.bounds
    assert left == -right
    for box in [*boxes, (-RING, -RING, RING, RING)]:
        assert left <= box[0]
        assert top <= box[1]
        assert box[2] <= right
        assert box[3] <= bottom
    for node in drawn.nodes:
        x, y = node.centre
        assert left <= x - node.reach
        assert x + node.reach <= right
        assert top <= y - node.reach
        assert y + node.reach <= bottom
    assert all(one.angle < other.angle for one, other in pairwise(drawn.nodes))


@pytest.mark.parametrize("k", [1, 2, 5, 8, 12])
@pytest.mark.parametrize("n", [*range(3, 24), 30, 36, 45, 52, 60])
def test_nothing_overlaps(n, k):
    assert_sound(wheel(n, k, critical={0, 1, 2, n // 2, n - 1}, selected=n // 2))


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(3, 60), st.integers(1, 12))
def test_nothing_overlaps_whatever_the_names(data, n, k):
    names = data.draw(st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=6))
    weights = data.draw(st.lists(st.floats(-1, 2), min_size=n, max_size=n))
    critical = data.draw(st.sets(st.integers(0, n - 1)))
    assert_sound(wheel(n, k, critical=critical, weights=weights, names=names, selected=0))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=12).filter(lambda counts: sum(counts) <= 60))
def test_nothing_overlaps_however_stages_are_filled(counts):
    stages = [StageOf("Stage", "a", count) for count in counts]
    moments = [MomentOf(i, i + 1, NAMES[i % len(NAMES)], critical=True) for i in range(sum(counts))]
    assert_sound(draw_wheel(stages, moments, title="Wheel"))


@pytest.mark.parametrize(("n", "written"), [(17, True), (60, True), (90, False)])
def test_names_stay_as_long_as_there_is_room(n, written):
    drawn = wheel(n, 6)
    assert all((node.label is not None) is written for node in drawn.nodes)
    assert_sound(drawn)


LONG = "Consultar tallas y existencias en la tienda más cercana antes de salir de casa"


def written(node):
    return " ".join(line.text for line in node.label.lines)


def test_names_are_whole_as_long_as_there_is_room():
    name = "Consultar tallas y existencias en la tienda"
    few = wheel(5, 2, names=[name])
    assert {written(node) for node in few.nodes} == {name}
    assert {len(node.label.lines) for node in few.nodes} == {3}
    assert {written(node) for node in wheel(17, 5, names=["Hacer fila en caja"]).nodes} == {
        "Hacer fila en caja"
    }


def test_then_they_are_cut_and_the_title_says_the_whole_name():
    for n in (17, 30, 60):
        drawn = wheel(n, 6, names=[LONG])
        assert all(written(node).endswith("…") for node in drawn.nodes)
        assert all(node.title == f"{node.number}. {LONG}" for node in drawn.nodes)


def test_the_more_moments_the_less_a_name_may_take():
    lines = [len(wheel(n, 6, names=[LONG]).nodes[0].label.lines) for n in (5, 12, 30, 60)]
    assert lines == sorted(lines, reverse=True)
    assert (lines[0], lines[-1]) == (3, 1)


def test_at_last_numbers_alone_stay_and_none_is_small():
    for n in (60, 90):
        drawn = wheel(n, 6, weights=[0] * n)
        assert all(float(node.number_size) >= 9.8 for node in drawn.nodes)
        assert [node.number for node in drawn.nodes] == list(range(1, n + 1))
    assert not any(node.label for node in drawn.nodes)


def test_many_nodes_sit_by_turns_further_in_and_out():
    assert not wheel(30, 5).dense
    drawn = wheel(60, 6)
    assert drawn.dense
    assert {node.at for node in drawn.nodes} == {RING - 9, RING + 9}
    assert max(float(node.r) for node in drawn.nodes) > 11
    assert "wheel--many" in render_to_string("cycles/wheel.svg", {"wheel": drawn})


def test_a_moment_without_answers_is_hatched_and_one_with_few_has_an_outline():
    stages = [StageOf("Pay", "a", 3)]
    moments = [
        MomentOf(1, 1, "Nobody answered", href="?1"),
        MomentOf(2, 2, "Few did", few=True, href="?2"),
        MomentOf(3, 3, "Many did", step=5, href="?3"),
    ]
    drawn = draw_wheel(stages, moments, title="Wheel")
    none, few, many = drawn.nodes
    assert (none.hatched, few.hatched, many.hatched) == (True, False, False)
    svg = render_to_string("cycles/wheel.svg", {"wheel": drawn})
    assert svg.count("w-hatch") == svg.count('<use href="#wheel-h"') == 1
    assert svg.count("w-blank") == svg.count("w-few") == 1


@settings(max_examples=60, deadline=None)
@given(st.floats(8, 20))
def test_hatching_stays_in_its_disc_and_off_the_number(radius):
    points = re.findall(r"M(\S+) (\S+)l(\S+) (\S+?)(?=M|$)", hatched(radius))
    assert len(points) > 5
    for x0, y0, dx, dy in points:
        for share in (0, 0.5, 1):
            away = hypot(float(x0) + share * float(dx), float(y0) + share * float(dy))
            assert 0.6 * radius <= away + 0.2
            assert away <= radius + 0.2


def test_a_label_that_moved_away_is_led_back_to_its_node():
    crowded = [node.label for node in wheel(30, 5, names=["Consultar tallas y existencias"]).nodes]
    assert any(label.leader for label in crowded)
    roomy = [node.label for node in wheel(4, 1, names=["Pay"], weights=[1] * 4).nodes]
    assert not any(label.leader for label in roomy)


def test_order_is_clockwise_from_twelve():
    drawn = wheel(12, 3)
    assert 0 < drawn.nodes[0].angle < 30
    assert drawn.nodes[0].centre[0] > 0 > drawn.nodes[0].centre[1]
    assert 330 < drawn.nodes[-1].angle < 360


def test_stages_keep_their_gaps_and_an_empty_one_stays_visible():
    spans, angles, step = place_angles([2, 0, 3])
    assert [round(end - start, 6) for start, end in spans] == [round(step * n, 6) for n in (2, 1, 3)]
    assert len(angles) == 5
    assert spans[1][0] - spans[0][1] == pytest.approx(3.2)
    assert 360 - spans[-1][1] + spans[0][0] == pytest.approx(9)


def test_importance_is_the_radius():
    low, high = wheel(2, 1, weights=[0, 1]).nodes
    assert (low.r, high.r) == ("11.5", "19.5")


def test_a_stage_name_is_set_smaller_then_cut_then_only_its_number():
    assert arc_name("Discover", 3, 0, 60).size == "14"
    assert arc_name("Después de la compra", 3, 0, 56).size == "12"
    assert arc_name("Después de la compra", 3, 0, 40).text.endswith("…")
    assert arc_name("Después de la compra", 3, 0, 10).text == "3"
    assert arc_name("الشراء", 4, 0, 90).text == "4"


def test_each_glyph_has_a_place_and_a_turn():
    text = arc_name("Pagar 👗", 1, 90, 180)
    assert text.text == "Pagar"
    assert len(text.xs.split()) == len(text.ys.split()) == len(text.turns.split()) == 5


def test_plain_leaves_letters_only():
    assert plain("  Café\u200d \u0301olé 👗 ") == "Café olé"


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_drawing_has_no_comma_for_a_point(language):
    with translation.override(language):
        svg = render_to_string("cycles/wheel.svg", {"wheel": wheel(17, 5)})
    numbers = re.findall(r' (?:cx|cy|r|font-size|stroke-width)="([^"]*)"', svg)
    assert len(numbers) > 50
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", number) for number in numbers)


def test_a_wheel_has_links_only_when_told():
    stages = [StageOf("Pay", "a", 1)]
    linked = draw_wheel(stages, [MomentOf(7, 1, "Pay <b>", "1, Pay <b>", href="?moment=7")], title="Wheel")
    svg = render_to_string("cycles/wheel.svg", {"wheel": linked})
    assert 'role="group"' in svg
    assert (
        '<a class="w-node" id="w-7" href="?moment=7" hx-get="?moment=7"><title>1, Pay &lt;b&gt;</title>'
        in svg
    )
    plain_wheel = draw_wheel(stages, [MomentOf(7, 1, "Pay", "1, Pay")], title="Wheel")
    svg = render_to_string("cycles/wheel.svg", {"wheel": plain_wheel})
    assert 'role="img"' in svg
    assert "<a " not in svg
    mini = draw_wheel(stages, [MomentOf(7, 1, "Pay", href="?x")], title="Wheel", mini=True)
    svg = render_to_string("cycles/wheel.svg", {"wheel": mini})
    assert "<text" not in svg
    assert "<a " not in svg


@pytest.mark.parametrize(
    ("shown", "step"), [(2.94, 1), (2.95, 2), (3.96, 4), (4.34, 4), (4.36, 5), (None, 0)]
)
def test_a_moment_has_the_colour_of_the_figure_that_is_shown(shown, step):
    """What reads 3.0 has the colour of 3.0, whatever it is before it is rounded."""
    assert satisfaction_step(shown) == step


def test_the_key_of_the_colours_holds_on_every_scale():
    assert satisfaction_cuts() == pytest.approx([3.0, 3.5, 4.0, 4.4])
    for low, high in ((1, 5), (1, 7), (1, 10), (0, 10)):
        steps = [satisfaction_step(round(cut, 1) + 0.1, low, high) for cut in satisfaction_cuts(low, high)]
        assert steps == [2, 3, 4, 5]
        assert satisfaction_step(low, low, high) == 1
    with translation.override("es"):
        assert Scores(scale=(1, 5)).cuts == "3,0 · 3,5 · 4,0 · 4,4"
