"""Two people in one form: nothing typed is lost, nothing stored is overwritten in silence."""

import json
import re
from html import unescape

import pytest

from cycles.models import Action, ActionPlan, Moment, Requirement
from tests.conftest import log_in

TARGET = {"target_bound": "at_most", "target_value": "0.50", "target_unit": "minutes"}
HTMX = {"HX-Request": "true"}


def moment(world, name):
    return Moment.objects.get(stage__cycle=world.cycle, name=name)


def opened(page):
    """The form as a browser would send it back unchanged: every control that is in it, by name."""
    text = page.content.decode()
    form = next(f for f in re.findall(r"<form.*?</form>", text, re.S) if 'name="opened"' in f)
    values: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        if not name or name[1] == "csrfmiddlewaretoken":
            continue
        value = unescape((re.search(r'value="([^"]*)"', tag) or ["", ""])[1])
        if 'type="checkbox"' in tag or 'type="radio"' in tag:
            if " checked" in tag:
                values.setdefault(name[1], []).append(value or "on")
        else:
            values[name[1]] = [value]
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        # A browser drops the first line end and sends the others as CR LF.
        values[name] = [unescape(body).removeprefix("\n").replace("\n", "\r\n")]
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', body)
        values[name] = [unescape(chosen[1]) if chosen else ""]
    return values


@pytest.fixture
def colleague(world):
    return log_in(world.owner)


@pytest.fixture(params=[HTMX, {}], ids=["htmx", "without script"])
def headers(request):
    return request.param


def test_what_each_changed_is_put_together(world, consultant, colleague, headers):
    found = moment(world, "Find the shop")
    found.detractors = "One\nTwo"
    found.save()
    url = world.url(f"moments/{found.pk}/")
    mine, theirs = opened(consultant.get(url)), opened(colleague.get(url))
    theirs |= {"owner_area": ["Shops"], "is_critical": ["on"], "channels": ["phone", "web"]}
    assert colleague.post(url, theirs, headers=headers).status_code in (200, 302)
    mine |= {"description": ["By the map"], "emotion": ["1"]}
    assert consultant.post(url, mine, headers=headers).status_code in (200, 302)
    found.refresh_from_db()
    assert (found.owner_area, found.is_critical, found.channels) == ("Shops", True, ["phone", "web"])
    assert (found.description, found.emotion) == ("By the map", 1)
    assert found.detractors.splitlines() == ["One", "Two"]


def test_the_second_sees_both_versions_and_nothing_is_saved(world, consultant, colleague, headers):
    found = moment(world, "Find the shop")
    url = world.url(f"moments/{found.pk}/")
    mine, theirs = opened(consultant.get(url)), opened(colleague.get(url))
    colleague.post(url, theirs | {"description": ["By <asking>"], "kind": ["need"], "owner_area": ["Shops"]})
    mine |= {"description": ["By the map"], "kind": ["choice"], "systems": ["Web"]}
    answer = consultant.post(url, mine, headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert ("<html" in text) == (headers == {})
    assert "By &lt;asking&gt;" in text
    assert "By the map</textarea>" in text
    assert "Need" in text
    assert "Choice" in text
    assert text.count('value="theirs"') == 2, "only the two fields that both changed are asked about"
    assert 'value="Shops"' in text, "what only the colleague changed is put in already"
    found.refresh_from_db()
    assert (found.description, found.kind, found.systems) == ("By <asking>", "need", "")

    again = opened(answer) | {"keep-kind": ["theirs"], "keep-description": ["yours"]}
    assert again["description"] == ["By the map"]
    assert again["systems"] == ["Web"]
    assert consultant.post(url, again, headers=headers).status_code in (200, 302)
    found.refresh_from_db()
    assert (found.description, found.kind) == ("By the map", "need")
    assert (found.systems, found.owner_area) == ("Web", "Shops")


def test_a_third_version_meanwhile_is_asked_about_again(world, consultant):
    found = moment(world, "Find the shop")
    url = world.url(f"moments/{found.pk}/")
    mine = opened(consultant.get(url)) | {"description": ["mine"]}
    Moment.objects.filter(pk=found.pk).update(description="second")
    answer = consultant.post(url, mine)
    assert answer.status_code == 409
    Moment.objects.filter(pk=found.pk).update(description="third")
    answer = consultant.post(url, opened(answer))
    assert answer.status_code == 409
    assert "third" in answer.content.decode()
    found.refresh_from_db()
    assert found.description == "third"


def test_a_fault_and_a_clash_keep_everything_typed(world, consultant):
    found = moment(world, "Find the shop")
    url = world.url(f"moments/{found.pk}/")
    mine = opened(consultant.get(url)) | {"name": ["x" * 121], "description": ["mine"]}
    Moment.objects.filter(pk=found.pk).update(description="theirs")
    answer = consultant.post(url, mine)
    assert answer.status_code == 409
    assert "at most 120 characters" in answer.content.decode()
    answer = consultant.post(url, opened(answer))
    assert answer.status_code == 422
    assert "mine</textarea>" in answer.content.decode()


def test_a_moment_moved_meanwhile_stays_where_it_was_moved(world, consultant, colleague):
    found = moment(world, "Find the shop")
    pay = world.cycle.stages.get(position=1)
    url = world.url(f"moments/{found.pk}/")
    mine = opened(consultant.get(url))
    colleague.post(world.url(f"moments/{found.pk}/move/"), {"stage": pay.pk, "position": 1})
    assert consultant.post(url, mine | {"description": ["mine"]}).status_code == 302
    found.refresh_from_db()
    assert (found.stage_id, found.position, found.description) == (pay.pk, 0, "mine")


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '"x"', "null", "[" * 5000])
def test_a_form_that_does_not_say_what_it_was_opened_with_overwrites_nothing(world, consultant, spoilt):
    found = moment(world, "Find the shop")
    url = world.url(f"moments/{found.pk}/")
    mine = opened(consultant.get(url)) | {"opened": [spoilt], "description": ["mine"]}
    Moment.objects.filter(pk=found.pk).update(description="theirs")
    assert consultant.post(url, mine).status_code == 409
    found.refresh_from_db()
    assert found.description == "theirs"


