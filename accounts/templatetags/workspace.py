"""`{% w "cycles:map" cycle.pk %}`: the address of a page of the workspace we are in."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def w(context: dict[str, Any], name: str, *args: object) -> str:
    url: str = context["request"].membership.url(name, *args)
    return url
