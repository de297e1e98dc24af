"""The usual answer is one statement that depends on what the page told; whatever has changed since the page
was handed out is found by it, and answered as if nobody had known anything (PostgreSQL; elsewhere nobody
knows).
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from surveys import as_told, instrument, links, page_marks
from surveys.erasing import erase_person
from surveys.models import Contact, Draft, Invitation, Rating, Response, Survey, Wave
from tests.surveys.asking import invite, open_survey
from tests.surveys.forms import FULL, Form, path_of, press, text_of

ON_POSTGRES = connection.vendor == "postgresql"


@pytest.fixture
def known(wave, phone) -> Wave:
    """A wave that this process has seen an answer of."""
    assert press(phone, path_of(invite(wave, "first@example.org")), **FULL).status_code == 200
    Response.objects.all().delete()
    assert (wave.pk in as_told._seen) == ON_POSTGRES
    return wave


def filled_in(phone, invitation: Invitation, query: str = "") -> dict:
    return {**Form(text_of(phone.get(path_of(invitation, query)))).fields, **FULL}


def test_the_second_answer_of_a_wave_is_one_statement(known, phone, django_assert_num_queries):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    # Two of them the savepoint of the test.
    with django_assert_num_queries(3 if ON_POSTGRES else 5):
        assert phone.post(path_of(invitation), fields).status_code == 200
    assert Response.objects.get().invitation == invitation


def test_both_ways_store_the_same_and_say_the_same(wave, phone):
    stored, said = [], []
    for email in ("first@example.org", "second@example.org"):
        invitation = invite(wave, email, attributes={"shop": "Mirador"}, language="es")
        said.append(text_of(press(phone, path_of(invitation), **FULL)))
        response = Response.objects.filter(invitation=invitation)
        apart = {"id", "invitation_id", "submitted_at"}
        one = {name: value for name, value in response.values().get().items() if name not in apart}
        rows = Rating.objects.filter(response__invitation=invitation).order_by("item__position")
        stored.append((one, list(rows.values_list("item", "importance", "satisfaction", "experienced"))))
        assert timezone.now() - response.get().submitted_at < timedelta(minutes=1)
    assert said[0] == said[1]
    assert "Gracias" in said[0]
    assert stored[0] == stored[1]
    assert stored[0][0]["segments"] == {"shop": "Mirador"}
    assert stored[0][0]["language"] == "es"


def test_what_the_contact_is_by_now_counts(known, phone):
    invitation = invite(known, attributes={"shop": "Old"})
    fields = filled_in(phone, invitation)
    Contact.objects.filter(pk=invitation.contact_id).update(attributes={"shop": "New"})
    phone.post(path_of(invitation), fields)
    assert Response.objects.get().segments == {"shop": "New"}


def test_the_draft_goes_with_the_answer_and_no_other(known, phone):
    mine, theirs = invite(known), invite(known, "other@example.org")
    for invitation in (mine, theirs):
        Draft.objects.create(invitation=invitation, data={"nps": ["3"]})
    phone.post(path_of(mine), filled_in(phone, mine))
    assert [draft.invitation for draft in Draft.objects.all()] == [theirs]


def test_the_language_chosen_on_the_page_is_that_of_the_answer(known, phone):
    invitation = invite(known)
    thanks = phone.post(path_of(invitation, "?lang=es"), filled_in(phone, invitation, "?lang=es"))
    assert "Gracias" in text_of(thanks)
    assert Response.objects.get().language == "es"


# --- What changes between the page and the press on Send ------------------------------------------


def test_closed_meanwhile(known, phone):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    instrument.close_wave(Wave.objects.get(pk=known.pk))
    assert phone.post(path_of(invitation), fields).status_code == 410
    assert not Response.objects.exists()


@pytest.mark.parametrize("change", [{"closes_on": -1}, {"opens_on": 1}])
def test_its_days_changed_meanwhile(known, phone, change):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    today = timezone.localdate()
    days = {name: today + timedelta(days=days) for name, days in change.items()}
    Wave.objects.filter(pk=known.pk).update(**days)
    phone.post(path_of(invitation), fields)
    assert not Response.objects.exists()


def test_its_last_day_went_by(known, phone, monkeypatch):
    today = timezone.localdate()
    Wave.objects.filter(pk=known.pk).update(closes_on=today)
    invitation = invite(known)
    press(phone, path_of(invite(known, "second@example.org")), **FULL)
    fields = filled_in(phone, invitation)
    monkeypatch.setattr(timezone, "localdate", lambda *_: today + timedelta(days=1))
    assert phone.post(path_of(invitation), fields).status_code == 410
    assert not Response.objects.filter(invitation=invitation).exists()


def test_revoked_meanwhile(known, phone):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=timezone.now())
    assert phone.post(path_of(invitation), fields).status_code == 410
    assert not Response.objects.exists()


def test_erased_meanwhile(known, phone):
    invitation = invite(known)
    path, fields = path_of(invitation), filled_in(phone, invitation)
    erase_person(invitation.contact)
    assert phone.post(path, fields).status_code == 404
    assert not Response.objects.exists()


def test_the_link_was_made_anew_meanwhile(known, phone):
    invitation = invite(known)
    path, fields = path_of(invitation), filled_in(phone, invitation)
    Invitation.objects.filter(pk=invitation.pk).update(nonce=links.new_nonce())
    assert phone.post(path, fields).status_code == 404
    assert not Response.objects.exists()


def test_asked_in_another_wave_meanwhile(known, phone):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    later = Wave.objects.create(
        survey=known.survey, number=2, name="Later", status=known.status, opened_at=known.opened_at
    )
    Invitation.objects.filter(pk=invitation.pk).update(wave=later)
    assert phone.post(path_of(invitation), fields).status_code == 200
    assert Response.objects.get().wave == later


def test_another_key_meanwhile(known, phone, settings):
    invitation = invite(known)
    path, fields = path_of(invitation), filled_in(phone, invitation)
    settings.LINK_KEYS = [*settings.LINK_KEYS, "a key that was added"]
    Invitation.objects.filter(pk=invitation.pk).update(key_version=links.current_key_version())
    assert phone.post(path, fields).status_code == 404
    assert not Response.objects.exists()


def test_the_contact_speaks_another_language_meanwhile(known, phone):
    invitation = invite(known, language="en")
    fields = filled_in(phone, invitation)
    Contact.objects.filter(pk=invitation.contact_id).update(language="es")
    assert "Gracias" in text_of(phone.post(path_of(invitation), fields))
    assert Response.objects.get().language == "es"


def test_the_survey_calls_itself_otherwise_meanwhile(known, phone):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    Survey.objects.filter(pk=known.survey_id).update(contact_address="new@lunaria.example")
    assert "new@lunaria.example" in text_of(phone.post(path_of(invitation), fields))
    assert Response.objects.count() == 1


def test_anonymous_meanwhile(known, phone):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    Survey.objects.filter(pk=known.survey_id).update(is_anonymous=True)
    assert phone.post(path_of(invitation), fields).status_code == 200
    assert Response.objects.get().invitation is None
    assert known.pk not in as_told._seen


def test_answered_meanwhile(known, phone):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    first = phone.post(path_of(invitation), fields)
    again = phone.post(path_of(invitation), fields)
    other = phone.post(path_of(invitation), {**fields, "nps": "1"})
    assert [page.status_code for page in (first, again, other)] == [200, 200, 409]
    assert text_of(first) == text_of(again)
    assert Response.objects.get().nps == 7


# --- What is not the usual answer -----------------------------------------------------------------


def test_a_mark_that_was_changed_anywhere_is_none(known, phone):
    invitation, other = invite(known), invite(known, "other@example.org")
    fields = filled_in(phone, invitation)
    mac, at, _nonce, version, wave, language = fields["page"][0].split(".")
    nonce = bytes(invitation.nonce).hex()
    for forged in (
        page_marks.page_mark(other),
        f"{mac}.{at}.{bytes(other.nonce).hex()}.{version}.{wave}.{language}",
        f"{mac}.{at}.{nonce}.{int(version) + 1}.{wave}.{language}",
        f"{mac}.{at}.{nonce}.{version}.{int(wave) + 1}.{language}",
        f"{mac}.{at}.{nonce}.{version}.{wave}.de",
        f"{mac}.{int(at) + 1}.{nonce}.{version}.{wave}.{language}",
        f"{mac}.{at}",
    ):
        assert phone.post(path_of(invitation), {**fields, "page": forged}).status_code == 422
    assert not Response.objects.exists()
    assert phone.post(path_of(invitation), fields).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"i1": ""}, 422),
        ({"s1": "9"}, 422),
        (dict.fromkeys(FULL, ""), 422),
        ({"switch": "es"}, 200),
        ({"save": "1"}, 200),
    ],
)
def test_other_buttons_and_faults_store_no_answer(known, phone, changed, status):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    assert phone.post(path_of(invitation), {**fields, **changed}).status_code == status
    assert not Response.objects.exists()


def test_a_form_on_another_site_is_refused(known, phone):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    sent = phone.post(path_of(invitation), fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert sent.status_code == 403
    assert not Response.objects.exists()


def test_a_press_counts_once_whichever_way_it_goes(known, phone):
    invitation = invite(known)
    fields = filled_in(phone, invitation)
    statuses = [phone.post(path_of(invitation), fields).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]


def test_moments_drawn_are_those_of_the_link(world, phone):
    wave = open_survey(world.cycle, drawn=1)
    for email in ("first@example.org", "second@example.org", "third@example.org"):
        invitation = invite(wave, email)
        form = Form(text_of(phone.get(path_of(invitation))))
        asked = sorted(name for name in form.names if name.startswith("w"))
        answers = {name: "y" if name[0] == "w" else "3" for name in form.names if name[0] in "wis"}
        phone.post(path_of(invitation), {**form.fields, **answers})
        rated = Rating.objects.filter(response__invitation=invitation)
        numbers = sorted(f"w{position + 1}" for position in rated.values_list("item__position", flat=True))
        assert numbers == asked
