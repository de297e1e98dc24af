"""An import as a job: the row is the job, a Celery message only a hint (docs/adr/0003).

A large file is read by a worker before anybody describes it, and imported by one after; a small one is both
by the request that asks, through the same claim. The answers and the mark "done" are one transaction: whoever
lost the claim meanwhile writes nothing.
"""

import logging
from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Now

from prioritization.models import ImportFailure, ImportState, RatingsImport
from prioritization.ratings_file.faults import FileFaultError
from prioritization.ratings_import import taking
from prioritization.ratings_import.answers import Answers
from prioritization.ratings_import.choices import Choices, faults_of
from prioritization.ratings_import.reading import read_answers
from prioritization.ratings_import.summary import summary_of
from prioritization.ratings_import.taking import LostClaimError
from prioritization.ratings_import.writing import write

log = logging.getLogger(__name__)

# Longer than the time limit of the task: while one transaction writes, nothing can renew a lease.
LEASE = timedelta(minutes=15)
ATTEMPTS = 2
# What a request may write while somebody waits: about three seconds.
AT_ONCE_RESPONDENTS = 20_000
AT_ONCE_RATINGS = 100_000


def is_small(answers: Answers) -> bool:
    return len(answers) <= AT_ONCE_RESPONDENTS and answers.ratings <= AT_ONCE_RATINGS


def queue(found: RatingsImport) -> bool:
    """Put a described file in the queue; False where it is there already, or done."""
    waiting = RatingsImport.objects.filter(pk=found.pk, state__in=[ImportState.MAPPING, ImportState.FAILED])
    return bool(waiting.update(state=ImportState.QUEUED, attempts=0, stage=0, reason="", finished_at=None))


def due() -> QuerySet[RatingsImport]:
    return RatingsImport.objects.filter(
        Q(state=ImportState.QUEUED)
        | Q(state=ImportState.READING, lease_until=None)
        | Q(state__in=[ImportState.READING, ImportState.RUNNING], lease_until__lt=Now())
    ).order_by("pk")


def claim(pk: int | None = None) -> RatingsImport | None:
    """The oldest due import, or the one asked for, now ours; None when there is nothing to do."""
    rows = due() if pk is None else due().filter(pk=pk)
    for key, attempts in rows.values_list("pk", "attempts")[:20]:
        # `attempts` rises with every claim: whoever comes second updates no row.
        unchanged = due().filter(pk=key, attempts=attempts)
        if attempts >= ATTEMPTS:
            taking.give_up(unchanged.filter(state=ImportState.READING), ImportFailure.WORKER_DIED)
            failed(unchanged, ImportFailure.WORKER_DIED)
            continue
        reading = When(state=ImportState.READING, then=F("state"))
        if unchanged.update(
            state=Case(reading, default=Value(ImportState.RUNNING)),
            claim=uuid4(),
            lease_until=Case(
                When(state=ImportState.READING, then=Now() + taking.LEASE), default=Now() + LEASE
            ),
            attempts=F("attempts") + 1,
            stage=1,
        ):
            return RatingsImport.objects.select_related("cycle__client", "uploaded_by").get(pk=key)
    return None


def run(found: RatingsImport) -> None:
    """Read or import a claimed file: all of it or nothing. What goes wrong ends as a state with a reason."""
    ours = RatingsImport.objects.filter(pk=found.pk, claim=found.claim, state=found.state)
    fail = taking.give_up if found.is_being_read else failed
    try:
        (taking.read if found.is_being_read else make)(found, ours)
    except LostClaimError:
        log.info("import %s stopped: taken over", found.pk)
    except FileFaultError:
        fail(ours, ImportFailure.CHANGED)
    except SoftTimeLimitExceeded:
        log.exception("import %s took too long", found.pk)
        fail(ours, ImportFailure.TOO_LONG)
    except Exception:
        log.exception("import %s failed", found.pk)
        fail(ours, ImportFailure.BROKEN)


def failed(ours: QuerySet[RatingsImport], reason: ImportFailure) -> None:
    ours.update(state=ImportState.FAILED, reason=reason, finished_at=Now(), lease_until=None)


def make(found: RatingsImport, ours: QuerySet[RatingsImport]) -> None:
    choices = Choices.from_json(found.choices)
    if faults_of(choices, found.cycle):
        raise FileFaultError([])
    answers = read_answers(found.table, choices)
    if not ours.update(stage=2):
        raise LostClaimError
    with transaction.atomic():
        survey = write(found, choices, answers)
        done = ours.update(
            state=ImportState.DONE,
            survey=survey,
            summary=asdict(summary_of(answers, choices)),
            table=b"",
            finished_at=Now(),
            lease_until=None,
        )
        if not done:
            raise LostClaimError


def import_next() -> bool:
    """Read or import one file; False when none is due."""
    found = claim()
    if found is None:
        return False
    run(found)
    return True
