"""`{% term "gap" %}`: a ? beside the word; `{% terms %}` once a page: what those say, in the top layer.

Popovers of the browser: no script, closed by Escape or a click beside. They stand outside of what is swapped.
"""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from prioritization.explained import BY_KEY

register = template.Library()


@register.simple_tag
def term(key: str) -> SafeString:
    return format_html(
        '<button type="button" class="q" popovertarget="term-{}" aria-label="{}">?</button>',
        key,
        _("What is this: %(term)s") % {"term": BY_KEY[key].name},
    )


@register.simple_tag
def computed(key: str) -> SafeString:
    """The way from a help text to how it is computed."""
    return format_html(
        '<a href="{}#{}">{}<span class="sr">: {}</span></a>',
        reverse("help_statistics"),
        BY_KEY[key].key,
        _("How it is computed"),
        BY_KEY[key].name,
    )


@register.simple_tag
def terms(*keys: str) -> SafeString:
    return format_html_join(
        "\n",
        '<div id="term-{}" class="term" popover role="note"><p><b>{}</b></p><p>{}</p><p>{}</p></div>',
        ((key, BY_KEY[key].name, BY_KEY[key].short, computed(key)) for key in keys),
    )
