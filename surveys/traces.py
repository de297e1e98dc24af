"""What people wrote about a person outside of the survey's tables: in the plan, in remarks, in their history.

A contact's address is found wherever it stands; the name where it has two words or more, for "Ana" alone
would take out half a text; and what the contact wrote, where somebody copied it. Written with other accents
or in capitals it is the same. What is found is blacked out, and the text around it stays.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.module_loading import import_string

from cyclemap.folding import TABLE
from cycles.models import Cycle, OwnTemplate
from surveys.models import Case, CaseStep, Response, Visit
from surveys.visits.hidden import BLACK

EVERY = Q()

# Shorter than this, what somebody wrote is what anybody may have written.
SHORTEST_PHRASE = 20
SHORTEST_NAME = 6
# Choices of a list: changed they would mean nothing.
NO_WORDS = frozenset({"filters", "sections"})
# Written by the client's team about cases and visits, of whomever they are.
NOTED: dict[type[models.Model], tuple[str, ...]] = {
    Case: ("title", "description", "notice_text"),
    CaseStep: ("text",),
    Visit: ("scenario", "notes"),
}


@dataclass
class Person:
    """Whom to look for; and, once it was looked, in what they were found."""

    client: int
    email: str
    name: str
    written: Collection[str] = ()
    responses: Collection[int] = ()
    # Only count, for whoever is about to decide.
    looks_only: bool = False
    # In whose files the person may stand.
    cycles: set[int] = field(default_factory=set)
    texts: int = 0
    files: int = 0
    lists: int = 0

    @cached_property
    def names(self) -> list[str]:
        """What stands for nobody else; a shopper may have neither an address nor a second name."""
        name = " ".join(self.name.split())
        return [*filter(None, [self.email]), *([name] if " " in name and len(name) >= SHORTEST_NAME else [])]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        said = [*self.names, *(text for text in self.written if len(text) >= SHORTEST_PHRASE)]
        phrases = (r"\s+".join(re.escape(word) for word in level(one).split()) for one in said)
        longest_first = sorted(filter(None, phrases), key=len, reverse=True)
        return re.compile("|".join(rf"(?<!\w){phrase}(?!\w)" for phrase in longest_first))

    def without(self, value: Any) -> Any:
        """A text without them, or everything in a list or table of texts."""
        if isinstance(value, str):
            return self._blacked(value)
        if isinstance(value, list):
            return [self.without(one) for one in value]
        if isinstance(value, dict):
            return {key: told if key in NO_WORDS else self.without(told) for key, told in value.items()}
        return value

    def _blacked(self, text: str) -> str:
        composed = unicodedata.normalize("NFC", text)
        found = list(self.pattern.finditer(level(composed)))
        for match in reversed(found):
            composed = composed[: match.start()] + BLACK + composed[match.end() :]
        return composed if found else text


def level(text: str) -> str:
    """Without case and accents, letter for letter: a place in it is the same place in the composed text."""
    text = unicodedata.normalize("NFC", text).translate(TABLE)
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[:1] for char in text)


def take_out(person: Person) -> None:
    """Black out what was written about the person, and throw away the files they may stand in."""
    if not person.names:
        return
    for model in apps.get_app_config("cycles").get_models():
        if hasattr(model, "client_path"):
            take_out_of(person, model, texts_of(model))
    take_out_of(person, OwnTemplate, texts_of(OwnTemplate), path="workspace__clients")
    for model, names in NOTED.items():
        take_out_of(person, model, names)
    named = (Q(comment__icontains=name) for name in person.names)
    take_out_of(person, Response, ["comment"], where=reduce(or_, named) & ~Q(pk__in=person.responses))
    for path in settings.PERSON_ERASED:
        forget: Callable[[Person], None] = import_string(path)
        forget(person)


def texts_of(model: type[models.Model]) -> list[str]:
    """The fields of a model that hold words of people: no choices, no names of files."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    held = (one for one in model._meta.concrete_fields if isinstance(one, kinds) and not one.choices)
    return [one.name for one in held]


def take_out_of(
    person: Person, model: type[models.Model], names: Iterable[str], *, path: str = "", where: Q = EVERY
) -> None:
    """Every text is compared here and not in the database: so JSON and accents are the same in each."""
    fields = list(names)
    path = path or str(model.client_path)  # type: ignore[attr-defined]
    cycle: Any = Value(None, models.BigIntegerField())
    if model is Cycle:
        cycle = F("pk")
    elif path.endswith("cycle__client"):
        cycle = F(path.removesuffix("__client"))
    rows = model._base_manager.filter(where, **{path: person.client}).order_by("pk")
    changed: dict[Any, dict[str, Any]] = {}
    for key, of_cycle, *values in rows.values_list("pk", cycle, *fields).iterator(chunk_size=500):
        without = [person.without(value) for value in values]
        if without != values:
            pairs = zip(fields, values, without, strict=True)
            changed[key] = {name: new for name, old, new in pairs if new != old}
            person.cycles.add(of_cycle)
    person.texts += sum(map(len, changed.values()))
    if not person.looks_only:
        for key, told in changed.items():
            model._base_manager.filter(pk=key).update(**told)
