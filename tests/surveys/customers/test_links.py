"""Links that do not lead to the questions, and the way out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys import instrument
from surveys.models import Contact, Invitation, Response, Wave
from tests.surveys.asking import invite
from tests.surveys.customers.page import FULL, Form, text, url, way_out

# --- Links that do not lead to the questions ----------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["x", "A" * 52, "ñ", "%00", "A" * 3000])
def test_a_wrong_link(phone, invitation, token, method):
    for path in (f"/s/{token}/", f"/u/{token}/"):
        response = getattr(phone, method)(path, headers={"accept-language": "en"})
        assert response.status_code == 404
        assert "This link leads to no survey" in text(response)
    spanish = phone.get(f"/s/{token}/", headers={"accept-language": "es-MX"})
    assert "Este enlace no lleva a ninguna encuesta" in text(spanish)
    assert 'href="?lang=en"' in text(spanish)
    chosen = phone.get(f"/s/{token}/?lang=en", headers={"accept-language": "es-MX"})
    assert "This link leads to no survey" in text(chosen)


def test_a_revoked_link(phone, invitation):
    fields = {**Form(text(phone.get(url(invitation)))).fields, **FULL}
    Invitation.objects.update(revoked_at=timezone.now())
    for response in (phone.get(url(invitation)), phone.post(url(invitation), fields)):
        assert response.status_code == 410
        assert "This link no longer works" in text(response)
    assert not Response.objects.exists()


def test_a_closed_survey(phone, invitation):
    fields = {**Form(text(phone.get(url(invitation)))).fields, **FULL}
    instrument.close_wave(invitation.wave)
    for response in (phone.get(url(invitation)), phone.post(url(invitation), fields)):
        assert response.status_code == 410
        assert "The survey has closed" in text(response)
        assert "care@lunaria.example" in text(response)
    assert not Response.objects.exists()


def test_a_survey_past_its_day(phone, invitation):
    day = timezone.localdate() - timedelta(days=1)
    Wave.objects.update(closes_on=day)
    page = phone.get(url(invitation))
    assert page.status_code == 410
    assert "The time to answer ended on" in text(page)
    Wave.objects.update(closes_on=timezone.localdate())
    assert phone.get(url(invitation)).status_code == 200


def test_a_survey_not_open_yet(phone, world):
    survey = instrument.draft_survey(world.cycle)
    page = phone.get(url(invite(survey.waves.get())))
    assert page.status_code == 200
    assert "not open yet" in text(page) or "todavía no abre" in text(page)
    assert "<form" not in text(page)


# --- The way out --------------------------------------------------------------------------------


def test_opting_out_takes_a_button(phone, invitation):
    page = phone.get(way_out(invitation))
    assert page.status_code == 200
    assert "Do you want no more surveys from Lunaria?" in text(page)
    assert not Contact.objects.get().opted_out_at
    done = phone.post(way_out(invitation))
    assert done.status_code == 200
    assert "We will not write to you again" in text(done)
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
    assert phone.get(url(invitation)).status_code == 410


def test_who_was_erased_can_still_press_the_button(phone, invitation):
    Contact.objects.all().delete()
    assert phone.post(way_out(invitation)).status_code == 200
    assert phone.get(url(invitation)).status_code == 200
