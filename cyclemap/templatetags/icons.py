"""`{% icon "plus" %}`: a symbol of static/icons.svg, decoration unless it has a label."""

import re
from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    href = f"{static('icons.svg')}#i-{name}"
    css = f"ic {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


@register.simple_tag
def symbols(names: str) -> SafeString:
    """`{% symbols "pen up" %}`: drawn once in the page, for `{% mark "pen" %}` in each of its many rows."""
    return _symbols(names)


@register.simple_tag
def mark(name: str) -> SafeString:
    """As `icon`, in fewer letters: what a page says sixty times over it should say shortly."""
    return format_html('<svg class="ic" aria-hidden="true"><use href="#{}"/></svg>', name)


@cache
def _symbols(names: str) -> SafeString:
    """Of one path each; another kind would be an error here."""
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text(encoding="utf-8")
    paths = dict(re.findall(r'<symbol id="i-(\w+)" viewBox="0 0 16 16"><path d="([^"]+)"/></symbol>', sprite))
    inside = format_html_join(
        "",
        '<symbol id="{}" viewBox="0 0 16 16"><path d="{}"/></symbol>',
        ((name, paths[name]) for name in names.split()),
    )
    return format_html('<svg hidden aria-hidden="true">{}</svg>', inside)
