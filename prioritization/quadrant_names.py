"""How a quadrant is called; nothing else is loaded with it."""

from django.utils.translation import pgettext_lazy

NAMES = {
    "concentrate_here": pgettext_lazy("quadrant", "Act"),
    "keep_up": pgettext_lazy("quadrant", "Protect"),
    "low_priority": pgettext_lazy("quadrant", "Watch"),
    "possible_overkill": pgettext_lazy("quadrant", "Ease"),
}


def quadrant_name(quadrant: str) -> str:
    return str(NAMES[quadrant])
