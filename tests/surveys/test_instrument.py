"""A draft follows the map; an opened survey never changes again."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from cycles.models import Moment, Stage
from surveys import instrument
from surveys.models import Campaign, Item, Survey, SurveyStatus, Wave


@pytest.fixture
def survey(world):
    return instrument.draft_survey(world.cycle)


@pytest.fixture
def wave(survey):
    return Wave.objects.get(survey=survey)


def wordings(survey):
    return [item.text("en") for item in instrument.items_of(survey)]


def test_a_draft_comes_with_its_first_wave_and_mail(world, survey, wave):
    assert (wave.number, wave.status) == (1, SurveyStatus.DRAFT)
    assert Campaign.objects.get(wave=wave).sender_name == survey.brand == world.client.name


def test_drafting_twice_is_drafting_once(world, survey):
    assert instrument.draft_survey(world.cycle) == survey
    assert Survey.objects.count() == Wave.objects.count() == 1


def test_every_wave_is_named_in_the_language_of_the_survey_whoever_drafts_it(world):
    year = timezone.localdate().year
    with translation.override("es"):
        survey = instrument.draft_survey(world.cycle)
        instrument.close_wave(instrument.open_wave(survey.waves.get()))
        instrument.next_wave(survey)
    assert survey.name == f"Survey of {year}"
    assert [wave.name for wave in survey.waves.order_by("number")] == ["Wave 1", "Wave 2"]


def test_a_draft_follows_the_map(survey):
    assert wordings(survey) == ["Find the shop", "Be greeted", "Queue at the till"]
    Moment.objects.filter(name="Be greeted").update(name="Be welcomed")
    Moment.objects.create(stage=Stage.objects.get(name="Pay"), position=1, name="Pay")
    Moment.objects.filter(name="Find the shop").update(position=None, deleted_at=timezone.now())
    assert wordings(survey) == ["Be welcomed", "Queue at the till", "Pay"]


def test_moments_may_be_left_out(survey):
    survey.left_out.add(Moment.objects.get(name="Be greeted"))
    assert wordings(survey) == ["Find the shop", "Queue at the till"]


def test_opening_freezes_the_words_in_every_language(survey, wave):
    moment = Moment.objects.get(name="Queue at the till")
    moment.translate("es", name="Hacer fila en caja")
    moment.save()
    moment.stage.translate("es", name="Pagar")
    moment.stage.save()
    opened = instrument.open_wave(wave)
    survey.refresh_from_db()
    assert opened.is_open
    assert survey.frozen_at is not None
    item = Item.objects.get(moment=moment)
    assert item.wording == {"es": "Hacer fila en caja", "en": "Queue at the till"}
    assert item.stage == {"es": "Pagar", "en": "Pay"}
    assert item.is_critical
    assert item.position == 2


def test_what_happens_to_the_map_later_leaves_the_questions(survey, wave):
    instrument.open_wave(wave)
    survey.refresh_from_db()
    Moment.objects.filter(name="Be greeted").update(name="Something else", is_critical=True)
    Stage.objects.filter(name="Arrive").update(name="Come")
    Moment.objects.get(name="Find the shop").delete()
    Moment.objects.create(stage=Stage.objects.get(name="Pay"), position=5, name="New")
    items = instrument.items_of(survey)
    assert [item.text("en") for item in items] == ["Find the shop", "Be greeted", "Queue at the till"]
    assert [item.stage["en"] for item in items] == ["Arrive", "Arrive", "Pay"]
    assert [item.is_critical for item in items] == [False, False, True]
    assert items[0].moment is None


def test_opening_twice_is_opening_once(survey, wave):
    first = instrument.open_wave(wave)
    again = instrument.open_wave(wave)
    assert again.opened_at == first.opened_at
    assert Item.objects.filter(survey=survey).count() == 3


def test_a_survey_about_nothing_does_not_open(survey, wave):
    survey.left_out.set(Moment.objects.all())
    with pytest.raises(instrument.NotOpenableError, match="at least one"):
        instrument.open_wave(wave)
    survey.refresh_from_db()
    wave.refresh_from_db()
    assert survey.frozen_at is None
    assert wave.status == SurveyStatus.DRAFT


def test_a_closing_date_in_the_past_does_not_open(survey, wave):
    wave.closes_on = timezone.localdate() - timedelta(days=1)
    wave.save()
    with pytest.raises(instrument.NotOpenableError, match="closing date"):
        instrument.open_wave(wave)


def test_closing_twice_is_closing_once(wave):
    wave = instrument.open_wave(wave)
    at = instrument.close_wave(wave).closed_at
    assert at is not None
    assert instrument.close_wave(wave).closed_at == at
    assert not wave.is_open
    with pytest.raises(instrument.NotOpenableError, match="next wave"):
        instrument.open_wave(wave)


def test_a_draft_is_not_closed(wave):
    assert instrument.close_wave(wave).status == SurveyStatus.DRAFT


def test_the_next_wave_asks_the_same_with_the_same_mail(survey, wave):
    campaign = Campaign.objects.get(wave=wave)
    campaign.sender_name, campaign.texts = "The shop", {"en": {"subject": "How was it?"}}
    campaign.reminder_days, campaign.cap_days = [4, 9], 30
    campaign.save()
    instrument.close_wave(instrument.open_wave(wave))
    survey.refresh_from_db()
    frozen_at, items = survey.frozen_at, list(Item.objects.values())
    second = instrument.next_wave(survey)
    assert (second.number, second.status) == (2, SurveyStatus.DRAFT)
    copied = Campaign.objects.get(wave=second)
    assert (copied.sender_name, copied.texts, copied.started_at) == ("The shop", campaign.texts, None)
    assert (copied.reminder_days, copied.cap_days) == ([4, 9], 30)
    Moment.objects.update(name="Renamed")
    instrument.open_wave(second)
    survey.refresh_from_db()
    assert survey.frozen_at == frozen_at
    assert list(Item.objects.values()) == items


def test_there_is_no_next_wave_before_the_last_is_closed(survey, wave):
    assert instrument.next_wave(survey) == wave
    instrument.open_wave(wave)
    assert instrument.next_wave(survey) == wave
    instrument.close_wave(wave)
    second = instrument.next_wave(survey)
    assert instrument.next_wave(survey) == second
    assert survey.waves.count() == 2


def test_a_new_draft_beside_an_opened_survey(world, survey, wave):
    instrument.open_wave(wave)
    other = instrument.draft_survey(world.cycle)
    assert other != survey
    assert other.frozen_at is None
