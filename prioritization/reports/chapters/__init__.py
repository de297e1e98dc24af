"""The chapters a report may have, each in a module of its own, in the order in which they usually stand.

A chapter says what it found and with what, or that it has nothing to say. Another one is a module with a
`CHAPTER`, a template `prioritization/report/_<key>.html` and a line here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from prioritization.reports.document import Document
from prioritization.reports.tables import Table


@dataclass(frozen=True)
class Found:
    """`title` stands in the contents, `finding` over the page; `part` is for the template alone."""

    title: str
    finding: str
    part: dict[str, Any] = field(default_factory=dict)
    table: Table | None = None


@dataclass(frozen=True)
class Chapter:
    """`name` as the composer calls it. `find` answers None where there is nothing to say."""

    key: str
    name: str | Promise
    find: Callable[[Document], Found | None]
