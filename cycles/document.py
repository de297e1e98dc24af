"""A cycle as one plain document, and back: what versions keep, and what a file carries in and out.

A document says everything that was written about a cycle and nothing about who, where and when: no keys
of the database, no dates of creation, nothing of the bin. Fields at their default are left out.

    {"format": "cyclemap-cycle/1", "name": ..., "language": "es", "translations": {...},
     "stages": [{"key": "s1", "name": ..., "moments": [
         {"key": "m1", "name": ..., "requirements": [{"key": "r1", "name": ...}]}]}],
     "plans": [{"key": "p1", "name": ..., "actions": [
         {"key": "a1", "number": 1, "name": ..., "moments": ["m1"], "requirements": ["r1"]}]}]}

A new field of a model is in by itself. Keys count the rows of a file (`counted`), or say which row a thing
is or was copied from (`rooted`), so that two versions, and a cycle and its copy, can be compared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from django.db import models, transaction

from accounts.models import Client
from cycles.document_agreed import agreed_from, agreed_in
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage

FORMAT = "cyclemap-cycle/1"

Document = dict[str, Any]
# The key of a row: its letter and the row itself are given.
Keys = Callable[[str, Any], str]
# A row, before it has a key.
Known = tuple[type[models.Model], int]

# Shown by the order in the document, or not a text of the cycle at all.
APART = {"position", "provider_accepted_on", "customer_accepted_on"}
KEPT = {"number"}


@cache
def fields_of(model: type[models.Model]) -> "tuple[models.Field[Any, Any], ...]":
    """What a document says about a row of this model."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not field.is_relation
        and not field.primary_key
        and not isinstance(field, models.FileField)
        and field.name not in APART
        and (field.editable or field.name in KEPT)
    )


def counted() -> Keys:
    """Keys that say the place of a row among those of its kind: the same for equal cycles."""
    numbers: dict[str, count[int]] = {}
    return lambda letter, _row: f"{letter}{next(numbers.setdefault(letter, count(1)))}"


def rooted() -> Keys:
    """Keys that say which row it is, or was copied from."""
    return lambda letter, row: f"{letter}{row.copied_from or row.pk}"


# --- Out -----------------------------------------------------------------------------------------


def document_of(cycle: Cycle, keys: Keys | None = None) -> Document:
    """Everything in place; a fixed number of queries."""
    key = keys or counted()
    known: dict[Known, str] = {}

    def entry(letter: str, row: Any) -> Document:
        known[type(row), row.pk] = key(letter, row)
        return {"key": known[type(row), row.pk], **plain(row)}

    stages = stages_in(cycle, entry)
    plans = plans_in(cycle, entry, known)
    agreed = agreed_in(cycle, entry, known)
    return {"format": FORMAT, **plain(cycle), "stages": stages, "plans": plans, **agreed}


def stages_in(cycle: Cycle, entry: Callable[[str, Any], Document]) -> list[Document]:
    """With their moments, and those with their requirements."""
    needs = Requirement.objects.filter(moment__stage__cycle=cycle, deleted_at=None, moment__deleted_at=None)
    requirements = grouped(needs.order_by("position"), "moment_id")
    alive = Moment.objects.filter(stage__cycle=cycle, deleted_at=None)
    moments = grouped(alive.order_by("position"), "stage_id")
    stages = []
    for stage in cycle.stages.order_by("position"):
        stages.append(entry("s", stage) | {"moments": []})
        for moment in moments.get(stage.pk, ()):
            said = entry("m", moment)
            said["requirements"] = [entry("r", one) for one in requirements.get(moment.pk, ())]
            stages[-1]["moments"].append(said)
    return stages


def plans_in(
    cycle: Cycle, entry: Callable[[str, Any], Document], known: Mapping[Known, str]
) -> list[Document]:
    """With their actions, which name what they serve by the keys it is `known` by."""
    actions = grouped(
        Action.objects.filter(plan__cycle=cycle, deleted_at=None)
        .prefetch_related(
            models.Prefetch("moments", Moment.objects.only("pk")),
            models.Prefetch("requirements", Requirement.objects.only("pk")),
        )
        .order_by("number"),
        "plan_id",
    )
    plans = []
    for plan in ActionPlan.objects.filter(cycle=cycle, deleted_at=None).order_by("pk"):
        plans.append(entry("p", plan) | {"actions": []})
        for action in actions.get(plan.pk, ()):
            said = entry("a", action)
            for name, model in LINKS.items():
                linked = {(model, row.pk) for row in getattr(action, name).all()}
                said[name] = [known[row] for row in known if row in linked]  # in the order of the map
            plans[-1]["actions"].append(said)
    return plans


