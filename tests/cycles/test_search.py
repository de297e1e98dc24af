"""Find: over cycles, moments, requirements and actions, for whoever may see them, however it is written."""

import re
from html import unescape

import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Client, Workspace
from cyclemap.folding import FROM, TO, Folded, fold
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage
from cycles.search import SHOWN, excerpt, marked, spans_of, words_of
from tests.conftest import log_in

HTMX = {"HX-Request": "true"}


def look(browser, world, query, **headers):
    answer = browser.get(world.url("search/"), {"q": query}, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(html):
    found = html.split('id="found"')[1]
    return [strip_tags(unescape(title)) for title in re.findall(r"<li><a [^>]*>(.*?)</a>", found, re.S)]


@pytest.fixture
def full(world):
    """Something of each kind about the same word."""
    world.cycle.name = "Atención en caja"
    world.cycle.save()
    moment = Moment.objects.get(name="Queue at the till")
    Moment.objects.filter(pk=moment.pk).update(name="Esperar ATENCIÓN")
    one = Requirement.objects.create(moment=moment, position=0, name="Una atencion breve")
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    action = Action.objects.create(
        plan=plan, number=7, name="Formar", description="En la atención al cliente"
    )
    return moment, one, action


def test_everything_is_found_whatever_the_accents_and_the_case(world, consultant, full):
    moment, one, action = full
    for query in ("atencion", "ATENCIÓN", "aténcion", "atención"):
        html = look(consultant, world, query)
        assert titles(html) == ["Atención en caja", "Esperar ATENCIÓN", "Una atencion breve", "Formar"], query
    assert re.findall(r'<h2 id="found-\d">(\w+)', html) == ["Cycles", "Moments", "Requirements", "Actions"]
    assert "<mark>ATENCIÓN</mark>" in html
    assert "En la <mark>atención</mark> al cliente" in html
    assert f"/cycles/{world.cycle.pk}/?moment={moment.pk}" in html
    assert f"/requirements/?moment={moment.pk}#r{one.pk}" in html
    assert f"/actions/{action.pk}/" in html
    assert "4 found" in html


def test_every_word_must_be_there_in_any_order(world, consultant, full):
    assert titles(look(consultant, world, "breve atencion")) == ["Una atencion breve"]
    assert titles(look(consultant, world, "breve lenta")) == []
    assert "Nothing was found for “breve lenta”." in unescape(look(consultant, world, "breve lenta"))


def test_names_that_begin_so_come_first(world, consultant):
    stage = Stage.objects.get(cycle=world.cycle, name="Pay")
    for place, name in enumerate(["Leave the till", "Till", "Pay"], 10):
        Moment.objects.create(stage=stage, position=place, name=name, description="at the till")
    assert titles(look(consultant, world, "till")) == ["Till", "Leave the till", "Queue at the till", "Pay"]


def test_a_text_is_found_in_either_language(world, consultant):
    moment = Moment.objects.get(name="Be greeted")
    moment.translate("es", name="Recibir la señal")
    moment.save()
    html = look(consultant, world, "senal")
    assert titles(html) == ["Be greeted"]
    assert "Recibir la <mark>señal</mark>" in html
    assert titles(look(log_in(world.consultant, "es"), world, "greeted")) == ["Recibir la señal"]


def test_what_comes_by_bulk_statements_is_found_too(world, consultant):
    Moment.objects.filter(name="Be greeted").update(name="Saludar al portero")
    stage = Stage.objects.get(cycle=world.cycle, name="Pay")
    Moment.objects.bulk_create([Moment(stage=stage, position=9, name="Portería")])
    assert titles(look(consultant, world, "porter")) == ["Portería", "Saludar al portero"]


def test_the_bin_is_not_searched(world, consultant, full):
    moment, _one, action = full
    now = timezone.now()
    Action.objects.filter(pk=action.pk).update(deleted_at=now)
    Moment.objects.filter(pk=moment.pk).update(position=None, deleted_at=now)
    assert titles(look(consultant, world, "atencion")) == ["Atención en caja"], "nor what hangs on it"
    Cycle.objects.filter(pk=world.cycle.pk).update(deleted_at=now)
    assert titles(look(consultant, world, "atencion")) == []


def test_nobody_finds_what_is_not_theirs(world, stranger, manager, consultant):
    next_door = Client.objects.create(workspace=world.workspace, name="Next door")
    for client, name in (
        (next_door, "Secret one"),
        (stranger.client, "Secret two"),
        (world.client, "Secret no"),
    ):
        cycle = Cycle.objects.create(client=client, name=name)
        stage = Stage.objects.create(cycle=cycle, position=0, name="S")
        moment = Moment.objects.create(stage=stage, position=0, name=f"{name} moment")
        Requirement.objects.create(moment=moment, position=0, name=f"{name} need")
        plan = ActionPlan.objects.create(cycle=cycle, name="P")
        Action.objects.create(plan=plan, number=1, name=f"{name} action")
    assert {title.split()[1] for title in titles(look(consultant, world, "secret"))} == {"one", "no"}
    assert {title.split()[1] for title in titles(look(manager, world, "secret"))} == {"no"}
    assert {title.split()[1] for title in titles(look(log_in(stranger.owner), stranger, "secret"))} == {"two"}


@pytest.mark.parametrize(
    "query",
    ["%", "__", "\\\\", "'; drop table", "<script>alert(1)</script>", "zz\x00zz", "🙂🙂", "عربي", "x" * 5000],
)
def test_whatever_is_asked_is_answered(world, consultant, query):
    html = look(consultant, world, query)
    assert titles(html) == []
    assert "<script>alert" not in html


def test_a_sign_is_a_sign(world, consultant):
    Moment.objects.filter(name="Be greeted").update(name="Save 100% now")
    Moment.objects.filter(name="Find the shop").update(name="Save 1000 now")
    assert titles(look(consultant, world, "100%")) == ["Save 100% now"]


def test_one_letter_is_not_enough(world, consultant):
    assert "Write at least two letters." in look(consultant, world, "a")
    assert "every client you may see" in look(consultant, world, "")


def test_as_one_types_only_the_results_come(world, consultant, full):
    html = look(consultant, world, "atencion", **HTMX)
    assert html.startswith('<div id="found"')
    assert "<html" not in html


def test_every_page_of_a_workspace_has_the_box(world, consultant):
    for path in ("", f"cycles/{world.cycle.pk}/coverage/", "members/"):
        html = consultant.get(world.url(path)).content.decode()
        assert f'action="{world.url("search/")}"' in html
        assert 'aria-keyshortcuts="/"' in html
    assert look(consultant, world, "x").count('id="find"') == 1


def test_many_are_cut_short_and_the_queries_stay_few(world, consultant):
    stage = Stage.objects.get(cycle=world.cycle, name="Pay")
    Moment.objects.bulk_create(
        Moment(stage=stage, position=n, name=f"Many {n}") for n in range(100, 100 + SHOWN + 1)
    )
    with CaptureQueriesContext(connection) as few:
        look(consultant, world, "queue")
    with CaptureQueriesContext(connection) as many:
        html = look(consultant, world, "many")
    assert len(titles(html)) == SHOWN
    assert f"The first {SHOWN} of each kind are shown." in html
    assert len(many) == len(few)


# --- Folding -------------------------------------------------------------------------------------

LATIN = st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cc"]), max_size=20)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Ñandú ÀÉÎõü Çedilla", "e\u0301tude", "ŁÓDŹ Žižek", "ĳ ß", "Ağrı"])
def test_the_database_folds_as_python_does(text):
    Workspace.objects.create(name="one", slug="one")
    assert Workspace.objects.annotate(f=Folded(Value(text))).get().f == fold(text)


