"""`manage.py sending`: what the one who runs the server can do about all outgoing mail."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count

from surveys import guard, journal, reconcile
from surveys.models import OutgoingMail


class Command(BaseCommand):
    help = "Look at, pause, resume and settle all outgoing mail."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("status", help="how many mails are in which state, and what holds them back")
        what.add_parser("pause", help="nothing of anybody leaves until resume")
        what.add_parser("resume", help="end a pause")
        what.add_parser("release", help="after a restored backup: send what was held")
        what.add_parser("discard", help="after a restored backup: give up what was held, and go on")
        settle = what.add_parser("reconcile", help="settle mail in doubt by the mail server's log")
        settle.add_argument(
            "log", nargs="+", type=Path, help="log of Postfix or Exim, or Message-IDs, one a line"
        )
        settle.add_argument(
            "--send-missing",
            action="store_true",
            help="the logs are whole: what they do not show was never taken and is queued again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["what"])(options)

    def status(self, options: dict[str, Any]) -> None:
        counts = OutgoingMail.objects.values("state").annotate(n=Count("pk")).order_by("state")
        for row in counts:
            self.stdout.write(f"{row['state']:<14}{row['n']:>9}")
        found = guard.state()
        if found.held_at:
            self.stdout.write(
                f"held since {found.held_at:%Y-%m-%d %H:%M} UTC: the database is older than the mail that "
                "was sent. First `sending reconcile LOG`, then `sending release` or `sending discard`."
            )
        if found.paused_at:
            self.stdout.write(f"paused since {found.paused_at:%Y-%m-%d %H:%M} UTC: `sending resume` ends it")

    def pause(self, options: dict[str, Any]) -> None:
        guard.pause()
        self.stdout.write("paused: nothing leaves until `sending resume`")

    def resume(self, options: dict[str, Any]) -> None:
        guard.resume()
        self.stdout.write("resumed")

    def release(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"released: {guard.release()} mails are in the queue again")

    def discard(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"given up: {guard.discard()} mails; sending goes on")

    def reconcile(self, options: dict[str, Any]) -> None:
        taken: set[str] = set()
        for path in options["log"]:
            try:
                with path.open(encoding="utf-8", errors="replace") as file:
                    taken |= reconcile.accepted(file)
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error
        journal.replay()
        done = reconcile.apply(taken, send_missing=options["send_missing"])
        self.stdout.write(
            f"{len(taken)} mails in the logs; sent: {done.sent}, queued again: {done.queued}, "
            f"still in doubt or held: {done.left}"
        )
