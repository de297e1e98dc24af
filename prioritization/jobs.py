"""Reports as jobs: the row is the job, a Celery message only a hint (docs/adr/0003).

Asked for once per fingerprint of what it shows; claimed by one worker at a time, for a lease that the
worker renews while it works; taken up once more when that worker died, then given up with a reason.
Leases are measured by the database's clock, the only one that all workers share.
"""

import logging
import time
from datetime import timedelta
from errno import EDQUOT, ENOSPC
from uuid import uuid4

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from cycles.models import Cycle
from prioritization.models import FailureReason, JobState, Report, ReportKind
from prioritization.reports import document, kinds, shelf
from prioritization.reports.choice import EVERYTHING, Choice
from surveys.models import Wave

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
ATTEMPTS = 2
LIVE = (JobState.QUEUED, JobState.RUNNING, JobState.DONE)
# What can be asked for again.
OVER = (JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED)
# So many old files a look; the next night there is another.
MOST_EXPIRED = 5000


class LostClaimError(Exception):
    """The row is no longer ours: cancelled, or taken over after a lost lease."""


# --- Asking --------------------------------------------------------------------------------------


def ask(
    cycle: Cycle,
    wave: Wave | None,
    language: str,
    user: User | None,
    choice: Choice = EVERYTHING,
    *,
    kind: str = ReportKind.PDF,
) -> tuple[Report, bool]:
    """The report of what there is now: the one that exists already, or a new job (then True)."""
    fingerprint = fingerprint_of(cycle, wave, language, choice, kind)
    _forget_lost_file(cycle, language, kind, fingerprint)
    return Report.objects.get_or_create(
        cycle=cycle,
        language=language,
        kind=kind,
        fingerprint=fingerprint,
        state__in=LIVE,
        defaults={"wave": wave, "requested_by": user, "choice": choice.as_json()},
    )


def fingerprint_of(
    cycle: Cycle,
    wave: Wave | None,
    language: str,
    choice: Choice = EVERYTHING,
    kind: str = ReportKind.PDF,
) -> str:
    shown = document.gather(cycle, wave, language, timezone.localdate(), choice)
    return kinds.fingerprint_of(kind, shown)


def _forget_lost_file(cycle: Cycle, language: str, kind: str, fingerprint: str) -> None:
    """A report whose file is gone from the disk must not stand in the way of a new one."""
    done = Report.objects.filter(
        cycle=cycle, language=language, kind=kind, fingerprint=fingerprint, state=JobState.DONE
    ).first()
    if done and not done.file.storage.exists(done.file.name):
        Report.objects.filter(pk=done.pk).update(state=JobState.FAILED, reason=FailureReason.FILE_LOST)


def ask_again(report: Report, user: User) -> bool:
    """Put a report that is over back in the queue; False where an equal one is there already."""
    choice = Choice.from_json(report.choice)
    fingerprint = fingerprint_of(report.cycle, report.wave, report.language, choice, report.kind)
    _forget_lost_file(report.cycle, report.language, report.kind, fingerprint)
    try:
        with transaction.atomic():
            Report.objects.filter(pk=report.pk, state__in=OVER).update(
                state=JobState.QUEUED,
                fingerprint=fingerprint,
                attempts=0,
                stage=0,
                reason="",
                requested_by=user,
                requested_at=timezone.now(),
                finished_at=None,
            )
    except IntegrityError:
        return False
    return True


def cancel(report: Report) -> None:
    """Stop a report that is not finished; the worker notices at its next beat."""
    Report.objects.filter(pk=report.pk, state__in=[JobState.QUEUED, JobState.RUNNING]).update(
        state=JobState.CANCELLED, finished_at=Now(), lease_until=None
    )


# --- Working -------------------------------------------------------------------------------------


def due() -> QuerySet[Report]:
    return Report.objects.filter(
        Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=Now())
    ).order_by("pk")


