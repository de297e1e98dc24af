"""Two people in one form: what each changed is put together, what both changed is asked.

A form carries the values it was opened with. When it comes back, they, the values stored meanwhile
and the values typed are compared field by field under a lock on the row: a field that only one side
changed is taken from that side, a field that both changed differently is shown in both versions, and
nothing is stored until somebody has chosen. There is no version to raise, so whatever changed the row
(a move, a bulk operation, a restored version) is noticed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models, transaction
from django.forms.widgets import Input
from django.http import Http404
from django.utils.translation import gettext as _

from cyclemap.forms import NOTHING

Value = str | list[str]

OPENED = "opened"
THEIRS = "theirs"


@dataclass(frozen=True)
class Clash:
    """One field that two people changed differently."""

    field: forms.BoundField
    theirs: str
    yours: str

    @property
    def keep(self) -> str:
        """The name of the choice between the two."""
        return f"keep-{self.field.html_name}"


class MergedForm:
    """Mix in before Form or ModelForm with an `instance`. `_merging.html` prints what it needs.

    `form.saved()` stands in the place of `form.is_valid()` and `form.save()`.
    """

    instance: Any
    made_with: dict[str, Any]
    clashes: list[Clash]

    def __new__(cls, *_args: Any, **kwargs: Any) -> Any:
        # Here, because what the subclasses take for themselves does not reach our __init__.
        form = super().__new__(cls)
        form.made_with = {name: value for name, value in kwargs.items() if name not in ("data", "files")}
        form.clashes = []
        return form

    def saved(self: Any, before: Callable[[Any], None] | None = None) -> bool:
        """Merge and store in one transaction. False: show the form again, with `status`."""
        if not self.is_bound:
            return False
        with transaction.atomic():
            self.meet()
            if self.clashes or not self.is_valid():
                return False
            if before:
                before(self.instance)
            self.save()
            return True

    @property
    def status(self: Any) -> int:
        """Of the answer that shows the form."""
        if not self.is_bound:
            return 200
        return 409 if self.clashes else 422

    @property
    def opened(self: Any) -> str:
        """The values the form was opened with, for its hidden field."""
        return json.dumps(self.stored(), ensure_ascii=False) if self.instance.pk else ""

    def stored(self: Any) -> dict[str, Value]:
        """What the form shows before anybody types."""
        return {
            name: plain(shown(field, self.get_initial_for_field(field, name)))
            for name, field in self.fields.items()
            if not isinstance(field, forms.FileField)
        }

    def meet(self: Any) -> None:
        """Put together what was stored since the form was opened and what was typed in it."""
        if not self.instance.pk or OPENED not in self.data:
            return
        read_locked(self.instance)
        fresh = type(self)(**self.made_with)
        self.initial, theirs = fresh.initial, fresh.stored()
        for name, field in fresh.fields.items():
            self.fields[name].initial = field.initial
        opened, data = opened_with(self.data[OPENED]), self.data.copy()
        for name, stored in theirs.items():
            bound = self[name]
            typed, was = plain(bound.data), opened.get(name)
            if data.get(f"keep-{bound.html_name}") == THEIRS:
                put(data, bound, stored)  # chosen, having seen both
            elif typed == stored or was == stored:
                continue  # nobody else changed it, or both say the same
            elif was == typed:
                put(data, bound, stored)
            else:
                self.clashes.append(Clash(bound, said(bound, stored), said(bound, typed)))
        self.data = data


def read_locked(thing: models.Model) -> None:
    """The row as it is now, locked until the transaction ends. What it belongs to is not read again."""
    links = [field for field in thing._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    kept = {field: field.get_cached_value(thing) for field in links if field.is_cached(thing)}
    try:
        thing.refresh_from_db(from_queryset=type(thing)._base_manager.select_for_update())
    except type(thing).DoesNotExist as error:  # type: ignore[attr-defined]
        raise Http404 from error
    for field, other in kept.items():
        if other is not None and getattr(thing, field.attname) == other.pk:
            field.set_cached_value(thing, other)


def opened_with(text: str) -> dict[str, Value]:
    """What a form says it was opened with. Whatever it does not say is compared as if it had changed."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def shown(field: forms.Field, value: Any) -> Any:
    """As its control shows it and a browser sends it back."""
    widget = field.widget
    if isinstance(widget, Input | forms.Textarea) and not isinstance(widget, forms.CheckboxInput):
        return widget.format_value(field.prepare_value(value))
    return value


def plain(value: Any) -> Value:
    """A value in one spelling, whether it was typed, stored or opened with."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if isinstance(value, list | tuple | set | models.QuerySet):
        return sorted(str(one.pk if isinstance(one, models.Model) else one) for one in value)
    return str(value)


def put(data: Any, bound: forms.BoundField, value: Value) -> None:
    """Into posted data, as a browser would post it."""
    if isinstance(value, list):
        data.setlist(bound.html_name, value)
    elif not value and isinstance(bound.field, forms.BooleanField):
        data.pop(bound.html_name, None)
    else:
        data[bound.html_name] = value


def said(bound: forms.BoundField, value: Value) -> str:
    """A value in words."""
    if isinstance(bound.field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(bound.field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in bound.field.choices}  # type: ignore[misc,union-attr]
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(one, one) for one in chosen) or NOTHING
    return str(value) or NOTHING
