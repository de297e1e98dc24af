"""From rows to a stored matrix, and when it is computed again."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prioritization import matrix
from prioritization.depth import deepened
from prioritization.models import Matrix
from surveys.models import Response, SurveyStatus, Wave
from tests.conftest import World
from tests.prioritization.answers import NOT_LIVED, answer, survey_of, wave_of


@pytest.fixture
def wave(world: World) -> Wave:
    """Three moments: greeted well, the queue matters and fails, the shop is found with middling ease."""
    wave = wave_of(survey_of(world.cycle))
    answer(wave, [(3, 4), (4, 5), (5, 2)], times=20, visit="first")
    answer(wave, [(2, 3), (3, 5), (5, 1)], times=20, visit="again")
    return wave


def stored(wave: Wave) -> dict:
    result: dict = Matrix.objects.get(wave=wave).result
    return result


def test_the_result_has_the_published_shape_and_the_right_figures(wave):
    assert matrix.refresh(wave)
    result = stored(wave)
    assert result["format"] == matrix.FORMAT
    assert result["n_respondents"] == 40
    assert result["crosshair"] == {
        "rule": "grand_mean",
        "importance": pytest.approx((2.5 + 3.5 + 5) / 3),
        "satisfaction": pytest.approx((3.5 + 5 + 1.5) / 3),
    }
    find, greet, queue = result["moments"]
    assert [m["number"] for m in result["moments"]] == [1, 2, 3]
    assert queue["label"] == {"en": "Queue at the till", "es": "Queue at the till (es)"}
    assert queue["id"] == wave.survey.items.get(position=2).moment_id
    assert (queue["importance"], queue["satisfaction"], queue["gap"]) == (5.0, 1.5, 3.5)
    assert (queue["quadrant"], queue["rank"], queue["n_satisfaction"]) == ("concentrate_here", 1, 40)
    assert greet["quadrant"] == "possible_overkill"
    assert find["quadrant"] == "possible_overkill"
    assert sum(queue["p_quadrant"].values()) == pytest.approx(1)
    assert queue["verdict"] == "firm"
    assert queue["se_satisfaction"] == pytest.approx((0.25 / 39) ** 0.5)


def test_numbers_are_unrounded_and_what_is_missing_is_null(world):
    wave = wave_of(survey_of(world.cycle))
    answer(wave, [(5, 1), (4, 5), NOT_LIVED], times=7)
    answer(wave, [(4, 2), (None, 3), (4, None)], times=7)
    matrix.refresh(wave)
    first, second, third = stored(wave)["moments"]
    assert first["importance"] == 4.5
    assert first["satisfaction"] == 1.5
    assert second["n_importance"] == 7  # below ten on one axis
    assert second["suppressed"]
    assert second["importance"] is None
    assert second["quadrant"] is None
    assert third["n_not_experienced"] == 7
    assert third["n_no_answer"] == 7
    assert json.loads(json.dumps(stored(wave), allow_nan=False)) == stored(wave)


def test_an_item_nobody_was_asked_is_suppressed_and_outside_the_crosshair(world):
    wave = wave_of(survey_of(world.cycle))
    answer(wave, [(4, 2), (2, 4)], times=30)
    matrix.refresh(wave)
    result = stored(wave)
    assert result["moments"][2]["suppressed"]
    assert result["moments"][2]["n_satisfaction"] == 0
    assert result["crosshair"]["importance"] == 3.0


def test_a_wave_without_answers_gives_an_empty_matrix(world):
    wave = wave_of(survey_of(world.cycle))
    assert list(matrix.stale_waves()) == []
    matrix.refresh(wave)
    assert stored(wave)["crosshair"] is None
    assert all(m["suppressed"] for m in stored(wave)["moments"])


def test_a_moment_taken_from_the_map_keeps_its_place_and_its_words(wave):
    wave.survey.items.get(position=0).moment.delete()
    matrix.refresh(wave)
    assert stored(wave)["moments"][0]["id"] is None
    assert stored(wave)["moments"][0]["label"]["en"] == "Find the shop"


def test_a_wave_is_stale_until_refreshed_and_after_every_move(wave):
    assert list(matrix.stale_waves()) == [wave]
    assert matrix.refresh(wave)
    assert list(matrix.stale_waves()) == []
    answer(wave, [(5, 1), (5, 1), (5, 1)])
    assert list(matrix.stale_waves()) == [wave]
    matrix.refresh(wave)
    Response.objects.order_by("pk").first().delete()
    assert list(matrix.stale_waves()) == [wave]
    matrix.refresh(wave)
    # one goes, one comes: the count is what it was
    Response.objects.order_by("pk").first().delete()
    answer(wave, [(5, 1), (5, 1), (5, 1)])
    assert list(matrix.stale_waves()) == [wave]
    matrix.refresh(wave)
    Response.objects.all().delete()
    assert list(matrix.stale_waves()) == [wave]
    matrix.refresh(wave)
    assert stored(wave)["n_respondents"] == 0
    assert list(matrix.stale_waves()) == []


def test_a_matrix_of_another_format_is_computed_again(wave):
    matrix.refresh(wave)
    Matrix.objects.update(result={"format": "cyclemap-matrix/0"})
    assert list(matrix.stale_waves()) == [wave]
    assert matrix.refresh(wave)
    assert stored(wave)["format"] == matrix.FORMAT


def test_refreshing_twice_computes_once(wave):
    assert matrix.refresh(wave) is True
    first = Matrix.objects.get(wave=wave)
    assert matrix.refresh(wave) is False
    assert Matrix.objects.get(wave=wave).computed_at == first.computed_at
    assert Matrix.objects.count() == 1


def test_what_is_stored_is_what_would_be_computed_now(wave):
    matrix.refresh(wave)
    reading = matrix.read(wave)
    now = deepened(matrix.compute(reading), reading)
    assert stored(wave) == json.loads(json.dumps(now))


def test_the_number_of_statements_does_not_grow_with_the_answers(wave):
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            matrix.read(Wave.objects.select_related("survey").get(pk=wave.pk))
        return len(queries)

    before = statements()
    answer(wave, [(5, 1), (5, 1), (5, 1)], times=50)
    assert statements() == before == 3  # the wave itself, its items, and one for all the answers


def test_a_segment_is_held_against_the_crosshair_of_everybody(wave):
    everybody = matrix.compute(matrix.read(wave))
    first = matrix.compute(matrix.read(wave, ("visit", "first")))
    assert first["n_respondents"] == 20
    assert first["moments"][0]["satisfaction"] == 4.0
    assert first["crosshair"]["rule"] == "user"
    for axis in ("importance", "satisfaction"):
        assert first["crosshair"][axis] == everybody["crosshair"][axis]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("median", (3.5, 3.5)),
        ("scale_midpoint", (3.0, 3.0)),
        ("trimmed_mean", (11 / 3, 10 / 3)),
        (("user", 4.2, 3.9), (4.2, 3.9)),
    ],
)
def test_other_rules_move_the_crosshair(wave, rule, expected):
    cross = matrix.compute(matrix.read(wave), rule)["crosshair"]
    assert (cross["importance"], cross["satisfaction"]) == pytest.approx(expected)


def test_the_same_question_has_the_same_answer(wave):
    reading = matrix.read(wave)
    assert matrix.compute(reading, "median") == matrix.compute(reading, "median")


def test_segments_are_counted(wave):
    answer(wave, [(5, 1)], visit="", city="Bogotá")
    assert matrix.compute(matrix.read(wave))["segments"] == {
        "city": {"Bogotá": 1},
        "visit": {"again": 20, "first": 20},
    }


@pytest.mark.parametrize(
    ("sizes", "respondents", "shown"),
    [
        ({"a": 20, "b": 30}, 50, ["a", "b"]),
        ({"a": 20, "b": 9}, 29, []),  # the rest of "a" would be the nine of "b"
        ({"a": 50}, 50, ["a"]),  # everybody
        ({"a": 20, "b": 9, "c": 30, "d": 40}, 99, ["c", "d"]),  # "a" hides the nine
        ({"a": 20, "b": 9, "c": 8, "d": 40}, 77, ["a", "d"]),  # two hide each other
        ({"a": 20, "b": 30}, 54, ["b"]),  # four said nothing: they are a small group too
    ],
)
def test_small_groups_cannot_be_told_by_subtraction(sizes, respondents, shown):
    assert matrix.open_to_view(sizes, respondents) == shown


def test_a_wave_that_fails_is_reported_and_holds_up_no_other(wave, world, caplog):
    other = wave_of(wave.survey, 2)
    answer(other, [(4, 4), (4, 4), (4, 4)], times=12)
    bad = wave.responses.first().ratings.first()
    type(bad).objects.filter(response_id=bad.response_id, item_id=bad.item_id).update(satisfaction=9)
    assert matrix.refresh_stale() == 1
    assert Matrix.objects.get().wave == other
    assert f"the matrix of wave {wave.pk} could not be computed" in caplog.text


def test_a_draft_has_no_matrix(world):
    wave_of(survey_of(world.cycle), status=SurveyStatus.DRAFT)
    assert matrix.refresh_stale() == 0
