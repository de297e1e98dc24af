"""Items about requirements are asked beside the moments: the matrix and its sums are of moments only."""

import pytest

from cycles.models import Requirement
from prioritization import matrix
from prioritization.tallies.digest import digest
from surveys.models import Item
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
