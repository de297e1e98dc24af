"""A shopper is forgotten: name and address everywhere, the links that lead to them; what they saw stays."""

from django.db import transaction
from django.utils import timezone

from surveys.models import Shopper, Visit, VisitState
from surveys.visits.hidden import without_shopper


@transaction.atomic
def erase_shopper(shopper: Shopper) -> int:
    """How many visits lost their shopper. Their notes stay, without the name."""
    visits = list(Visit.objects.select_for_update().filter(shopper=shopper))
    for visit in visits:
        visit.notes = without_shopper(visit.notes, shopper)
        visit.scenario = without_shopper(visit.scenario, shopper)
        if visit.state == VisitState.PLANNED:
            # Nobody is left to go: what was begun was theirs, and so is the link.
            visit.draft, visit.revoked_at = {}, visit.revoked_at or timezone.now()
        visit.shopper = None
        visit.save()
    shopper.delete()
    return len(visits)
