"""One thing that asks for attention, as the overview prints it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization.board import Row
from prioritization.findings import listed
from prioritization.situation import Situation
from prioritization.standing import Mark


@dataclass(frozen=True)
class Item:
    """`icon` and `tone` stand in for the mark where no single moment is meant."""

    title: str
    says: str
    button: str
    about: str  # what the button is about, for those who hear it without the line before
    url: str
    mark: Mark | None = None
    icon: str = "target"
    tone: str = ""


def some(names: list[str]) -> str:
    """The first three, and how many more."""
    shown = listed(names[:3])
    more = len(names) - 3
    if more <= 0:
        return shown + "."
    return ngettext("%(names)s, and %(n)d more.", "%(names)s, and %(n)d more.", more) % {
        "names": ", ".join(_("“%(name)s”") % {"name": name} for name in names[:3]),
        "n": more,
    }


def worst_of(situation: Situation) -> Row | None:
    """The worst rated of the moments that surely ask for action."""
    sure = [row for row in situation.standing.board.to_act if not row.uncertain] if situation.standing else []
    return min(sure, key=lambda row: (row.satisfaction, row.rank), default=None)
