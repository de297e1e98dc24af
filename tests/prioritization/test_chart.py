"""The scatter, from plain numbers: no database."""

import re
from dataclasses import replace
from itertools import combinations
from math import hypot
from random import Random

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritization.chart import Scatter, Words, kept_scatter, scatter
from prioritization.labels import Wanted, place
from prioritization.printed import on_page
from prioritization.shapes import BOTTOM, LEFT, LOOKS, PLOT, RIGHT, TOP, Before, Point, Spread, clip, shape
from tests.boxes import overlap

NAMES = [
    "Pay",
    "Queue at the till",
    "Consultar tallas y existencias",
    "Recibir el vestido empaquetado en una caja con lazo y una tarjeta escrita a mano por la asesora",
    "Aparcar",
    "Ver",
]
SCALES = [(1, 5), (1, 7), (1, 10)]


def quadrant(importance, satisfaction, cross):
    if importance >= cross[0]:
        return "concentrate_here" if satisfaction < cross[1] else "keep_up"
    return "low_priority" if satisfaction < cross[1] else "possible_overkill"


@st.composite
def matrices(draw):
    """1 to 60 moments anywhere on a scale, crowded or spread, some with a past and an ellipse.

    The numbers come from a drawn seed: drawing hundreds of floats one by one takes ten times as long.
    """
    scale = draw(st.sampled_from(SCALES))
    random = Random(draw(st.integers(0, 2**32)))
    low, high = map(float, scale)
    if draw(st.booleans()):  # crowded: everything in a fifth of the scale
        middle, width = random.uniform(low, high), (high - low) / 10
        low, high = max(low, middle - width), min(high, middle + width)
    whole = draw(st.booleans())  # means at the very ends, and several in one place

    def value():
        v = random.uniform(low, high)
        return float(round(v)) if whole else v

    cross = (value(), value())
    points = []
    for k in range(draw(st.integers(1, 60))):
        i, s = value(), value()
        past = Before(value(), value(), random.random() < 0.5) if random.random() < 0.5 else None
        major = random.uniform(0, (high - low) / 2)
        spread = Spread(major, random.uniform(0, major), random.uniform(-90, 90))
        points.append(
            Point(
                number=str(k + 1),
                name=NAMES[k % len(NAMES)],
                importance=i,
                satisfaction=s,
                quadrant=quadrant(i, s, cross),
                rank=k,
                uncertain=random.random() < 0.3,
                named=random.random() < 0.7,
                selected=k == 0,
                spread=spread if random.random() < 0.7 else None,
                before=past,
            )
        )
    return points, cross, scale


def inside(box, plot=PLOT, slack=0.06):
    return (
        box[0] >= plot[0] - slack
        and box[1] >= plot[1] - slack
        and box[2] <= plot[2] + slack
        and box[3] <= plot[3] + slack
    )


def coordinates(path):
    """The end points of a path of M, L, H, V, A and Z in absolute coordinates."""
    x = y = 0.0
    for command, rest in re.findall(r"([MLHVA])([^MLHVAZ]*)", path):
        numbers = [float(n) for n in rest.split()]
        if command == "H":
            x = numbers[0]
        elif command == "V":
            y = numbers[0]
        else:
            x, y = numbers[-2:]
        yield x, y


@settings(max_examples=80, deadline=None)
@given(matrices())
def test_labels_never_overlap_each_other_nor_leave_the_plot(given_matrix):
    points, cross, scale = given_matrix
    chart = scatter(points, cross, scale)
    labels = [*chart.names, *chart.notes]
    for label in labels:
        assert inside(label.box)
    for a, b in combinations(labels, 2):
        assert overlap(a.box, b.box) == 0


def mark_of(chart, label):
    """Of a name that begins with its number."""
    return next(m for m in chart.marks if m.point.number == label.text.split()[0])


def away(label, mark):
    """From the edge of a name to the edge of a mark."""
    a, b = label.box, mark.box
    return hypot(max(b[0] - a[2], a[0] - b[2], 0), max(b[1] - a[3], a[1] - b[3], 0))


@settings(max_examples=80, deadline=None)
@given(matrices())
def test_no_name_is_nearer_to_another_mark_than_to_its_own(given_matrix):
    points, cross, scale = given_matrix
    chart = scatter([replace(p, name=f"{p.number} {p.name}") for p in points], cross, scale)
    for label in chart.names:
        own = mark_of(chart, label)
        for other in chart.marks:
            if hypot(other.x - own.x, other.y - own.y) > own.reach:  # not one on the other
                assert away(label, other) > away(label, own) - 0.1, (label.text, other.point.number)


