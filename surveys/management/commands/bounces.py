"""`manage.py bounces FILE…`: take reports about our mail into account, from files or from IMAP."""

import imaplib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys import mailbox


class Command(BaseCommand):
    help = "Read delivery reports and complaints: an mbox, a Maildir, single messages, or the IMAP mailbox."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="*", type=Path, help="none: the mailbox of BOUNCE_MAILBOX")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["file"]:
                about = sum(mailbox.read_file(path) for path in options["file"])
            elif settings.BOUNCE_MAILBOX:
                about = mailbox.read_imap(settings.BOUNCE_MAILBOX)
            else:
                raise CommandError("name a file, or set BOUNCE_MAILBOX")
        except (OSError, imaplib.IMAP4.error) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{about} of our mails were reported about")
