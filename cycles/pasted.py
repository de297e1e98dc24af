"""A list somebody pastes, as the names of moments: one a line, without its bullets and numbers."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyclemap.text import unprintable
from cycles.models import Moment

MOST = 200
LONGEST = Moment._meta.get_field("name").max_length or 0

# "- ", "• ", "[ ] ", "3. ", "3) ", "1.2 ", "a) ", "(4) ", and what a word processor puts in their place.
BULLET = r"[-*+•◦▪▫●○■□‣⁃∙·–—➢➤✓✔\uf0b7\uf0a7\uf0d8]"
MARK = re.compile(
    rf"^(?:{BULLET}+(?:\s+|(?=[^\W\d]))|\[[ xX]?\]\s*"
    r"|\(?\d{1,3}(?:\.\d{1,3})*[.)\]:](?:\s+|(?=[^\W\d]))|\d{1,3}(?:\.\d{1,3})*\s*\t|\(?[a-zA-Z][.)]\s+)"
)
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))


class ListError(Exception):
    """Why a list cannot be taken, as a sentence."""


def names_in(text: str) -> list[str]:
    """The names, in order. ListError: too many, too long, unprintable, none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    names = [(number, name) for number, line in enumerate(lines, 1) if (name := name_in(line))]
    if not names:
        raise ListError(_("There is nothing in this list."))
    if len(names) > MOST:
        raise ListError(
            _("This list has %(n)d lines; %(most)d moments can be added at once. Nothing was added.")
            % {"n": len(names), "most": MOST}
        )
    check([n for n, name in names if unprintable(name)], unprintable_in)
    check([n for n, name in names if len(name) > LONGEST], too_long_in)
    return [name for _number, name in names]


def name_in(line: str) -> str:
    """A line without what numbers it; tabs, as between the cells of a table, become spaces."""
    text = line.translate(INVISIBLE).strip()
    text = MARK.sub("", text).strip()
    # A bullet may stand before a number: "• 3. Pay".
    text = MARK.sub("", text).strip() or text
    text = re.sub(r"[\t \u00a0]+", " ", text).strip()
    return "" if re.fullmatch(rf"{BULLET}*|\d{{1,3}}[.)]", text) else text


def check(numbers: list[int], fault: Callable[[list[int]], str]) -> None:
    if numbers:
        raise ListError(fault(numbers))


def shown(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:5])) + ("…" if len(numbers) > 5 else "")


def unprintable_in(numbers: list[int]) -> str:
    return ngettext(
        "Line %(lines)s has a control character in it. Nothing was added.",
        "Lines %(lines)s have a control character in them. Nothing was added.",
        len(numbers),
    ) % {"lines": shown(numbers)}


def too_long_in(numbers: list[int]) -> str:
    return ngettext(
        "Line %(lines)s is longer than %(most)d characters. Nothing was added.",
        "Lines %(lines)s are longer than %(most)d characters. Nothing was added.",
        len(numbers),
    ) % {"lines": shown(numbers), "most": LONGEST}
