"""Thin tasks: each hands its work to the module that knows how."""

import logging

from celery import shared_task

from cycles import bin as the_bin
from cycles import mention_mail, service_levels

log = logging.getLogger(__name__)


@shared_task
def empty_bin() -> None:
    """Once a day: what was deleted 30 days ago goes for good."""
    erased = the_bin.empty()
    if erased:
        log.info("bin emptied: %s rows erased", erased)


@shared_task
def mail_mentions() -> None:
    """Tell people by e-mail that a comment calls them."""
    mention_mail.mail_due()


@shared_task
def settle_service_levels() -> None:
    """Once a day: which service levels are missed, as agreements begin and end and cases go on."""
    service_levels.settle_all()
