"""What bulk statements did, written down: one row of history a thing that moved, none for what made way."""

from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from cyclemap.compiled import ByKey
from cycles.models import Action, Cycle, Indicator, Moment, ServiceLevel, Stage
from cycles.trail import BINNED, MOVED, RECORDS, RESTORED, TOOK, note

Places = Mapping[int, Sequence[int]]
# What has no place among others to lose.
Deletable = Cycle | Action | ServiceLevel | Indicator

_moment = ByKey(lambda key: Moment.objects.select_related("stage").filter(pk=key))


def moved_moment(moment_id: int, places: Places, here: int, there: int, place: int) -> None:
    """Note a move that is about to happen: `places` before it, the moments of each stage in order."""
    moment = _moment.first(moment_id)
    assert moment
    before = number_in(places, here, places[here].index(moment_id))
    rest = {stage: [pk for pk in moments if pk != moment_id] for stage, moments in places.items()}
    after = number_in(rest, there, min(max(place, 0), len(rest[there])))
    moment.stage = Stage(pk=there, cycle_id=moment.stage.cycle_id)  # as much of it as the history asks
    note(moment, MOVED, place=[before, after], stage_id=[here, there])


def number_in(places: Places, stage: int, place: int) -> int:
    """The number on the wheel of a place of a stage."""
    stages = list(places)
    return sum(len(places[other]) for other in stages[: stages.index(stage)]) + place + 1


def binned_moments(moments: Collection[Moment]) -> None:
    """Note that all of them go into the bin, in one statement."""
    now = timezone.now()
    for moment in moments:
        moment.deleted_at = now
    RECORDS[Moment].write_all(moments, BINNED, {"deleted_at": [None, str(now)]})


def restored_moments(moments: Collection[Moment]) -> None:
    """Note that all of them come back from the bin, in one statement."""
    gone = {str(moment.deleted_at) for moment in moments}
    for moment in moments:
        moment.deleted_at = None
    RECORDS[Moment].write_all(moments, RESTORED, {"deleted_at": [min(gone, default=None), None]})


def took_moments(stage: Stage, moments: Sequence[int]) -> None:
    """Note that a stage got moments of another one: split and merge."""
    note(stage, TOOK, moments=[[], list(moments)])


def into_bin(thing: Deletable) -> None:
    """Twice is once."""
    if thing.deleted_at is None:
        thing.deleted_at = timezone.now()
        thing.save(update_fields=["deleted_at"])


def out_of_bin(thing: Deletable) -> None:
    if thing.deleted_at is not None:
        thing.deleted_at = None
        thing.save(update_fields=["deleted_at"])
