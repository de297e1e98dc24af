"""Kept statements give what Django's own query sets give."""

import pytest
from django.db.models import F

from accounts.models import Client
from cyclemap.compiled import KEY, ByKey, Update
from cycles.models import Moment, Requirement, Stage
from cycles.outline import Outline, outline_of, outlines_of
from cycles.scores import Scores


def fields_of(thing) -> dict[str, object]:
    return {field.attname: getattr(thing, field.attname) for field in thing._meta.concrete_fields}


def test_rows_come_in_order_with_relations_annotations_and_nothing_of_others(
    world, stranger, django_assert_num_queries
):
    rows = ByKey(
        lambda key: (
            Moment.objects.filter(stage__cycle=key)
            .select_related("stage__cycle")
            .annotate(place=F("position") + 1)
            .order_by("stage__position", "position")
        )
    )
    for cycle in (world.cycle, stranger.cycle, world.cycle):
        expected = list(Moment.objects.filter(stage__cycle=cycle).order_by("stage__position", "position"))
        with django_assert_num_queries(1):
            found = rows.all(cycle.pk)
            assert [fields_of(one) for one in found] == [fields_of(one) for one in expected]
            assert [vars(one)["place"] for one in found] == [one.position + 1 for one in expected]
            assert {one.stage.cycle for one in found} == {cycle}
    assert rows.all(10**9) == []
    assert rows.first(10**9) is None
    assert rows.first(world.cycle.pk).name == "Find the shop"


def test_the_outline_of_one_cycle_is_that_of_many(world, stranger, django_assert_num_queries):
    """Empty stages, what lies in the bin, and requirements are counted alike."""
    Stage.objects.create(cycle=world.cycle, position=2, name="Empty", colour="c")
    shop, greeted, _till = Moment.objects.filter(stage__cycle=world.cycle).order_by(
        "stage__position", "position"
    )
    for n in range(2):
        Requirement.objects.create(moment=shop, position=n, name=f"Requirement {n}")
    Moment.objects.filter(pk=greeted.pk).update(position=None, deleted_at=world.cycle.created_at)

    def told(outline: Outline) -> list[object]:
        return [
            (fields_of(part.stage), [(fields_of(e.moment), e.number, e.requirements) for e in part.entries])
            for part in outline.parts
        ]

    cycles = [world.cycle, stranger.cycle]
    for cycle, expected in zip(cycles, outlines_of(cycles, {c.pk: Scores() for c in cycles}), strict=True):
        with django_assert_num_queries(2):
            found = outline_of(cycle, Scores())
        assert told(found) == told(expected)
    assert [entry.requirements for entry in outline_of(world.cycle, Scores())] == [2, 0]


def test_an_update_is_worked_out_once_and_takes_what_it_is_given(world, django_assert_num_queries):
    rename = Update(
        lambda pk, name: (Client.objects.filter(pk=pk), {"name": name}), pk=KEY, name="a name like no other"
    )
    for name in ("One", "Two % 'quoted'"):
        with django_assert_num_queries(1):
            assert rename(pk=world.client.pk, name=name) == 1
        world.client.refresh_from_db()
        assert world.client.name == name
    assert rename(pk=0, name="Nobody") == 0


def test_a_stand_in_that_the_statement_does_not_hold_is_an_error(db):
    wrong = Update(lambda pk, name: (Client.objects.filter(pk=pk), {"name": "fixed"}), pk=KEY, name="?")
    with pytest.raises(AssertionError):
        wrong(pk=1, name="x")
