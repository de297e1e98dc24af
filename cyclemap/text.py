"""What may stand in a text that people type."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# A text area has lines; nothing has the other control characters, which break XLSX, PDF and PostgreSQL.
LINE_BREAKS = frozenset("\t\n\r")
NO_CHARACTERS = frozenset("\ufffe\uffff")


def unprintable(text: str, *, lines: bool = False) -> bool:
    """Whether the text has a character that no file format keeps. `lines`: tabs and line ends are fine."""
    return any(
        (unicodedata.category(char) in ("Cc", "Cs") and not (lines and char in LINE_BREAKS))
        or char in NO_CHARACTERS
        for char in text
    )


def clean_text(value: str) -> None:
    """Validator of a line of text."""
    if unprintable(value):
        raise ValidationError(
            _("This text has a control character in it. Please type it again."), "unprintable"
        )


def clean_lines(value: str) -> None:
    """Validator of a text of several lines."""
    if unprintable(value, lines=True):
        raise ValidationError(
            _("This text has a control character in it. Please type it again."), "unprintable"
        )
