"""The monthly reports: each is ordered once a month, on its day or as soon as the clock runs again."""

import logging
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Membership
from cycles.models import Cycle
from prioritization import jobs
from prioritization.asking import waves_of
from prioritization.models import Report, ReportMail, ReportSchedule
from prioritization.report_mail import people_of
from prioritization.reports.choice import Choice
from surveys.models import Respondent, Wave

log = logging.getLogger(__name__)


def due(today: date) -> list[ReportSchedule]:
    """Not paused, not of a cycle in the bin, its day reached and this month not yet ordered."""
    month = today.replace(day=1)
    found = ReportSchedule.objects.filter(
        Q(last_month__isnull=True) | Q(last_month__lt=month),
        paused_at=None,
        day__lte=today.day,
        cycle__deleted_at=None,
    )
    return list(found.select_related("cycle__client").order_by("pk"))


def order_due(today: date | None = None) -> list[Report]:
    """Answers the reports that were ordered. A clock that runs twice orders once."""
    today = today or timezone.localdate()
    return [report for schedule in due(today) if (report := order(schedule, today))]


def order(schedule: ReportSchedule, today: date) -> Report | None:
    """The month is taken and the report asked for in one go: what fails is tried at the next look."""
    month = today.replace(day=1)
    with transaction.atomic():
        mine = ReportSchedule.objects.filter(
            Q(last_month__isnull=True) | Q(last_month__lt=month), pk=schedule.pk, paused_at=None
        )
        if not mine.update(last_month=month):
            return None
        report, _made = jobs.ask(
            schedule.cycle,
            latest_wave(schedule),
            schedule.language,
            schedule.created_by,
            Choice.from_json(schedule.choice),
            kind=schedule.kind,
        )
        Report.objects.filter(pk=report.pk, schedule=None).update(schedule=schedule)
        tell(schedule, report, f"{month:%Y-%m}")
    log.info("monthly report %s ordered as report %s", schedule.pk, report.pk)
    return report


def latest_wave(schedule: ReportSchedule) -> Wave | None:
    """The last one that any customer answered; else map and plan alone."""
    waves = [w for w in waves_of(schedule.cycle) if w.survey.respondent == Respondent.CUSTOMER]
    return next((wave for wave in waves if wave.responses.exists()), None)


def tell(schedule: ReportSchedule, report: Report, month: str) -> None:
    """Whoever may still see the client."""
    chosen = schedule.recipients.filter(pk__in=people_of(schedule.cycle.client))
    ReportMail.objects.bulk_create(
        [
            ReportMail(report=report, person=person, occasion=month, with_file=schedule.with_file)
            for person in chosen
        ],
        ignore_conflicts=True,
    )


def schedules_of(membership: Membership, cycle: Cycle) -> QuerySet[ReportSchedule]:
    found = membership.reach(ReportSchedule).filter(cycle=cycle)
    return found.select_related("created_by").prefetch_related("recipients")
