"""Answers to test with: a frozen survey of the small world's cycle, and customers who rate it."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cycles.models import Cycle, Moment
from surveys.erasing import answers_changed
from surveys.models import Item, Rating, Response, Survey, SurveyStatus, Wave

# (importance, satisfaction) of one moment; None: asked, no answer; "not lived": not experienced.
Rated = tuple[int | None, int | None]
NOT_LIVED = "not lived"


def survey_of(cycle: Cycle, **fields) -> Survey:
    """A frozen survey that asks about every moment of the cycle."""
    survey = Survey.objects.create(
        cycle=cycle, name="Survey", brand="Alba", language="en", frozen_at=timezone.now(), **fields
    )
    moments = Moment.objects.filter(stage__cycle=cycle, deleted_at=None).order_by(
        "stage__position", "position"
    )
    for position, moment in enumerate(moments):
        Item.objects.create(
            survey=survey,
            moment=moment,
            position=position,
            wording={"en": moment.name, "es": f"{moment.name} (es)"},
            stage={"en": moment.stage.name, "es": moment.stage.name},
        )
    return survey


@transaction.atomic
def erase_responses(responses: QuerySet[Response]) -> int:
    """Delete them with their ratings, as whoever deletes answers has to; how many there were."""
    found = list(responses.values_list("pk", "wave_id"))
    answers_changed({wave for _, wave in found})
    keys = [pk for pk, _ in found]
    Rating.objects.filter(response__in=keys).delete()
    Response.objects.filter(pk__in=keys).delete()
    return len(found)


def wave_of(survey: Survey, number: int = 1, status: str = SurveyStatus.OPEN, **fields) -> Wave:
    opened = fields.pop("opened_at", timezone.now() - timedelta(days=100 - number))
    closed = timezone.now() if status == SurveyStatus.CLOSED else None
    return Wave.objects.create(
        survey=survey,
        number=number,
        name=fields.pop("name", f"Wave {number}"),
        status=status,
        opened_at=None if status == SurveyStatus.DRAFT else opened,
        closed_at=closed,
        **fields,
    )


def answer(wave: Wave, rated: Sequence[Rated | str], times: int = 1, **segments: str) -> list[Response]:
    """`times` customers who rate the items of the survey, in order, in the same way."""
    items = list(wave.survey.items.all())
    responses = Response.objects.bulk_create(Response(wave=wave, segments=segments) for _ in range(times))
    Rating.objects.bulk_create(
        Rating(
            response=response,
            item=item,
            importance=None if one == NOT_LIVED else one[0],
            satisfaction=None if one == NOT_LIVED else one[1],
            experienced=one != NOT_LIVED,
        )
        for response in responses
        for item, one in zip(items, rated, strict=False)
    )
    return responses