def test_a_name_is_not_written_beside_another_mark():
    """As in the example: above its own mark it would stand on the line of the other one."""
    used = Before(4.66, 2.92, clear=True)
    points = [
        point("15", 4.83, 3.06, cross=(3.96, 3.84)),
        point("9", 4.72, 3.42, cross=(3.96, 3.84), named=True, name="9 Use the fitting room", before=used),
        point("13", 3.1, 4.62, cross=(3.96, 3.84)),
    ]
    chart = scatter(points, (3.96, 3.84))
    (label,) = chart.names
    assert all(m.point.number == "9" for m in chart.marks if label.box[1] < m.y < label.box[3])


@settings(max_examples=80, deadline=None)
@given(matrices())
def test_marks_lie_inside_the_plot_and_in_the_ground_of_their_quadrant(given_matrix):
    points, cross, scale = given_matrix
    chart = scatter(points, cross, scale)
    assert sorted(m.point.number for m in chart.marks) == sorted(p.number for p in points)
    grounds = {b.look.css: (b.x, b.y, b.x + b.width, b.y + b.height) for b in chart.backgrounds}
    for mark in chart.marks:
        assert inside(mark.box)
        assert inside((mark.x, mark.y, mark.x, mark.y), grounds[mark.look.css], slack=0.11)


@settings(max_examples=80, deadline=None)
@given(matrices())
def test_ellipses_and_arrows_stay_in_the_plot(given_matrix):
    points, cross, scale = given_matrix
    chart = scatter(points, cross, scale)
    paths = [o.path for o in chart.ovals] + [p for a in chart.arrows for p in (a.shaft, a.head)]
    for path in paths:
        for x, y in coordinates(path):
            assert inside((x, y, x, y), slack=4.1)


@settings(max_examples=80, deadline=None)
@given(matrices())
def test_the_axes_are_never_swapped(given_matrix):
    """More satisfied is further right, more important is further up, whatever the other axis says."""
    points, cross, scale = given_matrix
    marks = scatter(points, cross, scale).marks
    for a, b in combinations(marks, 2):
        if a.point.satisfaction > b.point.satisfaction:
            assert a.x >= b.x
        if a.point.importance > b.point.importance:
            assert a.y <= b.y


@given(matrices())
@settings(max_examples=80, deadline=None)
def test_both_axes_share_one_domain_so_the_diagonal_is_true(given_matrix):
    points, cross, scale = given_matrix
    domain = scatter(points, cross, scale).domain
    for value in (domain.low, *domain.ticks, domain.high):
        assert domain.x(value) - LEFT == pytest.approx(BOTTOM - domain.y(value))
    assert len(domain.ticks) >= 2
    assert all(scale[0] <= t <= scale[1] for t in domain.ticks)


def point(number, importance, satisfaction, **more):
    cross = more.pop("cross", (4.0, 4.0))
    return Point(
        number, more.pop("name", f"Moment {number}"), importance, satisfaction,
        quadrant(importance, satisfaction, cross), int(number), **more
    )  # fmt: skip


