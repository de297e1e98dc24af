"""Find: cycles, moments, requirements and actions of a workspace by what is written in them.

Every word must be there, in any order and in any language of the text; case and accents do not matter.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cyclemap.folding import Folded, fold
from cycles.library import MOMENT_TEXTS
from cycles.models import Action, Cycle, Indicator, Moment, Requirement, ServiceLevel

LONGEST = 100
LEAST = 2
MOST_WORDS = 6
# Of each kind.
SHOWN = 20
AROUND = 50

Bits = list[tuple[str, bool]]  # a piece of text, and whether it was looked for


@dataclass(frozen=True)
class Found:
    title: Bits
    where: str
    url: str
    excerpt: Bits


@dataclass(frozen=True)
class Group:
    label: str | Promise
    found: list[Found]
    more: bool


@dataclass(frozen=True)
class Place:
    """One kind of thing: where it is written, and where it is read."""

    label: str | Promise
    model: type[Model]
    fields: tuple[str, ...]  # the name first
    alive: dict[str, None]
    beside: tuple[str, ...]
    where: Callable[[Any], str]
    url: Callable[[Membership, Any], str]
    beyond: Q | None = None  # what else has to hold


NOT_OF_A_BINNED_MOMENT = Q(moment=None) | Q(moment__deleted_at=None)


def path(*things: object) -> str:
    return " / ".join(map(str, things))


PLACES = (
    Place(
        _("Cycles"),
        Cycle,
        ("name", "persona", "description"),
        {},
        ("client",),
        lambda cycle: str(cycle.client),
        lambda membership, cycle: membership.url("cycles:map", cycle.pk),
    ),
    Place(
        _("Moments"),
        Moment,
        MOMENT_TEXTS,
        {"deleted_at": None, "stage__deleted_at": None},
        ("stage__cycle__client",),
        lambda moment: path(moment.stage.cycle.client, moment.stage.cycle, moment.stage),
        lambda membership, moment: (
            f"{membership.url('cycles:map', moment.stage.cycle_id)}?moment={moment.pk}"
        ),
    ),
    Place(
        _("Requirements"),
        Requirement,
        ("name", "minimum", "desired", "measure"),
        {"deleted_at": None, "moment__deleted_at": None, "moment__stage__deleted_at": None},
        ("moment__stage__cycle__client",),
        lambda one: path(one.moment.stage.cycle.client, one.moment.stage.cycle, one.moment),
        lambda membership, one: (
            f"{membership.url('cycles:requirements', one.moment.stage.cycle_id)}"
            f"?moment={one.moment_id}#r{one.pk}"
        ),
    ),
    Place(
        _("Actions"),
        Action,
        ("name", "description", "owner"),
        {"deleted_at": None},
        ("plan__cycle__client",),
        lambda action: path(action.plan.cycle.client, action.plan.cycle, action.code),
        lambda membership, action: membership.url("cycles:action", action.pk),
    ),
    Place(
        _("Service levels"),
        ServiceLevel,
        ("name", "applies_to", "responsible", "terms", "provider", "customer"),
        {"deleted_at": None},
        ("cycle__client",),
        lambda level: path(level.cycle.client, level.cycle),
        lambda membership, level: membership.url("cycles:level", level.pk),
        NOT_OF_A_BINNED_MOMENT,
    ),
    Place(
        _("Indicators"),
        Indicator,
        ("name", "responsible"),
        {"deleted_at": None},
        ("cycle__client",),
        lambda indicator: path(indicator.cycle.client, indicator.cycle),
        lambda membership, indicator: membership.url("cycles:indicator", indicator.pk),
        NOT_OF_A_BINNED_MOMENT & (Q(stage=None) | Q(stage__deleted_at=None)),
    ),
)


def words_of(query: str) -> list[str]:
    """What is looked for: the longest say most, so they are asked first."""
    words = dict.fromkeys(fold(query[:LONGEST]).replace("\x00", " ").split())
    return sorted(words, key=len, reverse=True)[:MOST_WORDS]


def search(membership: Membership, query: str) -> list[Group]:
    """One query a kind. Only what this member may see."""
    words = words_of(query)
    if sum(map(len, words)) < LEAST:
        return []
    return [group for place in PLACES if (group := look(membership, place, words, query)).found]


def look(membership: Membership, place: Place, words: Sequence[str], query: str) -> Group:
    rows = list(matching(membership, place, words, query)[: SHOWN + 1])
    return Group(
        place.label, [found(membership, place, row, words) for row in rows[:SHOWN]], len(rows) > SHOWN
    )


def matching(membership: Membership, place: Place, words: Sequence[str], query: str) -> QuerySet[Any]:
    """Those whose name begins so come first, then those of that name, then the rest."""
    rows: QuerySet[Any] = membership.reach(place.model).filter(place.beyond or Q(), **place.alive)
    rows = rows.select_related(*place.beside)
    names = (KT(f"translations__{code}__name") for code, _name in settings.LANGUAGES)
    written = Folded(*place.fields, translations="translations")
    rows = rows.alias(written=written, called=Folded("name", *names))
    for word in words:
        rows = rows.filter(written__contains=word)
    named = {"called__contains": words[0]}
    begins = {"called__startswith": " ".join(fold(query[:LONGEST]).split())}
    rank = Case(When(**begins, then=Value(0)), When(**named, then=Value(1)), default=Value(2))
    return rows.order_by(rank, "name", "pk")


# --- What was found ------------------------------------------------------------------------------


def found(membership: Membership, place: Place, row: Any, words: Sequence[str]) -> Found:
    title = row.text("name")
    left = [word for word in words if word not in fold(title)]
    return Found(
        marked(title, words),
        place.where(row),
        place.url(membership, row),
        excerpt(row, place.fields, left) if left else [],
    )


def excerpt(row: Any, fields: Sequence[str], words: Sequence[str]) -> Bits:
    """The words around the first of those that the title does not have."""
    for text in spoken(row, fields):
        spans = spans_of(text, words)
        if spans:
            start, end = max(0, spans[0][0] - AROUND), min(len(text), spans[0][1] + AROUND)
            # Whole words at both ends.
            while 0 < start < spans[0][0] and not text[start - 1].isspace():
                start += 1
            while spans[0][1] < end < len(text) and not text[end].isspace():
                end -= 1
            before, after = "… " if start else "", " …" if end < len(text) else ""
            return [(before, False), *marked(" ".join(text[start:end].split()), words), (after, False)]
    return []


def spoken(row: Any, fields: Sequence[str]) -> Iterator[str]:
    """As the reader sees it, then as it is written in any language: a word may be in one only."""
    for name in fields[1:]:
        yield row.text(name)
    for name in fields:
        yield getattr(row, name)
        yield from (str(said.get(name, "")) for said in row.translations.values())


def marked(text: str, words: Sequence[str]) -> Bits:
    bits: Bits = []
    at = 0
    for start, end in spans_of(text, words):
        bits += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [bit for bit in [*bits, (text[at:], False)] if bit[0]]


def spans_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand, in order and without overlap; folding may make a text shorter or longer."""
    folded, origin = "", []
    for place, char in enumerate(text):
        plain = fold(char)
        folded += plain
        origin += [place] * len(plain)
    spans = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            spans.append((origin[at], origin[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
