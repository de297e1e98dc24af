"""The curve under the wheel: expected emotion and measured satisfaction over the same moments."""

import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cycles.drawing import emotion_in_words, emotion_of
from cycles.emotion import HEIGHT, LEFT, RIGHT, Felt, Run, Words, draw_emotion, signed
from cycles.models import Moment
from cycles.outline import outline_of
from cycles.scores import Score, Scores

WORDS = Words(
    "Curve", "In words", "Expected", "Measured", {-2: "very bad", 0: "neutral", 2: "very good"}, "None"
)


def curve(moments, runs=None):
    return draw_emotion(moments, runs or [Run("Pay", "a", len(moments))], (1, 5), WORDS)


def ends(path):
    """The places a line goes through."""
    spots = []
    for run in re.findall(r"M[^M]*", path):
        x, y, *steps = (float(number) for number in re.findall(r"-?[\d.]+", run))
        spots.append((x, y))
        for i in range(0, len(steps), 6):
            x, y = round(x + steps[i + 4], 1), round(y + steps[i + 5], 1)
            spots.append((x, y))
    return spots


def test_both_bands_stand_over_the_same_moments():
    drawn = curve([Felt(1, -2, 1.0, 1), Felt(2, 2, 5.0, 5)])
    assert [numeral.text for numeral in drawn.numerals] == ["1", "2"]
    first, second = (float(numeral.x) for numeral in drawn.numerals)
    felt, rated = ends(drawn.feeling_lines), ends(drawn.rated_lines)
    assert [x for x, _ in felt] == [first, second] == [x for x, _ in rated]
    # The best is above, the worst below; each in its own band.
    assert felt[0][1] > felt[1][1]
    assert rated[0][1] > rated[1][1] > felt[0][1]


def test_where_nothing_is_known_the_line_is_broken():
    drawn = curve(
        [Felt(1, 1, None), Felt(2, 0, None), Felt(3, None, 3.0, 3), Felt(4, 2, None), Felt(5, 1, 4.0, 4)]
    )
    assert drawn.feeling_lines.count("M") == 2
    assert drawn.feeling_dots.count("M") == 4
    assert drawn.rated_lines == ""
    assert [dots.step for dots in drawn.rated_dots] == [3, 4]


def test_a_band_without_anything_says_so():
    svg = render_to_string("cycles/emotion.svg", {"emotion": curve([Felt(1, None, None)])})
    assert svg.count(">None</text>") == 2
    assert "In words" in svg


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.none() | st.integers(-2, 2), st.none() | st.floats(1, 5)), min_size=1, max_size=60)
)
def test_everything_is_inside_the_picture(rows):
    moments = [Felt(i, emotion, rating, 3 if rating else 0) for i, (emotion, rating) in enumerate(rows, 1)]
    drawn = curve(moments)
    for path in (drawn.feeling_lines, drawn.rated_lines):
        assert all(LEFT <= x <= RIGHT and 0 <= y <= HEIGHT for x, y in ends(path))
    dots = re.findall(r"M(\S+) (\S+)h", drawn.feeling_dots)
    assert set(ends(drawn.feeling_lines)) <= {(float(x), float(y)) for x, y in dots}
    xs = [float(numeral.x) for numeral in drawn.numerals]
    assert all(after - before >= 16.9 for before, after in pairwise(xs))


@pytest.mark.parametrize("count", range(1, 121))
def test_no_two_numbers_touch(count):
    drawn = curve([Felt(i, 0, None) for i in range(1, count + 1)])
    xs = [float(numeral.x) for numeral in drawn.numerals]
    assert drawn.numerals[0].text == "1"
    assert all(after - before >= 16.9 for before, after in pairwise(xs))


@pytest.mark.parametrize(("value", "text"), [(2, "+2"), (0, "0"), (-2, "\N{MINUS SIGN}2")])
def test_a_sign_is_as_wide_as_a_plus(value, text):
    assert signed(value) == text


@pytest.fixture
def outline(world):
    find, greeted, queue = Moment.objects.filter(stage__cycle=world.cycle).order_by(
        "stage__position", "position"
    )
    Moment.objects.filter(pk=find.pk).update(emotion=2)
    Moment.objects.filter(pk=queue.pk).update(emotion=-1)
    scores = {
        find.pk: Score(4.0, 2.5, 40, None, 1, True),
        greeted.pk: Score(4.0, 4.5, 40, None, 5, True),
        queue.pk: Score(None, None, 2, None, 0, False),
    }
    return outline_of(world.cycle, Scores(wave="Spring", n_responses=40, satisfaction=3.5, moments=scores))


def test_it_is_said_in_words(outline):
    assert emotion_in_words(outline) == [
        "An emotion is expected at 2 of 3 moments, best at 1, Find the shop (+2), "
        "worst at 3, Queue at the till (\N{MINUS SIGN}1).",
        "Satisfaction is highest at 2, Be greeted (4.5) and lowest at 1, Find the shop (2.5).",
        "A good emotion is expected and satisfaction is low at: 1, Find the shop.",
    ]
    with translation.override("es"):
        assert "(4,5)" in emotion_in_words(outline)[1]
        svg = render_to_string("cycles/emotion.svg", {"emotion": emotion_of(outline)})
    assert not re.search(r' (?:x|y|width|stroke-width)="[^"]*,', svg)


@pytest.mark.parametrize(
    ("more", "said"),
    [(1, "best at 1 and 4 (+2)"), (2, "best at 1, 4 and 5 (+2)"), (4, "best at 1, 4, 5 and 2 more (+2)")],
)
def test_all_of_one_rank_are_named(world, outline, more, said):
    stage = world.cycle.stages.order_by("position").last()
    Moment.objects.bulk_create(
        Moment(stage=stage, position=n, name=f"Praise {n}", emotion=2) for n in range(10, 10 + more)
    )
    words = emotion_in_words(outline_of(world.cycle, outline.scores))[0]
    assert f"{said}, worst at 3, Queue at the till" in words


def test_many_let_downs_are_said_by_number(world):
    stage = world.cycle.stages.first()
    made = Moment.objects.bulk_create(
        Moment(stage=stage, position=n, name=f"Wait {n}", emotion=2) for n in range(10, 16)
    )
    scores = {moment.pk: Score(4.0, 2.0, 40, None, 1, True) for moment in made}
    outline = outline_of(world.cycle, Scores(wave="Spring", n_responses=40, satisfaction=2.0, moments=scores))
    said = emotion_in_words(outline)[-1]
    assert re.fullmatch(r"A good emotion .* low at: (\d+, ){5}\d+\.", said), said


def test_the_page_asks_for_it_again_after_a_change(world, consultant):
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/")).content.decode()
    assert (
        f'hx-get="{world.url(f"cycles/{world.cycle.pk}/emotion/")}" hx-trigger="cycle-changed from:body"'
        in page
    )
    queue = Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")
    answer = consultant.post(
        world.url(f"moments/{queue.pk}/move/"),
        {"to": "up"},
        headers={"HX-Request": "true", "HX-Target": "list"},
    )
    assert "cycle-changed" in answer["HX-Trigger-After-Settle"]
    assert "emotion" not in answer.content.decode()
    again = consultant.get(world.url(f"cycles/{world.cycle.pk}/emotion/"), headers={"HX-Request": "true"})
    assert again.content.decode().lstrip().startswith('<section class="emotion"')
