"""Gap-free positions: 0, 1, 2, ... in every stage, cycle and moment, whoever moves at the same time.

Each function is one transaction under a lock on the cycle's row (on SQLite the transaction itself is
the lock). Positions are unique in the database, and never clash on the way: rows that change place
first go far away, then come back to where they belong.
"""

from collections.abc import Collection, Mapping, Sequence

from django.db import connection, models, transaction
from django.db.models import F, Max
from django.utils import timezone

from cyclemap.compiled import ByKey
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage
from cycles.moves import binned_moments, moved_moment
from cycles.trail import MOVED, note

FAR = 1_000_000  # where rows wait while others change place
FARTHER = 2 * FAR  # where rows that come from another parent wait


Places = dict[int, list[int]]  # the moments of each stage, both in order, by their keys

_locked = ByKey(lambda key: Cycle.objects.select_for_update().only("pk").filter(pk=key))


def lock(cycle_id: int) -> None:
    if not _locked.all(cycle_id):
        raise Cycle.DoesNotExist


def arrange(rows: models.QuerySet, order: Sequence[int]) -> None:
    """Give the rows of one parent the positions 0, 1, ... in this order of keys, in two statements."""
    present = dict(rows.values_list("pk", "position"))
    write(rows, {pk: place for place, pk in enumerate(order) if present[pk] != place})


def write(rows: models.QuerySet, changed: Mapping[int, int]) -> None:
    """New positions by key. As SQL, because Django takes longer to word this than a database to do it."""
    if not changed:
        return
    table = connection.ops.quote_name(rows.model._meta.db_table)
    these = f"WHERE id IN ({', '.join(['%s'] * len(changed))})"
    cases = "WHEN %s THEN %s " * len(changed)
    pairs = [value for pair in changed.items() for value in pair]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET position = position + {FAR} {these}", [*changed])  # noqa: S608
        cursor.execute(f"UPDATE {table} SET position = CASE id {cases}END {these}", [*pairs, *changed])  # noqa: S608


def keys(rows: models.QuerySet) -> list[int]:
    return list(rows.order_by("position").values_list("pk", flat=True))


def shifted(order: list[int], key: int, place: int) -> list[int]:
    """The order with `key` at `place`, or at the nearest end."""
    rest = [other for other in order if other != key]
    place = min(max(place, 0), len(rest))
    return [*rest[:place], key, *rest[place:]]


def moments_in(stage_id: int) -> models.QuerySet[Moment]:
    return Moment.objects.filter(stage=stage_id, deleted_at=None)


def requirements_of(moment_id: int) -> models.QuerySet[Requirement]:
    return Requirement.objects.filter(moment=moment_id, deleted_at=None)


# --- Moments -------------------------------------------------------------------------------------


@transaction.atomic
def insert_moment(moment: Moment, place: int | None = None) -> Moment:
    """Save a new moment at a place of its stage, or at the end."""
    lock(moment.stage.cycle_id)
    moment.stage = home_of(moment.stage)
    rows = moments_in(moment.stage_id)
    order = keys(rows)
    moment.position = len(order)
    moment.save()
    if place is not None:
        arrange(rows, shifted([*order, moment.pk], moment.pk, place))
        moment.refresh_from_db(fields=["position"])
    return moment


def home_of(stage: Stage) -> Stage:
    """The stage; if it lies in the bin by now, the one in place that stood before it."""
    found = Stage.everywhere.get(pk=stage.pk)
    if found.deleted_at is None:
        return found
    rows = list(Stage.objects.filter(cycle=stage.cycle_id).order_by("position"))
    return rows[min(max((found.last_position or 0) - 1, 0), len(rows) - 1)]


@transaction.atomic
def insert_moments(stage: Stage, names: Sequence[str]) -> list[Moment]:
    """Many new moments at the end of a stage, in this order."""
    lock(stage.cycle_id)
    home = home_of(stage)
    first = moments_in(home.pk).count()
    moments = [Moment(stage=home, position=first + n, name=name) for n, name in enumerate(names)]
    for moment in moments:  # one by one, so that each has its history
        moment.save()
    return moments