def test_a_name_edited_in_the_list_meets_the_other_name(world, consultant, colleague, headers):
    found = moment(world, "Find the shop")
    url = world.url(f"moments/{found.pk}/name/")
    mine = opened(consultant.get(url, headers=headers))
    colleague.post(url, {"name": "Find the door"})
    answer = consultant.post(url, mine | {"name": ["Find the gate"]}, headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Find the door" in text
    assert 'value="Find the gate"' in text
    assert consultant.post(url, opened(answer), headers=headers).status_code in (200, 302)
    found.refresh_from_db()
    assert found.name == "Find the gate"


def things(world):
    """One of each thing with a form, its address, and a field that two people change."""
    found = moment(world, "Find the shop")
    need = Requirement.objects.create(moment=found, position=0, name="Signs", **TARGET)
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    action = Action.objects.create(plan=plan, number=1, name="Put up signs", due_on="2026-03-01")
    action.moments.add(found)
    stage = found.stage
    return {
        "cycle": (world.cycle, f"cycles/{world.cycle.pk}/edit/", "persona"),
        "stage": (stage, f"stages/{stage.pk}/", "name"),
        "moment": (found, f"moments/{found.pk}/", "name"),
        "requirement": (need, f"requirements/{need.pk}/", "minimum"),
        "action": (action, f"actions/{action.pk}/edit/", "owner"),
    }


@pytest.mark.parametrize("kind", ["cycle", "stage", "moment", "requirement", "action"])
def test_every_form_of_the_cycle_shows_both_versions(world, consultant, kind):
    thing, path, field = things(world)[kind]
    mine = opened(consultant.get(world.url(path)))
    type(thing).objects.filter(pk=thing.pk).update(**{field: "Theirs, stored"})
    answer = consultant.post(world.url(path), mine | {field: ["Mine, typed"]})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Theirs, stored" in text
    assert "Mine, typed" in text
    thing.refresh_from_db()
    assert getattr(thing, field) == "Theirs, stored"
    consultant.post(world.url(path), opened(answer) | {f"keep-{field}": ["theirs"]})
    thing.refresh_from_db()
    assert getattr(thing, field) == "Theirs, stored"
    mine = opened(consultant.get(world.url(path)))
    consultant.post(world.url(path), mine | {field: ["Mine, typed"]})
    thing.refresh_from_db()
    assert getattr(thing, field) == "Mine, typed"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", ["cycle", "stage", "moment", "requirement", "action"])
def test_a_form_sent_back_unchanged_takes_what_others_stored(world, kind, language):
    """In Spanish a number is written 0,50: the same value in another spelling is no change."""
    thing, path, field = things(world)[kind]
    browser = log_in(world.consultant, language)
    mine = opened(browser.get(world.url(path)))
    untouched = type(thing).objects.filter(pk=thing.pk).values().get()
    type(thing).objects.filter(pk=thing.pk).update(**{field: "Theirs"})
    assert browser.post(world.url(path), mine).status_code == 302
    after = type(thing).objects.filter(pk=thing.pk).values().get()
    ignored = {"revision", "changed_at", "changed_by_id", "translations"}
    assert {k: v for k, v in after.items() if k not in ignored} == {
        **{k: v for k, v in untouched.items() if k not in ignored},
        field: "Theirs",
    }


def test_the_linked_moments_of_an_action_are_merged_too(world, consultant, colleague):
    thing, path, _field = things(world)["action"]
    other = moment(world, "Be greeted")
    mine, theirs = opened(consultant.get(world.url(path))), opened(colleague.get(world.url(path)))
    theirs["moments"] = [*theirs["moments"], str(other.pk)]
    assert colleague.post(world.url(path), theirs).status_code == 302
    assert consultant.post(world.url(path), mine | {"owner": ["Ana"]}).status_code == 302
    thing.refresh_from_db()
    assert thing.owner == "Ana"
    assert thing.moments.count() == 2


def test_what_a_form_was_opened_with_is_plain_data(world, consultant):
    found = moment(world, "Find the shop")
    Moment.objects.filter(pk=found.pk).update(description='"</textarea><script>alert(1)</script>')
    page = consultant.get(world.url(f"moments/{found.pk}/"))
    assert b"<script>alert" not in page.content
    assert json.loads(opened(page)["opened"][0])["description"].startswith('"</textarea>')
