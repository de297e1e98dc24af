"""Named versions of a cycle: freeze it, copy it, lay two side by side."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from cycles.document import LINKS, Document, cycle_from, document_of, rooted
from cycles.models import Cycle, Version

# How an entry that is there, and not there before, is told.
ADDED, REMOVED, MOVED, CHANGED = "added", "removed", "moved", "changed"


def fingerprint_of(name: str, document: Document) -> str:
    said = json.dumps([name, document], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def freeze(cycle: Cycle, name: str, author: User) -> Version:
    """The cycle as it is now, under a name; asked for twice it is one."""
    document = document_of(cycle, rooted())
    fingerprint = fingerprint_of(name, document)
    known = Version.objects.filter(cycle=cycle, fingerprint=fingerprint, deleted_at=None)
    try:
        with transaction.atomic():
            return known.first() or Version.objects.create(
                cycle=cycle, name=name, document=document, fingerprint=fingerprint, author=str(author)[:120]
            )
    except IntegrityError:  # the other click was faster
        return known.get()


def copied(cycle: Cycle, document: Document, name: str) -> Cycle:
    """A new cycle of the same client; each thing remembers what it was copied from."""
    translations = {
        language: {field: text for field, text in texts.items() if field != "name"}
        for language, texts in document.get("translations", {}).items()
    }
    return cycle_from(document, cycle.client, copy=True, name=name, translations=translations)


# --- Two side by side ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """What became of one thing."""

    kind: str
    key: str
    what: tuple[str, ...]  # added, removed, moved, changed: a thing can be moved and changed
    before: Document | None
    after: Document | None
    number: tuple[int | None, int | None]  # its place in either
    home: tuple[str, str]  # the key of what it belongs to in either
    fields: tuple[Field, ...]

    @property
    def entry(self) -> Document:
        return self.after or self.before or {}


@dataclass(frozen=True)
class Placed:
    entry: Document
    number: int
    home: str


# What is compared thing by thing; the lists of a document beside the map.
KINDS = ("stage", "moment", "requirement", "action", "service_level", "indicator")
LISTS = {"service_level": "service_levels", "indicator": "indicators"}


def compare(before: Document, after: Document) -> dict[str, list[Difference]]:
    """By kind, in the order of the later one, what is gone where it was. Things are told by their keys."""
    found = {}
    for kind in KINDS:
        old, new = things(before, kind), things(after, kind)
        stayed = [key for key in new if key in old]
        stepped = out_of_order([old[key] for key in stayed], [new[key] for key in stayed], kind, stayed)
        differences = [difference(kind, key, old.get(key), new.get(key), key in stepped) for key in new]
        differences += [difference(kind, key, old[key], None, False) for key in old if key not in new]
        changed = [one for one in differences if one.what]
        found[kind] = sorted(changed, key=lambda one: (one.number[1] or one.number[0] or 0, one.key))
    own = difference("cycle", "c", Placed(before, 1, ""), Placed(after, 1, ""), False)
    return {"cycle": [own] if own.what else [], **found}


def things(document: Document, kind: str) -> dict[str, Placed]:
    """By key, each with its place: moments around the wheel, the others within what they belong to."""
    return {entry["key"]: Placed(entry, number, home) for number, home, entry in walk(document, kind)}


def walk(document: Document, kind: str) -> Iterator[tuple[int, str, Document]]:
    stages = document.get("stages", [])
    moments = [(stage["key"], moment) for stage in stages for moment in stage.get("moments", [])]
    if kind == "stage":
        yield from ((at, "", stage) for at, stage in enumerate(stages, 1))
    elif kind == "moment":
        yield from ((at, home, moment) for at, (home, moment) in enumerate(moments, 1))
    elif kind == "requirement":
        for _, moment in moments:
            for at, need in enumerate(moment.get("requirements", []), 1):
                yield at, moment["key"], need
    elif kind in LISTS:
        yield from ((at, "", one) for at, one in enumerate(document.get(LISTS[kind], []), 1))
    else:
        for plan in document.get("plans", []):
            for action in plan.get("actions", []):
                yield action.get("number", 0), plan["key"], action


def out_of_order(old: list[Placed], new: list[Placed], kind: str, keys: list[str]) -> set[str]:
    """Which things moved: those in another home, and the fewest whose going explains the new order."""
    if kind == "action" or kind in LISTS:  # numbered for good, or in no order of their own
        return set()
    elsewhere = {key for key, one, two in zip(keys, old, new, strict=True) if one.home != two.home}
    stepped = set(elsewhere)
    homes: dict[str, list[tuple[int, str]]] = {}
    for key, one, two in zip(keys, old, new, strict=True):
        if key not in elsewhere:
            homes.setdefault(two.home, []).append((one.number, key))
    for run in homes.values():
        kept = longest_rise([number for number, _ in run])
        stepped.update(key for at, (_, key) in enumerate(run) if at not in kept)
    return stepped


def longest_rise(numbers: list[int]) -> set[int]:
    """The places of a longest rising run within the numbers."""
    best: list[tuple[int, int]] = []  # of the run that ends here: its length, the place before
    for at, number in enumerate(numbers):
        earlier = [(best[b][0], b) for b in range(at) if numbers[b] < number]
        length, before = max(earlier, default=(0, -1))
        best.append((length + 1, before))
    kept: set[int] = set()
    at = max(range(len(best)), key=lambda place: best[place][0], default=-1)
    while at >= 0:
        kept.add(at)
        at = best[at][1]
    return kept


APART = {"key", "format", "stages", "moments", "requirements", "plans", "actions", *LISTS.values()}


def difference(kind: str, key: str, old: Placed | None, new: Placed | None, stepped: bool) -> Difference:
    fields = tuple(fields_between(kind, old.entry, new.entry)) if old and new else ()
    what = [ADDED] if old is None else [REMOVED] if new is None else []
    what += [MOVED] if stepped else []
    what += [CHANGED] if fields else []
    return Difference(
        kind=kind,
        key=key,
        what=tuple(what),
        before=old.entry if old else None,
        after=new.entry if new else None,
        number=(old.number if old else None, new.number if new else None),
        home=(old.home if old else "", new.home if new else ""),
        fields=fields,
    )


def fields_between(kind: str, old: Document, new: Document) -> Iterator[Field]:
    ties: Iterable[str] = LINKS if kind == "action" else ()
    for name in dict.fromkeys([*old, *new]):
        if (name not in APART or name in ties) and old.get(name) != new.get(name):
            yield Field(name, old.get(name), new.get(name))
