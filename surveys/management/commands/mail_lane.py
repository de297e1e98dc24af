"""`manage.py mail_lane`: a sending lane of its own, without Celery. SIGTERM finishes the current mail."""

import logging
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from surveys import delivery, guard, outbox

log = logging.getLogger(__name__)

SWEEP_SECONDS = 15.0


class Command(BaseCommand):
    help = "Send queued mail until told to stop, and take up what dead lanes left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing more is due")
        parser.add_argument("--pause", type=float, default=1.0, help="seconds between two looks")

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_asked_to_stop = False
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        self.swept = 0.0
        while not self.is_asked_to_stop:
            try:
                self.look()
            except (OperationalError, InterfaceError) as error:
                # The rows are still there when the database is back.
                log.warning("the database is away: %s", type(error).__name__)
                connection.close()
            if options["once"]:
                return
            time.sleep(options["pause"])

    def look(self) -> None:
        close_old_connections()
        if time.monotonic() - self.swept > SWEEP_SECONDS:
            guard.may_send()
            outbox.sweep()
            self.swept = time.monotonic()
        delivery.run(stop=lambda: self.is_asked_to_stop)

    def stop(self, *_: object) -> None:
        self.is_asked_to_stop = True
