"""The map, as a consultant works on it: with htmx, and without any script."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cycles.models import Cycle, Moment, Requirement, Stage
from cycles.ordering import insert_moment
from tests.conftest import log_in

HTMX = {"HX-Request": "true"}


def names(cycle):
    return list(
        Moment.objects.filter(stage__cycle=cycle, deleted_at=None)
        .order_by("stage__position", "position")
        .values_list("name", flat=True)
    )


def moment(world, name):
    return Moment.objects.get(stage__cycle=world.cycle, name=name)


def stage(world, position):
    return Stage.objects.get(cycle=world.cycle, position=position)


def map_url(world, query=""):
    return world.url(f"cycles/{world.cycle.pk}/{query}")


def htmx(target, world, query=""):
    return {**HTMX, "HX-Target": target, "HX-Current-URL": f"http://testserver{map_url(world, query)}"}


def test_the_page_shows_wheel_list_and_the_moment_of_the_address(world, consultant):
    queue = moment(world, "Queue at the till")
    page = consultant.get(map_url(world, f"?moment={queue.pk}")).content.decode()
    assert page.count('class="w-node') == 3
    assert "3, Queue at the till, critical" in page
    assert f'data-moment="{queue.pk}"' in page
    assert page.count("<h1") == 1
    assert page.count('aria-current="true"') >= 2


@pytest.mark.parametrize("asked", ["0", "-1", "x", "９", "99999999999999999999999", ""])
def test_a_moment_that_is_none_opens_the_map_all_the_same(world, consultant, asked):
    assert consultant.get(map_url(world, f"?moment={asked}")).status_code == 200


def test_a_moment_of_another_workspace_is_not_shown(world, stranger, consultant):
    theirs = Moment.objects.filter(stage__cycle=stranger.cycle).first()
    page = consultant.get(map_url(world, f"?moment={theirs.pk}"))
    assert page.status_code == 200
    assert f'data-moment="{theirs.pk}"' not in page.content.decode()


def test_htmx_gets_the_panel_and_the_wheel_only(world, consultant):
    queue = moment(world, "Queue at the till")
    page = consultant.get(map_url(world, f"?moment={queue.pk}"), headers=HTMX).content.decode()
    assert page.lstrip().startswith('<aside class="bench__panel')
    assert 'hx-push-url="true" hx-sync="this:replace" hx-swap-oob="true"' in page
    assert "<html" not in page
    assert "w-halo" in page


def test_moments_are_added_one_after_the_other(world, consultant):
    pay = stage(world, 1)
    for name in ("Pay", "Receive the bag"):
        answer = consultant.post(
            world.url(f"stages/{pay.pk}/moments/"), {"name": name, "channel": "phone"}, headers=HTMX
        )
        text = answer.content.decode()
        assert answer.status_code == 200
        assert f'id="add-{pay.pk}"' in text
        assert "autofocus" in text
    assert names(world.cycle)[-3:] == ["Queue at the till", "Pay", "Receive the bag"]
    assert moment(world, "Pay").channels == ["phone"]
    assert "Position 5 of 5." in text
    assert 'id="method" hx-swap-oob="true"' in text


def test_adding_works_without_script(world, consultant):
    pay = stage(world, 1)
    answer = consultant.post(world.url(f"stages/{pay.pk}/moments/"), {"name": "Pay"}, follow=True)
    assert answer.status_code == 200
    assert "Pay" in names(world.cycle)
    assert '<details class="add" open>' in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "This field is required."),
        ("x" * 121, "at most 120 characters"),
        ("nul\x00", "control character"),
        ("bell\x07", "control character"),
        ("two\nlines", "control character"),
    ],
)
def test_a_name_that_cannot_be_is_answered_at_the_field(world, consultant, name, fault):
    pay = stage(world, 1)
    before = names(world.cycle)
    for headers in (HTMX, {}):
        answer = consultant.post(world.url(f"stages/{pay.pk}/moments/"), {"name": name}, headers=headers)
        assert answer.status_code == 422
        assert fault in answer.content.decode()
    assert names(world.cycle) == before


@pytest.mark.parametrize("name", ["🛍️ Pay 👗", "شراء فستان", "<b>Pay</b>", "a" * 120, 'O\'Neill & "co"'])
def test_any_other_name_is_kept_as_it_is(world, consultant, name):
    pay = stage(world, 1)
    answer = consultant.post(world.url(f"stages/{pay.pk}/moments/"), {"name": name}, headers=HTMX)
    assert answer.status_code == 200
    assert name in names(world.cycle)
    assert "<b>Pay</b>" not in answer.content.decode()


def test_a_department_is_hinted_at_and_kept(world, consultant):
    pay = stage(world, 1)
    answer = consultant.post(world.url(f"stages/{pay.pk}/moments/"), {"name": "Billing"}, headers=HTMX)
    assert "sounds like a department" in answer.content.decode()
    assert "Billing" in names(world.cycle)
    answer = consultant.post(world.url(f"stages/{pay.pk}/moments/"), {"name": "Pay the bill"}, headers=HTMX)
    assert "sounds like a department" not in answer.content.decode()


def test_a_name_is_edited_in_the_list(world, consultant):
    found = moment(world, "Find the shop")
    url = world.url(f"moments/{found.pk}/name/")
    form = consultant.get(url, headers=HTMX).content.decode()
    assert 'value="Find the shop"' in form
    answer = consultant.post(url, {"name": "Find the door"}, headers=htmx("list", world))
    assert answer.status_code == 200
    assert names(world.cycle)[0] == "Find the door"
    assert 'hx-swap-oob="true"' in answer.content.decode()
    bad = consultant.post(url, {"name": ""}, headers=HTMX)
    assert bad.status_code == 422
    assert "This field is required." in bad.content.decode()


def test_renaming_changes_the_translation_that_is_read(world, consultant):
    found = moment(world, "Find the shop")
    found.translate("es", name="Encontrar la tienda")
    found.save()
    url = world.url(f"moments/{found.pk}/name/")
    spanish = log_in(world.consultant, "es")
    assert 'value="Encontrar la tienda"' in spanish.get(url, headers=HTMX).content.decode()
    spanish.post(url, {"name": "Hallar la tienda"}, headers=HTMX)
    found.refresh_from_db()
    assert (found.name, found.translations["es"]["name"]) == ("Find the shop", "Hallar la tienda")


def test_every_attribute_is_edited_in_the_panel(world, consultant):
    queue = moment(world, "Queue at the till")
    url = world.url(f"moments/{queue.pk}/")
    form = consultant.get(url, headers=HTMX).content.decode()
    assert "Name in Spanish" in form
    data = {
        "name": "Queue",
        "name_elsewhere": "Hacer fila",
        "is_critical": "on",
        "description": "Two lines\r\nof text",
        "kind": "purchase",
        "channels": ["in_person", "app"],
        "mode": "reactive",
        "owner_area": "Till",
        "emotion": "-2",
        "standard": "It moves",
        "enhancers": "A seat",
        "detractors": "Waiting\r\nNoise",
        "customer_action": "Stands",
        "front_stage": "Cashier",
        "back_stage": "Roster",
        "systems": "Till",
    }
    answer = consultant.post(url, data, headers=htmx("panel", world, f"?moment={queue.pk}"))
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith('<aside class="bench__panel')
    queue.refresh_from_db()
    assert queue.channels == ["in_person", "app"]
    assert queue.emotion == -2
    assert queue.translations == {"es": {"name": "Hacer fila"}}
    assert (queue.kind, queue.mode, queue.owner_area) == ("purchase", "reactive", "Till")
    page = consultant.get(map_url(world, f"?moment={queue.pk}")).content.decode()
    assert "<li>Waiting</li><li>Noise</li>" in page
    for label in ("What meets the expectation", "Front stage", "Responsible area", "Expected emotion"):
        assert label in page
    assert "−2, very bad" in page


def test_a_fault_in_the_panel_keeps_what_was_typed(world, consultant):
    queue = moment(world, "Queue at the till")
    url = world.url(f"moments/{queue.pk}/")
    data = {"name": "x" * 200, "description": "Kept", "channels": ["pigeon"], "emotion": "7"}
    ways: list[dict[str, str]] = [htmx("panel", world), {}]
    for headers in ways:
        answer = consultant.post(url, data, headers=headers)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Kept" in text
        assert "at most 120 characters" in text
        assert 'aria-invalid="true"' in text
        assert 'id="id_name_error"' in text
    assert moment(world, "Queue at the till").description == ""


def test_moving_by_buttons_crosses_stages_and_says_where(world, consultant):
    greeted = moment(world, "Be greeted")
    url = world.url(f"moments/{greeted.pk}/move/")
    answer = consultant.post(url, {"to": "down"}, headers=htmx("list", world))
    assert "Be greeted: Position 2 of 3." in answer.content.decode()
    greeted.refresh_from_db()
    assert greeted.stage == stage(world, 1)
    consultant.post(url, {"to": "down"}, headers=HTMX)
    assert names(world.cycle) == ["Find the shop", "Queue at the till", "Be greeted"]
    answer = consultant.post(url, {"to": "up"})
    assert answer.status_code == 302
    assert names(world.cycle) == ["Find the shop", "Be greeted", "Queue at the till"]


def test_moving_to_a_stage_and_a_position(world, consultant):
    queue = moment(world, "Queue at the till")
    url = world.url(f"moments/{queue.pk}/move/")
    consultant.post(url, {"stage": stage(world, 0).pk, "position": "2"}, headers=HTMX)
    assert names(world.cycle) == ["Find the shop", "Queue at the till", "Be greeted"]


@pytest.mark.parametrize("data", [{}, {"to": "left"}, {"position": "2"}, {"stage": "x"}])
def test_a_move_to_nowhere_is_refused_in_words(world, consultant, data):
    queue = moment(world, "Queue at the till")
    before = names(world.cycle)
    answer = consultant.post(
        world.url(f"moments/{queue.pk}/move/"), data, headers=htmx("panel", world, f"?moment={queue.pk}")
    )
    assert answer.status_code == 422
    assert 'id="move-error"' in answer.content.decode()
    assert names(world.cycle) == before


def test_a_stage_of_another_cycle_is_no_place_to_move_to(world, stranger, consultant):
    queue = moment(world, "Queue at the till")
    theirs = Stage.objects.filter(cycle=stranger.cycle).first()
    answer = consultant.post(
        world.url(f"moments/{queue.pk}/move/"), {"stage": theirs.pk, "position": "1"}, headers=HTMX
    )
    assert answer.status_code == 404
    assert Moment.objects.filter(stage__cycle=stranger.cycle).count() == 3


def test_deleting_offers_to_undo_and_the_place_is_kept(world, consultant):
    found = moment(world, "Find the shop")
    answer = consultant.post(
        world.url(f"moments/{found.pk}/delete/"), headers=htmx("panel", world, f"?moment={found.pk}")
    )
    text = answer.content.decode()
    assert names(world.cycle) == ["Be greeted", "Queue at the till"]
    assert "is in the bin." in text
    assert answer["HX-Replace-Url"] == map_url(world)
    assert 'name="position" value="0"' in text
    assert consultant.get(world.url(f"moments/{found.pk}/")).status_code == 404
    bin_page = consultant.get(world.url(f"cycles/{world.cycle.pk}/bin/")).content.decode()
    assert "Find the shop" in bin_page
    consultant.post(world.url(f"moments/{found.pk}/restore/"), {"position": "0"}, headers=HTMX)
    assert names(world.cycle) == ["Find the shop", "Be greeted", "Queue at the till"]
    again = consultant.post(world.url(f"moments/{found.pk}/restore/"), {"position": "2"}, headers=HTMX)
    assert again.status_code == 200
    assert names(world.cycle) == ["Find the shop", "Be greeted", "Queue at the till"]


def test_deleting_without_script_offers_to_undo_too(world, consultant):
    found = moment(world, "Find the shop")
    page = consultant.post(world.url(f"moments/{found.pk}/delete/"), follow=True).content.decode()
    assert world.url(f"moments/{found.pk}/restore/") in page
    assert "Undo" in page


def test_stages_are_added_changed_moved_and_deleted(world, consultant):
    url = world.url(f"cycles/{world.cycle.pk}/stages/")
    form = consultant.get(url, headers=HTMX).content.decode()
    assert form.count("checked") == 1
    assert re.search(r'value="c"[^>]*checked', form)
    answer = consultant.post(
        url, {"name": "Leave", "phase": "after", "colour": "c", "name_elsewhere": "Irse"}, headers=HTMX
    )
    assert answer.status_code == 200
    leave = Stage.objects.get(cycle=world.cycle, name="Leave")
    assert (leave.position, leave.phase, leave.colour) == (2, "after", "c")
    assert leave.translations == {"es": {"name": "Irse"}}
    consultant.post(world.url(f"stages/{leave.pk}/"), {"name": "Go", "colour": "d"}, headers=HTMX)
    consultant.post(world.url(f"stages/{leave.pk}/move/"), {"to": "up"}, headers=HTMX)
    leave.refresh_from_db()
    assert (leave.name, leave.colour, leave.position) == ("Go", "d", 1)


def test_the_last_two_stages_stay_and_there_are_twelve_at_most(world, consultant):
    for what in ("delete", "merge"):
        answer = consultant.post(world.url(f"stages/{stage(world, 0).pk}/{what}/"), headers=HTMX)
        assert answer.status_code == 422
        assert "A cycle keeps at least 2 stages." in answer.content.decode()
    assert len(names(world.cycle)) == 3
    url = world.url(f"cycles/{world.cycle.pk}/stages/")
    for n in range(10):
        assert consultant.post(url, {"name": f"S{n}", "colour": "a"}, headers=HTMX).status_code == 200
    answer = consultant.post(url, {"name": "Thirteenth", "colour": "a"}, headers=HTMX)
    assert answer.status_code == 422
    assert "at most 12 stages" in answer.content.decode()
    assert "Thirteenth" in answer.content.decode()
    assert world.cycle.stages.count() == 12


def test_a_colour_that_is_none_is_refused(world, consultant):
    answer = consultant.post(
        world.url(f"stages/{stage(world, 0).pk}/"), {"name": "Arrive", "colour": "z"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert stage(world, 0).colour == "a"


def test_every_change_raises_the_revision(world, consultant):
    def revision():
        return Cycle.objects.get(pk=world.cycle.pk).revision

    queue = moment(world, "Queue at the till")
    changes = [
        (f"stages/{stage(world, 0).pk}/moments/", {"name": "New"}),
        (f"moments/{queue.pk}/name/", {"name": "Queue at the till"}),
        (f"moments/{queue.pk}/move/", {"to": "up"}),
        (f"moments/{queue.pk}/delete/", {}),
        (f"moments/{queue.pk}/restore/", {}),
        (f"stages/{stage(world, 0).pk}/", {"name": "Come", "colour": "a"}),
        (f"stages/{stage(world, 0).pk}/move/", {"to": "down"}),
    ]
    for path, data in changes:
        before = revision()
        assert consultant.post(world.url(path), data, headers=HTMX).status_code == 200, path
        assert revision() > before, path


def test_nothing_changes_on_get(world, consultant):
    queue = moment(world, "Queue at the till")
    for path in (
        f"moments/{queue.pk}/move/",
        f"moments/{queue.pk}/delete/",
        f"stages/{queue.stage_id}/delete/",
    ):
        assert consultant.get(world.url(path)).status_code == 405
    assert len(names(world.cycle)) == 3


def test_managers_read_and_do_not_change(world, manager):
    queue = moment(world, "Queue at the till")
    page = manager.get(map_url(world, f"?moment={queue.pk}")).content.decode()
    assert "Queue at the till" in page
    for word in ("/move/", "/delete/", "mo__grip", "/edit/"):
        assert word not in page
    assert manager.post(world.url(f"moments/{queue.pk}/move/"), {"to": "up"}).status_code == 403
    assert manager.get(world.url(f"moments/{queue.pk}/")).status_code == 403


def test_strangers_find_nothing(world, stranger, consultant):
    theirs = Moment.objects.filter(stage__cycle=stranger.cycle).first()
    for path in (
        f"moments/{theirs.pk}/move/",
        f"moments/{theirs.pk}/",
        f"stages/{theirs.stage_id}/moments/",
        f"cycles/{stranger.cycle.pk}/stages/",
    ):
        assert consultant.post(world.url(path), {"name": "x", "to": "up"}, headers=HTMX).status_code == 404


def queries(browser, url, **more):
    browser.get(url, **more)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url, **more).status_code == 200
    return len(captured)


def test_sixty_moments_cost_no_more_queries_than_three(world, consultant):
    found = moment(world, "Find the shop")
    url = map_url(world, f"?moment={found.pk}")
    few = queries(consultant, url)
    for n in range(57):
        new = insert_moment(Moment(stage=stage(world, n % 2), name=f"Moment {n}"))
        Requirement.objects.create(moment=new, position=0, name="Quick")
    answer = consultant.get(url)
    assert queries(consultant, url) == few
    assert len(answer.content) < 150_000


def test_without_script_the_chosen_survey_stays(world, consultant):
    queue = moment(world, "Queue at the till")
    answer = consultant.post(
        world.url(f"moments/{queue.pk}/move/"),
        {"to": "up"},
        headers={"Referer": f"http://testserver{map_url(world, '?wave=7')}"},
    )
    assert answer["Location"].startswith(map_url(world, "?wave=7&"))