@transaction.atomic
def remove_moments(cycle: Cycle, moment_ids: Collection[int]) -> int:
    """Into the bin, all at once: those of them that are in their places. Answers how many."""
    lock(cycle.pk)
    rows = Moment.objects.filter(pk__in=moment_ids, stage__cycle=cycle, deleted_at=None)
    going = list(rows.select_related("stage"))
    stages = {moment.stage_id for moment in going}
    binned_moments(going)
    n = rows.update(last_position=F("position"), position=None, deleted_at=timezone.now())
    for stage in stages:
        arrange(moments_in(stage), keys(moments_in(stage)))
    return n


@transaction.atomic(savepoint=False)
def move_moment(cycle: Cycle, moment_id: int, stage_id: int, place: int) -> Places:
    """Put a moment at a place of a stage of the same cycle.

    Answers where everything is now; nothing if either is no longer there.
    """
    lock(cycle.pk)
    return put(read_places(cycle), moment_id, stage_id, place)


@transaction.atomic(savepoint=False)
def step_moment(cycle: Cycle, moment_id: int, by: int) -> Places:
    """One place up (-1) or down (+1); at the end of its stage, into the next one.

    Answers where everything is now; nothing at the ends.
    """
    lock(cycle.pk)
    places = read_places(cycle)
    here = next((stage for stage, moments in places.items() if moment_id in moments), None)
    if here is None:
        return {}
    place = places[here].index(moment_id) + by
    if 0 <= place < len(places[here]):
        return put(places, moment_id, here, place)
    stages = list(places)
    beside = stages.index(here) + by
    if not 0 <= beside < len(stages):
        return {}
    return put(places, moment_id, stages[beside], 0 if by > 0 else FAR)


_stages = ByKey(lambda key: Stage.objects.filter(cycle=key).order_by("position").only("pk"))
_moments = ByKey(
    lambda key: (
        Moment.objects.filter(stage__cycle=key, deleted_at=None).order_by("position").only("pk", "stage")
    )
)


def read_places(cycle: Cycle) -> Places:
    places: Places = {stage.pk: [] for stage in _stages.all(cycle.pk)}
    for moment in _moments.all(cycle.pk):
        if moment.stage_id in places:
            places[moment.stage_id].append(moment.pk)
    return places


def put(places: Places, moment_id: int, stage_id: int, place: int) -> Places:
    here = next((stage for stage, moments in places.items() if moment_id in moments), None)
    if here is None or stage_id not in places:
        return {}
    moved_moment(moment_id, places, here, stage_id, place)
    if here == stage_id:
        order = shifted(places[here], moment_id, place)
        moved = [(pk, n) for n, (pk, old) in enumerate(zip(order, places[here], strict=True)) if pk != old]
        write(moments_in(here), dict(moved))
        return {**places, here: order}
    left = [pk for pk in places[here] if pk != moment_id]
    joined = shifted([*places[stage_id], moment_id], moment_id, place)
    was = {pk: n for order in places.values() for n, pk in enumerate(order)} | {moment_id: FARTHER}
    now = {pk: n for order in (left, joined) for n, pk in enumerate(order)}
    Moment.objects.filter(pk=moment_id).update(stage=stage_id, position=FARTHER)
    write(Moment.objects.all(), {pk: n for pk, n in now.items() if was[pk] != n})
    return {**places, here: left, stage_id: joined}


@transaction.atomic
def remove_moment(moment: Moment) -> int | None:
    """Into the bin. Answers the place it had, or None if it lay there already."""
    lock(moment.stage.cycle_id)
    moment.refresh_from_db(fields=["position", "deleted_at", "stage"])
    place, moment.position = moment.position, None
    if place is None:
        return None
    moment.deleted_at, moment.last_position = timezone.now(), place
    moment.save(update_fields=["position", "deleted_at", "last_position"])
    rows = moments_in(moment.stage_id)
    arrange(rows, keys(rows))
    return place


