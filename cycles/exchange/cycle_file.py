"""A JSON file to a document that `cycle_from` may take as it is; or what is wrong with it, and where."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import models
from django.utils.translation import gettext as _

from cyclemap.faults import Faults, refuse
from cyclemap.sheets import MEGABYTE
from cyclemap.text import unprintable
from cycles.choices import Channel
from cycles.document import FORMAT, Document, fields_of
from cycles.exchange.agreed_file import check_agreed
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage

MAX_BYTES = 5 * MEGABYTE
# Of each kind, far above any map that can be read.
MOST = {
    "stages": 12,
    "moments": 500,
    "requirements": 5000,
    "plans": 50,
    "actions": 2000,
    "service_levels": 1000,
    "indicators": 1000,
}
MOST_KEY = 80


def read_document(file: File) -> Document:
    """FileFaultError: too large, not JSON, not a cycle, or something in it that no cycle can hold."""
    if (file.size or 0) > MAX_BYTES:
        raise refuse(_("The file is larger than %d MB.") % (MAX_BYTES // MEGABYTE))
    data = file.read(MAX_BYTES + 1)
    if not data.strip():
        raise refuse(_("The file is empty."))
    document = parsed(data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise refuse(_("This is not a cycle of Cyclemap: its format should be %s.") % FORMAT)
    check = Check()
    check.document(document)
    check.faults.check()
    return document


def parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise refuse(_("The file is not JSON in UTF-8.")) from error
    except json.JSONDecodeError as error:
        raise refuse(_("The file is not JSON: %s") % error.msg, error.lineno, str(error.colno)) from error
    except RecursionError as error:
        raise refuse(_("The file is nested too deeply.")) from error
    except ValueError as error:  # a number of thousands of digits, or none at all
        raise refuse(_("The file holds a number that no cycle can hold.")) from error


def no_number(text: str) -> None:
    raise ValueError(text)


@dataclass
class Check:
    """Every fault is told, with the way to it: stages[2].moments[0].name."""

    faults: Faults = field(default_factory=Faults)
    keys: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in MOST})
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MOST, 0))

    def say(self, where: str, text: str) -> None:
        self.faults.add(f"{where}: {text}")

    def document(self, document: Document) -> None:
        self.values(Cycle, document, "cycle")
        for stage, at in self.entries(document, "stages", ""):
            self.values(Stage, stage, at)
            for moment, m_at in self.entries(stage, "moments", f"{at}."):
                self.values(Moment, moment, m_at)
                self.channels(moment, m_at)
                for requirement, r_at in self.entries(moment, "requirements", f"{m_at}."):
                    self.values(Requirement, requirement, r_at)
                    self.target(requirement, r_at)
        if not self.counts["stages"]:
            self.say("stages", _("a cycle needs at least one stage"))
        for plan, at in self.entries(document, "plans", ""):
            self.values(ActionPlan, plan, at)
            numbers: set[int] = set()
            for action, a_at in self.entries(plan, "actions", f"{at}."):
                self.values(Action, action, a_at)
                self.number(action, a_at, numbers)
                self.links(action, a_at)
        check_agreed(self, document)

    def entries(self, parent: Document, name: str, way: str) -> list[tuple[Document, str]]:
        rows = parent.get(name, [])
        if not isinstance(rows, list):
            self.say(f"{way}{name}", _("a list is expected"))
            return []
        found = []
        for place, row in enumerate(rows):
            at = f"{way}{name}[{place}]"
            self.counts[name] += 1
            if self.counts[name] > MOST[name]:
                self.say(at, _("there are more than %d of these") % MOST[name])
                break
            if not isinstance(row, dict):
                self.say(at, _("an object is expected"))
                continue
            self.key(row, name, at)
            found.append((row, at))
        return found

    def key(self, row: Document, name: str, at: str) -> None:
        key = row.get("key")
        if not isinstance(key, str) or not 0 < len(key) <= MOST_KEY:
            self.say(f"{at}.key", _("every entry needs a key, a short text"))
        elif any(key in keys for keys in self.keys.values()):
            self.say(f"{at}.key", _("this key is used twice"))
        else:
            self.keys[name].add(key)

    def values(self, model: type[models.Model], row: Document, at: str) -> None:
        for one in fields_of(model):
            if one.name == "translations":
                self.translations(model, row.get("translations", {}), f"{at}.translations")
            elif one.name in row:
                self.value(one, row[one.name], f"{at}.{one.name}", model)
            elif not one.has_default() and not one.blank and not one.null:
                self.say(f"{at}.{one.name}", _("this is missing"))

    def value(self, one: Any, value: Any, at: str, model: type[models.Model]) -> None:
        if isinstance(one, models.CharField | models.TextField):
            self.text(one, value, at)
        elif isinstance(one, models.BooleanField):
            if not isinstance(value, bool):
                self.say(at, _("true or false is expected"))
        elif isinstance(one, models.JSONField):
            return
        elif isinstance(value, bool) or (
            isinstance(one, models.IntegerField) and value is not None and not isinstance(value, int)
        ):
            self.say(at, _("a whole number is expected"))
        else:
            self.cleaned(one, value, at, model)

    def text(self, one: Any, value: Any, at: str) -> None:
        if not isinstance(value, str):
            self.say(at, _("a text is expected"))
        elif unprintable(value, lines=isinstance(one, models.TextField)):
            self.say(at, _("a control character"))
        elif one.max_length and len(value) > one.max_length:
            self.say(
                at,
                _("%(n)d characters, and at most %(most)d fit") % {"n": len(value), "most": one.max_length},
            )
        elif not value.strip() and not one.blank:
            self.say(at, _("this is empty"))
        elif (
            one.choices
            and value not in {known for known, _label in one.flatchoices}
            and (value or not one.blank)
        ):
            self.say(at, _("this is not a known value"))

    def cleaned(self, one: Any, value: Any, at: str, model: type[models.Model]) -> None:
        try:
            one.clean(value, model())
        except ValidationError as error:
            self.say(at, " ".join(error.messages))
        except (ValueError, TypeError, ArithmeticError):
            self.say(at, _("this is not a known value"))

    def translations(self, model: type[models.Model], said: Any, at: str) -> None:
        """{"en": {"name": "Pay"}}: of the texts of this model, each as long as the text itself may be."""
        if not isinstance(said, Mapping):
            self.say(at, _("an object is expected"))
            return
        texts = {
            one.name: one for one in fields_of(model) if isinstance(one, models.CharField | models.TextField)
        }
        for language, translated in said.items():
            if not isinstance(translated, Mapping) or len(language) > 10:
                self.say(f"{at}.{language[:10]}", _("an object is expected"))
                continue
            for name, value in translated.items():
                if name not in texts:
                    self.say(f"{at}.{language}.{name[:40]}", _("this is not a text of it"))
                elif value != "":
                    self.text(texts[name], value, f"{at}.{language}.{name}")

    def channels(self, moment: Document, at: str) -> None:
        said = moment.get("channels", [])
        if not isinstance(said, list) or any(
            one not in Channel.values for one in said if isinstance(one, str)
        ):
            self.say(f"{at}.channels", _("this is not a known value"))
        elif not all(isinstance(one, str) for one in said):
            self.say(f"{at}.channels", _("a list of texts is expected"))

    def target(self, row: Document, at: str) -> None:
        """A service level is whole, or is not there."""
        given = row.get("target_value") is not None
        if given != bool(row.get("target_bound")) or (row.get("target_unit") and not given):
            self.say(f"{at}.target_value", _("a service level needs a bound and a value"))

    def number(self, action: Document, at: str, numbers: set[int]) -> None:
        number = action.get("number")
        if not isinstance(number, int) or isinstance(number, bool):
            return  # said already
        if number < 1 or number in numbers:
            self.say(f"{at}.number", _("actions are numbered from 1, each number once"))
        numbers.add(number)

    def links(self, action: Document, at: str) -> None:
        for name in ("moments", "requirements"):
            said = action.get(name, [])
            if not isinstance(said, list) or not all(isinstance(key, str) for key in said):
                self.say(f"{at}.{name}", _("a list of keys is expected"))
            elif not set(said) <= self.keys[name]:
                self.say(f"{at}.{name}", _("this names something that is not in the file"))
