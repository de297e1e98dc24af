"""The matrix as a file of its own: an SVG. (cyclemap/png.py draws the same as PNG.)"""

from django.template.loader import render_to_string
from django.utils.html import escape

from cyclemap.svg import FONT, INK, SURFACE
from prioritization.chart import Scatter


def as_svg(chart: Scatter, title: str, about: str) -> str:
    context = {"chart": chart, "ident": "mx", "title": title, "about": about, "alone": True}
    drawn = render_to_string("prioritization/matrix.svg", context).strip()
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'


def empty(says: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" width="672" height="120" viewBox="0 0 672 120" '
        f'font-family="{FONT}" font-size="16"><rect width="672" height="120" fill="{SURFACE}"/>'
        f'<text x="24" y="66" fill="{INK}">{escape(says)}</text></svg>\n'
    )
