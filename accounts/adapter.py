"""What allauth asks us."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The first person of a fresh installation, anybody where the operator says so."""
        return settings.SIGNUP_OPEN or not User.objects.exists()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away is said in words: who waits for a code must not wait for ever."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            log.warning("%s could not be mailed: %s", template_prefix, error)
            if "email_confirmation_signup" in template_prefix:
                # The account is made and usable; only its address is not confirmed yet.
                current.request.mail_is_away = True
                messages.error(current.request, _("The mail that confirms your address could not be sent."))
                return
            page = render(current.request, "account/mail_away.html", status=503)
            raise ImmediateHttpResponse(page) from error
