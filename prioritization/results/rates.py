"""How many of those asked by name answered (AAPOR, S11). Open links have participation, not a rate."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, F, Q

from prioritization.analysis.response_rates import Outcomes, response_rates
from prioritization.matrix import Watermark
from prioritization.results.who import KEPT, NO_LINK, OPEN, PERSONAL, State, link_of, state_of
from surveys.models import Invitation, Response, Wave

# A form of which more than a fifth of what was asked is blank is a partial answer.
BLANK_AT_MOST = 5


@dataclass(frozen=True)
class Rates:
    """Of the invited; `open` and `imported` answers came without an invitation."""

    invited: int
    complete: int
    partial: int
    open: int
    imported: int

    @property
    def rr1(self) -> float | None:
        return response_rates(self.outcomes).rr1

    @property
    def rr2(self) -> float | None:
        return response_rates(self.outcomes).rr2

    @property
    def outcomes(self) -> Outcomes:
        answered = self.complete + self.partial
        return Outcomes(self.complete, self.partial, unknown_other=max(0, self.invited - answered))


def rates(wave: Wave, mark: Watermark) -> Rates:
    """Who answered is counted once as long as the answers are the same; who was asked, at every look."""
    complete, partial, opened, imported = came(state_of(wave, mark))
    # A link that was revoked after it was answered was asked all the same.
    asked = Q(revoked_at=None) | Q(answered_on__isnull=False) | Q(response__isnull=False)
    invited = Invitation.objects.filter(asked, wave=wave).count()
    return Rates(max(invited, complete + partial), complete, partial, opened, imported)


@lru_cache(maxsize=KEPT)
def came(state: State) -> tuple[int, int, int, int]:
    """Complete and partial by personal link, by open link, without any."""
    link = link_of(is_anonymous=state.is_anonymous)
    answers = Response.objects.filter(wave=state.wave).order_by().annotate(link=link)
    by_link = dict(answers.values_list("link").annotate(n=Count("pk")))
    blank = Q(ratings__satisfaction=None, ratings__experienced=True)
    partial = (
        answers.filter(link=PERSONAL)
        .annotate(asked=Count("ratings__item_id"), blank=Count("ratings__item_id", filter=blank))
        .filter(asked__lt=F("blank") * BLANK_AT_MOST)
        .count()
    )
    personal = by_link.get(PERSONAL, 0)
    return personal - partial, partial, by_link.get(OPEN, 0), by_link.get(NO_LINK, 0)
