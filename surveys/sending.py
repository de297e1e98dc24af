"""Where the sending of a campaign stands, in words, and what to do next."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys import brakes, guard, schedule
from surveys.campaigns import INVITATION
from surveys.models import Campaign, MailState, OutgoingMail, SenderPause, SendingState
from surveys.reminders import MOST, REMINDER

# What the one who runs the server types; names of commands are not translated.
RECONCILE, RELEASE, RESUME = (
    "manage.py sending reconcile",
    "manage.py sending release",
    "manage.py sending resume",
)


@dataclass(frozen=True)
class Standing:
    """`key` names the state for tests and styles; `tone` is warn where somebody has to do something."""

    key: str
    title: str
    lines: list[str] = field(default_factory=list)
    tone: str = ""


def standing(campaign: Campaign, waiting: int, rests: SenderPause | None) -> Standing | None:
    """The first that applies, what holds back most before what holds back less; None before anything."""
    for found in (
        _of_all(guard.seen(), waiting),
        _of_pause(campaign, waiting),
        _of_schedule(campaign),
        _of_sender(rests, waiting),
        _of_running(campaign, waiting),
    ):
        if found is not None:
            return found
    return None


def _of_all(state: SendingState, waiting: int) -> Standing | None:
    if state.held_at is not None:
        return Standing(
            "held",
            _("All sending is held"),
            [
                _("The database was restored from a backup, so mail that waits here may have left already."),
                _(
                    "Whoever runs the server compares it with the log of the mail server (%(reconcile)s) and "
                    "then lets it go (%(release)s). Until then nothing leaves, and nothing is lost."
                )
                % {"reconcile": RECONCILE, "release": RELEASE},
            ],
            "warn",
        )
    if state.paused_at is not None:
        return Standing(
            "stopped",
            _("All sending is paused"),
            [
                _("Whoever runs the server paused it for everybody. %(command)s ends it; nothing is lost.")
                % {"command": RESUME}
            ],
            "warn",
        )
    return None


def _of_pause(campaign: Campaign, waiting: int) -> Standing | None:
    if campaign.paused_at is None:
        return None
    if campaign.pause_reason == brakes.REFUSALS:
        return Standing(
            "refusals",
            _("Sending paused by itself"),
            [
                _(
                    "More than %(n)d of a hundred addresses were refused. Mail servers take that for spam "
                    "and would soon refuse the good ones too."
                )
                % {"n": brakes.REFUSALS_IN_A_HUNDRED},
                _(
                    "Look at the refused addresses and at where the list comes from. If the rest of it is "
                    "good, resume sending; else cancel what waits."
                ),
            ],
            "warn",
        )
    return Standing("paused", _("Sending is paused"), [_waiting(waiting), _("Resume when you are ready.")])


def _of_schedule(campaign: Campaign) -> Standing | None:
    if campaign.started_at is not None:
        return None
    if campaign.pause_reason == schedule.NOBODY:
        return Standing(
            "nobody",
            _("Nothing was sent at the planned time"),
            [_("There was nobody to send to. Add recipients, then plan it again or start now.")],
            "warn",
        )
    if campaign.starts_at is None:
        return None
    told = schedule.told(campaign)
    if campaign.starts_at <= timezone.now():
        return Standing(
            "late",
            _("Sending starts in a moment"),
            [_("It was planned for %(moment)s and starts as soon as the survey is open.") % {"moment": told}],
        )
    return Standing(
        "scheduled",
        _("Sending starts on %(moment)s") % {"moment": told},
        [_("Until then you can change the message, the recipients and the moment, or call it off.")],
    )


def _of_sender(rests: SenderPause | None, waiting: int) -> Standing | None:
    if rests is None or not waiting:
        return None
    at = date_format(timezone.localtime(rests.until), "TIME_FORMAT")
    words = _("It is tried again at %(at)s; nothing is lost.") % {"at": at}
    return Standing(
        "resting",
        _("The mail server turned our mail away"),
        [words, *filter(None, [rests.relay_reply])],
        "warn",
    )


def _of_running(campaign: Campaign, waiting: int) -> Standing | None:
    if campaign.started_at is None:
        return None
    if waiting:
        return Standing("running", _("Mail is being sent"), [_waiting(waiting)])
    return Standing(
        "done", _("Everything queued has left"), [line for line in [_next_reminder(campaign)] if line]
    )


def _waiting(n: int) -> str:
    return ngettext("%(n)d mail is waiting to be sent.", "%(n)d mails are waiting to be sent.", n) % {"n": n}


def _next_reminder(campaign: Campaign) -> str:
    """When the next round begins: so many days after the first of the mails that are to be followed up."""
    reminded = OutgoingMail.objects.filter(campaign=campaign, kind=REMINDER)
    done = set(reminded.order_by().values_list("round", flat=True).distinct())
    round = next((n for n in range(1, MOST + 1) if n not in done), None)
    if round is None or round > len(campaign.reminder_days):
        return ""
    first = (
        OutgoingMail.objects.filter(
            campaign=campaign, kind=INVITATION, state=MailState.SENT, sent_at__isnull=False
        )
        .order_by("sent_at")
        .values_list("sent_at", flat=True)
        .first()
    )
    if first is None:
        return ""
    day = first + timedelta(days=campaign.reminder_days[round - 1])
    said = {"day": date_format(timezone.localtime(max(day, timezone.now())), "DATE_FORMAT")}
    if round == 1:
        return _("The first reminder goes to whoever has not answered by %(day)s.") % said
    return _("The second reminder goes to whoever has not answered by %(day)s.") % said
