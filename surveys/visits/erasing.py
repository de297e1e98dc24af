"""A shopper is forgotten: name and address everywhere, the links that lead to them; what they saw stays.

A colleague who visited stays in what the team wrote: there the name is that of the member, who does
other things as well.
"""

from django.db import transaction
from django.utils import timezone

from surveys.models import Shopper, Visit, VisitState
from surveys.traces import Person, take_out
from surveys.visits.hidden import without_shopper


@transaction.atomic
def erase_shopper(shopper: Shopper) -> int:
    """How many visits lost their shopper. Notes, and what others wrote, stay without the name."""
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
    if shopper.member_id is None:
        take_out(Person(client=shopper.client_id, email=shopper.email, name=shopper.name))
    return len(visits)
