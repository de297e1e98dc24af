"""A cycle as one document: nothing of it is lost on the way there and back."""

import json
from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cycles import library, ordering
from cycles.document import cycle_from, document_of, rooted
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement


def full(world):
    """A ready-made cycle with a plan, and something of everything in the bin."""
    cycle = library.create_cycle(world.client, "bank_branch", language="en", name="Branch")
    moments = list(Moment.objects.filter(stage__cycle=cycle))
    moments[0].translate("es", owner_area="Oficina")
    moments[0].save()
    need = Requirement.objects.filter(moment=moments[1]).first()
    need.target_bound, need.target_value, need.target_unit = "at_most", Decimal("5.50"), "min"
    need.save()
    plan = ActionPlan.objects.create(cycle=cycle, name="Plan", goal="Shorter queues", owner="Ana")
    action = Action.objects.create(
        plan=plan, number=3, name="Second till", due_on=date(2026, 5, 4), effort=2, impact=5, status="doing"
    )
    # The order of the rows in the database is not the order of the map.
    late = Moment.objects.create(stage=moments[0].stage, position=90, name="Added later")
    ordering.move_moment(cycle, late.pk, moments[0].stage_id, 0)
    action.moments.set([*moments[:2], late])
    action.requirements.set([need])
    Action.objects.create(plan=plan, number=4, name="Gone", deleted_at=timezone.now())
    Moment.objects.create(stage=moments[0].stage, name="Binned", deleted_at=timezone.now())
    Requirement.objects.create(moment=moments[0], name="Binned need", deleted_at=timezone.now())
    return cycle


def test_there_and_back_is_equal(world):
    said = document_of(full(world))
    again = cycle_from(json.loads(json.dumps(said)), world.client)
    assert document_of(again) == said
    assert again.pk != Cycle.objects.earliest("pk").pk
    action = Action.objects.get(plan__cycle=again)
    assert (action.number, action.due_on, action.status) == (3, date(2026, 5, 4), "doing")
    assert action.requirements.get().target_value == Decimal("5.50")
    assert {moment.stage.cycle_id for moment in action.moments.all()} == {again.pk}


def test_a_number_is_one_action_whatever_plan_it_is_in(world):
    """Files made elsewhere count each plan from one."""
    said = document_of(full(world))
    for n in range(2):
        said["plans"].append({"key": f"q{n}", "name": "Also", "actions": [
            {"key": f"b{n}", "number": 3, "name": f"Also three {n}"}
        ]})  # fmt: skip
    made = cycle_from(said, world.client)
    assert list(Action.objects.filter(plan__cycle=made).values_list("number", "name").order_by("number")) == [
        (3, "Second till"), (4, "Also three 0"), (5, "Also three 1"),
    ]  # fmt: skip


def test_the_bin_stays_behind(world):
    text = json.dumps(document_of(full(world)))
    assert "Binned" not in text
    assert "Gone" not in text


def test_a_copy_of_a_copy_has_the_keys_of_the_first(world):
    cycle = full(world)
    first = document_of(cycle, rooted())
    copy = cycle_from(first, world.client, copy=True, name="To be")
    second = cycle_from(document_of(copy, rooted()), world.client, copy=True)
    said = document_of(second, rooted())
    assert said.pop("name") == "To be"
    assert first.pop("name") == "Branch"
    assert said == first


def test_sixty_moments_are_read_by_as_many_queries_as_one(world):
    small, large = document_queries(world, 1), document_queries(world, 60)
    assert small == large <= 9


def document_queries(world, n):

    cycle = full(world)
    stage = cycle.stages.first()
    for at in range(n):
        moment = Moment.objects.create(stage=stage, position=100 + at, name=f"More {at}")
        Requirement.objects.create(moment=moment, position=0, name="Need")
    with CaptureQueriesContext(connection) as captured:
        document_of(cycle)
    return len(captured)
