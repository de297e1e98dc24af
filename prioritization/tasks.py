"""Thin tasks: each looks for due rows and hands them to the module that knows how."""

from celery import shared_task

from cyclemap.celery import hint
from prioritization import jobs, matrix


@shared_task
def refresh_matrices() -> None:
    """Recompute the matrix of every wave whose answers moved."""
    matrix.refresh_stale()


# One report a task, so that the time limit is that of one report.
@shared_task(soft_time_limit=240, time_limit=300)
def render_reports() -> None:
    """Render one report that is due, and wake a worker for the next."""
    if jobs.render_next() and jobs.due().exists():
        hint(render_reports)
