"""The waves of a survey at a glance: when, how many were asked, how many answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from cyclemap.rounding import whole_percent
from surveys.models import Invitation, Response, Wave


@dataclass(frozen=True)
class WaveLine:
    wave: Wave
    asked: int
    # All answers; of them by invitation.
    n: int
    by_invitation: int

    @property
    def percent(self) -> int | None:
        """Of those invited. Who comes through an open link was not asked by name: no rate."""
        return min(100, whole_percent(self.by_invitation / self.asked)) if self.asked else None


def wave_lines(waves: Sequence[Wave]) -> list[WaveLine]:
    """Three statements, however many waves there are."""
    keys = [wave.pk for wave in waves]
    asked = _counts(Invitation.objects.filter(wave__in=keys, revoked_at=None))
    answers = Response.objects.filter(wave__in=keys)
    n, named = _counts(answers), _counts(answers.filter(open_link=None))
    return [WaveLine(wave, asked.get(wave.pk, 0), n.get(wave.pk, 0), named.get(wave.pk, 0)) for wave in waves]


def _counts(rows) -> dict[int, int]:  # type: ignore[no-untyped-def]
    return dict(rows.order_by().values_list("wave").annotate(n=Count("pk")))
