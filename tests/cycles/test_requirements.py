"""What each moment requires, asked as the method asks it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cycles.models import Moment, Requirement, Stage
from cycles.views.requirement import lowered
from tests.conftest import log_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")


def page_url(world, query=""):
    return world.url(f"cycles/{world.cycle.pk}/requirements/{query}")


def write(browser, world, moment, **more):
    data = {"name": "Wait little", "level": "basic", **more}
    return browser.post(world.url(f"moments/{moment.pk}/requirements/"), data, headers=HTMX)


def names(moment):
    rows = Requirement.objects.filter(moment=moment, deleted_at=None)
    return list(rows.order_by("position").values_list("name", flat=True))


def test_the_question_is_asked_about_the_moment(world, consultant, queue):
    page = consultant.get(page_url(world, f"?moment={queue.pk}")).content.decode()
    assert "<em>queue at the till</em>" in page
    assert page.count("<h1") == 1
    fragment = consultant.get(page_url(world, f"?moment={queue.pk}"), headers=HTMX).content.decode()
    assert fragment.lstrip().startswith('<div class="req"')


def test_without_a_choice_the_first_moment_that_has_none_is_asked(world, consultant):
    first = Moment.objects.get(stage__cycle=world.cycle, name="Find the shop")
    write(consultant, world, first)
    assert "<em>be greeted</em>" in consultant.get(page_url(world)).content.decode()


def test_lowered_leaves_abbreviations_alone():
    assert lowered("Queue") == "queue"
    assert lowered("SMS arrives") == "SMS arrives"
    assert lowered("Él") == "él"
    assert lowered("") == ""


def test_requirements_are_added_with_all_they_have(world, consultant, queue):
    answer = write(
        consultant,
        world,
        queue,
        dimension="responsiveness",
        vertex="systems",
        level="expected",
        minimum="At most 4 min",
        measure="Timed",
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    for word in ("Wait little", "Responsiveness", "Systems", "Expected", "At most 4 min", "Timed"):
        assert word in text
    requirement = Requirement.objects.get(moment=queue)
    assert (requirement.position, requirement.vertex, requirement.level) == (0, "systems", "expected")
    assert 'id="method" hx-swap-oob="true"' in text


def test_adding_works_without_script(world, consultant, queue):
    url = world.url(f"moments/{queue.pk}/requirements/")
    page = consultant.post(url, {"name": "Wait little", "level": "basic"}, follow=True)
    assert page.status_code == 200
    assert "Wait little" in page.content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "a\x01"},
        {"dimension": "none"},
        {"vertex": "x"},
        {"level": ""},
    ],
)
def test_a_fault_is_answered_at_the_field_and_nothing_is_lost(world, consultant, queue, more):
    answer = write(consultant, world, queue, **{"minimum": "At most 4 min", **more})
    assert answer.status_code == 422
    assert "field--bad" in answer.content.decode()
    assert "At most 4 min" in answer.content.decode()
    assert names(queue) == []


def test_requirements_are_edited_reordered_and_deleted_with_undo(world, consultant, queue):
    for name in ("One", "Two", "Three"):
        write(consultant, world, queue, name=name)
    two = Requirement.objects.get(name="Two")
    url = world.url(f"requirements/{two.pk}/")
    assert 'value="Two"' in consultant.get(url, headers=HTMX).content.decode()
    data = {"name": "Second", "name_elsewhere": "Segundo", "level": "loyalty", "desired": "Soon"}
    answer = consultant.post(url, data, headers=HTMX)
    assert answer.status_code == 200
    two.refresh_from_db()
    assert (two.name, two.level, two.desired) == ("Second", "loyalty", "Soon")
    assert two.translations == {"es": {"name": "Segundo"}}
    consultant.post(world.url(f"requirements/{two.pk}/move/"), {"to": "up"}, headers=HTMX)
    assert names(queue) == ["Second", "One", "Three"]
    answer = consultant.post(world.url(f"requirements/{two.pk}/move/"), {"position": "9"}, headers=HTMX)
    assert names(queue) == ["One", "Three", "Second"]
    assert "Position 3 of 3." in answer.content.decode()
    answer = consultant.post(world.url(f"requirements/{two.pk}/delete/"), headers=HTMX)
    assert names(queue) == ["One", "Three"]
    assert world.url(f"requirements/{two.pk}/restore/") in answer.content.decode()
    consultant.post(world.url(f"requirements/{two.pk}/restore/"), {"position": "0"}, headers=HTMX)
    assert names(queue) == ["Second", "One", "Three"]
    page = consultant.post(world.url(f"requirements/{two.pk}/delete/"), follow=True).content.decode()
    assert world.url(f"requirements/{two.pk}/restore/") in page


def test_a_fault_while_editing_keeps_what_was_typed(world, consultant, queue):
    write(consultant, world, queue)
    requirement = Requirement.objects.get(moment=queue)
    answer = consultant.post(
        world.url(f"requirements/{requirement.pk}/"), {"name": "", "desired": "Kept", "level": "basic"}
    )
    assert answer.status_code == 422
    assert "Kept" in answer.content.decode()
    assert names(queue) == ["Wait little"]


def test_the_triangle_counts_and_the_holes_are_named(world, consultant, queue):
    for vertex, dimension in (("people", "courtesy"), ("people", "courtesy"), ("systems", "security")):
        write(consultant, world, queue, vertex=vertex, dimension=dimension)
    page = consultant.get(page_url(world)).content.decode()
    assert 'aria-label="Strategy 0, People 2, Systems 1"' in page
    assert "Nobody has asked yet about: Credibility, Communication" in page
    assert "Strategy: none." in page


def test_a_vertex_with_one_says_so_and_nothing_required_is_said_in_words(world, consultant, queue):
    page = consultant.get(page_url(world)).content.decode()
    assert "Nothing is required in this cycle yet." in page
    for vertex in ("people", "people", "people", "systems", "systems", "strategy"):
        write(consultant, world, queue, vertex=vertex)
    page = consultant.get(page_url(world)).content.decode()
    assert "Only 1 concerns strategy." in page
    assert "The 6 requirements of the cycle." in page


def test_the_list_shows_who_has_none(world, consultant, queue):
    write(consultant, world, queue)
    page = consultant.get(page_url(world)).content.decode()
    assert page.count('class="c is-miss"') == 2
    assert '<span class="c">1</span>' in page


def test_a_cycle_without_moments_says_where_to_begin(world, consultant):
    Moment.objects.filter(stage__cycle=world.cycle).delete()
    page = consultant.get(page_url(world)).content.decode()
    assert "Map the moments" in page


def test_managers_read_and_strangers_find_nothing(world, stranger, manager, consultant, queue):
    write(consultant, world, queue)
    page = manager.get(page_url(world, f"?moment={queue.pk}")).content.decode()
    assert "Wait little" in page
    assert "<form" not in page.split('id="requirements"')[1]
    assert write(manager, world, queue).status_code == 403
    requirement = Requirement.objects.get(moment=queue)
    other = log_in(stranger.owner)
    for path in ("", "move/", "delete/", "restore/"):
        assert other.post(stranger.url(f"requirements/{requirement.pk}/{path}")).status_code == 404
        assert other.post(world.url(f"requirements/{requirement.pk}/{path}")).status_code == 404


def test_a_binned_moment_has_no_requirements_page(world, consultant, queue):
    write(consultant, world, queue)
    requirement = Requirement.objects.get(moment=queue)
    consultant.post(world.url(f"moments/{queue.pk}/delete/"))
    assert write(consultant, world, queue).status_code == 404
    assert consultant.get(world.url(f"requirements/{requirement.pk}/")).status_code == 404


def test_queries_do_not_grow_with_what_is_there(world, consultant, queue):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            consultant.get(page_url(world, f"?moment={queue.pk}"))
        return len(captured)

    write(consultant, world, queue)
    queries()
    few = queries()
    stage = Stage.objects.filter(cycle=world.cycle).first()
    for n in range(30):
        moment = Moment.objects.create(stage=stage, position=10 + n, name=f"Moment {n}")
        Requirement.objects.create(moment=moment, position=0, name="Quick")
        Requirement.objects.create(moment=queue, position=10 + n, name=f"Quick {n}")
    assert queries() == few


def test_the_question_in_spanish_has_a_place_for_the_moment(world, queue):
    with translation.override("es"):
        page = log_in(world.consultant, "es").get(page_url(world, f"?moment={queue.pk}")).content.decode()
    assert "<em>queue at the till</em>" in page


def test_the_table_holds_rows_and_nothing_else(world, consultant):
    moment = Moment.objects.filter(stage__cycle=world.cycle).first()
    for place, name in enumerate(("Be quick", "Be <kind>")):
        Requirement.objects.create(moment=moment, position=place, name=name, vertex="people")
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/requirements/?moment={moment.pk}"))
    [body] = re.findall(r"<tbody[^>]*>(.*)</tbody>\s*</table>", page.content.decode(), re.DOTALL)
    assert re.sub(r"<tr.*?</tr>", "", body, flags=re.DOTALL).strip() == ""
    assert re.findall(r'<td class="what">(.*?) <a', body) == ["Be quick", "Be &lt;kind&gt;"]
    assert body.count('aria-disabled="true"') == 2
    assert body.count('class="vx-on"') == 2
