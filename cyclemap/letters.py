"""The HTML part of a mail to a member, with its styles put where mail programs read them: at each element."""

from collections.abc import Mapping

from css_inline import CSSInliner
from django.template.loader import render_to_string

# Media queries stay in the head; nothing is fetched from anywhere.
_inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def html_of(template: str, context: Mapping[str, object]) -> str:
    """`template` extends mail/letter.html. Few mails: drawn and inlined each time."""
    return inlined(render_to_string(template, dict(context)))


def inlined(html: str) -> str:
    return _inliner.inline(html)
