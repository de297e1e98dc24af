"""Whatever happens, positions are 0, 1, 2, ... without a gap, and never clash on the way."""

import random
from contextlib import suppress
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Client, Workspace
from cycles import ordering, stages
from cycles.models import Action, Cycle, Moment, Requirement, Stage

pytestmark = pytest.mark.django_db


def make_cycle(counts):
    workspace, _ = Workspace.objects.get_or_create(slug="order", defaults={"name": "Order"})
    client, _ = Client.objects.get_or_create(workspace=workspace, name="Order")
    cycle = Cycle.objects.create(client=client, name="Cycle")
    for place, count in enumerate(counts):
        stage = Stage.objects.create(cycle=cycle, position=place, name=f"Stage {place}")
        for position in range(count):
            Moment.objects.create(stage=stage, position=position, name=f"Moment {place}.{position}")
    return cycle


def layout(cycle):
    return [
        [moment.name for moment in ordering.moments_in(stage.pk).order_by("position")]
        for stage in cycle.stages.order_by("position")
    ]


def assert_gap_free(cycle):
    stages = list(cycle.stages.order_by("position"))
    assert [stage.position for stage in stages] == list(range(len(stages)))
    for stage in stages:
        positions = list(ordering.moments_in(stage.pk).values_list("position", flat=True))
        assert sorted(positions) == list(range(len(positions)))
    binned = Moment.objects.filter(stage__cycle=cycle, deleted_at__isnull=False)
    assert set(binned.values_list("position", flat=True)) <= {None}
    lost = Moment.objects.filter(stage__deleted_at__isnull=False, deleted_at=None)
    assert not lost, "on the map of nobody, in no bin"


def moment(cycle, name):
    return Moment.objects.get(stage__cycle=cycle, name=name)


def stage(cycle, place):
    return cycle.stages.get(position=place)


def test_a_move_within_a_stage():
    cycle = make_cycle([4])
    assert ordering.move_moment(cycle, moment(cycle, "Moment 0.3").pk, stage(cycle, 0).pk, 1)
    assert layout(cycle) == [["Moment 0.0", "Moment 0.3", "Moment 0.1", "Moment 0.2"]]


def test_a_move_to_another_stage_closes_the_gap_it_leaves():
    cycle = make_cycle([3, 2])
    assert ordering.move_moment(cycle, moment(cycle, "Moment 0.0").pk, stage(cycle, 1).pk, 1)
    assert layout(cycle) == [["Moment 0.1", "Moment 0.2"], ["Moment 1.0", "Moment 0.0", "Moment 1.1"]]
    assert_gap_free(cycle)


def test_a_step_goes_over_the_end_of_a_stage_and_stops_at_the_ends_of_the_cycle():
    cycle = make_cycle([2, 0, 1])
    last = moment(cycle, "Moment 0.1").pk
    assert ordering.step_moment(cycle, last, +1)
    assert layout(cycle) == [["Moment 0.0"], ["Moment 0.1"], ["Moment 2.0"]]
    assert ordering.step_moment(cycle, last, +1)
    assert layout(cycle) == [["Moment 0.0"], [], ["Moment 0.1", "Moment 2.0"]]
    assert ordering.step_moment(cycle, last, -1)
    assert layout(cycle) == [["Moment 0.0"], ["Moment 0.1"], ["Moment 2.0"]]
    assert not ordering.step_moment(cycle, moment(cycle, "Moment 0.0").pk, -1)
    assert not ordering.step_moment(cycle, moment(cycle, "Moment 2.0").pk, +1)


def test_a_moment_never_leaves_its_cycle():
    cycle, other = make_cycle([1]), make_cycle([1])
    mine = moment(cycle, "Moment 0.0")
    assert not ordering.move_moment(cycle, mine.pk, stage(other, 0).pk, 0)
    assert not ordering.move_moment(other, mine.pk, stage(other, 0).pk, 0)
    assert layout(cycle) == [["Moment 0.0"]]


def test_what_is_removed_comes_back_to_its_place():
    cycle = make_cycle([3])
    gone = moment(cycle, "Moment 0.1")
    place = ordering.remove_moment(gone)
    assert place == 1
    assert ordering.remove_moment(gone) is None
    assert layout(cycle) == [["Moment 0.0", "Moment 0.2"]]
    assert ordering.restore_moment(gone, place)
    assert not ordering.restore_moment(gone, place)
    assert layout(cycle) == [["Moment 0.0", "Moment 0.1", "Moment 0.2"]]
    assert_gap_free(cycle)


