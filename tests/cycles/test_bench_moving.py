"""Moments and stages of the map are moved, deleted and brought back, with and without script."""

import re

import pytest

from cycles.models import Moment, Stage
from tests.cycles.bench import HTMX, htmx, map_url, moment, names, stage


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
