"""Thin tasks: each looks for due rows and hands them to the module that knows how."""

from celery import shared_task


@shared_task
def refresh_matrices() -> None:
    """Recompute the matrix of every wave with new answers."""


@shared_task
def render_reports() -> None:
    """Render what is asked for."""
