"""The map, as a consultant works on it: with htmx, and without any script."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cycles.models import Cycle, Moment, Requirement
from cycles.ordering import insert_moment
from tests.conftest import log_in
from tests.cycles.bench import HTMX, htmx, map_url, moment, names, stage


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
    row = form.split(f'id="m{found.pk}"')[1].split("</li>")[0]
    assert re.search(r'<span class="num [^"]*">1</span>', row), "which one it is stays in sight"
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
