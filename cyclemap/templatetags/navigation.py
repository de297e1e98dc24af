"""`{% method_nav cycle "moments" %}`: the five steps above every page of a cycle."""

from typing import Any

from django import template

from cyclemap.navigation import steps
from cycles.models import Cycle

register = template.Library()


@register.inclusion_tag("_method_nav.html", takes_context=True)
def method_nav(context: dict[str, Any], cycle: Cycle, current: str) -> dict[str, Any]:
    membership = context["request"].membership
    return {
        "request": context["request"],
        "cycle": cycle,
        "current": current,
        "steps": steps(membership, cycle),
    }
