"""A visit filled in: kept half done, taken in once, corrected, reviewed."""

from django.db import transaction
from django.utils import timezone

from surveys.models import Item, Visit, VisitScore, VisitState
from surveys.visits.form import Reading, Scores


def items_of(visit: Visit) -> list[Item]:
    """The moments to look at; requirements are for customers."""
    return list(visit.wave.survey.items.filter(is_requirement=False))


def scores_of(visit: Visit) -> Scores:
    rows = VisitScore.objects.filter(visit=visit).values_list("item_id", "criterion", "value")
    return {(item, criterion): value for item, criterion, value in rows}


def keep_draft(visit: Visit, fields: dict[str, str]) -> bool:
    """The last save counts. False: the visit was sent meanwhile."""
    now = timezone.now()
    kept = Visit.objects.filter(pk=visit.pk, state=VisitState.PLANNED).update(draft=fields)
    if kept:
        Visit.objects.filter(pk=visit.pk, started_at=None).update(started_at=now)
    return bool(kept)


def file(visit: Visit, reading: Reading, *, again: bool = False) -> bool:
    """Once; `again`: a consultant corrects what was filed. False: it was filed, or reviewed, meanwhile."""
    open_states = {VisitState.PLANNED, VisitState.DONE} if again else {VisitState.PLANNED}
    with transaction.atomic():
        held = Visit.objects.select_for_update().get(pk=visit.pk)
        if held.state not in open_states:
            return False
        now = timezone.now()
        held.arrived_at, held.left_at, held.notes = reading.arrived, reading.left, reading.notes
        held.draft, held.state = {}, VisitState.DONE
        held.started_at, held.done_at = held.started_at or now, held.done_at or now
        held.save()
        VisitScore.objects.filter(visit=held).delete()
        VisitScore.objects.bulk_create(
            VisitScore(visit=held, item_id=item, criterion=criterion, value=value, applies=value is not None)
            for (item, criterion), value in reading.scores.items()
        )
    return True


def review(visit: Visit) -> bool:
    """Looked at and agreed; from then on nothing of it changes. Twice is once."""
    done = Visit.objects.filter(pk=visit.pk, state=VisitState.DONE)
    return bool(done.update(state=VisitState.REVIEWED, reviewed_at=timezone.now()))


def unreview(visit: Visit) -> bool:
    """There was something to correct after all."""
    reviewed = Visit.objects.filter(pk=visit.pk, state=VisitState.REVIEWED)
    return bool(reviewed.update(state=VisitState.DONE, reviewed_at=None))
