"""`{{ chart|parts }}`, `{{ group.rows|lines:board.chosen }}`: the rows that stencils of the matrix take."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from prioritization import printed
from prioritization.chart import Scatter

register = template.Library()


@register.simple_tag
def drawing(chart: Scatter, ident: str, title: str, about: str) -> SafeString:
    return printed.on_page(chart, ident, title, about, get_language() or "")


register.filter("parts", printed.parts)
register.filter("lines", printed.lines)
