"""Deleting answers, so that whoever keeps sums of them learns of it in the same transaction."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet

from surveys.models import Rating, Response, Wave

BATCH = 1000


@transaction.atomic
def erase_responses(responses: QuerySet[Response]) -> int:
    """Delete them with their ratings; how many there were."""
    found = list(responses.order_by("pk").values_list("pk", "wave_id"))
    answers_changed({wave_id for _, wave_id in found})
    keys = [pk for pk, _ in found]
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        Rating.objects.filter(response_id__in=some).delete()
        Response.objects.filter(pk__in=some).delete()
    return len(found)


def answers_changed(waves: Iterable[int]) -> None:
    """To be called in the transaction that deletes or edits answers of these waves."""
    Wave.objects.filter(pk__in=list(waves)).update(erasures=F("erasures") + 1)
