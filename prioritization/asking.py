"""Where the survey of a cycle stands: its waves, how many were asked, how many answered."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q

from cyclemap.compiled import ByKey
from cycles.models import Cycle
from surveys.models import Invitation, Response, SurveyStatus, Wave


@dataclass(frozen=True)
class Asked:
    """One wave in figures. `by_link` are the answers that came through an invitation."""

    wave: Wave
    invited: int
    by_link: int
    answers: int
    first: datetime | None
    last: datetime | None

    @property
    def rate(self) -> float | None:
        """Share of the invited who answered; None for a wave without invitations."""
        return self.by_link / self.invited if self.invited else None

    def days_left(self, today: date) -> int | None:
        """Days until the closing day, both included: 0 on the day itself. None when it does not apply."""
        if self.wave.status != SurveyStatus.OPEN or self.wave.closes_on is None:
            return None
        left = (self.wave.closes_on - today).days
        return left if left >= 0 else None


def waves_of(cycle: Cycle) -> list[Wave]:
    """Opened waves, the latest first."""
    return OPENED_OF_CYCLE.all(cycle.pk)


# Nearly every page about answers asks for them, some three times.
OPENED_OF_CYCLE = ByKey(
    lambda cycle: (
        Wave.objects.filter(survey__cycle=cycle)
        .exclude(status=SurveyStatus.DRAFT)
        .select_related("survey")
        .order_by("-opened_at", "-pk")
    )
)


def asked(wave: Wave) -> Asked:
    """Two queries. Revoked links were not really asked."""
    came = Response.objects.filter(wave=wave).aggregate(
        n=Count("pk"),
        by_link=Count("pk", filter=Q(invitation__isnull=False)),
        first=Min("submitted_at"),
        last=Max("submitted_at"),
    )
    invited = Invitation.objects.filter(wave=wave, revoked_at=None).count()
    # An answered link that was revoked afterwards was asked all the same.
    return Asked(wave, max(invited, came["by_link"]), came["by_link"], came["n"], came["first"], came["last"])
