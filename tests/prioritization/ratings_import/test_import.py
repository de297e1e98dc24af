"""A file of answers, from the upload to the survey and back."""

from cycles.models import Moment
from prioritization import matrix
from prioritization.models import ImportState, RatingsImport
from surveys.instrument import next_wave
from surveys.models import Rating, Response, Survey, SurveyStatus, Wave
from tests.prioritization.ratings_import.files import WIDE, given, imported, press, rating, text_of


def test_a_wide_file_becomes_a_survey_with_closed_waves(world, consultant):
    survey = imported(consultant, world).survey
    assert survey is not None
    assert survey.frozen_at is not None
    assert (survey.respondent, survey.scale_max) == ("customer", 5)
    assert (survey.asks_importance, survey.asks_overall, survey.asks_nps) == (True, True, True)
    waves = list(survey.waves.values_list("name", "number", "status"))
    assert waves == [("2015", 1, SurveyStatus.CLOSED), ("2018", 2, SurveyStatus.CLOSED)]
    assert [item.moment.name for item in survey.items.all()] == ["Find the shop", "Be greeted"]
    a, b = Response.objects.filter(wave__name="2018").order_by("pk")
    assert (a.overall, a.nps, a.weight, a.segments) == (4, 9, 1.5, {"city": "north"})
    assert (b.overall, b.nps, b.invitation) == (3, None, None)


def test_the_four_kinds_of_no_number_stay_apart(world, consultant):
    imported(consultant, world)
    a, b = Response.objects.filter(wave__name="2018").order_by("pk")
    c = Response.objects.get(wave__name="2015")
    assert rating(a, "Find the shop") == (5, 4, True)
    assert rating(a, "Be greeted") == (None, None, False), "NE: not experienced"
    assert rating(b, "Be greeted") == (None, 3, True)
    assert rating(c, "Find the shop") is None, "nobody of that wave said anything: not asked"
    assert rating(c, "Be greeted") == (None, 5, True)


def test_an_empty_cell_beside_answers_of_others_is_no_answer(world, consultant):
    imported(consultant, world, "respondent,sat:Be greeted\na,4\nb,\n")
    b = Response.objects.order_by("pk").last()
    assert rating(b, "Be greeted") == (None, None, True)


def test_the_same_file_again_changes_nothing(world, consultant):
    found = imported(consultant, world)
    before = Response.objects.count(), Rating.objects.count(), Survey.objects.count(), Wave.objects.count()
    url = given(consultant, world, WIDE, "another name.csv")
    assert url.endswith(f"/imports/{found.pk}/")
    press(consultant, url)
    assert before == (
        Response.objects.count(),
        Rating.objects.count(),
        Survey.objects.count(),
        Wave.objects.count(),
    )
    assert "here already" in text_of(consultant.get(url))


def test_undo_takes_away_exactly_what_came(world, consultant):
    moments = set(Moment.objects.values_list("pk", flat=True))
    Survey.objects.create(cycle=world.cycle, name="Ours", brand="Alba")
    found = imported(consultant, world, WIDE.replace("Be greeted", "Park the car"))
    matrix.refresh_stale()
    assert Moment.objects.filter(name="Park the car").exists()
    assert consultant.post(world.url(f"imports/{found.pk}/remove/")).status_code == 302
    assert list(Survey.objects.values_list("name", flat=True)) == ["Ours"]
    assert not Response.objects.exists()
    assert not Rating.objects.exists()
    assert set(Moment.objects.values_list("pk", flat=True)) == moments
    assert not RatingsImport.objects.exists()
    assert imported(consultant, world, WIDE).state == ImportState.DONE


def test_undo_leaves_a_new_moment_that_somebody_worked_on(world, consultant):
    found = imported(consultant, world, WIDE.replace("Be greeted", "Park the car"))
    moment = Moment.objects.get(name="Park the car")
    moment.requirements.create(position=0, name="A place near the door")
    answer = consultant.post(world.url(f"imports/{found.pk}/remove/"), follow=True)
    assert "1 new moment stays on the map" in text_of(answer)
    assert Moment.objects.filter(pk=moment.pk).exists()
    assert not Survey.objects.exists()


def test_undo_is_refused_once_the_survey_was_asked_again(world, consultant):
    found = imported(consultant, world)
    next_wave(found.survey)
    answer = consultant.post(world.url(f"imports/{found.pk}/remove/"), follow=True)
    assert "has been asked again" in text_of(answer)
    assert Response.objects.count() == 3


def test_moments_the_map_lacks_are_made_at_the_end_of_the_chosen_stage(world, consultant):
    stage = world.cycle.stages.get(name="Arrive")
    header = WIDE.replace("Be greeted", "Park the car")
    imported(consultant, world, header, stage=str(stage.pk), name_8="Leave the car")
    assert list(stage.moments.order_by("position").values_list("name", flat=True)) == [
        "Find the shop",
        "Be greeted",
        "Leave the car",
    ]


def test_a_moment_can_be_left_out(world, consultant):
    found = imported(consultant, world, WIDE, target_8="")
    assert [item.moment.name for item in found.survey.items.all()] == ["Find the shop"]
    assert found.summary["ignored"] == ["sat:Be greeted", "Extra"]


def test_two_new_columns_of_one_name_are_one_moment(world, consultant):
    content = "respondent,Q7a,Q7b\na,5,4\nb,4,3\n"
    url = given(consultant, world, content)
    told = {
        "kind_1": "importance",
        "kind_2": "satisfaction",
        "target_1": "new",
        "target_2": "new",
        "name_1": "Pick up",
        "name_2": "pick up",
    }
    assert press(consultant, url, **told).status_code == 302
    moment = Moment.objects.get(name="Pick up")
    assert list(Rating.objects.order_by("pk").values_list("importance", "satisfaction")) == [(5, 4), (4, 3)]
    assert moment.items.count() == 1
