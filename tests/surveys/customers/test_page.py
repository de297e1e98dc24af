"""The customer's page: its language, what travels, what it asks of the database, who can read it."""

import gzip
import json
import re

import pytest
from django.core import serializers
from django.utils import timezone

from surveys import instrument, links
from surveys.models import Campaign, Contact, Invitation, OutgoingMail, Rating, Response, Survey, Wave
from surveys.public_views import render_form
from tests.conftest import log_in
from tests.surveys.asking import invite, open_survey
from tests.surveys.forms import FULL, Form, path_of, press, text_of, way_out

SCRIPT = '<script src="/static/js/survey.js" defer></script>'


# --- Languages ----------------------------------------------------------------------------------


def test_the_contacts_language_then_the_surveys_and_a_switch(phone, wave):
    spanish = invite(wave, "es@example.org", language="es")
    other = invite(wave, "fr@example.org", language="fr")
    page = phone.get(path_of(spanish))
    assert '<html lang="es">' in text_of(page)
    assert page["Content-Language"] == "es"
    assert '<button class="sv-lang" form="f" formaction="?lang=en"' in text_of(page)
    assert '<html lang="en">' in text_of(phone.get(path_of(other)))
    assert '<html lang="en">' in text_of(phone.get(path_of(spanish, "?lang=en")))
    assert '<html lang="es">' in text_of(phone.get(path_of(spanish, "?lang=xx")))
    press(phone, path_of(spanish, "?lang=en"), **FULL)
    assert Response.objects.get().language == "en"


@pytest.mark.parametrize(("address", "words"), [("tu", "¿Pasaste por esto?"), ("usted", "¿Pasó por esto?")])
def test_the_surveys_form_of_address(phone, world, address, words):
    invitation = invite(open_survey(world.cycle, address=address, language="es"))
    assert words in text_of(phone.get(path_of(invitation)))


# --- Nothing happens by looking -----------------------------------------------------------------


def everything() -> str:
    models = (Contact, Invitation, OutgoingMail, Response, Rating, Campaign, Wave, Survey)
    return json.dumps([serializers.serialize("json", m.objects.order_by("pk")) for m in models])


@pytest.mark.parametrize("state", ["open", "answered", "closed", "revoked"])
def test_robots_may_open_every_link_twenty_times(phone, invitation, state):
    if state == "answered":
        press(phone, path_of(invitation), **FULL)
    elif state == "closed":
        instrument.close_wave(invitation.wave)
    elif state == "revoked":
        Invitation.objects.update(revoked_at=timezone.now())
    before = everything()
    for _ in range(20):
        for path in (path_of(invitation), path_of(invitation, "?lang=es"), way_out(invitation)):
            phone.get(path)
            phone.head(path)
    assert everything() == before
    if state == "open":
        assert press(phone, path_of(invitation), **FULL).status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_other_method(phone, invitation, method):
    assert getattr(phone, method)(path_of(invitation)).status_code == 405


def test_a_handed_back_page_counts_as_opened(phone, invitation):
    press(phone, path_of(invitation), w1="y")
    invitation.refresh_from_db()
    assert invitation.opened_at


# --- What travels -------------------------------------------------------------------------------


def test_no_cookie_no_cache_no_referrer_no_script(phone, invitation, world):
    member = log_in(world.consultant)
    pages = [
        browser.get(path)
        for browser in (phone, member)
        for path in (path_of(invitation), way_out(invitation))
    ]
    pages += [
        press(phone, path_of(invitation), w1="y"),
        press(phone, path_of(invitation), **FULL),
        phone.get(path_of(invitation)),
    ]
    pages += [phone.post(way_out(invitation)), phone.get("/s/x/")]
    for page in pages:
        assert not page.cookies
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in page["Content-Security-Policy"]
        body = text_of(page)
        # Optional, and our own: the page does without.
        assert set(re.findall(r"<script.*?</script>", body)) <= {SCRIPT}
        assert "style=" not in body
        assert not re.search(r"\son\w+=", body)
        assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", body)


