"""A person is erased (surveys/erasing.py): what was made of their words goes as well."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from prioritization.models import (
    FailureReason,
    FormerTarget,
    ImportState,
    JobState,
    QuotedComment,
    RatingsImport,
    Report,
    ReportPreset,
    ReportSchedule,
    SaidPage,
    ShareLink,
    Snapshot,
    Target,
)
from prioritization.ratings_import.upload import unpacked
from prioritization.reports import shelf
from surveys.models import Response
from surveys.traces import Person, take_out_of

# What people write here. Segments and filters name groups, and groups that could tell who somebody was
# are taken out of the answers.
TEXTS = {
    ReportPreset: ("name", "choice"),
    ReportSchedule: ("choice",),
    Report: ("choice",),
    RatingsImport: ("name",),
    SaidPage: ("intro",),
    ShareLink: ("name",),
    Snapshot: ("name", "board"),
    Target: ("reason",),
    FormerTarget: ("reason",),
}


def forget(person: Person) -> None:
    """In the transaction that erases the person; files go when it has ended well."""
    for model, names in TEXTS.items():
        take_out_of(person, model, names)
    lists = [found for found in unread(person) if holds(found, person)]
    reports = list(reports_with(person))
    person.lists += len(lists)
    person.files += sum(report.state == JobState.DONE for report in reports)
    if not person.looks_only:
        for found in lists:
            found.delete()
        withdraw(reports)


def unread(person: Person) -> Iterable[RatingsImport]:
    """Files of answers that were given and not imported yet."""
    return RatingsImport.objects.filter(cycle__client=person.client).exclude(table=b"")


def holds(found: RatingsImport, person: Person) -> bool:
    if found.state == ImportState.READING:
        # A workbook as it was given: nobody knows what is in it.
        return True
    text = unpacked(found.table).casefold()
    return any(name.casefold() in text for name in person.names)


def reports_with(person: Person) -> Iterable[Report]:
    """Whose file may quote what the person wrote, or what others wrote of them."""
    quoted = QuotedComment.objects.filter(response__in=person.responses)
    waves = Response.objects.filter(pk__in=quoted.values("response")).values("wave")
    made = Report.objects.filter(state__in=[JobState.DONE, JobState.RUNNING])
    return made.filter(Q(cycle__in=person.cycles) | Q(wave__in=waves))


def withdraw(reports: Iterable[Report]) -> None:
    """What is there can be made again from what is left; what is being made begins anew."""
    for report in reports:
        mine = Report.objects.filter(pk=report.pk)
        mine.filter(state=JobState.RUNNING).update(state=JobState.QUEUED, claim=None, lease_until=None)
        if mine.filter(state=JobState.DONE).update(
            state=JobState.EXPIRED, size=0, reason=FailureReason.ERASED, finished_at=Now()
        ):
            transaction.on_commit(partial(shelf.remove, report))
