"""The wheel of real rows: names in the reader's language, numbers by its rules, scores as colours."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cycles.drawing import figure, weight, wheel_of
from cycles.models import Moment
from cycles.ordering import remove_moment
from cycles.scores import Score, Scores


@pytest.fixture
def moments(world):
    rows = Moment.objects.filter(stage__cycle=world.cycle).order_by("stage__position", "position")
    return list(rows)


def scores(moments):
    return Scores(
        wave="T4",
        n_responses=40,
        satisfaction=3.84,
        moments={
            moments[0].pk: Score(4.6, 3.1, 40, "concentrate_here", 2, True),
            moments[1].pk: Score(None, None, 3, None, 0, False),
        },
    )


def test_nodes_say_what_is_known(world, moments):
    with translation.override("en"):
        wheel = wheel_of(world.cycle, scores=scores(moments))
    assert [node.title for node in wheel.nodes] == [
        "1, Find the shop, importance 4.6, satisfaction 3.1",
        "2, Be greeted, not enough answers",
        "3, Queue at the till, critical",
    ]
    assert [node.step for node in wheel.nodes] == [2, 0, 0]
    assert [node.few for node in wheel.nodes] == [False, True, False]
    assert [node.critical for node in wheel.nodes] == [False, False, True]
    assert float(wheel.nodes[0].r) > float(wheel.nodes[1].r)
    assert wheel.centre.figure == "3.8"
    assert wheel.centre.small == "3 moments, 40 answers"


def test_texts_and_numbers_follow_the_reader(world, moments):
    moments[0].translate("es", name="Encontrar la tienda")
    moments[0].save()
    with translation.override("es"):
        wheel = wheel_of(world.cycle, scores=scores(moments))
    assert wheel.nodes[0].title.startswith("1, Encontrar la tienda, ")
    assert "4,6" in wheel.nodes[0].title
    assert wheel.centre.figure == "3,8"
    assert all("," not in number for number in wheel.view_box.split())


def test_without_scores_the_middle_counts_moments(world):
    with translation.override("en"):
        wheel = wheel_of(world.cycle, scores=Scores())
    assert (wheel.centre.figure, wheel.centre.small) == ("3", "in 2 stages")


def test_two_queries_and_links_only_when_told(world, moments):
    with CaptureQueriesContext(connection) as captured:
        wheel = wheel_of(world.cycle, scores=Scores(), link=lambda moment: f"?moment={moment.pk}")
    assert len(captured) == 2
    assert [node.href for node in wheel.nodes] == [f"?moment={moment.pk}" for moment in moments]
    assert not wheel_of(world.cycle, scores=Scores()).linked


def test_what_lies_in_the_bin_is_not_drawn_and_numbers_close_up(world, moments):
    remove_moment(moments[0])
    wheel = wheel_of(world.cycle, scores=Scores(), selected=moments[2].pk)
    assert [(node.key, node.number) for node in wheel.nodes] == [(moments[1].pk, 1), (moments[2].pk, 2)]
    assert [node.selected for node in wheel.nodes] == [False, True]


@pytest.mark.parametrize(
    ("importance", "scale", "share"),
    [(2.5, (1, 5), 0.0), (5, (1, 5), 1.0), (3.75, (1, 5), 0.5), (10, (1, 10), 1.0), (None, (1, 5), None)],
)
def test_weight_is_the_upper_part_of_any_scale(importance, scale, share):
    assert weight(importance, scale) == (None if share is None else pytest.approx(share))


def numbers(cycles):
    """The seam through which settings name the source of the scores."""
    rows = Moment.objects.order_by("stage__position", "position")
    return {cycle.pk: scores(list(rows.filter(stage__cycle=cycle))) for cycle in cycles}


def test_the_page_shows_the_scores_that_settings_name(world, consultant, moments, settings):
    settings.MOMENT_SCORES = "tests.cycles.test_drawing.numbers"
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/?moment={moments[0].pk}")).content.decode()
    assert 'class="num sat-bg-2">1</span>' in page
    assert "Importance 4.6, satisfaction 3.1." in page
    assert "T4, n 40" in page
    assert "mean 3.1" in page
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/?moment={moments[1].pk}")).content.decode()
    assert "Too few answers to show." in page
    assert "w-few" in page


@pytest.mark.parametrize(("language", "text"), [("es", "4,7"), ("en", "4.7")])
def test_a_figure_is_rounded_not_cut(language, text):
    with translation.override(language):
        assert figure(4.67) == text
