"""@Name in a comment: who is meant, of those who may see the client."""

import re
import unicodedata
from collections.abc import Iterable

from django.db.models import Q
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import Client, User


def people_of(client: Client) -> list[User]:
    """Who may see a client: those of the whole workspace, and those of this one client."""
    may_see = Q(memberships__client=None) | Q(memberships__client=client.pk)
    members = User.objects.filter(may_see, memberships__workspace=client.workspace_id, is_active=True)
    return list(members.order_by("name", "email").distinct())


def bare(text: str) -> str:
    """Without accents and capitals, every character in its place: @lucia is Lucía."""
    return "".join(unicodedata.normalize("NFD", char)[0].lower()[:1] or char for char in text)


def callings(people: Iterable[User]) -> dict[str, User]:
    """What a person may be called by: the whole name, the address, and a first name that only one has."""
    found: dict[str, User] = {}
    first: dict[str, list[User]] = {}
    for person in people:
        for name in (person.name, person.email, person.email.partition("@")[0]):
            if name.strip():
                found.setdefault(bare(" ".join(name.split())), person)
        if person.name.split():
            first.setdefault(bare(person.name.split()[0]), []).append(person)
    for name, named in first.items():
        if len(named) == 1:
            found.setdefault(name, named[0])
    return found


def pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """An @ that begins a word, and the longest name that fits and ends there."""
    ordered = sorted(names, key=len, reverse=True)
    return (
        re.compile(rf"(?<![\w@.])@({'|'.join(map(re.escape, ordered))})(?![\w@])(?!\.\w)")
        if ordered
        else None
    )


def mentioned(text: str, people: Iterable[User]) -> list[User]:
    """Each once, in the order in which they are called."""
    known = callings(people)
    found = pattern(known)
    return list({known[match[1]]: None for match in found.finditer(bare(text))}) if found else []


def with_names(text: str, people: Iterable[User]) -> SafeString:
    """The text of a comment for a page: escaped, its lines kept, who is called set off."""
    found = pattern(callings(people))
    pieces, end = [], 0
    for match in found.finditer(bare(text)) if found else ():
        pieces += [
            conditional_escape(text[end : match.start()]),
            format_html('<b class="at">{}</b>', text[match.start() : match.end()]),
        ]
        end = match.end()
    pieces.append(conditional_escape(text[end:]))
    whole = format_html_join("", "{}", ((piece,) for piece in pieces))
    broken: SafeString = linebreaks_filter(whole)
    return broken
