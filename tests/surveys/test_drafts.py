"""Saved, and gone on with at the same link on another device."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from surveys import anonymity, instrument, links
from surveys.drafts import save_draft
from surveys.models import Draft, Invitation, Response, Wave
from tests.surveys.asking import invite, open_survey
from tests.surveys.forms import Form, path_of, press, text_of

HALF = {"w1": "y", "i1": "5", "comment": "Quince minutos\ncon la ropa", "nps": "99"}


@pytest.fixture
def invitation(world) -> Invitation:
    return invite(open_survey(world.cycle))


def test_saved_here_and_gone_on_with_there(invitation, customer):
    saved = press(customer, path_of(invitation), save="1", **HALF)
    assert saved.status_code == 200
    assert "Open this same link whenever you like" in text_of(saved)
    assert "<form" not in text_of(saved)
    assert not Response.objects.exists()
    invitation.refresh_from_db()
    assert invitation.started_at

    other = Browser(enforce_csrf_checks=True)
    page = text_of(other.get(path_of(invitation)))
    assert "This is what you saved. It has not been sent yet." in page
    assert 'class="err"' not in page, "nothing is wrong"
    assert '<a href="#c2">Go on now</a>' in page, "the first question that is still open"
    assert 'id="c2"' in page
    fields = Form(page).fields
    # What is no number of the scale was kept as typed, and has no button to stand on.
    assert {name: fields[name] for name in ("w1", "i1", "comment")} == {
        "w1": ["y"],
        "i1": ["5"],
        "comment": ["Quince minutos\ncon la ropa"],
    }
    assert 'id="i1-e"' not in page
    done = other.post(path_of(invitation), {**fields, "s1": "2"})
    assert done.status_code == 200
    assert Response.objects.get().comment == "Quince minutos\ncon la ropa"
    assert not Draft.objects.exists()
    assert "You answered on" in text_of(customer.get(path_of(invitation)))


def test_saving_again_keeps_the_last_and_the_first_start(invitation, customer):
    press(customer, path_of(invitation), save="1", nps="3")
    started = Invitation.objects.get().started_at
    press(customer, path_of(invitation), save="1", nps="4")
    assert Draft.objects.get().data == {"nps": ["4"]}
    assert Invitation.objects.get().started_at == started


def test_only_fields_of_the_form_are_kept_and_no_more_than_fits(invitation, customer):
    press(customer, path_of(invitation), save="1", nps="3", i99="5", evil="x", comment="a" * 9000)
    assert Draft.objects.get().data == {"comment": ["a" * 4000], "nps": ["3"]}


def test_nothing_typed_is_nothing_to_save(invitation, customer):
    back = press(customer, path_of(invitation), save="1")
    assert back.status_code == 422
    assert "Answer at least one question." in text_of(back)
    assert not Draft.objects.exists()


def test_only_our_own_page_saves(invitation, customer):
    assert customer.post(path_of(invitation), {"save": "1", "nps": "3"}).status_code == 422
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    fields = {**Form(text_of(customer.get(path_of(invitation)))).fields, "save": "1", "nps": "3"}
    assert customer.post(path_of(invitation), fields, headers=elsewhere).status_code == 403
    assert not Draft.objects.exists()


def test_by_script_it_is_saved_quietly(invitation, customer):
    saved = press(customer, path_of(invitation), save="1", quietly="1", nps="3")
    assert saved.status_code == 204
    assert Draft.objects.get().data == {"nps": ["3"]}


def test_a_save_that_comes_after_the_answer_leaves_nothing(invitation, customer):
    fields = {**Form(text_of(customer.get(path_of(invitation)))).fields, "nps": "3"}
    assert customer.post(path_of(invitation), fields).status_code == 200
    late = customer.post(path_of(invitation), {**fields, "save": "1"})
    assert late.status_code == 409
    assert "You answered on" in text_of(late)
    assert not Draft.objects.exists()
    assert not save_draft(invitation, {"nps": ["4"]})


def test_a_closed_survey_saves_nothing(invitation, customer):
    fields = {**Form(text_of(customer.get(path_of(invitation)))).fields, "nps": "3", "save": "1"}
    instrument.close_wave(invitation.wave)
    assert customer.post(path_of(invitation), fields).status_code == 410
    assert not Draft.objects.exists()


def test_drafts_that_are_no_use_any_more_are_forgotten(world, customer):
    wave = open_survey(world.cycle)
    kept, answered = invite(wave, "a@example.org"), invite(wave, "b@example.org")
    for one in (kept, answered):
        press(customer, path_of(one), save="1", nps="3")
    Response.objects.create(wave=wave, invitation=answered)
    assert anonymity.forget_drafts() == 1
    assert Draft.objects.get().invitation == kept
    instrument.close_wave(wave)
    assert anonymity.forget_drafts() == 1


def test_the_script_saves_only_where_the_page_says_so(world, invitation, customer):
    page = text_of(customer.get(path_of(invitation)))
    assert 'data-saved="Saved"' in page
    type(invitation.wave.survey).objects.update(is_anonymous=True)
    nameless = text_of(customer.get(path_of(invitation)))
    assert "data-saved" not in nameless
    assert "<script" not in nameless
    assert 'name="save"' in nameless


def test_a_wave_opens_on_its_day(world, customer):
    wave = open_survey(world.cycle)
    day = timezone.localdate() + timedelta(days=3)
    invitation = invite(wave)
    Wave.objects.update(opens_on=day)
    page = customer.get(path_of(invitation))
    assert page.status_code == 200
    assert "The survey opens on" in text_of(page)
    assert customer.post(path_of(invitation), {"nps": "3"}).status_code == 200
    assert not Response.objects.exists()
    Wave.objects.update(opens_on=timezone.localdate())
    assert press(customer, path_of(invitation), nps="3").status_code == 200
    assert Response.objects.exists()
    assert links.invitation_for(links.token_for(invitation))
