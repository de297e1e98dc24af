"""The settings of a draft, as a consultant saves them; what is refused says why, and what was typed stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cycles.models import Cycle, Moment, Requirement, Stage
from surveys import instrument
from surveys.models import Survey
from tests.prioritization.answers import answer

SETTINGS = {
    "name": "Shoppers",
    "brand": "Alba",
    "respondent": "mystery_shopper",
    "address": "usted",
    "language": "en",
    "languages": ["es", "en"],
    "scale_max": "7",
    "importance": "picks",
    "picks": "2",
    "asks_effort": "on",
    "breadth": "drawn",
    "drawn": "1",
    "is_anonymous": "on",
    "threshold": "8",
    "contact_address": "care@alba.example",
    "opens_on": "",
    "closes_on": "",
}


@pytest.fixture
def save(world, consultant, survey):
    def post(**fields):
        return consultant.post(world.url(f"surveys/{survey.pk}/settings/"), {**SETTINGS, **fields})

    return post


def text(response):
    return response.content.decode()


def test_everything_is_saved(save, survey, wave):
    opens, closes = timezone.localdate(), timezone.localdate() + timedelta(days=9)
    assert save(opens_on=opens.isoformat(), closes_on=closes.isoformat()).status_code == 302
    survey.refresh_from_db()
    assert (survey.respondent, survey.importance, survey.picks) == ("mystery_shopper", "picks", 2)
    assert (survey.drawn, survey.is_anonymous, survey.threshold) == (1, True, 8)
    assert (survey.asks_effort, survey.asks_overall, survey.asks_nps) == (True, False, False)
    assert (survey.scale_max, survey.languages) == (7, ["es", "en"])
    wave.refresh_from_db()
    assert (wave.opens_on, wave.closes_on) == (opens, closes)


def test_asking_everybody_about_everything_forgets_the_draw(save, survey):
    save()
    save(breadth="all", drawn="1")
    survey.refresh_from_db()
    assert survey.drawn is None


def test_the_main_language_is_always_asked_in(save, survey):
    save(languages=["es"])
    survey.refresh_from_db()
    assert survey.languages == ["es", "en"]


def test_with_critical_moments_alone_there_is_none_to_draw(save, survey):
    Moment.objects.filter(stage__cycle=survey.cycle).update(is_critical=True)
    answer = save(drawn="1")
    assert answer.status_code == 422
    assert "1 moment is to be drawn, but all those asked about are critical." in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"drawn": "3"}, "3 moments are to be drawn, but only 2 of those asked about are not critical."),
        ({"drawn": ""}, "Say how many are drawn."),
        ({"picks": "3"}, "Each customer is asked about 2 moments: they cannot pick 3 of them."),
        ({"picks": "9"}, "cannot pick 9 of them"),
        ({"threshold": "4"}, "greater than or equal to 5"),
        ({"languages": []}, "Choose at least one language."),
        ({"opens_on": "2020-01-01"}, "This day is over."),
        ({"opens_on": "2099-01-02", "closes_on": "2099-01-01"}, "It would close before it opens."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(save, survey, fields, said):
    response = save(name="Kept as typed", **fields)
    assert response.status_code == 422
    assert said in text(response)
    assert 'value="Kept as typed"' in text(response)
    survey.refresh_from_db()
    assert survey.name != "Kept as typed"


def test_the_page_says_how_much_a_customer_is_asked(world, consultant, save, wave):
    page = world.url(f"waves/{wave.pk}/")
    save(breadth="all", respondent="customer")
    # Three moments, the picks and the effort.
    assert "A customer sees 5 questions" in text(consultant.get(page))
    save(drawn="1", respondent="customer")
    assert "A customer sees 4 questions" in text(consultant.get(page))


def test_a_survey_of_mystery_visits_speaks_of_criteria_and_of_no_customer(world, consultant, save, wave):
    page = world.url(f"waves/{wave.pk}/")
    save(breadth="all")
    assert "A customer sees" not in text(consultant.get(page))
    instrument.open_wave(wave)
    assert "six criteria in each moment" in text(consultant.get(page))


def test_leaving_out_moments_that_the_draw_needs_is_refused(world, consultant, save, survey):
    save(drawn="2", picks="1")
    critical = Moment.objects.get(is_critical=True)
    response = consultant.post(world.url(f"surveys/{survey.pk}/questions/"), {"asked": [critical.pk]})
    assert response.status_code == 422
    assert "2 moments are to be drawn" in text(response)


def test_anonymous_stays_after_opening(world, consultant, save, survey, wave):
    save(breadth="all")
    answer(instrument.open_wave(wave), [(1, 4)])
    response = save(is_anonymous="")
    assert response.status_code == 422
    survey.refresh_from_db()
    assert survey.is_anonymous


def test_requirements_are_chosen_under_their_moment(world, consultant, survey):
    greeted = Moment.objects.get(name="Be greeted")
    looks = Requirement.objects.create(moment=greeted, position=0, name="Somebody looks up")
    everything = list(Moment.objects.values_list("pk", flat=True))
    url = world.url(f"surveys/{survey.pk}/questions/")
    consultant.post(url, {"asked": everything, "requirement": [looks.pk]})
    assert [item.is_requirement for item in instrument.items_of(survey)] == [False, False, True, False]
    shown = text(consultant.get(world.url(f"cycles/{world.cycle.pk}/survey/")))
    assert f'name="requirement" value="{looks.pk}" checked' in shown
    consultant.post(url, {"asked": everything})
    assert survey.requirements.count() == 0


def test_a_strangers_requirement_is_refused(world, stranger, consultant, survey):
    elsewhere = Moment.objects.filter(stage__cycle=stranger.cycle).first()
    theirs = Requirement.objects.create(moment=elsewhere, position=0, name="Theirs")
    asked = Moment.objects.filter(stage__cycle=world.cycle).values_list("pk", flat=True)
    url = world.url(f"surveys/{survey.pk}/questions/")
    response = consultant.post(url, {"asked": list(asked), "requirement": [theirs.pk]})
    assert response.status_code == 422
    assert survey.requirements.count() == 0


def test_a_draft_of_a_cycle_that_lost_its_moments_leads_to_the_map(world, consultant, survey, wave):
    Moment.objects.update(position=None, deleted_at=timezone.now())
    shown = text(consultant.get(world.url(f"waves/{wave.pk}/")))
    assert "The map has no moments yet" in shown
    assert world.url(f"cycles/{world.cycle.pk}/map/") in shown or "Go to the moments" in shown


def test_sixty_moments_need_no_more_statements_than_three(
    world, consultant, wave, django_assert_max_num_queries
):
    url = world.url(f"waves/{wave.pk}/")
    consultant.get(url)
    stage = Stage.objects.filter(cycle=Cycle.objects.get(pk=world.cycle.pk)).first()
    for place in range(2, 59):
        moment = Moment.objects.create(stage=stage, position=place, name=f"Moment {place}")
        Requirement.objects.create(moment=moment, position=0, name=f"Need {place}")
    with django_assert_max_num_queries(60):
        shown = text(consultant.get(url))
    assert shown.count('name="asked"') == 60
    assert shown.count('name="requirement"') == 57
    assert Survey.objects.count() == 1
