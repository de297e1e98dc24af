"""`manage.py prioritize FILE`: the priority matrix of a file, without a database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from prioritization.priority_file import command_line


class Command(BaseCommand):
    help = command_line.ABOUT
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        command_line.add_arguments(parser)

    def handle(self, *args: Any, **given: Any) -> None:
        code = command_line.run(given, self.stdout, self.stderr)  # type: ignore[arg-type]
        if code:
            sys.exit(code)
