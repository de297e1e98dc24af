"""Figures as people read them, in the active language. A missing one is a dash, never a zero."""

from django.utils import formats, translation

from cyclemap.rounding import half_up

MISSING = "–"
MINUS = "−"
NBSP = "\N{NO-BREAK SPACE}"


def decimal(value: float | None, places: int = 1) -> str:
    if value is None:
        return MISSING
    # Rounded first, so that -0.04 is not "−0.0".
    value = half_up(value, places)
    # number_format does the same, five times slower: a page writes hundreds of figures.
    written = f"{abs(value):.{places}f}".replace(".", str(formats.get_format("DECIMAL_SEPARATOR")))
    return MINUS + written if value < 0 else written


def signed(value: float | None, places: int = 1) -> str:
    """With its sign: +1.8, −0.3, 0.0."""
    text = decimal(value, places)
    return f"+{text}" if value is not None and half_up(value, places) > 0 else text


def percent(share: float | None) -> str:
    """A share of one."""
    if share is None:
        return MISSING
    return f"{half_up(100 * share, 0):.0f}{percent_sign()}"


def percent_sign() -> str:
    """As it follows a number: 38% in English, 38 % in Spanish."""
    return f"{NBSP}%" if (translation.get_language() or "").startswith("es") else "%"


def certainty(share: float | None) -> str:
    """A probability that is never said to be more than 99 %, nor less than 1 %."""
    if share is not None and share > 0.99:
        return f">{percent(0.99)}"
    if share is not None and share < 0.01:
        return f"<{percent(0.01)}"
    return percent(share)


def p_value(p: float | None) -> str:
    """To three places; a small one is never said to be nought."""
    if p is not None and p < 0.001:
        return f"< {decimal(0.001, 3)}"
    return decimal(p, 3)
