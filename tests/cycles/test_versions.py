"""Named versions: frozen, copied, compared moment by moment."""

import pytest

from cycles import library, ordering
from cycles.document import document_of, rooted
from cycles.models import Cycle, Moment, Requirement, Stage, Version
from cycles.versions import compare, longest_rise
from tests.conftest import make_world


def url(world, path=""):
    return world.url(f"cycles/{world.cycle.pk}/{path}")


@pytest.fixture
def frozen(world, consultant):
    consultant.post(url(world, "versions/new/"), {"name": "As-is, March"})
    return Version.objects.get()


def test_a_version_is_kept_once_and_stays_as_it_was(world, consultant, frozen):
    consultant.post(url(world, "versions/new/"), {"name": "As-is, March"})
    assert Version.objects.count() == 1
    Moment.objects.update(name="Changed")
    frozen.refresh_from_db()
    assert frozen.document["stages"][0]["moments"][0]["name"] == "Find the shop"
    page = consultant.get(url(world, "versions/")).content.decode()
    assert "As-is, March" in page
    assert "consultant alba" in page
    assert "3 moments" in page


def test_without_a_name_it_says_so_and_keeps_what_was_typed(world, consultant):
    answer = consultant.post(url(world, "versions/new/"), {"name": "x" * 81})
    assert answer.status_code == 422
    assert "x" * 81 in answer.content.decode()
    assert not Version.objects.exists()


def test_the_comparison_names_what_was_added_removed_moved_and_changed(world, consultant, frozen):
    find, greeted, queue = Moment.objects.order_by("pk")
    arrive, pay = Stage.objects.order_by("pk")
    ordering.remove_moment(find)
    ordering.insert_moment(Moment(stage=pay, name="Take the bag"))
    ordering.move_moment(world.cycle, queue.pk, arrive.pk, 0)
    greeted.channels, greeted.emotion = ["phone"], 1
    greeted.save()
    Requirement.objects.create(moment=greeted, position=0, name="A smile")
    page = consultant.get(url(world, f"versions/compare/?a=v{frozen.pk}&b=now")).content.decode()
    for text in ("1</b> moment added", "1</b> moment removed", "1</b> moment moved", "1</b> moment changed"):
        assert text in page
    assert "From place 3 in “Pay” to 1 in “Arrive”." in page
    assert "A smile" in page
    assert ">Phone</span>" in page
    found = compare(frozen.document, document_of(world.cycle, rooted()))
    assert {(one.entry["name"], one.what) for one in found["moment"]} == {
        ("Find the shop", ("removed",)),
        ("Be greeted", ("changed",)),
        ("Queue at the till", ("moved",)),
        ("Take the bag", ("added",)),
    }
    assert {field.name for one in found["moment"] for field in one.fields} == {"channels", "emotion"}


def test_with_nothing_to_compare_it_says_what_to_do(world, consultant):
    page = consultant.get(url(world, "versions/compare/")).content.decode()
    assert "Choose what to compare with" in page
    assert f'href="{url(world, "versions/")}"' in page


def test_one_moment_that_moves_is_one_that_moved(world, consultant):
    stage = world.cycle.stages.first()
    ordering.insert_moments(stage, [f"Step {n}" for n in range(10)])
    before = document_of(world.cycle, rooted())
    last = Moment.objects.get(name="Step 9")
    ordering.move_moment(world.cycle, last.pk, stage.pk, 0)
    moved = compare(before, document_of(world.cycle, rooted()))["moment"]
    assert [(one.entry["name"], one.number) for one in moved] == [("Step 9", (12, 1))]


@pytest.mark.parametrize(
    ("numbers", "kept"), [([], set()), ([1, 2, 3], {0, 1, 2}), ([3, 1, 2], {1, 2}), ([1, 9, 2, 3], {0, 2, 3})]
)
def test_the_longest_rising_run(numbers, kept):
    assert longest_rise(numbers) == kept


def test_a_copy_is_a_cycle_of_its_own_that_can_be_compared(world, consultant):
    answer = consultant.post(url(world, "copy/"), {"name": "Shop (to be)"})
    copy = Cycle.objects.latest("pk")
    assert answer["Location"] == world.url(f"cycles/{copy.pk}/")
    assert (copy.name, copy.client) == ("Shop (to be)", world.client)
    page = consultant.get(url(world, f"versions/compare/?a=now&b=c{copy.pk}")).content.decode()
    assert "moments are the same" in page
    Moment.objects.filter(stage__cycle=copy, name="Be greeted").update(name="Be welcomed")
    page = consultant.get(url(world, f"versions/compare/?a=now&b=c{copy.pk}")).content.decode()
    assert "1</b> moment changed" in page
    assert "Be welcomed" in page
    assert Moment.objects.filter(name="Be greeted", stage__cycle=world.cycle).exists()


def test_copying_twice_is_once_and_a_name_is_not_taken_twice(world, consultant):
    for _ in range(2):
        assert consultant.post(url(world, "copy/"), {"name": "To be"}).status_code == 302
    assert Cycle.objects.filter(name="To be").count() == 1
    Moment.objects.filter(stage__cycle__name="To be").update(name="Another")
    answer = consultant.post(url(world, "copy/"), {"name": "To be"})
    assert answer.status_code == 422
    assert "There is a cycle of that name already." in answer.content.decode()


def test_a_version_opens_as_a_new_cycle(world, consultant, frozen):
    Moment.objects.update(name="Changed")
    consultant.post(world.url(f"versions/{frozen.pk}/copy/"), {"name": "March"})
    again = Cycle.objects.get(name="March")
    assert set(Moment.objects.filter(stage__cycle=again).values_list("name", flat=True)) == {
        "Find the shop",
        "Be greeted",
        "Queue at the till",
    }


def test_everything_of_a_ready_made_cycle_is_in_its_version(world, consultant):
    cycle = library.create_cycle(world.client, "hotel_stay", language="es")
    consultant.post(world.url(f"cycles/{cycle.pk}/versions/new/"), {"name": "First"})
    version = Version.objects.get()
    consultant.post(world.url(f"versions/{version.pk}/copy/"), {"name": "Again"})
    again = document_of(Cycle.objects.get(name="Again"), rooted())
    assert again["stages"] == version.document["stages"]


def test_deleting_a_version_can_be_undone(world, consultant, frozen):
    answer = consultant.post(world.url(f"versions/{frozen.pk}/delete/"), follow=True)
    page = answer.content.decode()
    assert "Version “As-is, March” has been deleted." in page
    assert not Version.objects.filter(deleted_at=None).exists()
    consultant.post(world.url(f"versions/{frozen.pk}/restore/"))
    assert Version.objects.filter(deleted_at=None).exists()


def test_another_clients_cycle_is_no_side_of_a_comparison(world, consultant, frozen):
    other = make_world("boreal")
    page = consultant.get(url(world, f"versions/compare/?a=c{other.cycle.pk}&b=now")).content.decode()
    assert "boreal" not in page
    assert consultant.get(url(world, "versions/compare/?a=v999999&b=xyz")).status_code == 200


def test_a_manager_reads_and_does_not_freeze(world, manager, frozen):
    assert manager.get(url(world, "versions/")).status_code == 200
    assert manager.get(url(world, "versions/compare/")).status_code == 200
    assert manager.post(url(world, "versions/new/"), {"name": "Mine"}).status_code == 403
