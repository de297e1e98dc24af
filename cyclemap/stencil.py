"""Rows of a long list: the template is rendered once, then filled for each row.

A stencil is a template rendered with marks in place of the values: what is the same in all rows
(labels, icons, conditions) is worked out once for all rows of a kind. The template may print the
values of a row, which are escaped as ever, and ask whether they are there: False, None and "" are not.
A stencil sees neither the request nor the page, so it can be kept: nothing of a person is in it.
"""

import re
from collections.abc import Mapping
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
    there = {name: value for name, value in row.items() if value is not False and value not in (None, "")}
    form = cut(template, get_language(), tuple(there))
    return form.format_map({name: printed(value) for name, value in there.items()})


def printed(value: object) -> str:
    """As a template prints it."""
    return value if isinstance(value, SafeString) else escape(str(value))
