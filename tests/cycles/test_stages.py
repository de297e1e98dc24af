"""Stages: split, merged, deleted with their moments and brought back; never less than 2 nor more than 12."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from cycles import ordering, stages
from cycles.models import Moment, Stage
from tests.cycles.test_ordering import assert_gap_free, layout, make_cycle, moment, stage

HTMX = {"HX-Request": "true", "HX-Target": "panel"}
pytestmark = pytest.mark.django_db


def arcs(cycle):
    return [one.name for one in cycle.stages.order_by("position")]


def at(cycle, name):
    return Stage.everywhere.get(cycle=cycle, name=name)


def test_a_deleted_stage_takes_its_moments_along_and_brings_them_back():
    cycle = make_cycle([1, 3, 1])
    alone = moment(cycle, "Moment 1.1")
    ordering.remove_moment(alone)
    gone = stage(cycle, 1)
    assert stages.remove_stage(gone) == 1
    assert stages.remove_stage(gone) is None
    assert layout(cycle) == [["Moment 0.0"], ["Moment 2.0"]]
    assert_gap_free(cycle)
    assert stages.restore_stage(gone)
    assert not stages.restore_stage(gone)
    assert layout(cycle) == [["Moment 0.0"], ["Moment 1.0", "Moment 1.2"], ["Moment 2.0"]]
    assert_gap_free(cycle)
    alone.refresh_from_db()
    assert alone.deleted_at, "what was deleted before stays deleted"


def test_two_stages_stay():
    cycle = make_cycle([1, 1])
    for change in (stages.remove_stage, stages.merge_stage):
        with pytest.raises(stages.TooFewError):
            change(stage(cycle, 0))
    assert layout(cycle) == [["Moment 0.0"], ["Moment 1.0"]]


def test_a_thirteenth_stage_comes_by_no_way():
    cycle = make_cycle([2] + [0] * 12)
    binned = stage(cycle, 12)
    stages.remove_stage(binned)
    with pytest.raises(stages.TooManyError):
        stages.insert_stage(Stage(cycle=cycle, name="New"))
    with pytest.raises(stages.TooManyError):
        stages.split_stage(stage(cycle, 0), Stage(cycle=cycle, name="New"), moment(cycle, "Moment 0.1").pk)
    with pytest.raises(stages.TooManyError):
        stages.restore_stage(binned)
    assert cycle.stages.count() == 12
    assert_gap_free(cycle)


def test_a_split_and_the_merge_that_undoes_it():
    cycle = make_cycle([4, 1])
    first = stage(cycle, 0)
    new = Stage(cycle=cycle, name="New")
    assert stages.split_stage(first, new, moment(cycle, "Moment 0.2").pk)
    assert arcs(cycle) == ["Stage 0", "New", "Stage 1"]
    assert layout(cycle) == [["Moment 0.0", "Moment 0.1"], ["Moment 0.2", "Moment 0.3"], ["Moment 1.0"]]
    assert_gap_free(cycle)
    merged, moved = stages.merge_stage(first)
    assert merged == new
    assert layout(cycle) == [["Moment 0.0", "Moment 0.1", "Moment 0.2", "Moment 0.3"], ["Moment 1.0"]]
    assert stages.restore_stage(merged, merged.last_position, moved)
    assert layout(cycle) == [["Moment 0.0", "Moment 0.1"], ["Moment 0.2", "Moment 0.3"], ["Moment 1.0"]]
    assert_gap_free(cycle)


def test_a_split_leaves_a_moment_on_each_side():
    cycle = make_cycle([2, 1])
    for name in ("Moment 0.0", "Moment 1.0"):
        assert not stages.split_stage(stage(cycle, 0), Stage(cycle=cycle, name="New"), moment(cycle, name).pk)
    assert arcs(cycle) == ["Stage 0", "Stage 1"]


def test_a_moment_whose_stage_is_in_the_bin_comes_back_to_the_one_before():
    cycle = make_cycle([1, 1, 1])
    alone = moment(cycle, "Moment 1.0")
    ordering.remove_moment(alone)
    stages.remove_stage(stage(cycle, 1))
    assert ordering.restore_moment(alone)
    assert layout(cycle) == [["Moment 0.0", "Moment 1.0"], ["Moment 2.0"]]
    assert_gap_free(cycle)


def test_what_is_added_to_a_stage_somebody_deleted_meanwhile_is_not_lost():
    cycle = make_cycle([1, 1, 1])
    late = stage(cycle, 1)
    stages.remove_stage(stage(cycle, 1))
    ordering.insert_moment(Moment(stage=late, name="Late"))
    ordering.insert_moments(late, ["Later", "Last"])
    assert layout(cycle) == [["Moment 0.0", "Late", "Later", "Last"], ["Moment 2.0"]]


@pytest.mark.django_db(transaction=True)
def test_stages_and_moments_changed_by_several_at_once_leave_no_gap_and_lose_nothing():
    cycle = make_cycle([4, 4, 4, 4])
    everyone = set(Moment.objects.filter(stage__cycle=cycle).values_list("pk", flat=True))
    arc = {name: at(cycle, name) for name in arcs(cycle)}
    start, faults = Barrier(4), []

    def splitter():
        for n in range(4):
            third = ordering.keys(ordering.moments_in(arc["Stage 0"].pk))[2:3]
            if third:
                stages.split_stage(arc["Stage 0"], Stage(cycle=cycle, name=f"New {n}"), third[0])
            stages.merge_stage(arc["Stage 0"])

    def deleter():
        for _n in range(4):
            stages.remove_stage(at(cycle, "Stage 1"))
            stages.restore_stage(at(cycle, "Stage 1"))

    def mover():
        for n in range(8):
            ordering.move_moment(cycle, sorted(everyone)[n * 2], arc["Stage 2"].pk, n)

    def adder():
        for n in range(6):
            ordering.insert_moments(at(cycle, "Stage 1"), [f"A{n}", f"B{n}"])

    def person(work):
        start.wait()
        try:
            work()
        except Exception as fault:  # told by the main thread
            faults.append(fault)
        finally:
            connection.close()

    people = [Thread(target=person, args=[work]) for work in (splitter, deleter, mover, adder)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join(60)
    assert not faults
    assert_gap_free(cycle)
    placed = Moment.objects.filter(stage__cycle=cycle, deleted_at=None)
    assert placed.count() == len(everyone) + 12
    assert set(placed.values_list("pk", flat=True)) >= everyone


# --- As pages --------------------------------------------------------------------------------------


def third(world):
    return stages.insert_stage(Stage(cycle=world.cycle, name="Leave", colour="c"))


def test_a_stage_is_split_in_the_panel_and_the_split_undone(world, consultant):
    arrive = stage(world.cycle, 0)
    form = consultant.get(world.url(f"stages/{arrive.pk}/"), headers=HTMX).content.decode()
    assert "Be greeted</option>" in form
    assert "Find the shop</option>" not in form, "the first moment stays"
    data = {"moment": moment(world.cycle, "Be greeted").pk, "name": "Enter"}
    answer = consultant.post(world.url(f"stages/{arrive.pk}/split/"), data, headers=HTMX)
    assert "“Arrive” is split: “Enter” begins with “Be greeted”." in answer.content.decode()
    assert arcs(world.cycle) == ["Arrive", "Enter", "Pay"]
    assert at(world.cycle, "Enter").colour == "c"
    assert world.url(f"stages/{arrive.pk}/merge/") in answer.content.decode()
    answer = consultant.post(world.url(f"stages/{arrive.pk}/merge/"), headers=HTMX)
    assert "“Enter” is now part of “Arrive”." in answer.content.decode()
    assert layout(world.cycle) == [["Find the shop", "Be greeted"], ["Queue at the till"]]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"name": "Enter"}, "This field is required."),
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "nul\x00"}, "control character"),
    ],
)
def test_a_split_that_cannot_be_is_refused_at_the_field(world, consultant, data, fault):
    arrive = stage(world.cycle, 0)
    if data["name"] != "Enter":
        data = data | {"moment": moment(world.cycle, "Be greeted").pk}
    answer = consultant.post(world.url(f"stages/{arrive.pk}/split/"), data, headers=HTMX)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert arcs(world.cycle) == ["Arrive", "Pay"]


def test_a_merge_is_undone_by_its_toast(world, consultant):
    third(world)
    arrive, pay = stage(world.cycle, 0), stage(world.cycle, 1)
    queue = moment(world.cycle, "Queue at the till")
    answer = consultant.post(world.url(f"stages/{arrive.pk}/merge/"), headers=HTMX).content.decode()
    assert f'name="moments" value="{queue.pk}"' in answer
    assert layout(world.cycle) == [["Find the shop", "Be greeted", "Queue at the till"], []]
    data = {"position": "1", "moments": str(queue.pk)}
    consultant.post(world.url(f"stages/{pay.pk}/restore/"), data, headers=HTMX)
    assert arcs(world.cycle) == ["Arrive", "Pay", "Leave"]
    assert layout(world.cycle) == [["Find the shop", "Be greeted"], ["Queue at the till"], []]


def test_the_last_stage_has_nothing_to_merge_with(world, consultant):
    leave = third(world)
    answer = consultant.post(world.url(f"stages/{leave.pk}/merge/"), headers=HTMX)
    assert answer.status_code == 422
    assert "There is no stage after this one." in answer.content.decode()


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_deleted_stage_comes_back_from_its_toast_or_the_bin(world, consultant, headers):
    third(world)
    arrive = stage(world.cycle, 0)
    answer = consultant.post(world.url(f"stages/{arrive.pk}/delete/"), headers=headers, follow=True)
    assert "The stage “Arrive” and its 2 moments are in the bin." in answer.content.decode()
    assert consultant.get(world.url(f"stages/{arrive.pk}/")).status_code == 404
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/bin/")).content.decode()
    assert "with its 2 moments" in page
    assert "Find the shop" not in page, "it comes with its stage"
    consultant.post(world.url(f"stages/{arrive.pk}/restore/"), headers=headers)
    assert layout(world.cycle) == [["Find the shop", "Be greeted"], ["Queue at the till"], []]


def test_moments_of_elsewhere_in_the_fields_are_404_and_change_nothing(world, stranger, consultant):
    theirs = Moment.objects.filter(stage__cycle=stranger.cycle).first()
    arrive = stage(world.cycle, 0)
    for path in (f"stages/{arrive.pk}/split/", f"stages/{arrive.pk}/restore/"):
        data = {"moment": theirs.pk, "moments": str(theirs.pk), "name": "Mine"}
        assert consultant.post(world.url(path), data, headers=HTMX).status_code == 404
    assert arcs(world.cycle) == arcs(stranger.cycle) == ["Arrive", "Pay"]


def test_a_blank_cycle_has_two_stages(world, consultant):
    data = {"client": world.client.pk, "name": "Blank", "language": "en", "template": ""}
    answer = consultant.post(world.url("cycles/new/"), data, follow=True)
    assert answer.status_code == 200
    cycle = world.client.cycles.get(name="Blank")
    assert arcs(cycle) == ["First stage", "Second stage"]


def test_moments_that_go_and_come_with_their_stage_are_in_the_history(world, consultant):
    second = Stage.objects.get(cycle=world.cycle, position=1)
    Stage.objects.create(cycle=world.cycle, position=2, name="Leave")
    moments = set(Moment.objects.filter(stage=second, deleted_at=None).values_list("pk", flat=True))
    assert moments
    consultant.post(world.url(f"stages/{second.pk}/delete/"))
    consultant.post(world.url(f"stages/{second.pk}/restore/"))
    for reason in ("binned", "restored"):
        rows = Moment.history.filter(history_change_reason=reason, of_cycle=world.cycle)
        assert set(rows.values_list("id", flat=True)) == moments