def test_domain_follows_the_formula_of_the_design():
    chart = scatter([point("1", 4.8, 2.8), point("2", 2.9, 4.6)], (3.96, 3.83))
    assert chart.domain.ticks == (2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
    assert chart.domain.cut
    assert chart.domain.x(2.5) == pytest.approx(LEFT)
    assert scatter([point("1", 1.1, 4.0)], (3, 3)).domain.cut is False
    assert scatter([point("1", 9, 3)], (5, 5), (1, 10)).domain.ticks == (2, 3, 4, 5, 6, 7, 8, 9, 10)


def test_a_perfect_mean_is_drawn_whole():
    mark = scatter([point("1", 5.0, 5.0), point("2", 1.0, 1.0)], (3, 3)).marks
    assert all(inside(m.box, slack=0) for m in mark)


def test_corner_names_stand_outside_the_plot():
    for corner in scatter([point("1", 4, 4)], (4, 4)).corners:
        assert corner.remark_y < TOP or corner.y > BOTTOM
    names = {c.name: (c.anchor, c.y < TOP) for c in scatter([point("1", 4, 4)], (4, 4)).corners}
    assert names == {
        "Act": ("start", True),
        "Protect": ("end", True),
        "Watch": ("start", False),
        "Ease": ("end", False),
    }


def test_each_quadrant_has_a_shape_of_its_own():
    paths = {shape(q, 0, 0, 12) for q in LOOKS}
    assert len(paths) == 4
    assert shape("concentrate_here", 100, 100, 10) == "M100 87.2L112.8 100L100 112.8L87.2 100Z"


def test_an_uncertain_mark_is_hollow():
    sure, unsure = scatter([point("1", 4.5, 3), point("2", 4.4, 3.2, uncertain=True)], (4, 4)).marks[::-1]
    assert (sure.fill, sure.stroke) == ("#A83A06", "#FFFFFF")
    assert (unsure.fill, unsure.stroke, unsure.text) == ("#FFFFFF", "#A83A06", "#14201B")


def test_an_arrow_stops_short_of_its_mark_and_is_left_out_when_nothing_moved():
    moved = point("1", 4.5, 3.0, before=Before(4.0, 3.0, clear=True))
    still = point("2", 4.5, 4.5, before=Before(4.5, 4.49, clear=False))
    chart = scatter([moved, still], (4, 4))
    (arrow,) = chart.arrows
    mark = next(m for m in chart.marks if m.point.number == "1")
    assert arrow.clear
    assert arrow.tip == pytest.approx((mark.x, mark.y + mark.radius + 3), abs=0.1)
    assert arrow.y > mark.y


def test_names_are_written_where_there_is_room_and_dropped_where_there_is_none():
    alone = scatter([point("1", 4.5, 3.0, named=True, name="Pay")], (4, 4))
    assert [n.text for n in alone.names] == ["Pay"]
    crowd = [
        point(str(k), 4.5, 3.0 + k / 1000, named=True, name=f"Queue at till number {k}") for k in range(1, 61)
    ]
    assert 0 < len(scatter(crowd, (4, 4)).names) < 60


def test_the_first_in_rank_is_named_before_the_others():
    pair = [point("1", 4.5, 3.0, named=True, name="First"), point("2", 4.5, 3.0, named=True, name="Second")]
    assert scatter(pair, (4, 4)).names[0].text == "First"


def test_a_long_name_is_cut_in_the_picture_only():
    chart = scatter([point("1", 4.5, 3.0, named=True, name=NAMES[3])], (4, 4))
    assert chart.names[0].text.endswith("…")
    assert chart.marks[0].point.name == NAMES[3]


def test_of_few_moments_a_long_name_is_written_whole_where_there_is_room():
    name = "Esperar en recepción a que llamen por el turno"
    few = [point("1", 4.5, 2.0, named=True, name=name), point("2", 1.5, 4.5)]
    assert [label.text for label in scatter(few, (3, 3)).names] == [name]
    many = [point(str(n), 4.5, 2.0 + n / 5, named=True, name=name) for n in range(1, 12)]
    assert name not in [label.text for label in scatter(many, (3, 3)).names]


def test_the_selected_mark_is_drawn_last_with_a_ring():
    chart = scatter([point("1", 4.5, 3.0), point("9", 3.5, 3.0, selected=True)], (4, 4))
    assert chart.marks[-1].point.number == "9"


@settings(max_examples=80, deadline=None)
@given(matrices())
def test_on_a_phone_every_number_that_is_written_can_be_read(given_matrix):
    chart = scatter(*given_matrix)
    written = [m for m in chart.marks if m.point.number not in chart.beneath]
    for a, b in combinations(written, 2):
        assert hypot(a.x - b.x, a.y - b.y) > 2.4 * a.radius
    assert chart.marks[-1] in written, "the selected one, or the most urgent"
    dots = {m.point.number for m in chart.marks} - {m.point.number for m in written}
    assert dots == chart.beneath
    for dot in (m for m in chart.marks if m.point.number in dots):
        assert any(hypot(dot.x - m.x, dot.y - m.y) <= 2.41 * dot.radius for m in written)
    page = drawn(chart, links=True)
    assert page.count("is-under") == len(dots)


def test_clip_keeps_what_is_inside_and_cuts_at_the_edge():
    square = [(LEFT - 50, TOP + 10), (LEFT + 50, TOP + 10), (LEFT + 50, TOP + 60), (LEFT - 50, TOP + 60)]
    assert sorted(clip(square)) == [
        (LEFT, TOP + 10), (LEFT, TOP + 60), (LEFT + 50, TOP + 10), (LEFT + 50, TOP + 60)
    ]  # fmt: skip
    assert clip([(RIGHT + 1, TOP + 1), (RIGHT + 9, TOP + 1), (RIGHT + 9, TOP + 9)]) == []


def drawn(chart: Scatter, **context) -> str:
    return render_to_string(
        "prioritization/matrix.svg", {"chart": chart, "ident": "mx", "title": "T", "about": "A", **context}
    )


def test_the_drawing_is_the_same_in_every_language_but_for_its_words(settings):
    from django.utils import translation

    chart = scatter([point("1", 4.53, 3.07, spread=Spread(0.2, 0.1, 30))], (4.01, 3.9))
    with translation.override("es"):
        spanish = drawn(chart)
    with translation.override("en"):
        english = drawn(chart)
    assert spanish == english
    assert not re.search(r'(?:x|y|d|width|points)="[^"]*\d,\d', spanish)


def test_words_and_numbers_come_from_the_reader():
    words = Words(satisfaction="Satisfacción", number=lambda v, places: f"{v:.{places}f}".replace(".", ","))
    svg = drawn(scatter([point("1", 4.5, 3.0)], (4, 4), words=words))
    assert "Satisfacción →" in svg
    assert "mean 4,00" in svg
    assert ">3,0<" in svg


def test_links_can_be_switched_off_and_text_is_escaped():
    chart = scatter([point("1", 4.5, 3.0, href="?moment=1", title="<b>", named=True, name="<i>")], (4, 4))
    on_page, on_paper = drawn(chart, links=True), drawn(chart)
    assert 'href="?moment=1"' in on_page
    assert 'role="group"' in on_page
    assert "<a" not in on_paper
    assert 'role="img"' in on_paper
    assert "&lt;b&gt;" in on_page
    assert "<i>" not in on_page
    for forbidden in ("style=", "var(", "textPath", "foreignObject", "currentColor"):
        assert forbidden not in on_page


def many(count):
    before = Before(2.0, 2.0, clear=False), Before(2.0, 2.0, clear=True)
    return [
        Point(
            str(k), "Pay", 1 + (k * 7 % 40) / 10, 1 + k / 10, "keep_up", k,
            spread=Spread(0.3, 0.2, 10), before=before[k % 2],
        )
        for k in range(1, count + 1)
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "fainter"), [(17, False), (24, False), (40, True)])
def test_behind_many_marks_ellipses_and_changes_by_chance_are_fainter(count, fainter):
    chart = scatter(many(count), (1.0, 1.0))
    svg = render_to_string("prioritization/matrix.svg", {"chart": chart, "ident": "mx", "title": "t"})
    assert ('fill-opacity="0.03"' in svg) is fainter
    assert ('fill-opacity="0.08"' in svg) is not fainter
    arrows = re.findall(r'(<g opacity="0.45">)?<path class="mx-arr( is-sig)?"', svg)
    assert {bool(faint) for faint, clear in arrows if not clear} == {fainter}
    assert {bool(faint) for faint, clear in arrows if clear} == {False}
    assert len(chart.ovals) == count, "every one is there all the same"


def test_the_same_matrix_is_worked_out_and_printed_once_and_another_anew():
    def printed_now(points, language="en", title="Matrix"):
        chart = kept_scatter(tuple(points), (3.0, 3.0), (1, 5), Words(), language)
        return on_page(chart, "mx", title, "About", language)

    first = printed_now(many(5))
    assert printed_now(many(5)) is first
    assert first.count('<a class="mx-pt"') == 5, "on a page the marks are links"
    for other in (printed_now(many(6)), printed_now(many(5), "es"), printed_now(many(5), title="T4")):
        assert other is not first
    assert '<title id="mx-t">T4</title>' in printed_now(many(5), title="T4")


def test_a_name_keeps_off_the_upright_line_where_it_may():
    """Beside another mark is dearer than to the right of its own, but not as dear as across the line."""
    name = Wanted("Use the fitting room", 300, 200, 11)
    marks = [name.mark, (200, 150, 222, 184)]
    (label,) = place([name], (0, 0, 600, 600), (330, 500), marks, [], [], lambda x, y: ("", ""))
    assert label.box[2] < 330
