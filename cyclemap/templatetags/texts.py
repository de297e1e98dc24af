"""`{{ moment|text:"description" }}`: a client's text in the reader's language, or as it was written."""

from typing import Protocol

from django import template
from django.utils.translation import get_language

from cyclemap.translated import Translated

register = template.Library()


@register.filter
def text(thing: Translated, field: str) -> str:
    return thing.text(field)


class Worded(Protocol):
    def text(self, language: str) -> str: ...


@register.filter
def wording(thing: Worded) -> str:
    """`{{ item|wording }}`: what a survey asks about, in the reader's language where it is written in it."""
    return thing.text((get_language() or "").split("-")[0])
