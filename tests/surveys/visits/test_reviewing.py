"""A visit is typed in, corrected, reviewed, deleted."""

from datetime import time

import pytest
from django.db import IntegrityError, transaction

from surveys.models import Visit, VisitPhoto, VisitScore, VisitState
from surveys.visits import filing
from surveys.visits.form import Reading
from tests.surveys.visiting import alike, made, planned
from tests.surveys.visits.forms import upload


def test_a_consultant_types_it_in_corrects_it_and_reviews_it(world, consultant, wave):
    visit = planned(wave)
    url = world.url(f"visits/{visit.pk}/fill/")
    assert consultant.get(url).status_code == 200
    assert consultant.post(url, {"c1_tone": "3", "notes": "On paper"}).status_code == 302
    assert 'value="3" selected' in consultant.get(url).text
    consultant.post(url, {"c1_tone": "na", "c2_time": "5", "left": "10:00"})
    told = VisitScore.objects.values_list("item__position", "criterion", "value").order_by("item__position")
    assert list(told) == [(0, "tone", None), (1, "time", 5)]
    refused = consultant.post(url, {"c1_tone": "9", "notes": "Kept"})
    assert refused.status_code == 422
    assert "Kept</textarea>" in refused.text
    consultant.post(world.url(f"visits/{visit.pk}/review/"))
    consultant.post(world.url(f"visits/{visit.pk}/review/"))
    visit.refresh_from_db()
    assert visit.state == VisitState.REVIEWED
    assert consultant.post(url, {"c1_tone": "1"}).status_code == 422
    assert VisitScore.objects.filter(value=5).exists()
    consultant.post(world.url(f"visits/{visit.pk}/unreview/"))
    assert consultant.post(url, {"c1_tone": "1"}).status_code == 302


def test_a_draft_survey_is_planned_but_not_filled_in(world, consultant, wave):
    wave.survey.frozen_at = None
    wave.survey.save()
    visit = planned(wave)
    response = consultant.post(world.url(f"visits/{visit.pk}/fill/"), {"c1_tone": "4"})
    assert response.status_code == 422
    assert "Open the survey first" in response.text


def test_of_two_filings_at_once_one_counts(world, wave):
    visit = planned(wave)
    item = wave.survey.items.first()
    first, second = ({(item.pk, "tone"): value} for value in (5, 1))
    stale = Visit.objects.get(pk=visit.pk)
    assert filing.file(visit, Reading(scores=first))
    assert not filing.file(stale, Reading(scores=second))
    assert VisitScore.objects.get().value == 5
    assert not filing.keep_draft(stale, {"c1_tone": "1"})


def test_deleted_it_is_gone_with_its_photos(world, consultant, wave, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit = made(wave, {0: alike(4)})
    consultant.post(world.url(f"visits/{visit.pk}/photos/"), {"photo": upload()})
    assert consultant.post(world.url(f"visits/{visit.pk}/delete/")).status_code == 302
    assert not Visit.objects.exists()
    assert not VisitPhoto.objects.exists()
    assert consultant.post(world.url(f"visits/{visit.pk}/delete/")).status_code == 404


@pytest.mark.django_db
def test_the_database_refuses_what_makes_no_sense(world, wave):
    visit = planned(wave)
    item = wave.survey.items.first()
    for wrong in (
        {"value": 0},
        {"value": 11},
        {"value": None},
        {"value": 4, "applies": False},
        {"criterion": "height", "value": 3},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitScore.objects.create(visit=visit, item=item, **{"criterion": "tone", **wrong})
    visit.arrived_at, visit.left_at = time(10), time(9)
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save()
