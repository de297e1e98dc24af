"""When the two waves were, and how far each came."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from surveys.models import MailState

# Customers of the first wave who are asked again in the second.
REGULARS = 120


@dataclass(frozen=True)
class Round:
    """One wave: when, how many were asked, and how far they came. Days count from today."""

    name: str
    opened: int
    closes: int
    recipients: int
    opened_link: int
    answered: int
    # After they had opened the link.
    opted_out: int
    # Mail that did not go through, by what became of it.
    lost: dict[str, int]


ROUNDS = [
    Round(
        name="T3",
        opened=-112,
        closes=-94,
        recipients=1008,
        opened_link=538,
        answered=394,
        opted_out=0,
        lost={MailState.FAILED: 16, MailState.UNCONFIRMED: 2, MailState.SUPPRESSED: 3},
    ),
    Round(
        name="T4",
        opened=-18,
        closes=4,
        recipients=1031,
        opened_link=521,
        answered=386,
        opted_out=4,
        lost={MailState.FAILED: 17, MailState.UNCONFIRMED: 2, MailState.SUPPRESSED: 5},
    ),
]


def moment_of(today: date, days: int, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(today + timedelta(days=days), at))
