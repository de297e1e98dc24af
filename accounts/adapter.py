"""What allauth asks us."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The first person of a fresh installation, anybody where the operator says so."""
        return settings.SIGNUP_OPEN or not User.objects.exists()