def claim() -> Report | None:
    """The oldest due report, now ours; None when there is nothing to do."""
    for report in due()[:20]:
        # `attempts` rises with every claim: whoever comes second updates no row.
        unchanged = due().filter(pk=report.pk, attempts=report.attempts)
        if report.attempts >= ATTEMPTS:
            unchanged.update(
                state=JobState.FAILED, reason=FailureReason.WORKER_DIED, finished_at=Now(), lease_until=None
            )
            continue
        token = uuid4()
        if unchanged.update(
            state=JobState.RUNNING,
            claim=token,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            stage=0,
        ):
            return Report.objects.select_related("cycle__client", "wave__survey").get(pk=report.pk)
    return None


class Held:
    """A claimed report: every write goes through here, and fails once the claim is lost."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.ours = Report.objects.filter(pk=report.pk, claim=report.claim, state=JobState.RUNNING)
        self.last_beat = time.monotonic()

    def stage(self, number: int) -> None:
        self._keep(stage=number)

    def beat(self) -> None:
        """Renew the lease, at most once a second however often it is called."""
        if time.monotonic() - self.last_beat >= 1:
            self._keep()

    def _keep(self, **changes: int) -> None:
        self.last_beat = time.monotonic()
        if not self.ours.update(lease_until=Now() + LEASE, **changes):
            raise LostClaimError

    def finish(self, name: str, size: int, fingerprint: str) -> None:
        """Done. The fingerprint is that of what was rendered: the data may have moved since it was asked."""
        try:
            with transaction.atomic():
                kept = self.ours.update(
                    state=JobState.DONE,
                    file=name,
                    size=size,
                    fingerprint=fingerprint,
                    stage=self.report.stages,
                    finished_at=Now(),
                    lease_until=None,
                )
        except IntegrityError:
            shelf.remove(self.report)
            self.fail(FailureReason.SUPERSEDED)
            return
        if not kept:
            raise LostClaimError

    def fail(self, reason: FailureReason) -> None:
        self.ours.update(state=JobState.FAILED, reason=reason, finished_at=Now(), lease_until=None)


def run(report: Report) -> None:
    """Render a claimed report. Whatever goes wrong ends as a state with a reason."""
    held = Held(report)
    try:
        make(held)
    except LostClaimError:
        log.info("report %s stopped: cancelled or taken over", report.pk)
        if Report.objects.filter(pk=report.pk, state=JobState.CANCELLED).exists():
            shelf.remove(report)
    except MemoryError:
        log.exception("report %s ran out of memory", report.pk)
        held.fail(FailureReason.TOO_LARGE)
    except SoftTimeLimitExceeded:
        log.exception("report %s took too long", report.pk)
        held.fail(FailureReason.TOO_LONG)
    except OSError as error:
        log.exception("report %s could not be stored", report.pk)
        full = error.errno in (ENOSPC, EDQUOT)
        held.fail(FailureReason.DISK_FULL if full else FailureReason.BROKEN)
    except Exception:
        log.exception("report %s failed", report.pk)
        held.fail(FailureReason.BROKEN)


def make(held: Held) -> None:
    report = held.report
    held.stage(1)
    today = timezone.localdate(report.requested_at)
    choice = Choice.from_json(report.choice)
    shown = document.gather(report.cycle, report.wave, report.language, today, choice)
    made = kinds.make(report.kind, shown, held.stage, held.beat)
    held.stage(4)
    held.finish(shelf.put(report, made.content), len(made.content), made.fingerprint)


def render_next() -> bool:
    """Render one report; False when none is due."""
    report = claim()
    if report is None:
        return False
    run(report)
    return True


# --- Growing old ---------------------------------------------------------------------------------


def expire(days: int) -> int:
    """Files older than so many days go, the lines stay; 0 days: nothing ever does. Answers how many went."""
    if days <= 0:
        return 0
    old = Report.objects.filter(state=JobState.DONE, finished_at__lt=Now() - timedelta(days=days)).order_by(
        "pk"
    )[:MOST_EXPIRED]
    gone = 0
    for report in old:
        # The row first: a file that stays behind does no harm, a line that leads nowhere does.
        if Report.objects.filter(pk=report.pk, state=JobState.DONE).update(state=JobState.EXPIRED, size=0):
            shelf.remove(report)
            gone += 1
    return gone
