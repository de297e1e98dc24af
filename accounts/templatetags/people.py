"""`{% signup_is_open as open %}`: whether a person without an invitation may make an account."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import template
from django.conf import settings
from django.urls import reverse

from accounts.models import User

register = template.Library()


@register.simple_tag
def letterbox_url() -> str:
    """Where the trial keeps its mail; "" where mail is sent."""
    return reverse("letterbox") if settings.TRIAL else ""


@register.simple_tag
def nobody_yet() -> bool:
    """Whether this is a fresh installation: who comes first makes the first account."""
    return not User.objects.exists()


@register.simple_tag(takes_context=True)
def signup_is_open(context: dict[str, Any]) -> bool:
    return bool(get_adapter().is_open_for_signup(context["request"]))
