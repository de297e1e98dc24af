"""`{% talk "moment" moment cycle %}`: what is said about a thing, on the page that shows it."""

from typing import Any

from django import template

from cycles.comments import Topic
from cycles.models import Action, Cycle, Moment, Requirement
from cycles.views.comment import talk_of

register = template.Library()


@register.inclusion_tag("cycles/_comments.html", takes_context=True)
def talk(
    context: dict[str, Any], kind: str, thing: Moment | Requirement | Action, cycle: Cycle
) -> dict[str, Any]:
    request = context["request"]
    csrf = {"csrf_token": context.get("csrf_token"), "request": request}
    return talk_of(request, Topic(kind, thing, cycle)) | csrf
