"""Items about requirements are asked beside the moments: the matrix and its sums are of moments only."""

import pytest

from cycles.models import Moment, Requirement
from prioritization import matrix
from prioritization.tallies.digest import digest
from surveys.models import Item, Respondent, Survey
from tests.prioritization.answers import answer, survey_of, wave_of


@pytest.fixture
def wave(world):
    survey = survey_of(world.cycle)
    greeted = survey.items.get(position=1)
    requirement = Requirement.objects.create(moment=greeted.moment, position=0, name="Somebody looks up")
    Item.objects.filter(survey=survey, position=2).update(position=3)
    Item.objects.create(
        survey=survey,
        moment=greeted.moment,
        requirement=requirement,
        is_requirement=True,
        position=2,
        wording={"en": "Somebody looks up"},
        stage=greeted.stage,
    )
    return wave_of(survey)


def shown(wave):
    return matrix.compute(matrix.read(wave))["moments"]


def test_the_matrix_is_of_moments_only(wave):
    answer(wave, [(3, 3), (4, 5), (None, 1), (5, 2)], times=40)
    moments = shown(wave)
    assert [moment["label"]["en"] for moment in moments] == [
        "Find the shop",
        "Be greeted",
        "Queue at the till",
    ]
    assert [moment["number"] for moment in moments] == [1, 2, 3]
    assert [moment["satisfaction"] for moment in moments] == [3, 5, 2]
    assert [moment["importance"] for moment in moments] == [3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_the_kept_sums_too(wave):
    answer(wave, [(3, 3), (4, 5), (None, 1), (5, 2)], times=40)
    before = shown(wave)
    digest(wave.pk)
    assert shown(wave) == before


# --- On the panel of the moment ---------------------------------------------------------------------


def panel(world, reader, name="Be greeted"):
    moment = Moment.objects.get(name=name)
    return reader.get(world.url(f"moments/{moment.pk}/views/")).text


def test_the_panel_of_a_moment_says_how_its_requirements_are_met(world, manager, wave):
    answer(wave, [(3, 3), (4, 5), (None, 1), (5, 2)], times=20)
    answer(wave, [(3, 3), (4, 5), (None, 2), (5, 2)], times=20)
    shown = panel(world, manager)
    assert "Its requirements, as customers see them" in shown
    assert "Somebody looks up" in shown
    assert "1.5 (1.3\N{EN DASH}1.7), n 40" in shown
    assert "Somebody looks up" not in panel(world, manager, "Queue at the till")


def test_of_too_few_answers_it_says_nothing_more(world, manager, wave):
    answer(wave, [(3, 3), (4, 5), (None, 1), (5, 2)], times=9)
    shown = panel(world, manager)
    assert "Too few answers to show." in shown
    assert "1.0" not in shown


def test_it_is_the_latest_wave_with_answers_of_customers(world, manager, wave):
    answer(wave, [(3, 3), (4, 5), (None, 2), (5, 2)], times=20)
    second = wave_of(wave.survey, 2)
    assert "2.0 (2.0\N{EN DASH}2.0), n 20" in panel(world, manager)
    answer(second, [(3, 3), (4, 5), (None, 4), (5, 2)], times=20)
    assert "4.0 (4.0\N{EN DASH}4.0), n 20" in panel(world, manager)
    Survey.objects.update(respondent=Respondent.STAFF)
    assert "Its requirements" not in panel(world, manager)
