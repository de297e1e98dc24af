"""The first look at what comes back: answers by day, the last comments. No analysis."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate

from surveys.models import Response, Wave

DAYS = 30
COMMENTS = 5


@dataclass(frozen=True)
class Day:
    on: date
    count: int
    percent: int  # of the busiest day


@dataclass(frozen=True)
class Glance:
    n: int
    days: list[Day]
    comments: list[Response]

    # Below so many answers a comment would point to a person.
    enough_at: int

    @property
    def enough(self) -> bool:
        return self.n >= self.enough_at

    @property
    def last_day(self) -> date | None:
        return self.days[-1].on if self.days else None


def glance(wave: Wave) -> Glance:
    answers = Response.objects.filter(wave=wave)
    counts = dict(answers.annotate(on=TruncDate("submitted_at")).values_list("on").annotate(n=Count("pk")))
    n = sum(counts.values())
    enough = wave.survey.threshold
    comments = list(answers.exclude(comment="").order_by("-submitted_at")[:COMMENTS]) if n >= enough else []
    return Glance(n, days(counts), comments, enough)


def days(counts: dict[date, int]) -> list[Day]:
    """Each day from the first answer to the last, empty days too; of a long time the last thirty."""
    if not counts:
        return []
    last = max(counts)
    first = max(min(counts), last - timedelta(days=DAYS - 1))
    span = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    most = max(counts.get(on, 0) for on in span)
    return [Day(on, counts.get(on, 0), round(100 * counts.get(on, 0) / most)) for on in span]
