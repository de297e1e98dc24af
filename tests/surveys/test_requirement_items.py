"""Requirements of a moment asked about as items of their own, frozen with the survey."""

import pytest
from django.utils import timezone

from cycles.models import Moment, Requirement
from surveys import instrument
from surveys.models import Item, Question, Survey, Wave


@pytest.fixture
def survey(world):
    return instrument.draft_survey(world.cycle)


@pytest.fixture
def wave(survey):
    return Wave.objects.get(survey=survey)


@pytest.fixture
def quick(world):
    greeted = Moment.objects.get(name="Be greeted")
    return Requirement.objects.create(moment=greeted, position=0, name="Somebody looks up at once")


def test_a_requirement_follows_its_moment(survey, quick):
    survey.requirements.add(quick)
    items = instrument.items_of(survey)
    assert [item.text("en") for item in items] == [
        "Find the shop",
        "Be greeted",
        "Somebody looks up at once",
        "Queue at the till",
    ]
    assert [item.is_requirement for item in items] == [False, False, True, False]
    assert items[2].moment == quick.moment


def test_a_requirement_of_a_moment_left_out_or_in_the_bin_is_not_asked_about(survey, quick):
    survey.requirements.add(quick)
    survey.left_out.add(quick.moment)
    assert len(instrument.items_of(survey)) == 2
    survey.left_out.clear()
    Requirement.objects.filter(pk=quick.pk).update(position=None, deleted_at=timezone.now())
    assert not any(item.is_requirement for item in instrument.items_of(survey))


def test_its_words_are_frozen_in_every_language(survey, wave, quick):
    quick.translate("es", name="Alguien levanta la vista enseguida")
    quick.save()
    survey.requirements.add(quick)
    instrument.open_wave(wave)
    Requirement.objects.update(name="Changed", translations={})
    Requirement.objects.all().delete()
    item = Item.objects.get(survey=survey, is_requirement=True)
    assert item.wording == {"es": "Alguien levanta la vista enseguida", "en": "Somebody looks up at once"}
    assert item.requirement is None


def test_an_added_language_has_its_own_words_or_those_of_the_main_language(survey, wave, quick):
    survey.requirements.add(quick)
    survey.texts = {"pt": {"name": "Português", f"requirement:{quick.pk}": "Alguém olha logo"}}
    survey.language = "en"
    survey.save()
    instrument.open_wave(wave)
    item = Item.objects.get(survey=survey, is_requirement=True)
    assert item.text("pt") == "Alguém olha logo"
    assert Item.objects.get(moment=quick.moment, is_requirement=False).text("pt") == "Be greeted"


def test_a_question_is_frozen_in_every_language(survey, wave):
    Survey.objects.filter(pk=survey.pk).update(language="en", texts={"pt": {"name": "Português"}})
    question = Question.objects.create(
        survey=survey, position=0, wording={"en": "Which shop?"}, options=[{"en": "North"}, {"es": "Sur"}]
    )
    instrument.open_wave(wave)
    question.refresh_from_db()
    assert question.wording == {"es": "Which shop?", "en": "Which shop?", "pt": "Which shop?"}
    assert question.options == [
        {"es": "North", "en": "North", "pt": "North"},
        {"es": "Sur", "en": "Sur", "pt": "Sur"},
    ]


def test_more_drawn_than_there_are_does_not_open(survey, wave):
    Survey.objects.filter(pk=survey.pk).update(drawn=3)
    with pytest.raises(instrument.NotOpenableError, match="only 2"):
        instrument.open_wave(wave)
    assert Item.objects.count() == 0
