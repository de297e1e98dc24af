"""Waves open and close on their days, by the clock and whoever looks: doing it twice is doing it once."""

import logging

from django.utils import timezone

from surveys.campaigns import close_wave
from surveys.instrument import NotOpenableError, open_wave
from surveys.models import SurveyStatus, Wave

log = logging.getLogger(__name__)


def turn() -> tuple[int, int]:
    """Open the waves whose day has come, close those whose last day is over; say how many."""
    today = timezone.localdate()
    opened = closed = 0
    for wave in Wave.objects.filter(status=SurveyStatus.DRAFT, opens_on__lte=today).order_by("pk"):
        try:
            opened += open_wave(wave).status == SurveyStatus.OPEN
        except NotOpenableError as error:
            # It stays a draft, and its page says why; the clock tries again.
            log.info("wave %s does not open: %s", wave.pk, error)
    for wave in Wave.objects.filter(status=SurveyStatus.OPEN, closes_on__lt=today).order_by("pk"):
        closed += close_wave(wave).status == SurveyStatus.CLOSED
    return opened, closed
