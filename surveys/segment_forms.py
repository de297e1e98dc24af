"""A segment as a form: one block an attribute, then language, date of the service, and what was asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Client
from cyclemap.text import unprintable
from surveys.attributes import ATTRIBUTES, Facet, facets
from surveys.contact_look import language_name
from surveys.models import Contact, Segment, Wave
from surveys.recipients import MAX_LENGTH
from surveys.segments import Asked, Rule, waves_of
from surveys.wording import OWN_NAMES

IS, IS_NOT = "is", "is_not"
MAX_VALUES = 200
MAX_DAYS = 3650
NAME_LENGTH = Segment._meta.get_field("name").max_length or 80


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Block:
    """One attribute with its values as check boxes, and a line for values that are not shown."""

    number: int
    name: str
    how: str
    choices: list[Choice]
    more: str
    n_more: int

    @property
    def is_open(self) -> bool:
        return bool(self.more) or any(choice.chosen for choice in self.choices)


class SegmentForm:
    """What was chosen, as rules; `errors` by field, everything typed kept."""

    def __init__(self, client: Client, segment: Segment | None = None, data: QueryDict | None = None) -> None:
        self.client, self.segment, self.data = client, segment, data
        self.errors: dict[str, str] = {}
        self.facets = facets(client)
        self.waves = list(waves_of(client)[:50])
        self.name = str(segment) if segment else ""
        self.rules: list[dict[str, Any]] = [dict(rule) for rule in segment.rules] if segment else []
        self.days = ""
        if data is not None:
            self.name = data.get("name", "").strip()[: NAME_LENGTH + 1]
            self.rules = self._read(data)

    # --- Reading ---------------------------------------------------------------------------------

    def _read(self, data: QueryDict) -> list[dict[str, Any]]:
        rules = [rule for number in range(ATTRIBUTES) if (rule := self._attribute(data, number))]
        languages = [code for code in data.getlist("language") if re.fullmatch(r"[a-z]{2,3}|", code)]
        if languages:
            rules.append({"language": languages[:MAX_VALUES]})
        rules += self._service(data)
        wave, asked = data.get("wave", ""), data.get("asked", "")
        known = {str(one.pk): one.pk for one in self.waves}
        if (wave or asked) and (wave not in known or asked not in Asked.values):
            self.errors["wave"] = _("Choose a wave of the list, and what the contact has to do with it.")
        elif wave:
            rules.append({"wave": known[wave], "is": asked})
        return rules

    def _attribute(self, data: QueryDict, number: int) -> dict[str, Any] | None:
        name = data.get(f"attribute_{number}", "")
        told = [*data.getlist(f"value_{number}")]
        told += [value.strip() for value in data.get(f"more_{number}", "").split(",") if value.strip()]
        values = list(dict.fromkeys(told))[:MAX_VALUES]
        if not name or not values:
            return None
        if unprintable("".join([name, *values])) or max(map(len, [name, *values])) > MAX_LENGTH:
            self.errors["attributes"] = _("A value is too long or holds an invisible character.")
            return None
        how = IS_NOT if data.get(f"how_{number}") == IS_NOT else IS
        return {"attribute": name, how: values}

    def _service(self, data: QueryDict) -> list[dict[str, Any]]:
        rules: list[dict[str, Any]] = []
        self.days = data.get("service_days", "").strip()[:10]
        if self.days:
            if self.days.isdecimal() and 0 < int(self.days) <= MAX_DAYS:
                rules.append({"service_days": int(self.days)})
            else:
                self.errors["service_days"] = _("A number of days from 1 to %(limit)d.") % {"limit": MAX_DAYS}
        within = {}
        for name in ("service_from", "service_to"):
            if told := data.get(name, "").strip():
                within[name] = self._day(name, told)
        if within and all(within.values()):
            if within.get("service_from", "") > within.get("service_to", "9999"):
                self.errors["service_to"] = _("The last day is before the first.")
            rules.append(within)
        return rules

    def _day(self, name: str, told: str) -> str:
        try:
            return date.fromisoformat(told[:10]).isoformat()
        except ValueError:
            self.errors[name] = _("This is not a date.")
            return ""

    def is_valid(self) -> bool:
        if not self.name:
            self.errors["name"] = _("Give the segment a name.")
        elif len(self.name) > NAME_LENGTH or unprintable(self.name):
            self.errors["name"] = _("A name has at most %(limit)d characters, all of them visible.") % {
                "limit": NAME_LENGTH
            }
        elif self._is_taken():
            self.errors["name"] = _("There is a segment of that name already.")
        if not self.rules and not self.errors:
            self.errors["attributes"] = _("Choose at least one rule: without one it is everybody.")
        return not self.errors

    def _is_taken(self) -> bool:
        others = Segment.objects.filter(client=self.client, deleted_at=None, name=self.name)
        return others.exclude(pk=self.segment.pk if self.segment else 0).exists()

    # --- Showing ---------------------------------------------------------------------------------

    def _rule(self, key: str) -> Rule:
        return next((rule for rule in self.rules if key in rule), {})

    @property
    def blocks(self) -> list[Block]:
        named = {rule["attribute"]: rule for rule in self.rules if "attribute" in rule}
        known = {facet.name: facet for facet in self.facets}
        # A segment may name an attribute that no contact has any more.
        gone = [Facet(name, [], 0) for name in named if name not in known]
        shown = [*known.values(), *gone][:ATTRIBUTES]
        return [_block(number, facet, named.get(facet.name, {})) for number, facet in enumerate(shown)]

    @property
    def languages(self) -> list[Choice]:
        chosen = self._rule("language").get("language", [])
        there = Contact.objects.filter(client=self.client).order_by("language")
        codes = {*there.values_list("language", flat=True).distinct(), *chosen}
        # As everywhere: those that ship in their order, then the others; at the end who has none.
        order = [*OWN_NAMES, *sorted(codes - {*OWN_NAMES, ""}), ""]
        return [
            Choice(code, language_name(code) if code else _("Not known"), None, code in chosen)
            for code in order
            if code in codes
        ]

    @property
    def service_from(self) -> str:
        return self._typed("service_from")

    @property
    def service_to(self) -> str:
        return self._typed("service_to")

    @property
    def service_days(self) -> str:
        return self.days or str(self._rule("service_days").get("service_days", ""))

    def _typed(self, name: str) -> str:
        return self.data.get(name, "")[:20] if self.data else str(self._rule(name).get(name, ""))

    @property
    def wave_choices(self) -> list[tuple[Wave, bool]]:
        chosen = self._rule("wave").get("wave")
        return [(wave, wave.pk == chosen) for wave in self.waves]

    @property
    def asked_choices(self) -> list[tuple[str, str, bool]]:
        chosen = self._rule("wave").get("is") or (self.data.get("asked") if self.data else "")
        return [(value, str(label), value == chosen) for value, label in Asked.choices]


def _block(number: int, facet: Facet, rule: Mapping[str, Any]) -> Block:
    chosen = rule.get(IS) or rule.get(IS_NOT) or []
    shown = [value for value, _count in facet.values]
    choices = [Choice(value, value, count, value in chosen) for value, count in facet.values]
    choices.append(Choice("", _("Nothing known"), None, "" in chosen))
    others = [value for value in chosen if value and value not in shown]
    how = IS_NOT if rule.get(IS_NOT) else IS
    return Block(number, facet.name, how, choices, ", ".join(others), facet.n_more)
