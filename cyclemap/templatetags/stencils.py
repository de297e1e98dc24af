"""`{% fill "cycles/_row.html" part.rows %}`: one template filled for each row, see cyclemap.stencil.

`{% fill "chart/_mark.svg" rows ident=ident %}` gives every row what they have in common, and without
rows, `{% fill "_key.html" %}`, a piece that is the same on every page is kept as it is.
"""

from collections.abc import Mapping

from django import template
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.context import Context

from cyclemap.stencil import fill_all

register = template.Library()


class Fill(template.Node):
    def __init__(self, name: str, rows: FilterExpression | None, common: dict[str, FilterExpression]) -> None:
        self.name, self.rows, self.common = name, rows, common

    def render(self, context: Context) -> str:
        row_template = context.template.engine.get_template(self.name)  # type: ignore[union-attr]
        rows = map(values, self.rows.resolve(context)) if self.rows else ({},)
        common = {name: value.resolve(context) for name, value in self.common.items()}
        return fill_all(row_template, rows, common)


def values(row: object) -> Mapping[str, object]:
    """A row is a mapping or a plain object, whose fields it is then."""
    return row if isinstance(row, Mapping) else vars(row)


@register.tag("fill")
def fill_rows(parser: Parser, token: Token) -> Fill:
    _fill, name, *rest = token.split_contents()
    rows = parser.compile_filter(rest.pop(0)) if rest and "=" not in rest[0] else None
    return Fill(name.strip('"'), rows, token_kwargs(rest, parser))
