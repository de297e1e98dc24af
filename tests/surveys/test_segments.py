"""Saved segments: every rule finds whom it says, in one question, on both databases."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from surveys import segments
from surveys.attributes import facets
from surveys.models import Contact, Invitation, Segment, Why
from surveys.segment_forms import SegmentForm
from surveys.suppression import suppress
from tests.conftest import World
from tests.prioritization.answers import answer
from tests.surveys.asking import invite, open_survey

TODAY = date(2026, 3, 31)


def people(world: World) -> None:
    for name, attributes, language, day in [
        ("ana", {"city": "Cali", "plan": "Oro"}, "es", date(2026, 1, 10)),
        ("eva", {"city": "Lugo"}, "en", date(2026, 2, 20)),
        ("iris", {"city": "Bogotá", "plan": ""}, "", None),
        ("olga", {}, "es", date(2026, 3, 30)),
    ]:
        Contact.objects.create(
            client=world.client,
            email=f"{name}@b.example",
            name=name,
            attributes=attributes,
            language=language,
            service_on=day,
        )


def found(world, *rules, django_assert_num_queries=None):
    segment = Segment(client=world.client, name="x", rules=json.loads(json.dumps(rules)))
    return sorted(contact.name for contact in segments.contacts_of(segment))


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ([], ["ana", "eva", "iris", "olga"]),
        ([{"attribute": "city", "is": ["Cali"]}], ["ana"]),
        ([{"attribute": "city", "is": ["Cali", "Bogotá"]}], ["ana", "iris"]),
        ([{"attribute": "city", "is_not": ["Cali"]}], ["eva", "iris", "olga"]),
        ([{"attribute": "plan", "is": [""]}], ["eva", "iris", "olga"]),
        ([{"attribute": "plan", "is_not": [""]}], ["ana"]),
        ([{"language": ["es"]}], ["ana", "olga"]),
        ([{"language": ["", "en"]}], ["eva", "iris"]),
        ([{"service_from": "2026-02-20"}], ["eva", "olga"]),
        ([{"service_to": "2026-02-20"}], ["ana", "eva"]),
        ([{"service_from": "2026-01-11", "service_to": "2026-03-29"}], ["eva"]),
        ([{"attribute": "city", "is_not": ["Cali"]}, {"language": ["es"]}], ["olga"]),
    ],
)
def test_every_rule_finds_whom_it_says(world, rules, names):
    people(world)
    assert found(world, *rules) == names


def test_the_last_days_move_with_the_calendar(world):
    for days in (0, 5, 6, -1):
        day = timezone.localdate() - timedelta(days=days)
        Contact.objects.create(client=world.client, email=f"{days}@b.example", name=str(days), service_on=day)
    assert found(world, {"service_days": 5}) == ["0", "5"]


@pytest.mark.parametrize(
    "name",
    [
        "ciudad",
        "a b",
        'a"b',
        "a'b",
        "a.b[0]",
        "$",
        "2026",
        "año",
        "%s",
        "a\\b",
        "email__icontains",
        "🙂",
        "key",
    ],
)
def test_an_attribute_may_be_called_anything(world, name):
    Contact.objects.create(client=world.client, email="a@b.example", name="a", attributes={name: "x"})
    Contact.objects.create(client=world.client, email="b@b.example", name="b", attributes={"other": "x"})
    assert found(world, {"attribute": name, "is": ["x"]}) == ["a"]
    assert {facet.name: facet.values for facet in facets(world.client)}[name] == [("x", 1)]


def test_who_was_asked_and_who_has_answered(world):
    people(world)
    wave = open_survey(world.cycle)
    invite(wave, "ana@b.example")
    answered = invite(wave, "eva@b.example")
    answer(wave, [(5, 5), (5, 5), (5, 5)])
    wave.responses.update(invitation=answered)
    noted = invite(wave, "iris@b.example")
    Invitation.objects.filter(pk=noted.pk).update(answered_on=TODAY)
    for told, names in {
        "asked": ["ana", "eva", "iris"],
        "not_asked": ["olga"],
        "answered": ["eva", "iris"],
        "not_answered": ["ana"],
    }.items():
        assert found(world, {"wave": wave.pk, "is": told}) == names, told


def test_one_question_whatever_the_rules(world, django_assert_num_queries):
    people(world)
    wave = open_survey(world.cycle)
    rules = [
        {"attribute": "city", "is": ["Cali"]},
        {"attribute": "plan", "is_not": ["Plata"]},
        {"language": ["es"]},
        {"service_from": "2026-01-01"},
        {"wave": wave.pk, "is": "not_asked"},
    ]
    with django_assert_num_queries(1):
        assert found(world, *rules) == ["ana"]
    one = Segment.objects.create(client=world.client, name="one", rules=rules)
    two = Segment.objects.create(client=world.client, name="two", rules=[])
    suppress(Contact.objects.get(name="eva"), Why.OPTED_OUT)
    with django_assert_num_queries(1):
        assert segments.counts(world.client, [one, two]) == {one.pk: (1, 1), two.pk: (4, 3)}


def test_contacts_of_another_client_are_in_no_segment(world, stranger):
    people(stranger)
    assert found(world) == []


# --- The form -------------------------------------------------------------------------------------


def form_data(world, **more):
    """What the form would send with the city of Cali chosen."""
    blocks = {block.name: block.number for block in SegmentForm(world.client).blocks}
    data = {f"attribute_{number}": name for name, number in blocks.items()}
    return {**data, "name": "Cali", f"value_{blocks['city']}": ["Cali"], **more}


def test_a_segment_is_made_counted_changed_and_kept(world, consultant):
    people(world)
    page = consultant.get(world.url(f"clients/{world.client.pk}/segments/"))
    assert "No segments yet" in page.text
    url = world.url(f"clients/{world.client.pk}/segments/new/")
    assert "Bogotá" in consultant.get(url).text
    counted = consultant.get(world.url(f"clients/{world.client.pk}/segments/count/"), form_data(world))
    assert "<b>1</b> contact" in counted.text
    assert consultant.post(url, form_data(world, count="1")).status_code == 200
    assert not Segment.objects.exists()
    assert consultant.post(url, form_data(world)).status_code == 302
    segment = Segment.objects.get()
    assert segment.rules == [{"attribute": "city", "is": ["Cali"]}]
    page = consultant.get(world.url(f"clients/{world.client.pk}/segments/")).text
    assert "city is Cali" in page
    edit = world.url(f"segments/{segment.pk}/")
    assert 'value="Cali" checked' in consultant.get(edit).text
    more = form_data(
        world, name="Cali and others", more_0="Quito, Lima", service_days="30", language=["es", ""]
    )
    assert consultant.post(edit, more).status_code == 302
    segment.refresh_from_db()
    assert segment.name == "Cali and others"
    assert segment.rules == [
        {"attribute": "city", "is": ["Cali", "Quito", "Lima"]},
        {"language": ["es", ""]},
        {"service_days": 30},
    ]
    assert 'value="Lima, Quito"' in consultant.get(edit).text or "Quito, Lima" in consultant.get(edit).text


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"name": ""}, "Give the segment a name"),
        ({"name": "x" * 81}, "at most 80"),
        ({"name": "a\x00b"}, "visible"),
        ({"name": "Taken"}, "of that name already"),
        ({"value_0": []}, "Choose at least one rule"),
        ({"more_0": "x" * 121}, "too long"),
        ({"service_days": "many"}, "number of days"),
        ({"service_days": "99999"}, "number of days"),
        ({"service_from": "someday"}, "not a date"),
        ({"service_from": "2026-03-01", "service_to": "2026-02-01"}, "before the first"),
        ({"wave": "999999", "asked": "asked"}, "Choose a wave of the list"),
        ({"wave": "", "asked": "asked"}, "Choose a wave of the list"),
    ],
)
def test_what_is_wrong_is_said_and_kept(world, consultant, more, sentence):
    people(world)
    Segment.objects.create(client=world.client, name="Taken")
    url = world.url(f"clients/{world.client.pk}/segments/new/")
    page = consultant.post(url, form_data(world, **more))
    assert page.status_code == 422
    assert sentence in page.text
    assert Segment.objects.count() == 1


def test_an_empty_form_looks_like_no_rule(world, consultant):
    people(world)
    open_survey(world.cycle)
    form = consultant.get(world.url(f"clients/{world.client.pk}/segments/new/")).context["form"]
    assert not any(chosen for _value, _label, chosen in form.asked_choices)
    assert not any(chosen for _wave, chosen in form.wave_choices)
    Contact.objects.filter(name="eva").update(language="en")
    Contact.objects.filter(name="iris").update(language="de")
    Contact.objects.filter(name="olga").update(language="")
    Contact.objects.filter(name="ana").update(language="es")
    assert [choice.value for choice in form.languages] == ["es", "en", "de", ""]


def test_deleted_with_undo(world, consultant):
    people(world)
    segment = Segment.objects.create(client=world.client, name="Cali", rules=[{"language": ["es"]}])
    page = consultant.post(world.url(f"segments/{segment.pk}/delete/"), follow=True)
    assert "The segment “Cali” was deleted." in page.text
    assert consultant.get(world.url(f"segments/{segment.pk}/")).status_code == 404
    again = Segment.objects.create(client=world.client, name="Cali")
    consultant.post(world.url(f"segments/{segment.pk}/restore/"))
    segment.refresh_from_db()
    assert (segment.name, segment.deleted_at) == ("Cali (2)", None)
    assert again.name == "Cali"


# --- Recipients -----------------------------------------------------------------------------------


def test_recipients_from_a_segment_and_only_who_may_be_asked(world, consultant):
    people(world)
    wave = open_survey(world.cycle)
    suppress(Contact.objects.get(name="olga"), Why.OPTED_OUT)
    segment = Segment.objects.create(client=world.client, name="Spanish", rules=[{"language": ["es"]}])
    page = consultant.get(world.url(f"waves/{wave.pk}/"))
    assert "Or recipients from a segment" in page.text
    url = world.url(f"waves/{wave.pk}/recipients/segment/")
    for _press in range(2):
        assert consultant.post(url, {"segment": segment.pk}).status_code == 302
    assert [one.name for one in wave.recipients.all()] == ["ana"]


@pytest.mark.parametrize("told", ["x", "999999", "9" * 40])
def test_a_segment_that_is_none_is_not_found(world, consultant, told):
    wave = open_survey(world.cycle)
    url = world.url(f"waves/{wave.pk}/recipients/segment/")
    assert consultant.post(url, {"segment": told}).status_code == 404


def test_without_a_segment_it_is_asked_for(world, consultant):
    Contact.objects.create(client=world.client, email="a@b.example")
    wave = open_survey(world.cycle)
    page = consultant.post(world.url(f"waves/{wave.pk}/recipients/segment/"), {})
    assert page.status_code == 422
    assert "Choose a segment of the list" in page.text


def test_a_segment_of_a_stranger_is_not_found(world, consultant, stranger):
    wave = open_survey(world.cycle)
    theirs = Segment.objects.create(client=stranger.client, name="x")
    url = world.url(f"waves/{wave.pk}/recipients/segment/")
    assert consultant.post(url, {"segment": theirs.pk}).status_code == 404
