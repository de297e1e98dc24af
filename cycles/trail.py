"""Who changed what of a cycle: django-simple-history, with what our page needs beside the old rows.

Every row of history belongs to its cycle by a real foreign key, so it is seen by whoever sees the cycle and
goes when the cycle goes. It says what changed by itself (`delta`), so that a page reads it without looking
for the row before; the author stands as a text too, which outlives the account. All that one request does
to one thing is one row.

Bulk statements pass by here unseen. Filling a new cycle by them is meant to leave no trace; what moves
things says so in one row, by `note`.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cache, cached_property
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords  # type: ignore[import-untyped]

from cyclemap.compiled import ByKey
from cyclemap.translated import Translated

# What happened, as kept in `history_change_reason`.
ADDED, CHANGED, MOVED, BINNED, RESTORED, DELETED, TOOK, RETURNED = (
    "added",
    "changed",
    "moved",
    "binned",
    "restored",
    "deleted",
    "took",
    "returned",
)

# A second move of the same thing by the same person within this time continues the first.
ONE_MOVE = timedelta(minutes=5)

# No history of its own: where a row stands is said by moves, the rest is kept by the machine.
SILENT = (
    "position",
    "last_position",
    "copied_from",
    "revision",
    "changed_at",
    "changed_by",
    "created_at",
    "is_missed",
    "form_key",
)

Delta = dict[str, list[Any]]


# The history of each model.
RECORDS: "dict[type[models.Model], Records]" = {}


class Remembered(Translated):
    """Remembers what was read from the database, so that a change can say the value before it."""

    # Names and values as read: a reference to what is there anyway, not a copy.
    _read: tuple[Collection[str], Collection[Any]] = ((), ())

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Any:
        row = super().from_db(db, field_names, values)
        row._read = (field_names, values)
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        names = kwargs.get("fields") or [field.attname for field in self._meta.concrete_fields]
        attnames = [self._meta.get_field(name).attname for name in names]  # type: ignore[union-attr]
        self.remember({name: self.__dict__[name] for name in attnames if name in self.__dict__})

    def remember(self, now: Mapping[str, Any]) -> None:
        known = {**self.remembered, **now}
        self._read = (tuple(known), tuple(known.values()))

    @property
    def remembered(self) -> dict[str, Any]:
        return dict(zip(*self._read, strict=True))


class Trail(models.Model):
    """What every row of history has beside the fields of the thing itself."""

    client_path: ClassVar[str] = "of_cycle__client"

    of_cycle = models.ForeignKey("cycles.Cycle", on_delete=models.CASCADE, related_name="+")
    author = models.CharField(max_length=120, blank=True)
    # {field: [before, after]} as JSON has them; for a move also "place", counted from 1.
    delta = models.JSONField(default=dict)
    # What the thing was tied to: {"moments": [keys], "requirements": [keys]}.
    links = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Records(HistoricalRecords):  # type: ignore[misc]
    """The history of one model. `way`: how a row leads to its cycle, "" for the cycle itself."""

    def __init__(self, way: str = "", *, links: Collection[str] = ()) -> None:
        super().__init__(bases=(Trail,), excluded_fields=list(SILENT))
        self.way = way
        self.links = links

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        super().contribute_to_class(cls, name)
        RECORDS[cls] = self

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if sender is self.cls:
            for name in self.links:
                # As simple_history listens itself, but into `links` and not into a table for each tie.
                through = getattr(sender, name).through
                models.signals.m2m_changed.connect(
                    lambda attr=name, **said: self.m2m_changed(attr=attr, **said), sender=through, weak=False
                )

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        return options | {"indexes": [models.Index(fields=["of_cycle", "-history_date"])]}

    # --- What happens ----------------------------------------------------------------------------

    def post_save(self, instance: Any, created: bool, using: str | None = None, **kwargs: Any) -> None:
        if kwargs.get("raw") or hasattr(instance, "skip_history_when_saving"):
            return
        written = kwargs.get("update_fields")
        now = {
            name: getattr(instance, name)
            for name in self.attnames(type(instance))
            if name in instance.__dict__
            and (written is None or {name, name.removesuffix("_id")} & set(written))
        }
        before = {} if created else instance.remembered
        delta = {
            name: [as_json(before[name]), as_json(value)]
            for name, value in now.items()
            if name in before and before[name] != value
        }
        instance.remember(now)
        if created or delta:
            told = instance.__dict__.pop("history_reason", "")
            self.write(instance, ADDED if created else told or reason_of(delta), delta)

    def post_delete(self, instance: Any, using: str | None = None, **kwargs: Any) -> None:
        """A thing that goes with what it belongs to is no news: its history goes too."""
        origin = kwargs.get("origin")
        alone = origin is instance or getattr(origin, "model", None) is type(instance)
        if alone and self.way:
            self.write(instance, DELETED, {}, "-")

    def m2m_changed(self, instance: Any, action: str, attr: str, **said: Any) -> None:
        if said.get("reverse") or not isinstance(instance, self.cls):
            return
        now = sorted(getattr(instance, attr).values_list("pk", flat=True).order_by())
        if action.startswith("pre_"):
            instance.__dict__.setdefault("_tied", {}).setdefault(attr, now)
        elif now != (before := instance.__dict__.get("_tied", {}).pop(attr, now)):
            self.write(instance, CHANGED, {attr: [before, now]})

    # --- What is written -------------------------------------------------------------------------

    def write(self, instance: Any, reason: str, delta: Delta, history_type: str = "") -> None:
        """One row; or more of the row that this request, or this series of moves, wrote already."""
        row = self.row_of(instance, reason, delta, history_type)
        model = type(row)
        written = self.written_in_this_request()
        earlier = written.get((model, instance.pk)) or self.move_going_on(row)
        if earlier is not None and history_type != "-":
            row.pk, row.history_type = earlier.pk, earlier.history_type
            row.delta = joined(earlier.delta, delta) if earlier.history_type == "~" else {}
            row.history_change_reason = stronger(earlier.history_change_reason, reason)
            if not row.delta and row.history_type == "~":
                row.delete()  # back where it was: nothing happened
                written.pop((model, instance.pk), None)
                return
        row.save()
        written[model, instance.pk] = row

    def write_all(self, instances: Collection[Any], reason: str, delta: Delta) -> None:
        """The same happened to all of them: one statement."""
        if rows := [self.row_of(instance, reason, delta) for instance in instances]:
            type(rows[0])._default_manager.bulk_create(rows)

    def row_of(self, instance: Any, reason: str, delta: Delta, history_type: str = "") -> Any:
        user = self.get_history_user(instance)
        model: type[models.Model] = type(instance)
        return history_of(model, self.manager_name)(
            history_date=timezone.now(),
            history_type=history_type or ("+" if reason == ADDED else "~"),
            history_user=user,
            history_change_reason=reason,
            of_cycle_id=cycle_of(instance, self.way),
            author=str(user)[:120] if user else "",
            delta=delta,
            links={
                name: sorted(getattr(instance, name).values_list("pk", flat=True).order_by())
                for name in self.links
            },
            **{name: getattr(instance, name) for name in self.attnames(model)},
        )

    def move_going_on(self, row: Any) -> Any:
        if row.history_change_reason != MOVED:
            return None
        last: Any = self.latest.first(row.id)
        same = last and last.history_change_reason == MOVED and last.history_user_id == row.history_user_id
        return last if same and last.history_date > row.history_date - ONE_MOVE else None

    def written_in_this_request(self) -> dict[tuple[type, int], Any]:
        request = getattr(self.context, "request", None)
        return {} if request is None else request.__dict__.setdefault("_history_written", {})

    @cached_property
    def latest(self) -> ByKey[Any]:
        """What was written last about a thing."""
        rows = history_of(self.cls, self.manager_name)._default_manager
        return ByKey(lambda key: rows.filter(id=key).order_by("-history_date", "-history_id")[:1])

    def attnames(self, model: type[models.Model]) -> tuple[str, ...]:
        return tracked(model, tuple(self.excluded_fields))


@cache
def history_of(model: type[models.Model], manager_name: str) -> type[models.Model]:
    """The model of its rows of history. Whoever asks its manager makes a class of managers each time."""
    rows: type[models.Model] = getattr(model, manager_name).model
    return rows


@cache
def tracked(model: type[models.Model], excluded: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if field.name not in excluded)


def cycle_of(instance: Any, way: str) -> int:
    for name in filter(None, way.split("__")[:-1]):
        instance = getattr(instance, name)
    pk: int = getattr(instance, f"{way.split('__')[-1]}_id") if way else instance.pk
    return pk


def reason_of(delta: Delta) -> str:
    if "deleted_at" in delta:
        return BINNED if delta["deleted_at"][1] else RESTORED
    return CHANGED


def joined(first: Delta, second: Delta) -> Delta:
    """What both together changed."""
    both = {name: [first.get(name, pair)[0], pair[1]] for name, pair in {**first, **second}.items()}
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def stronger(first: str, second: str) -> str:
    """Which of two things that happened at once names them both."""
    order = (DELETED, ADDED, BINNED, RETURNED, RESTORED, MOVED, TOOK, CHANGED)
    return min(first, second, key=order.index)


def as_json(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)


def note(instance: Any, reason: str, **delta: list[Any]) -> None:
    """Write down what bulk statements did to a thing: note(moment, MOVED, place=[4, 2])."""
    if delta := {name: pair for name, pair in delta.items() if pair[0] != pair[1]}:
        RECORDS[type(instance)].write(instance, reason, delta)
