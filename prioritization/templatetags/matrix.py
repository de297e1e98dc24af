"""`{{ chart|parts }}`, `{{ group.rows|lines:board.chosen }}`: the rows that stencils of the matrix take."""

from django import template

from prioritization import printed

register = template.Library()
register.filter("parts", printed.parts)
register.filter("lines", printed.lines)
