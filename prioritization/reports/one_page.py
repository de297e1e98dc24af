"""One page for itself, as PDF: the sheet of a service level, the report card.

Made while the reader waits, not by the lane of reports: one page of at most a few hundred cells takes
less time than a queue, a list to look at and a second click.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import get_language

from accounts.models import Client
from cycles import level_sheet
from cycles.models import Cycle, ServiceLevel
from prioritization.matrix_page import page_of
from prioritization.reports.chapters import Found, card
from prioritization.reports.choice import FILTERS, Choice
from prioritization.reports.document import Document, gather
from prioritization.reports.pages import Composed
from prioritization.reports.places import on_paper
from prioritization.reports.tables import Table

# From the roomiest type to the smallest; then rows are left out.
SIZES = ("", "tight", "tiny")
MOST, FEWER = 50, (25, 12)


def language() -> str:
    return (get_language() or "es")[:2]


def page(template: str, client: Client, context: dict[str, Any]) -> Composed:
    place = on_paper(client)
    html = render_to_string(template, {**context, "place": place, "language": language()})
    digest = hashlib.sha256(html.encode())
    for name, (content, _type) in sorted(place.assets.items()):
        digest.update(name.encode() + content)
    return Composed(html, digest.hexdigest(), place.assets)


def of_level(level: ServiceLevel, today: date) -> Iterator[Composed]:
    """In each size, to be tried one after the other."""
    context = level_sheet.context_of(level, today)
    for size in SIZES:
        yield page("prioritization/report/level.html", level.cycle.client, {**context, "size": size})


def of_card(cycle: Cycle, query: QueryDict, today: date) -> Iterator[Composed] | None:
    """Under the filters of the report card's page. None where there is nothing to grade."""
    filters = page_of(cycle, query).filters
    if filters is None:
        return None
    chosen = {name: str(query[name]) for name in FILTERS if query.get(name)}
    document = gather(cycle, filters.wave, language(), today, Choice(filters=chosen))
    found = card.find(document)
    return cards(document, found, found.table) if found and found.table else None


def cards(document: Document, found: Found, table: Table) -> Iterator[Composed]:
    table.cut(MOST)
    context = {"document": document, "found": found, "part": found.part, "table": table}
    client = document.cycle.client
    for size in SIZES:
        yield page("prioritization/report/one_card.html", client, {**context, "size": size})
    for rows in FEWER:
        table.cut(rows)
        yield page("prioritization/report/one_card.html", client, {**context, "size": SIZES[-1]})
