"""`{% method_nav cycle "moments" %}`: the five steps above every page of a cycle.

With `oob=True` in a fragment, the steps of the open page follow a change.
"""

from typing import Any

from django import template

from cyclemap.navigation import steps
from cycles.models import Cycle
from surveys.cases.summary import open_cases

register = template.Library()


@register.inclusion_tag("_method_nav.html", takes_context=True)
def method_nav(context: dict[str, Any], cycle: Cycle, current: str, oob: bool = False) -> dict[str, Any]:
    membership = context["request"].membership
    return {
        "request": context["request"],
        "cycle": cycle,
        "current": current,
        "oob": oob,
        "steps": steps(membership, cycle),
        "open_cases": open_cases(cycle),
    }
