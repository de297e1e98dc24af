"""Thin tasks: each looks for due rows and hands them to the module that knows how."""

from celery import shared_task


@shared_task
def deliver_mail() -> None:
    """Send what is due."""


@shared_task
def sweep_mail() -> None:
    """Take up what a dead worker left."""
