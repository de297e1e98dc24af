"""Who visited is known to editors alone. What others read of a visit is made here.

A shopper may have written their own name into the notes: there it is blacked out.
"""

import re
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Membership
from surveys.models import Shopper, Visit, VisitState

BLACK = "■■■"
# "Ana" is taken out; "de" and initials would take out half the text.
SHORTEST = 3


def without_shopper(text: str, shopper: Shopper | None) -> str:
    """The text without the shopper's address, name, or any part of the name."""
    if shopper is None or not text:
        return text
    name = " ".join(shopper.name.split())
    told = [shopper.email, shopper.email.partition("@")[0], name, *name.split(" ")]
    told = sorted({word for word in told if len(word) >= SHORTEST}, key=len, reverse=True)
    if not told:
        return text
    pattern = "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in told)
    return re.sub(pattern, BLACK, text, flags=re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """A visit as one member may read it."""

    visit: Visit
    is_editor: bool

    @property
    def shopper(self) -> Shopper | None:
        return self.visit.shopper if self.is_editor else None

    @property
    def notes(self) -> str:
        return self.visit.notes if self.is_editor else without_shopper(self.visit.notes, self.visit.shopper)

    @property
    def scenario(self) -> str:
        text = self.visit.scenario
        return text if self.is_editor else without_shopper(text, self.visit.shopper)

    @property
    def has_times(self) -> bool:
        """To the minute they would tell who was served then: others read how long it took."""
        return self.is_editor and bool(self.visit.arrived_at or self.visit.left_at)


def visits_for(membership: Membership) -> QuerySet[Visit]:
    """Which visits a member may know of: planned ones only editors, or they would be expected."""
    found = membership.reach(Visit).select_related("wave__survey__cycle__client", "shopper")
    return found if membership.is_editor else found.exclude(state=VisitState.PLANNED)
