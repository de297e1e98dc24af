"""`manage.py rebuild_tallies`: count every answer again from its rows, or prove that this is not needed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from prioritization.tallies import digest, proof
from surveys.models import SurveyStatus, Wave


class Command(BaseCommand):
    help = "Make the sums behind the matrices again from the answers, and prove that they are equal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--survey", type=int, metavar="ID", help="only the waves of this survey")
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if the sums differ from the answers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        waves = Wave.objects.exclude(status=SurveyStatus.DRAFT).order_by("pk")
        if options["survey"] is not None:
            waves = waves.filter(survey=options["survey"])
            if not waves:
                raise CommandError(f"There is no opened survey {options['survey']}.")
        wrong = 0
        for wave in waves:
            if not options["check"]:
                taken = digest.rebuild(wave.pk)
                self.stdout.write(f"wave {wave.pk}: {taken} answers counted")
            found = proof.differences(wave.pk)
            for difference in found:
                self.stderr.write(f"wave {wave.pk}: {difference}")
            if not found:
                self.stdout.write(f"wave {wave.pk}: equal")
            wrong += bool(found)
        if wrong:
            raise CommandError(f"{wrong} of {len(waves)} waves differ from their answers.", returncode=1)
