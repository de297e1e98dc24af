"""Thin tasks: each looks for due rows and hands them to the module that knows how."""

import imaplib
import logging

from celery import shared_task
from django.conf import settings

from cyclemap.celery import hint
from surveys import anonymity, contact_jobs, delivery, guard, mailbox, outbox
from surveys.cases.forgetting import forget_tempers

log = logging.getLogger(__name__)

# Shorter than a worker's patience at shutdown, so that it never has to cut a lane off.
SECONDS = 20.0


@shared_task
def deliver_mail() -> None:
    """Send what is due, beside no more lanes than the mail server is to see at once."""
    if outbox.lanes() < settings.MAIL_LANES:
        delivery.run(seconds=SECONDS)


@shared_task
def turn_waves() -> None:
    """Open and close waves on their days."""
    # Closing a wave gives up its mail, and what knows of mail wakes the tasks above.
    from surveys.turning import turn

    opened, closed = turn()
    if opened or closed:
        log.info("waves on their days: %s opened, %s closed", opened, closed)


@shared_task
def sweep_mail() -> None:
    """Take up what a dead worker left, and wake a worker if anything is due."""
    # Every machine that sends keeps up with the count of batches, also while others do the sending.
    guard.may_send()
    released, doubtful = outbox.sweep()
    if released or doubtful:
        log.warning("mail of dead lanes: %s back in the queue, %s in doubt", released, doubtful)
    if outbox.due().exists():
        hint(deliver_mail)


@shared_task
def start_campaigns() -> None:
    """Start the campaigns whose hour has come."""
    # Starting wakes `deliver_mail`, so that module needs this one first; so does the one below.
    from surveys import schedule

    if queued := schedule.start_due():
        log.info("campaigns started as scheduled: %s mails queued", queued)


@shared_task
def remind() -> None:
    """Queue the reminders whose day has come."""
    from surveys import reminders

    if queued := reminders.queue_due():
        log.info("%s reminders queued", queued)
        hint(deliver_mail)


@shared_task
def read_bounces() -> None:
    """Take into account what came back, where a mailbox for it is named."""
    if not settings.BOUNCE_MAILBOX:
        return
    try:
        about = mailbox.read_imap(settings.BOUNCE_MAILBOX)
    except (OSError, imaplib.IMAP4.error) as error:
        # It is read again in five minutes, from where it stood.
        log.warning("the mailbox of returned mail cannot be read: %s", error)
        return
    if about:
        log.info("reports about %s of our mails", about)


@shared_task(soft_time_limit=600, time_limit=660)
def import_contacts() -> None:
    """Read or import one list that is due, and wake a worker for the next."""
    if contact_jobs.import_next() and contact_jobs.due().exists():
        hint(import_contacts)


@shared_task
def open_cases() -> None:
    """Open the cases that answers ask for, and take into account what became of their mails."""
    # Both wake the tasks above.
    from surveys.cases import closing, looking

    opened, more = looking.look()
    if opened:
        log.info("cases opened by answers: %s", opened)
    closing.settle()
    if more:
        hint(open_cases)


@shared_task
def mail_owners() -> None:
    """Tell who became responsible for a case, and in the morning what is overdue."""
    from surveys.cases import owner_mail

    owner_mail.prepare_digests()
    if sent := owner_mail.mail_due():
        log.info("mails to those responsible: %s", sent)


@shared_task
def tidy_answers() -> None:
    """Every night: what half-filled forms are no use any more, and what still joins a link to its answer."""
    anonymity.forget_drafts()
    anonymity.loosen()
    forget_tempers()