@transaction.atomic
def restore_moment(moment: Moment, place: int | None = None) -> bool:
    """Out of the bin, to a place of its stage: the one it had unless told. False if it was not there.

    If its stage lies in the bin itself, it comes back at the end of the one before.
    """
    lock(moment.stage.cycle_id)
    moment.refresh_from_db(fields=["position", "deleted_at", "stage", "last_position"])
    if moment.deleted_at is None:
        return False
    if home_of(moment.stage) != moment.stage:
        place = None
    elif place is None:
        place = moment.last_position
    moment.deleted_at = None
    insert_moment(moment, place)
    return True


# --- Requirements and actions --------------------------------------------------------------------


@transaction.atomic
def insert_requirement(requirement: Requirement, place: int | None = None) -> Requirement:
    lock(requirement.moment.stage.cycle_id)
    rows = requirements_of(requirement.moment_id)
    order = keys(rows)
    requirement.position = len(order)
    requirement.save()
    if place is not None:
        arrange(rows, shifted([*order, requirement.pk], requirement.pk, place))
        requirement.refresh_from_db(fields=["position"])
    return requirement


@transaction.atomic
def move_requirement(requirement: Requirement, place: int) -> None:
    lock(requirement.moment.stage.cycle_id)
    rows = requirements_of(requirement.moment_id)
    order = keys(rows)
    if requirement.pk in order:
        moved = shifted(order, requirement.pk, place)
        arrange(rows, moved)
        note(requirement, MOVED, place=[order.index(requirement.pk) + 1, moved.index(requirement.pk) + 1])


@transaction.atomic
def remove_requirement(requirement: Requirement) -> int | None:
    lock(requirement.moment.stage.cycle_id)
    requirement.refresh_from_db(fields=["position", "deleted_at"])
    place, requirement.position = requirement.position, None
    if place is None:
        return None
    requirement.deleted_at = timezone.now()
    requirement.save(update_fields=["position", "deleted_at"])
    rows = requirements_of(requirement.moment_id)
    arrange(rows, keys(rows))
    return place


@transaction.atomic
def restore_requirement(requirement: Requirement, place: int | None = None) -> bool:
    lock(requirement.moment.stage.cycle_id)
    requirement.refresh_from_db(fields=["position", "deleted_at"])
    if requirement.deleted_at is None:
        return False
    requirement.deleted_at = None
    insert_requirement(requirement, place)
    return True


@transaction.atomic
def first_plan(cycle: Cycle, name: str) -> ActionPlan:
    """The plan of a cycle, made when it is first needed; made once, however many ask."""
    lock(cycle.pk)
    found = ActionPlan.objects.filter(cycle=cycle, deleted_at=None).first()
    return found or ActionPlan.objects.create(cycle=cycle, name=name)


@transaction.atomic
def number_action(action: Action) -> Action:
    """Save a new action with the next number of its cycle, so that A7 is one action whatever plan it is in.

    Numbers of deleted actions are not used again.
    """
    lock(action.plan.cycle_id)
    action.number = next_number(action.plan.cycle_id)
    action.save()
    return action


def renumber_action(action: Action) -> None:
    """Before an action is saved in another plan: it keeps its number, unless another has it already."""
    lock(action.plan.cycle_id)
    others = Action.objects.filter(plan__cycle=action.plan.cycle_id).exclude(pk=action.pk)
    if others.filter(number=action.number).exists():
        action.number = next_number(action.plan.cycle_id)


def next_number(cycle_id: int) -> int:
    """History too: it remembers what has left the bin for good."""
    rows = (Action.objects.filter(plan__cycle=cycle_id), Action.history.filter(of_cycle=cycle_id))
    return max(found.aggregate(highest=Max("number"))["highest"] or 0 for found in rows) + 1
