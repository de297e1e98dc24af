"""A snapshot keeps its filters in the words of whoever froze it. Those that are the product's own, not
the client's, are said to each reader in their language."""

from collections.abc import Callable, Iterator
from functools import cache, partial

from django.conf import settings
from django.utils.translation import gettext, override, pgettext

from cycles.choices import Channel
from prioritization.filters import RULES, rule_name

Saying = Callable[[], str]


def sayings() -> Iterator[Saying]:
    """Whatever `Filters.in_words` says by itself."""
    yield from (partial(rule_name, rule) for rule in RULES)
    yield from (partial(str, channel.label) for channel in Channel)
    for label in ("Wave", "Segment", "Period", "Stage", "Channel", "Importance", "Crosshair"):
        yield partial(gettext, label)
    for source in ("Derived", "Picked", "Stated"):
        yield partial(pgettext, "importance", source)


@cache
def known() -> dict[str, Saying]:
    """By how it is said in any language."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.update({saying(): saying for saying in sayings()})
    return found


def said_now(text: str) -> str:
    saying = known().get(text)
    return saying() if saying else text
