"""Thin tasks: each looks for due rows and hands them to the module that knows how."""

import logging
import time

from celery import shared_task
from django.conf import settings

from cyclemap.celery import hint
from prioritization import jobs, matrix, report_mail, schedules
from prioritization.models import Digest
from prioritization.ratings_import import jobs as import_jobs
from prioritization.reports.limits import bounded
from prioritization.tallies import digest, proof

log = logging.getLogger(__name__)

# The clock comes every second; while answers keep coming, a look lasts nearly until the next one.
LOOKS, PAUSE = 4, 0.2
# When a look finds so many, those who answer need the machine more: then one look a second is enough.
RUSH = 600


@shared_task
def digest_tallies() -> None:
    """Take new answers into the tallies, so that who reads the matrix has few rows to read."""
    for look in range(LOOKS):
        taken = digest.digest_pending()
        if not taken or taken >= RUSH:
            return
        if look < LOOKS - 1:
            time.sleep(PAUSE)


@shared_task
def prove_tallies() -> None:
    """Every night: hold the tallies against the answers. What differs is reported and counted again."""
    for wave_id in Digest.objects.order_by("wave_id").values_list("wave_id", flat=True):
        found = proof.differences(wave_id)
        if found:
            log.error("the tallies of wave %s differ from its answers: %s", wave_id, "; ".join(found[:5]))
            digest.rebuild(wave_id)


@shared_task
def refresh_matrices() -> None:
    """Recompute the matrix of every wave whose answers moved."""
    matrix.refresh_stale()


# One report a task, so that the time limit is that of one report.
@shared_task(soft_time_limit=240, time_limit=300)
def render_reports() -> None:
    """Render one report that is due, and wake a worker for the next."""
    with bounded(settings.REPORT_MEMORY_MB):
        made = jobs.render_next()
    if made and jobs.due().exists():
        hint(render_reports)


@shared_task(soft_time_limit=600, time_limit=660)
def import_ratings() -> None:
    """Import one file that is due, and wake a worker for the next."""
    if import_jobs.import_next() and import_jobs.due().exists():
        hint(import_ratings)


@shared_task
def mail_reports() -> None:
    """Tell who wished it that a report is ready."""
    report_mail.mail_due()


@shared_task
def order_reports() -> None:
    """Ask for the monthly reports whose day has come."""
    if schedules.order_due():
        hint(render_reports)


@shared_task
def expire_reports() -> None:
    """Every night: files that are older than the house keeps them go."""
    gone = jobs.expire(settings.REPORTS_KEPT_DAYS)
    if gone:
        log.info("old reports: %s files removed", gone)
