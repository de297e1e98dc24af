"""Mystery visits in use."""

from base64 import b64decode

from django.core.files.base import ContentFile
from django.utils import timezone

from surveys.models import Criterion, CriterionWeight, Shopper, Visit, VisitScore, VisitState, Wave
from surveys.visits.photos import keep_photo
from surveys.visits.planning import with_link

# A picture of one dot.
DOT = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)


def furnish_visits(wave: Wave, times: int) -> dict:
    """Mystery visits that were made, each with a photo; and how much a criterion counts."""
    items = list(wave.survey.items.all())
    CriterionWeight.objects.create(survey=wave.survey, criterion=Criterion.TONE, weight=2)
    for n in range(times):
        shopper = Shopper.objects.create(client=wave.survey.cycle.client, name=f"kanari {n}")
        visit = Visit(wave=wave, shopper=shopper, place=f"kanari {n}", day=timezone.localdate())
        visit.state, visit.done_at = VisitState.DONE, timezone.now()
        with_link(visit).save()
        VisitScore.objects.bulk_create(
            VisitScore(visit=visit, item=item, criterion=Criterion.TONE, value=4) for item in items
        )
        for _ in range(times):
            photo = keep_photo(visit, ContentFile(DOT, name="kanari.png"))
    return {"shopper": shopper, "visit": visit, "visit_photo": photo}
