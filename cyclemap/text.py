"""What may stand in a text that people type or a mail carries, and how such texts are compared."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# A text area has lines; nothing has the other control characters, which break XLSX, PDF and PostgreSQL.
LINE_BREAKS = frozenset("\t\n\r")
NO_CHARACTERS = frozenset("\ufffe\uffff")
# Turn the reading direction around, so that an address or a subject reads as another.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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


def bare_letters(text: str) -> str:
    """Small letters without accents, so that headings and names of any maker compare."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in spread if not unicodedata.combining(char))


def printable(text: str) -> str:
    """Without control characters, lone surrogates and marks that turn the direction around."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    kept = (c for c in text if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp")))
    return "".join(c for c in kept if c not in DIRECTION_MARKS)


def one_line(text: str) -> str:
    """For the header of a mail: what could end a line becomes a space.

    So does the beginning of an encoded word: `email` would decode it, line breaks and all, while it
    writes the header.
    """
    if text.isprintable() and "=?" not in text:
        return " ".join(text.split())
    line = re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).replace("=?", "= ?")
    return " ".join(printable(line).split())


def natural(text: str) -> list[tuple[int, int, str]]:
    """The order in which people look for it: numbers count as numbers, 9 before 10."""
    parts = re.split(r"(\d+)", text.casefold())
    return [(0, int(part[:18]), "") if part.isdecimal() else (1, 0, part) for part in parts]
