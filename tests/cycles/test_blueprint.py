"""The blueprint: four lanes over all moments, written cell by cell."""

import pytest

from cycles.blueprint import LANES
from cycles.models import Cycle, Moment
from tests.conftest import log_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def queue(world):
    moment = Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")
    moment.front_stage = "Asks who is <next>"
    moment.save()
    return moment


def url_of(world, moment, lane="front_stage"):
    return world.url(f"moments/{moment.pk}/lanes/{lane}/")


def page_of(world, query=""):
    return world.url(f"cycles/{world.cycle.pk}/blueprint/{query}")


def test_every_moment_has_its_four_lanes_in_the_order_of_the_cycle(world, consultant, queue):
    page = consultant.get(page_of(world)).content.decode()
    moments = list(Moment.objects.filter(stage__cycle=world.cycle).order_by("stage__position", "position"))
    cells = [f'id="c-{moment.pk}-{lane}"' for moment in moments for lane in LANES]
    places = [page.index(cell) for cell in cells]
    assert places == sorted(places)
    assert page.count('class="bp__cell') == 12
    assert "Asks who is &lt;next&gt;" in page
    assert page.count("<h1") == 1
    for line in ("line of interaction", "line of visibility"):
        assert line in page


def test_who_reads_finds_no_way_to_write(world, queue):
    viewer = log_in(world.viewer)
    page = viewer.get(page_of(world)).content.decode()
    assert "Asks who is &lt;next&gt;" in page
    assert "/lanes/" not in page
    assert viewer.get(url_of(world, queue)).status_code == 403
    assert viewer.post(url_of(world, queue), {"text": "x"}).status_code == 403


def test_a_cell_is_opened_saved_and_left_in_its_place(world, consultant, queue):
    form = consultant.get(url_of(world, queue), headers=HTMX).content.decode()
    assert form.lstrip().startswith(f'<div class="bp__cell is-open" id="c-{queue.pk}-front_stage"')
    assert "Asks who is &lt;next&gt;</textarea>" in form
    revision = Cycle.objects.get(pk=world.cycle.pk).revision
    answer = consultant.post(url_of(world, queue), {"text": "Opens another till"}, headers=HTMX)
    assert answer.status_code == 200
    assert f'id="c-{queue.pk}-front_stage"' in answer.content.decode()
    assert "Opens another till" in answer.content.decode()
    assert "Saved: Queue at the till" in answer.content.decode()
    queue.refresh_from_db()
    assert queue.front_stage == "Opens another till"
    assert Cycle.objects.get(pk=world.cycle.pk).revision == revision + 1
    left = consultant.get(url_of(world, queue) + "?left=1", headers=HTMX).content.decode()
    assert "<form" not in left
    assert "Opens another till" in left


def test_without_script_the_form_stands_in_the_page(world, consultant, queue):
    page = consultant.get(url_of(world, queue)).content.decode()
    assert page.count("<h1") == 1
    assert page.count("<textarea") == 1
    answer = consultant.post(url_of(world, queue), {"text": "Opens another till"})
    assert answer.status_code == 302
    assert answer["Location"] == page_of(world, f"#c-{queue.pk}-front_stage")


def test_two_in_one_cell_see_both_versions(world, consultant, queue):
    opened = {"opened": '{"text": "Asks who is <next>"}'}
    consultant.post(url_of(world, queue), {"text": "Opens another till", **opened}, headers=HTMX)
    answer = log_in(world.owner).post(
        url_of(world, queue), {"text": "Calls for help", **opened}, headers=HTMX
    )
    assert answer.status_code == 409
    assert "Opens another till" in answer.content.decode()
    assert "Calls for help" in answer.content.decode()
    queue.refresh_from_db()
    assert queue.front_stage == "Opens another till"


@pytest.mark.parametrize("text", ["x" * 2001, "a\x00b"])
def test_what_cannot_be_stored_is_said_at_the_cell(world, consultant, queue, text):
    answer = consultant.post(url_of(world, queue), {"text": text}, headers=HTMX)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    queue.refresh_from_db()
    assert queue.front_stage == "Asks who is <next>"
    assert consultant.post(url_of(world, queue), {"text": text}).status_code == 422


def test_what_is_not_a_lane_or_not_ours_is_404(world, consultant, stranger, queue):
    assert consultant.get(url_of(world, queue, "name")).status_code == 404
    assert consultant.post(url_of(world, queue, "deleted_at"), {"text": "x"}).status_code == 404
    theirs = Moment.objects.filter(stage__cycle=stranger.cycle).first()
    assert consultant.post(url_of(world, theirs), {"text": "x"}).status_code == 404


def test_the_reader_writes_the_text_he_sees(world, queue):
    queue.translate("es", front_stage="Pregunta a quién le toca")
    queue.save()
    spanish = log_in(world.consultant, "es")
    spanish.post(url_of(world, queue), {"text": "Abre otra caja"}, headers=HTMX)
    queue.refresh_from_db()
    assert queue.front_stage == "Asks who is <next>"
    assert queue.text("front_stage", "es") == "Abre otra caja"


def test_an_empty_cycle_says_where_to_begin(world, consultant):
    Moment.objects.filter(stage__cycle=world.cycle).delete()
    page = consultant.get(page_of(world)).content.decode()
    assert "There is no moment to describe yet." in page
