"""Lists of a workspace that grow: a page at a time, found by a few letters once they are long."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from cyclemap.folding import Folded, fold

PER_PAGE = 50
# A list of so many is taken in at a glance.
SHORT = 12


@dataclass(frozen=True)
class Found:
    page: Page[Any]
    query: str
    n_all: int

    @property
    def is_long(self) -> bool:
        return self.n_all > SHORT or bool(self.query)


def found_in(request: HttpRequest, rows: QuerySet[Any], *fields: str, translations: str = "") -> Found:
    """The rows that have every word of `?q=` in their fields, whatever its case and accents.

    `translations`: the field that has them in other languages, if there is one.
    """
    query = request.GET.get("q", "").replace("\x00", "").strip()[:120]
    n_all = rows.count()
    if query:
        rows = rows.alias(folded=Folded(*fields, translations=translations))
        for word in fold(query).split():
            rows = rows.filter(folded__contains=word)
    return Found(Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), query, n_all)