def test_requirements_keep_their_places():
    cycle = make_cycle([1])
    of = moment(cycle, "Moment 0.0")
    one, two, three = (ordering.insert_requirement(Requirement(moment=of, name=name)) for name in "abc")
    ordering.move_requirement(three, 0)
    place = ordering.remove_requirement(one)
    assert [r.name for r in ordering.requirements_of(of.pk).order_by("position")] == ["c", "b"]
    assert ordering.restore_requirement(one, place)
    assert [r.name for r in ordering.requirements_of(of.pk).order_by("position")] == ["c", "a", "b"]
    assert two.pk in ordering.keys(ordering.requirements_of(of.pk))


def test_numbers_of_actions_are_given_once():
    cycle = make_cycle([1])
    plan = ordering.first_plan(cycle, "Plan")
    assert ordering.first_plan(cycle, "Another") == plan
    first, second = (ordering.number_action(Action(plan=plan, name=name)) for name in "ab")
    assert (first.number, second.number) == (1, 2)
    second.deleted_at = cycle.created_at
    second.save()
    assert ordering.number_action(Action(plan=plan, name="c")).number == 3


def test_the_database_holds_the_rule():
    cycle = make_cycle([2])
    with pytest.raises(IntegrityError), transaction.atomic():
        Moment.objects.filter(name="Moment 0.1").update(position=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Moment.objects.filter(name="Moment 0.1", stage__cycle=cycle).update(position=None)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=4),
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "move",
                    "step",
                    "remove",
                    "restore",
                    "insert",
                    "stage",
                    "drop stage",
                    "bring stage back",
                    "merge",
                    "split",
                ]
            ),
            st.integers(0, 30),
            st.integers(0, 5),
            st.integers(-2, 6),
        ),
        max_size=12,
    ),
)
def test_any_sequence_of_changes_leaves_no_gap(counts, changes):
    cycle = make_cycle(counts)
    for what, key, where, place in changes:
        present = list(cycle.stages.order_by("position"))
        target = present[where % len(present)]
        everyone = list(Moment.objects.filter(stage__cycle=cycle).order_by("pk"))
        chosen = everyone[key % len(everyone)] if everyone else None
        before = sorted(m.pk for m in everyone)
        if what == "insert":
            ordering.insert_moment(Moment(stage=target, name="New"), place)
        elif what == "stage":
            stages.move_stage(target, place)
        elif what == "drop stage":
            with suppress(stages.TooFewError):
                stages.remove_stage(target)
        elif what == "bring stage back":
            gone = list(Stage.everywhere.filter(cycle=cycle).order_by("pk"))
            with suppress(stages.TooManyError):
                stages.restore_stage(gone[where % len(gone)], place)
        elif what == "merge":
            with suppress(stages.TooFewError):
                stages.merge_stage(target)
        elif what == "split" and chosen:
            with suppress(stages.TooManyError):
                stages.split_stage(target, Stage(cycle=cycle, name="New"), chosen.pk)
        elif chosen and what == "move":
            ordering.move_moment(cycle, chosen.pk, target.pk, place)
        elif chosen and what == "step":
            ordering.step_moment(cycle, chosen.pk, 1 if place > 0 else -1)
        elif chosen and what == "remove":
            ordering.remove_moment(chosen)
        elif chosen and what == "restore":
            ordering.restore_moment(chosen, place)
        assert_gap_free(cycle)
        after = set(Moment.objects.filter(stage__cycle=cycle).values_list("pk", flat=True))
        assert after >= set(before)


@pytest.mark.django_db(transaction=True)
def test_people_who_move_at_the_same_time_leave_no_gap():
    cycle = make_cycle([5, 4, 3])
    stages = [stage.pk for stage in cycle.stages.all()]
    moments = list(Moment.objects.filter(stage__cycle=cycle).values_list("pk", flat=True))
    start, faults = Barrier(4), []

    def person(seed):
        choice = random.Random(seed)
        start.wait()
        try:
            for _ in range(12):
                ordering.move_moment(
                    cycle, choice.choice(moments), choice.choice(stages), choice.randrange(6)
                )
        except Exception as fault:  # told by the main thread
            faults.append(fault)
        finally:
            connection.close()

    people = [Thread(target=person, args=[seed]) for seed in range(4)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join(60)
    assert not faults
    assert sum(len(names) for names in layout(cycle)) == 12
    assert_gap_free(cycle)
