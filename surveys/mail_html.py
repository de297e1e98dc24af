"""The HTML part: drawn and its styles inlined once for every mail of the same shape, then filled in.

Mail programs read styles best where they stand at each element, and putting them there is far more
work than a mail. So the template is rendered with marks in place of all that is said, and what comes
out is kept as a format string: its shape depends on how many paragraphs and scores there are, on
nothing that anybody wrote.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string

from cyclemap.letters import inlined

MARK = re.compile("\ue000(\\w+)\ue001")  # code points for private use; each is filled in, none is left
# What stands once in every mail.
SAID = (
    "language", "direction", "subject", "brand", "hello", "question", "score_url", "ends", "score_hint",
    "survey_url", "button", "until", "privacy", "copy", "unsubscribe_url", "no_more",
)  # fmt: skip


def html(said: Mapping[str, str], paragraphs: Sequence[str], scores: Sequence[tuple[str, str]]) -> str:
    """`scores` are numbers to press and how each is read aloud; without any the mail asks for none."""
    values = {name: escape(said.get(name, "")) for name in SAID}
    values |= {f"p{n}": escape(text).replace("\n", "<br>") for n, text in enumerate(paragraphs)}
    for n, (value, spoken) in enumerate(scores):
        values |= {f"v{n}": escape(value), f"s{n}": escape(spoken)}
    return shape(len(paragraphs), len(scores)).format_map(values)


@lru_cache(maxsize=256)
def shape(paragraphs: int, scores: int) -> str:
    context: dict[str, object] = {name: _mark(name) for name in SAID}
    context["paragraphs"] = [_mark(f"p{n}") for n in range(paragraphs)]
    context["scores"] = [{"value": _mark(f"v{n}"), "spoken": _mark(f"s{n}")} for n in range(scores)]
    drawn = render_to_string("surveys/mail/invitation.html", context)
    return MARK.sub(r"{\1}", inlined(drawn).replace("{", "{{").replace("}", "}}"))


def _mark(name: str) -> str:
    return f"\ue000{name}\ue001"
