"""`<html{% theme %}>`: light or dark where somebody chose it, else what the device says."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Theme

register = template.Library()

THEME_COOKIE = "theme"


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> SafeString:
    request = context.get("request")
    user = getattr(request, "user", None)
    # The cookie keeps the choice for the pages before log-in.
    chosen = getattr(user, "theme", None) or (request.COOKIES.get(THEME_COOKIE) if request else None)
    if chosen in (Theme.LIGHT, Theme.DARK):
        return format_html(' data-theme="{}"', chosen)
    return SafeString("")
