"""`{{ moment|text:"description" }}`: a client's text in the reader's language, or as it was written."""

from django import template

from cyclemap.translated import Translated

register = template.Library()


@register.filter
def text(thing: Translated, field: str) -> str:
    return thing.text(field)
