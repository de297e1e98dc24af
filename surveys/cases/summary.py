"""The cases of a cycle in figures, for the overview and the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count
from django.utils import timezone

from cycles.models import Cycle
from surveys.cases.board import counts_by_status
from surveys.cases.overdue import overdue
from surveys.models import ENDED, Case, CaseKind, Cause, FollowUp


@dataclass(frozen=True)
class CaseSummary:
    total: int
    open: int
    overdue: int
    # By the value in the code; every status and every kind is there, also with none.
    by_status: Mapping[str, int]
    by_kind: Mapping[str, int]
    # By the name of the cause, the most frequent first.
    by_cause: Mapping[str, int]
    # From the opening to the notice; None where nothing was closed yet.
    median_hours_to_close: float | None
    # Of the customers who answered the two questions afterwards.
    asked_again: int
    solved: int


def summary_of(cycle: Cycle, today: date) -> CaseSummary:
    """As of the end of `today`, or now if that is earlier. Six questions, whatever there is."""
    end = timezone.make_aware(datetime.combine(today, time.min)) + timedelta(days=1)
    now = min(end, timezone.now())
    cases = Case.objects.filter(cycle=cycle, opened_at__lt=end)
    by_status = counts_by_status(cases)
    kinds = dict(cases.order_by().values_list("kind").annotate(n=Count("pk")))
    causes = Cause.objects.filter(cases__in=cases).annotate(n=Count("cases"))
    closed = cases.filter(closed_at__isnull=False).values_list("opened_at", "closed_at")
    # As on the page of causes: by number, then by name.
    in_order = sorted(causes, key=lambda cause: (-cause.n, str(cause)))
    hours = [(last - first).total_seconds() / 3600 for first, last in closed if last]
    answers = list(
        FollowUp.objects.filter(case__in=cases, answered_at__lt=end).values_list("solved", flat=True)
    )
    total, over = sum(by_status.values()), sum(by_status[status] for status in ENDED)
    return CaseSummary(
        total=total,
        open=total - over,
        overdue=cases.filter(overdue(now)).count(),
        by_status=by_status,
        by_kind={kind: kinds.get(kind, 0) for kind in CaseKind.values},
        by_cause={str(cause): cause.n for cause in in_order},
        median_hours_to_close=median(hours) if hours else None,
        asked_again=len(answers),
        solved=sum(bool(answer) for answer in answers),
    )


def open_cases(cycle: Cycle) -> int:
    """For the bar above every page. One question."""
    return Case.objects.filter(cycle=cycle).exclude(status__in=ENDED).count()
