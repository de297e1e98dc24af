"""`{% signup_is_open as open %}`: whether a person without an invitation may make an account."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def signup_is_open(context: dict[str, Any]) -> bool:
    return bool(get_adapter().is_open_for_signup(context["request"]))
