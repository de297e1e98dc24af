"""Celery carries hints only: the work itself is rows in the database (docs/adr/0003).

A lost message therefore costs the few seconds until the clock looks again, never work.
"""

import logging
import os

from celery import Celery, Task
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cyclemap.settings")

app = Celery("cyclemap")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

log = logging.getLogger(__name__)


def hint(task: Task, *args: object) -> None:
    """Wake a worker once the current transaction has committed.

    An unreachable broker is reported and survived: the clock finds the row all the same.
    """

    def publish() -> None:
        try:
            task.apply_async(args, retry=False)
        except task.OperationalError as error:
            log.warning("broker unreachable, the clock will find the work: %s (%s)", task.name, error)

    transaction.on_commit(publish)
