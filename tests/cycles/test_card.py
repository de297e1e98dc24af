"""The moment card: every attribute shown and edited where it stands, and what else is known."""

import json
import re

import pytest

from cycles.bench_forms import AttributeForm
from cycles.models import Action, Moment, Requirement
from cycles.ordering import first_plan, number_action
from tests.conftest import log_in

HTMX = {"HX-Request": "true"}
TEXTS = (
    "description", "owner_area", "standard", "enhancers", "detractors", "customer_action", "front_stage",
    "back_stage", "systems",
)  # fmt: skip


def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, position=0, stage__position=1)


def url_of(world, attribute):
    return world.url(f"moments/{queue(world).pk}/attributes/{attribute}/")


def in_place(attribute):
    return HTMX | {"HX-Target": f"f-{attribute}"}


def test_every_attribute_of_the_domain_can_be_edited_in_place():
    assert set(AttributeForm.names) == {*TEXTS, "is_critical", "kind", "channels", "mode", "emotion"}


@pytest.mark.parametrize("attribute", TEXTS)
def test_a_text_is_edited_where_it_stands(world, consultant, attribute):
    url = url_of(world, attribute)
    form = consultant.get(url, headers=in_place(attribute)).content.decode()
    assert f'id="f-{attribute}"' in form
    assert "<html" not in form
    answer = consultant.post(url, {attribute: "Said <b>once</b>"}, headers=in_place(attribute))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Said &lt;b&gt;once&lt;/b&gt;" in text
    assert "<form" not in text
    assert getattr(queue(world), attribute) == "Said <b>once</b>"
    assert (
        "Said &lt;b&gt;once" in consultant.get(f"{url}?shown", headers=in_place(attribute)).content.decode()
    )


@pytest.mark.parametrize(
    ("attribute", "value", "stored", "shown"),
    [
        ("channels", ["phone", "app"], ["phone", "app"], '<span class="chip">App</span>'),
        ("channels", [], [], "chip--add"),
        ("kind", "reaction", "reaction", "Reaction"),
        ("mode", "proactive", "proactive", "Proactive"),
        ("emotion", "-2", -2, "−2, very bad"),
        ("emotion", "", None, "Add: Expected emotion"),
        ("is_critical", "on", True, 'aria-pressed="true"'),
    ],
)
def test_a_choice_is_edited_where_it_stands(world, consultant, attribute, value, stored, shown):
    target = "panel" if attribute in ("emotion", "is_critical") else f"f-{attribute}"
    answer = consultant.post(
        url_of(world, attribute), {attribute: value}, headers=HTMX | {"HX-Target": target}
    )
    assert answer.status_code == 200
    assert shown in answer.content.decode()
    assert getattr(queue(world), attribute) == stored


def test_a_critical_moment_is_made_an_ordinary_one(world, consultant):
    answer = consultant.post(url_of(world, "is_critical"), {}, headers=HTMX | {"HX-Target": "panel"})
    assert 'aria-pressed="false"' in answer.content.decode()
    assert not queue(world).is_critical


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("emotion", "3"),
        ("kind", "x"),
        ("channels", ["pigeon"]),
        ("standard", "x" * 2001),
        ("owner_area", "\x00"),
    ],
)
def test_what_cannot_be_is_refused_in_place_with_what_was_typed(world, consultant, attribute, value):
    before = queue(world)
    no_headers: dict[str, str] = {}
    for headers in (in_place(attribute), no_headers):
        answer = consultant.post(url_of(world, attribute), {attribute: value}, headers=headers)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert 'class="error"' in text
        assert f'id="f-{attribute}"' in text
        assert len(value) < 2000 or value in text
    assert getattr(queue(world), attribute) == getattr(before, attribute)


def test_only_that_attribute_is_written(world, consultant):
    form = consultant.get(url_of(world, "standard"), headers=in_place("standard")).content.decode()
    opened = json.loads(re.search(r'name="opened" value="([^"]*)"', form)[1].replace("&quot;", '"'))
    assert opened == {"standard": ""}
    Moment.objects.filter(pk=queue(world).pk).update(systems="Till, as a colleague wrote")
    data = {"standard": "It moves", "opened": json.dumps(opened)}
    assert consultant.post(url_of(world, "standard"), data, headers=in_place("standard")).status_code == 200
    assert (queue(world).standard, queue(world).systems) == ("It moves", "Till, as a colleague wrote")


def test_two_who_write_the_same_attribute_both_see_both_versions(world, consultant):
    Moment.objects.filter(pk=queue(world).pk).update(standard="Theirs, meanwhile")
    data = {"standard": "Mine", "opened": json.dumps({"standard": ""})}
    answer = consultant.post(url_of(world, "standard"), data, headers=in_place("standard"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs, meanwhile" in text
    assert "Mine" in text
    assert queue(world).standard == "Theirs, meanwhile"


def test_the_translation_that_is_read_is_the_one_that_is_changed(world, consultant):
    moment = queue(world)
    moment.standard = "It moves"
    moment.translate("es", standard="Avanza")
    moment.save()
    spanish = log_in(world.consultant, "es")
    assert "Avanza" in spanish.get(url_of(world, "standard"), headers=in_place("standard")).content.decode()
    spanish.post(url_of(world, "standard"), {"standard": "Avanza rápido"}, headers=in_place("standard"))
    moment = queue(world)
    assert (moment.standard, moment.translations["es"]["standard"]) == ("It moves", "Avanza rápido")


def test_in_place_without_script(world, consultant):
    page = consultant.get(url_of(world, "standard")).content.decode()
    assert "<html" in page
    assert 'name="standard"' in page
    answer = consultant.post(url_of(world, "standard"), {"standard": "It moves"}, follow=True)
    assert "It moves" in answer.content.decode()


def test_an_attribute_that_is_none_is_404(world, consultant):
    for attribute in ("name", "stage", "position", "deleted_at", "translations"):
        assert consultant.post(url_of(world, attribute), {attribute: "1"}).status_code == 404


def test_readers_see_what_is_said_and_no_way_to_change_it(world, manager):
    Moment.objects.filter(pk=queue(world).pk).update(standard="It moves", channels=["phone"])
    page = manager.get(world.url(f"cycles/{world.cycle.pk}/?moment={queue(world).pk}")).content.decode()
    assert "It moves" in page
    assert '<span class="chip">Phone</span>' in page
    for word in ("/attributes/", "/attachments/", "chip--add", 'type="file"'):
        assert word not in page
    assert manager.get(url_of(world, "standard")).status_code == 403
    assert manager.post(url_of(world, "standard"), {"standard": "x"}).status_code == 403


def test_the_card_shows_requirements_with_their_level_and_the_actions(world, consultant):
    moment = queue(world)
    Requirement.objects.create(
        moment=moment,
        position=0,
        name="It moves",
        target_bound="at_most",
        target_value=5,
        target_unit="minutes",
    )
    action = number_action(Action(plan=first_plan(world.cycle, "Plan"), name="Second till"))
    action.moments.add(moment)
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/?moment={moment.pk}")).content.decode()
    assert "At most 5 minutes" in page
    assert "A1 Second till" in page
    assert "No customer has rated it yet." in page
