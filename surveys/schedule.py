"""A campaign that starts by itself at a date and time, said in the zone of whoever said it."""

import logging
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from surveys import campaigns, guard
from surveys.models import Campaign, SurveyStatus

log = logging.getLogger(__name__)

# Why a start that was due did not happen.
NOBODY = "nobody"
# Offered first; a browser adds its own (static/js/sending.js), and any other that exists is taken.
ZONES = (
    "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Bogota", "America/Caracas",
    "America/Chicago", "America/Costa_Rica", "America/Denver", "America/El_Salvador", "America/Guatemala",
    "America/Guayaquil", "America/Havana", "America/La_Paz", "America/Lima", "America/Los_Angeles",
    "America/Managua", "America/Mexico_City", "America/Montevideo", "America/New_York", "America/Panama",
    "America/Puerto_Rico", "America/Santiago", "America/Santo_Domingo", "America/Tegucigalpa",
    "America/Tijuana", "Atlantic/Canary", "Europe/London", "Europe/Madrid", "UTC",
)  # fmt: skip


def zones(*more: str) -> list[tuple[str, str]]:
    """Codes and names to choose from, with those that must not be missing."""
    known = sorted({*ZONES, settings.TIME_ZONE, *(zone for zone in more if zone)})
    return [(zone, zone_name(zone)) for zone in known]


def zone_name(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def is_zone(zone: str) -> bool:
    return zone in _zones_of_this_machine()


@cache
def _zones_of_this_machine() -> set[str]:
    """Found by looking through its files, which takes longer than drawing half a page."""
    return available_timezones()


def moment(day: date, at: time, zone: str) -> datetime:
    """An hour that the clocks skip counts as the one after it."""
    local = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    return local.astimezone(ZoneInfo("UTC"))


def schedule(campaign: Campaign, at: datetime, zone: str) -> bool:
    """Start it then; again to change it. False where it has begun meanwhile."""
    waiting = Campaign.objects.filter(pk=campaign.pk, started_at=None)
    return bool(waiting.update(starts_at=at, zone=zone, pause_reason=""))


def unschedule(campaign: Campaign) -> bool:
    return bool(Campaign.objects.filter(pk=campaign.pk, started_at=None).update(starts_at=None))


def start_due() -> int:
    """Start what is due; say how many mails that queued."""
    if not guard.may_send():
        return 0
    due = Campaign.objects.filter(starts_at__lte=timezone.now(), started_at=None)
    # One that is prepared still starts as soon as it is open.
    due = due.exclude(wave__status=SurveyStatus.DRAFT).select_related("wave__survey")
    return sum(_start(campaign) for campaign in due)


def _start(campaign: Campaign) -> int:
    if campaign.wave.status == SurveyStatus.CLOSED:
        unschedule(campaign)
        return 0
    if not campaign.wave.is_open:
        return 0
    with transaction.atomic():
        # Somebody may have called it off, or another clock may have started it.
        still = Campaign.objects.select_for_update().filter(pk=campaign.pk, started_at=None)
        if not still.filter(starts_at__lte=timezone.now()).exists():
            return 0
        try:
            return campaigns.start(campaign)
        except campaigns.NothingToSendError:
            still.update(starts_at=None, pause_reason=NOBODY)
            log.warning("campaign %s was to start, but there is nobody to send to", campaign.pk)
            return 0


def zone_of(campaign: Campaign) -> ZoneInfo:
    return ZoneInfo(campaign.zone or settings.TIME_ZONE)


def told(campaign: Campaign) -> str:
    """The date and time in the zone they were said in."""
    if campaign.starts_at is None:
        return ""
    local = campaign.starts_at.astimezone(zone_of(campaign))
    return _("%(day)s, %(time)s (%(zone)s)") % {
        "day": date_format(local, "DATE_FORMAT"),
        "time": date_format(local, "TIME_FORMAT"),
        "zone": zone_name(campaign.zone or settings.TIME_ZONE),
    }
