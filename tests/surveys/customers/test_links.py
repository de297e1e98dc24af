"""Links that do not lead to the questions, and the way out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys import instrument
from surveys.models import Contact, Draft, Invitation, Response, Wave
from tests.surveys.asking import invite
from tests.surveys.forms import FULL, Form, path_of, text_of, way_out

# --- Links that do not lead to the questions ----------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["x", "A" * 52, "ñ", "%00", "A" * 3000])
def test_a_wrong_link(phone, invitation, token, method):
    for path in (f"/s/{token}/", f"/u/{token}/"):
        response = getattr(phone, method)(path, headers={"accept-language": "en"})
        assert response.status_code == 404
        assert "This link leads to no survey" in text_of(response)
    spanish = phone.get(f"/s/{token}/", headers={"accept-language": "es-MX"})
    assert "Este enlace no lleva a ninguna encuesta" in text_of(spanish)
    assert 'href="?lang=en"' in text_of(spanish)
    chosen = phone.get(f"/s/{token}/?lang=en", headers={"accept-language": "es-MX"})
    assert "This link leads to no survey" in text_of(chosen)


def test_a_revoked_link(phone, invitation):
    fields = {**Form(text_of(phone.get(path_of(invitation)))).fields, **FULL}
    Invitation.objects.update(revoked_at=timezone.now())
    for response in (phone.get(path_of(invitation)), phone.post(path_of(invitation), fields)):
        assert response.status_code == 410
        assert "This link no longer works" in text_of(response)
    assert not Response.objects.exists()


def test_a_closed_survey(phone, invitation):
    fields = {**Form(text_of(phone.get(path_of(invitation)))).fields, **FULL}
    instrument.close_wave(invitation.wave)
    for response in (phone.get(path_of(invitation)), phone.post(path_of(invitation), fields)):
        assert response.status_code == 410
        assert "The survey has closed" in text_of(response)
        assert "care@lunaria.example" in text_of(response)
    assert not Response.objects.exists()


def test_a_survey_past_its_day(phone, invitation):
    day = timezone.localdate() - timedelta(days=1)
    Wave.objects.update(closes_on=day)
    page = phone.get(path_of(invitation))
    assert page.status_code == 410
    assert "The time to answer ended on" in text_of(page)
    Wave.objects.update(closes_on=timezone.localdate())
    assert phone.get(path_of(invitation)).status_code == 200


def test_a_survey_not_open_yet(phone, world):
    survey = instrument.draft_survey(world.cycle)
    page = phone.get(path_of(invite(survey.waves.get())))
    assert page.status_code == 200
    assert "not open yet" in text_of(page) or "todavía no abre" in text_of(page)
    assert "<form" not in text_of(page)


def what_a_link_shows(phone, invitation):
    """Its page in every state, by name, as something to be opened."""
    page, out = path_of(invitation), way_out(invitation)
    fields = Form(text_of(phone.get(page))).fields
    yield "open", page
    phone.post(page, {**fields, "s1": "3", "save": "1"})
    assert Draft.objects.exists()
    yield "begun", page
    phone.post(page, {**fields, **FULL})
    assert Response.objects.exists()
    yield "answered", page
    Response.objects.all().delete()
    Invitation.objects.update(answered_on=timezone.localdate())
    yield "answered by somebody unknown", page
    Invitation.objects.update(answered_on=None)
    Wave.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    yield "past its day", page
    instrument.close_wave(invitation.wave)
    yield "closed", page
    Invitation.objects.update(revoked_at=timezone.now())
    yield "revoked", page
    yield "the way out", out


def test_every_page_of_a_link_takes_one_query(phone, invitation, django_assert_num_queries):
    """What the link's own query leaves out would be asked for column by column."""
    for state, address in what_a_link_shows(phone, invitation):
        with django_assert_num_queries(1, info=state):
            assert phone.get(address).status_code in (200, 410), state


# --- The way out --------------------------------------------------------------------------------


def test_opting_out_takes_a_button(phone, invitation):
    page = phone.get(way_out(invitation))
    assert page.status_code == 200
    assert "Do you want no more surveys from Lunaria?" in text_of(page)
    assert not Contact.objects.get().opted_out_at
    done = phone.post(way_out(invitation))
    assert done.status_code == 200
    assert "We will not write to you again" in text_of(done)
    first = Contact.objects.get().opted_out_at
    assert first
    assert phone.post(way_out(invitation)).status_code == 200
    assert Contact.objects.get().opted_out_at == first


def test_one_click_from_a_mail_program(phone, invitation):
    """RFC 8058: no cookie, no token, no redirect, whatever site it comes from."""
    done = phone.post(
        way_out(invitation),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert done.status_code == 200
    assert Contact.objects.get().opted_out_at


def test_the_way_out_stays_open(phone, invitation):
    instrument.close_wave(invitation.wave)
    Invitation.objects.update(revoked_at=timezone.now())
    assert phone.post(way_out(invitation)).status_code == 200
    assert Contact.objects.get().opted_out_at
    assert phone.get(path_of(invitation)).status_code == 410


def test_who_was_erased_can_still_press_the_button(phone, invitation):
    Contact.objects.all().delete()
    assert phone.post(way_out(invitation)).status_code == 200
    assert phone.get(path_of(invitation)).status_code == 200
