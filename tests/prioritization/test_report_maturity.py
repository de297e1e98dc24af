"""The report tells how mature the organisation says it is: two days compared, with their dates."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cycles.models import Assessment
from tests.prioritization.report_world import Told

pytestmark = pytest.mark.django_db


def judged(told: Told, name: str, day: date, level: int) -> None:
    levels = {"relationship": level, "doubts": 3, "value": 1, "experience": 4}
    Assessment.objects.create(
        cycle=told.world.cycle, name=name, made_on=day, made_by="Ana and Luis", **levels
    )


def preview(told: Told, consultant) -> str:
    url = told.world.url(f"cycles/{told.world.cycle.pk}/reports/compose/preview/")
    return " ".join(consultant.get(url).content.decode().split())


def test_two_assessments_are_compared_with_their_dates(told: Told, consultant):
    assert "Ana and Luis" not in preview(told, consultant)
    judged(told, "Start", date(2026, 1, 5), 2)
    judged(told, "A year on", timezone.localdate() - timedelta(days=1), 4)
    judged(told, "Binned", date(2026, 1, 6), 5)
    Assessment.objects.filter(name="Binned").update(deleted_at=timezone.now())
    text = preview(told, consultant)
    assert "1 of 4 elements rose, none fell" in text
    assert "“Start” (" in text
    assert "“A year on” (" in text
    assert "+2" in text
    assert "shapes what we offer" in text  # what level 4 looks like
    assert "Binned" not in text
