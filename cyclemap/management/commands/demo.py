"""`manage.py demo`: the example workspace, with log-ins whose password everybody knows."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from cyclemap.example import CONSULTANT, CUSTOMER, MANAGER, PASSWORD, VIEWER, WORKSPACE
from cyclemap.example.workspace import load
from surveys.links import survey_url
from surveys.models import Invitation, SurveyStatus


class Command(BaseCommand):
    help = (
        "Load the example workspace and print its doors. Running it again changes nothing. "
        "Its log-ins have a password that is public, so a production server wants --force."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="also on a production server")

    def handle(self, *args: Any, force: bool = False, **options: Any) -> None:
        if not (settings.TRIAL or settings.DEBUG or force):
            raise CommandError(
                "The example's log-ins have a password that everybody knows. "
                "Say --force to load it on a production server all the same."
            )
        load(timezone.localdate())
        self.stdout.write(f"\nExample workspace: {settings.SITE_URL}/w/{WORKSPACE}/")
        doors = {"Consultant": CONSULTANT, "Manager": MANAGER, "Viewer": VIEWER}
        for door, email in doors.items():
            if User.objects.filter(email=email).exists():
                self.stdout.write(f"  {door:<12}{email:<32}password {PASSWORD}")
        invitation = customer_invitation()
        if invitation is not None:
            self.stdout.write(f"  {'Customer':<12}{survey_url(invitation)}")


def customer_invitation() -> Invitation | None:
    """The link to try the survey with: Carmen's, and once she has answered the next free one."""
    free = Invitation.objects.filter(
        wave__survey__cycle__client__workspace__slug=WORKSPACE,
        wave__status=SurveyStatus.OPEN,
        revoked_at=None,
        response=None,
        contact__opted_out_at=None,
    )
    return free.filter(contact__email=CUSTOMER).first() or free.order_by("pk").first()
