"""The bin is emptied: what was deleted 30 days ago goes for good, and files that nothing names any more."""

import datetime as dt

from django.core.files.storage import Storage, default_storage
from django.db import models
from django.utils import timezone

from cycles.models import (
    Action,
    ActionFile,
    ActionPlan,
    Assessment,
    Attachment,
    Cycle,
    Indicator,
    Measurement,
    Moment,
    Requirement,
    ServiceLevel,
    Stage,
)

DAYS = 30
FOLDER = "evidence"
# A file is written before its row is committed: a young one may have its row yet to come.
YOUNG = dt.timedelta(hours=1)


def empty(now: dt.datetime | None = None) -> int:
    """Erase what has lain in the bin long enough. Answers how many rows went, of any kind."""
    until = (now or timezone.now()) - dt.timedelta(days=DAYS)
    erased = 0
    for rows in binned():
        for pk in rows.filter(deleted_at__lte=until).values_list("pk", flat=True):
            # Again with the condition: somebody may restore it this moment.
            erased += rows.filter(pk=pk, deleted_at__lte=until).delete()[0]
    sweep(now)
    return erased


def binned() -> list[models.QuerySet]:
    """From the large to the small: what goes with its parent is not asked for twice."""
    return [
        Cycle.objects.all(),
        Stage.everywhere.all(),
        Moment.objects.all(),
        Requirement.objects.all(),
        ActionPlan.objects.all(),
        Action.objects.all(),
        ServiceLevel.objects.all(),
        Indicator.objects.all(),
        Measurement.objects.all(),
        Attachment.objects.all(),
        Assessment.objects.all(),
        ActionFile.objects.all(),
    ]


def sweep(now: dt.datetime | None = None, storage: Storage = default_storage) -> int:
    """Delete the files that no row names, whatever erased the row: a whole client, too."""
    try:
        present = storage.listdir(FOLDER)[1]
    except FileNotFoundError:  # nobody has attached anything yet
        return 0
    files = {f"{FOLDER}/{name}" for name in present}
    known = {
        name
        for model in (Attachment, ActionFile)
        for name in model._default_manager.values_list("file", flat=True)
    }
    old = (now or timezone.now()) - YOUNG
    orphans = [name for name in files - known if storage.get_modified_time(name) < old]
    for name in orphans:
        storage.delete(name)
    return len(orphans)
