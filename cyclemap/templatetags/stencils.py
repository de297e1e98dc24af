"""`{% fill "cycles/_row.html" part.rows %}`: one template filled for each row, see cyclemap.stencil."""

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context

from cyclemap.stencil import fill

register = template.Library()


class Fill(template.Node):
    def __init__(self, name: str, rows: FilterExpression) -> None:
        self.name, self.rows = name, rows

    def render(self, context: Context) -> str:
        row_template = context.template.engine.get_template(self.name)  # type: ignore[union-attr]
        return "".join(fill(row_template, row) for row in self.rows.resolve(context))


@register.tag("fill")
def fill_rows(parser: Parser, token: Token) -> Fill:
    _fill, name, rows = token.split_contents()
    return Fill(name.strip('"'), parser.compile_filter(rows))
