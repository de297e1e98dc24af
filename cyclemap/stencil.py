"""Rows of a long list: the template is rendered once, then filled for each row.

A stencil is a template rendered with marks in place of the values: what is the same in all rows
(labels, icons, conditions) is worked out once for all rows of a kind. The template may print the
values of a row, which are escaped as ever, and ask whether they are there: False, None and "" are not.
A stencil sees neither the request nor the page, so it can be kept: nothing of a person is in it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape

from django.template import Context, Template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Row = Mapping[str, object]

MARK = re.compile("\ue000(\\w+)\ue001")  # code points for private use: no text has them


@lru_cache(maxsize=1024)
def cut(template: Template, language: str | None, present: tuple[str, ...]) -> str:
    """The template as a format string, for rows that have these values and no others."""
    marks = {name: f"\ue000{name}\ue001" for name in present}
    text = template.render(Context(marks))
    return MARK.sub(r"{\1}", text.replace("{", "{{").replace("}", "}}"))


def fill(template: Template, row: Row) -> str:
    return fill_all(template, [row])


def fill_all(template: Template, rows: Iterable[Row], common: Row | None = None) -> str:
    """All rows, one after the other; `common` are values that every row has."""
    language = get_language()
    shared = printed(common) if common else {}
    filled = []
    for row in rows:
        there = {**shared, **printed(row)}
        filled.append(cut(template, language, tuple(there)).format_map(there))
    return "".join(filled)


def printed(row: Row) -> dict[str, str]:
    """The values that are there, as a template prints them. Numbers, most of a drawing, need no escaping."""
    return {
        name: value
        if isinstance(value, SafeString)
        else str(value)
        if isinstance(value, int | float)
        else escape(str(value))
        for name, value in row.items()
        if value is not False and value is not None and value != ""
    }