@given(LATIN)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_the_letters_of_postgresql_pair_up():
    assert len(TO) < len(FROM)
    assert all(fold(char) == bare for char, bare in zip(FROM, TO, strict=False))
    assert all(fold(char) == "" for char in FROM[len(TO) :])


def test_what_was_looked_for_is_marked():
    assert marked("La Señal, la señora", ["sen"]) == [
        ("La ", False),
        ("Señ", True),
        ("al, la ", False),
        ("señ", True),
        ("ora", False),
    ]
    assert spans_of("abcabc", ["abc", "cab"]) == [(0, 6)]
    assert spans_of("cafe\u0301 noir", ["cafe"]) == [(0, 4)]
    assert words_of("  b  aa  B ") == ["aa", "b"]


@given(LATIN, st.lists(LATIN.map(fold).filter(str.strip), max_size=3))
def test_marks_neither_add_nor_lose_anything(text, words):
    assert "".join(bit for bit, _hit in marked(text, words)) == text


def test_an_excerpt_is_of_whole_words():
    row = Moment(name="M", description="Lorem ipsum dolor " * 8 + "till " + "sit amet consectetur " * 8)
    bits = excerpt(row, ("name", "description"), ["till"])
    text = "".join(bit for bit, _hit in bits)
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert set(text.strip("… ").split()) <= set(row.description.split())
    assert ("till", True) in bits