def test_the_page_is_small_with_many_moments_and_a_long_scale(phone, world, settings):
    from cycles.models import Moment, Stage

    stage = Stage.objects.earliest("pk")
    for n in range(2, 40):
        Moment.objects.create(stage=stage, position=n, name=f"Wait for the seamstress to be free, time {n}")
    invitation = invite(open_survey(world.cycle, scale_max=10))
    plain = phone.get(path_of(invitation))
    page = phone.get(path_of(invitation), headers={"accept-encoding": "gzip, br"})
    assert page["Content-Encoding"] == "gzip"
    again = Form(gzip.decompress(page.content).decode())
    assert again.names == Form(text_of(plain)).names
    assert len(again.names) == 41 * 3 + 4
    style = (settings.BASE_DIR / "static/css/survey.css").read_bytes()
    script = (settings.BASE_DIR / "static/js/survey.js").read_bytes()
    assert b"path_of(" not in style
    assert len(page.content) + len(style) + len(script) < 30_000


def test_the_page_with_the_score_of_the_mail_is_as_small(phone, wave):
    address = path_of(invite(wave)) + "?overall=4"
    page = phone.get(address, headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert gzip.decompress(page.content) == phone.get(address).content


def test_pages_of_two_customers_share_all_but_their_own(phone, wave):
    one, two = invite(wave, "a@example.org"), invite(wave, "b@example.org")
    pages = [text_of(phone.get(path_of(invitation))) for invitation in (one, two)]
    assert links.unsubscribe_token_for(one) in pages[0]
    assert links.unsubscribe_token_for(two) in pages[1]
    assert links.unsubscribe_token_for(one) not in pages[1]


def test_looking_costs_one_query_and_answering_few(phone, invitation, django_assert_num_queries):
    fields = {**Form(text_of(phone.get(path_of(invitation)))).fields, **FULL}
    with django_assert_num_queries(1):
        phone.get(path_of(invitation))
    # Two of them the savepoint of the test; the answer itself is one statement, one more remembers the wave
    # (the next answer: test_as_told.py); on SQLite it is two.
    with django_assert_num_queries(5):
        phone.post(path_of(invitation), fields)


def test_later_edits_of_the_map_do_not_reach_the_page(phone, invitation, world):
    from cycles.models import Moment

    Moment.objects.filter(name="Find the shop").update(name="Another name")
    assert "Find the shop" in text_of(phone.get(path_of(invitation)))


def test_texts_of_a_client_are_only_text(phone, world):
    from cycles.models import Moment

    Moment.objects.filter(name="Find the shop").update(name="<script>alert(1)</script>{{ 7|add:1 }}")
    page = text_of(phone.get(path_of(invite(open_survey(world.cycle, brand='"><img src=x>{brand}')))))
    assert re.findall(r"<script.*", page) == [SCRIPT]
    assert "<img" not in page
    assert "{{ 7|add:1 }}" in page


# --- Accessibility ------------------------------------------------------------------------------


def test_every_group_has_a_legend_and_every_number_of_five_a_word(phone, invitation):
    page = text_of(phone.get(path_of(invitation)))
    assert page.count("<fieldset") == page.count("<legend>") == 3 * 3 + 2
    assert '5<span class="sr">, very well</span>' in page
    assert page.count("<h1>") == 1
    ids = Form(page).ids
    assert len(ids) == len(set(ids))
    assert {
        word for names in re.findall(r'aria-describedby="([^"]+)"', page) for word in names.split()
    } <= set(ids)


# --- The consultant's preview -------------------------------------------------------------------


def test_the_preview_shows_a_draft_and_cannot_be_sent(world):
    survey = instrument.draft_survey(world.cycle)
    page = render_form(survey, "es", items=instrument.items_of(survey))
    assert "Vista previa" in page
    assert "Queue at the till" in page
    assert 'name="page"' not in page
    assert re.search(r"<button[^>]* disabled", page)
    assert render_form(open_survey(world.cycle).survey, "en").startswith("<!doctype html>")
