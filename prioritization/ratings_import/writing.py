"""Answers to a survey with closed waves, in the transaction of the caller; and all of it away again."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cycles.models import Cycle, Moment, Stage
from cycles.ordering import arrange, insert_moment, keys, moments_in
from prioritization.models import RatingsImport, Report
from prioritization.ratings_file.blocks import NOT_EXPERIENCED, Codes
from prioritization.ratings_import.answers import NOT_ASKED, Answers
from prioritization.ratings_import.choices import NEW, Choices
from prioritization.ratings_import.headings import Kind
from prioritization.reports import shelf
from surveys.instrument import items_for, moments_of
from surveys.models import Importance, Item, Rating, Response, Survey, SurveyStatus, Wave

BATCH = 2000


class TakenUpError(ValueError):
    """The imported survey was used for more; the message is a sentence for the person."""


def write(found: RatingsImport, choices: Choices, answers: Answers) -> Survey:
    """The survey, its items, a closed wave a value, responses and ratings. To be called in a transaction."""
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("client").get(pk=found.cycle_id)
    moments = moments_for(cycle, choices)
    found.moments.set(moments[m] for m, t in enumerate(choices.used) if t.moment == NEW)
    survey = Survey.objects.create(
        cycle=cycle,
        name=(found.name.rsplit(".", 1)[0] or _("Imported answers"))[:120],
        brand=cycle.client.name[: Survey._meta.get_field("brand").max_length],
        language=cycle.language,
        scale_max=choices.scale,
        importance=Importance.RATED if answers.has_importance else Importance.NONE,
        asks_overall=choices.only(Kind.OVERALL) is not None,
        asks_nps=choices.only(Kind.NPS) is not None,
        asks_comment=False,
        frozen_at=timezone.now(),
    )
    on_the_map = {moment.pk: moment for moment in moments_of(cycle)}
    wanted = {moment.pk for moment in moments}
    asked = items_for(survey, [moment for pk, moment in on_the_map.items() if pk in wanted])
    items = {item.moment_id: item for item in Item.objects.bulk_create(asked)}
    columns = [items[moment.pk].pk for moment in moments]
    for number, wave in enumerate(waves_of(survey, choices, answers)):
        write_wave(wave, number, columns, answers)
    if any(target.moment == NEW for target in choices.used):
        cycle.touch()
    return survey


def moments_for(cycle: Cycle, choices: Choices) -> list[Moment]:
    """The moment of each column of the answers; those that the map lacks go to the end of a stage."""
    known = {str(moment.pk): moment for moment in moments_of(cycle)}
    moments = []
    for target in choices.used:
        if target.moment == NEW:
            stage = Stage.objects.get(pk=choices.stage, cycle=cycle)
            moments.append(insert_moment(Moment(stage=stage, name=target.name)))
        else:
            moments.append(known[target.moment])
    return moments


def waves_of(survey: Survey, choices: Choices, answers: Answers) -> Iterator[Wave]:
    """In order, each opened on its first day and closed on its last; without days a moment apart, now."""
    now = timezone.now()
    count = len(answers.waves)
    for number, name in enumerate(answers.waves):
        days = [day for day in days_of(number, answers) if day is not None]
        told = day_of(name, choices)
        first, last = (min(days), max(days)) if days else (told, told)
        later = timedelta(seconds=count - number)
        yield Wave.objects.create(
            survey=survey,
            number=number + 1,
            name=name or _("Wave %(number)d") % {"number": number + 1},
            status=SurveyStatus.CLOSED,
            opened_at=at_noon(first) - later if first else now - later,
            closed_at=at_noon(last) if last else now,
        )


def days_of(number: int, answers: Answers) -> list[date | None]:
    if answers.days is None:
        return []
    return [answers.days[row] for row in (answers.wave == number).nonzero()[0]]


def day_of(wave: str, choices: Choices) -> date | None:
    told = choices.days.get(wave, "")
    return date.fromisoformat(told) if told else None


def at_noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def write_wave(wave: Wave, number: int, columns: Sequence[int], answers: Answers) -> None:
    rows = (answers.wave == number).nonzero()[0].tolist()
    assert wave.closed_at is not None
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        responses = Response.objects.bulk_create(
            [response(wave, wave.closed_at, answers, row) for row in some]
        )
        insert_ratings(
            [
                rating
                for row, made in zip(some, responses, strict=True)
                for rating in ratings_of(made.pk, row, columns, answers)
            ]
        )


def response(wave: Wave, usual: datetime, answers: Answers, row: int) -> Response:
    day = answers.days[row] if answers.days else None
    return Response(
        wave=wave,
        submitted_at=at_noon(day) if day else usual,
        overall=number_at(answers.overall, row),
        nps=number_at(answers.nps, row),
        weight=None if answers.weight is None else float(answers.weight[row]),
        segments={name: cells[row] for name, cells in answers.segments.items() if cells[row]},
    )


def number_at(codes: Codes | None, row: int) -> int | None:
    return None if codes is None or codes[row] < 0 else int(codes[row])


RatingRow = tuple[int, int, int | None, int | None, bool]


def ratings_of(response_id: int, row: int, columns: Sequence[int], answers: Answers) -> Iterator[RatingRow]:
    """One a moment that was asked; a number or none, lived or not."""
    told = zip(columns, answers.importance[row].tolist(), answers.satisfaction[row].tolist(), strict=True)
    for item_id, importance, satisfaction in told:
        if satisfaction != NOT_ASKED:
            yield (
                response_id,
                item_id,
                importance if importance > 0 else None,
                satisfaction if satisfaction > 0 else None,
                satisfaction != NOT_EXPERIENCED,
            )


def insert_ratings(rows: list[RatingRow]) -> None:
    """Tuples, not model instances: five times as fast where there are hundreds of thousands."""
    table = connection.ops.quote_name(Rating._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (response_id, item_id, importance, satisfaction, experienced) "  # noqa: S608
            "VALUES (%s, %s, %s, %s, %s)",
            rows,
        )


# --- Away again ----------------------------------------------------------------------------------


@transaction.atomic
def remove(found: RatingsImport) -> int:
    """Take away what the import brought, and the record of it; how many new moments had to stay.

    A new moment that others have worked on meanwhile stays. TakenUpError where the survey was asked again.
    """
    found = RatingsImport.objects.select_for_update(of=("self",)).get(pk=found.pk)
    moments = list(found.moments.all())
    if found.survey_id is not None:
        remove_survey(found)
    free = [moment for moment in moments if not is_used(moment)]
    Moment.objects.filter(pk__in=[moment.pk for moment in free]).delete()
    close_gaps(free)
    cycle = found.cycle
    found.delete()
    if free:
        cycle.touch()
    return len(moments) - len(free)


def remove_survey(found: RatingsImport) -> None:
    survey = found.survey
    assert survey is not None
    waves = Wave.objects.filter(survey=survey)
    asked_again = waves.exclude(status=SurveyStatus.CLOSED).exists() or waves.count() > len(
        found.summary["waves"]
    )
    if asked_again:
        raise TakenUpError(
            _("The imported survey has been asked again since, so the import can no longer be undone.")
        )
    for report in Report.objects.filter(wave__in=waves):
        transaction.on_commit(partial(shelf.remove, report))
    Rating.objects.filter(response__wave__survey=survey).delete()
    Response.objects.filter(wave__survey=survey).delete()
    Survey.objects.filter(pk=survey.pk).delete()


def is_used(moment: Moment) -> bool:
    """Something hangs on it that the import did not bring, or somebody has written about it."""
    written = any(
        getattr(moment, name)
        for name in ("description", "standard", "enhancers", "detractors", "customer_action", "front_stage")
    )
    return (
        written
        or moment.is_critical
        or moment.requirements.exists()
        or moment.actions.exists()
        or moment.items.exists()
    )


def close_gaps(gone: Sequence[Moment]) -> None:
    for stage_id in {moment.stage_id for moment in gone}:
        rows = moments_in(stage_id)
        arrange(rows, keys(rows))
