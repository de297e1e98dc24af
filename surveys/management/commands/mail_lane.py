"""`manage.py mail_lane`: a sending lane of its own, without Celery. SIGTERM finishes the current mail."""

import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from surveys import delivery, outbox

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
        swept = 0.0
        while not self.is_asked_to_stop:
            close_old_connections()
            if time.monotonic() - swept > SWEEP_SECONDS:
                outbox.sweep()
                swept = time.monotonic()
            delivery.run(stop=lambda: self.is_asked_to_stop)
            if options["once"]:
                return
            time.sleep(options["pause"])

    def stop(self, *_: object) -> None:
        self.is_asked_to_stop = True