LINKS: dict[str, type[models.Model]] = {"moments": Moment, "requirements": Requirement}


def grouped(rows: Iterable[Any], parent: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, parent), []).append(row)
    return found


def plain(row: models.Model) -> Document:
    """The fields of a row that say something, as JSON has them."""
    said = {field.name: as_json(field.value_from_object(row)) for field in fields_of(type(row))}
    return {name: value for name, value in said.items() if value != default_of(type(row), name)}


def as_json(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@cache
def default_of(model: type[models.Model], name: str) -> Any:
    return as_json(model._meta.get_field(name).get_default())  # type: ignore[union-attr]


# --- In ------------------------------------------------------------------------------------------


@transaction.atomic
def cycle_from(document: Document, client: Client, *, copy: bool = False, **instead: Any) -> Cycle:
    """A new cycle of a client, as the document says; `instead`: other values of the cycle's own fields.

    The document is known to be right: a file is checked before. `copy`: its keys are those of `rooted`,
    and the new rows remember what they were copied from. One statement a kind of row.
    """
    cycle = Cycle(client=client, **{**values(Cycle, document), **instead})
    cycle.save()
    by_key: dict[str, models.Model] = {}

    def make(model: type[models.Model], said: Sequence[Child], parent: str) -> None:
        """`said`: the entry of the parent, the place below it, the entry itself."""
        made = []
        for above, place, one in said:
            row = model(**values(model, one), **{parent: by_key[above["key"]] if above else cycle})
            if "position" in {field.name for field in model._meta.fields}:
                row.position = place  # type: ignore[attr-defined]
            if copy:
                row.copied_from = int(one["key"][1:])  # type: ignore[attr-defined]
            made.append(row)
        for row, (_, _, one) in zip(model._base_manager.bulk_create(made), said, strict=True):
            by_key[one["key"]] = row

    stages = below([{"stages": document.get("stages", [])}], "stages")
    make(Stage, [(None, place, one) for _, place, one in stages], "cycle")
    moments = below([one for _, _, one in stages], "moments")
    make(Moment, moments, "stage")
    make(Requirement, below([one for _, _, one in moments], "requirements"), "moment")
    plans = below([{"plans": document.get("plans", [])}], "plans")
    make(ActionPlan, [(None, place, one) for _, place, one in plans], "cycle")
    actions = below([one for _, _, one in plans], "actions")
    make(Action, numbered(actions), "plan")
    for name in LINKS:
        through = getattr(Action, name).through
        target = f"{name.removesuffix('s')}_id"
        through.objects.bulk_create(
            through(**{"action_id": by_key[one["key"]].pk, target: by_key[key].pk})
            for _, _, one in actions
            for key in dict.fromkeys(one.get(name, []))
        )
    agreed_from(document, cycle, by_key, values, copy=copy)
    return cycle


Child = tuple[Document | None, int, Document]


def below(entries: Iterable[Document], name: str) -> list[Child]:
    return [(entry, place, one) for entry in entries for place, one in enumerate(entry.get(name, []))]


def numbered(actions: Sequence[Child]) -> list[Child]:
    """A7 is one action whatever plan it is in; files made elsewhere may count each plan from one."""
    taken: set[int] = set()
    highest = max((one["number"] for _, _, one in actions), default=0)
    found = []
    for plan, place, one in actions:
        if one["number"] in taken:
            highest += 1
            one = {**one, "number": highest}
        taken.add(one["number"])
        found.append((plan, place, one))
    return found


def values(model: type[models.Model], said: Document) -> dict[str, Any]:
    """What the fields of a new row are; those the document leaves out keep their default."""
    return {field.name: field.to_python(said[field.name]) for field in fields_of(model) if field.name in said}
