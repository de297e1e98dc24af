"""The customer's pages, as a phone without script or cookies asks for them."""

import gzip
import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.core import serializers
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from surveys import instrument, links
from surveys.models import Campaign, Contact, Invitation, OutgoingMail, Rating, Response, Survey, Wave
from surveys.public_views import render_form
from tests.conftest import log_in
from tests.surveys.asking import invite, open_survey


@pytest.fixture
def wave(world) -> Wave:
    return open_survey(world.cycle)


@pytest.fixture
def invitation(wave) -> Invitation:
    return invite(wave)


@pytest.fixture
def phone() -> Browser:
    """No cookies kept, CSRF checks on."""
    return Browser(enforce_csrf_checks=True)


def url(invitation: Invitation, query: str = "") -> str:
    return f"/s/{links.token_for(invitation)}/{query}"


def way_out(invitation: Invitation) -> str:
    return f"/u/{links.unsubscribe_token_for(invitation)}/"


SCRIPT = '<script src="/static/js/survey.js" defer></script>'


class Form(HTMLParser):
    """The fields of a page's form, as a browser would send them, and the ids that links point to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.names: set[str] = set()
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        self.ids += [a["id"]] if a.get("id") else []
        if tag == "a" and a.get("href", "").startswith("#"):
            self.anchors.append(a["href"][1:])
        self.textarea = a.get("name", "") if tag == "textarea" else ""
        if tag in ("input", "textarea"):
            self.names.add(a["name"])
        if tag == "input" and (a.get("type") not in ("radio", "checkbox") or "checked" in a):
            self.fields[a["name"]] = a["value"]

    def handle_data(self, data: str) -> None:
        if self.textarea:
            # A browser drops the line break that follows the tag.
            self.fields[self.textarea] = self.fields.get(self.textarea, "") + data.removeprefix("\n")


def text(response) -> str:
    return str(response.content, "utf-8")


def send(phone: Browser, invitation: Invitation, query: str = "", headers=None, **answers: str):
    """Open the page, fill in, press Send."""
    fields = Form(text(phone.get(url(invitation, query)))).fields
    return phone.post(url(invitation, query), {**fields, **answers}, headers=headers or {})


FULL = {
    "w1": "y", "i1": "5", "s1": "2", "w2": "n", "w3": "y", "i3": "4", "s3": "4", "overall": "3", "nps": "7",
    "comment": "Fine",
}  # fmt: skip


# --- Answering ----------------------------------------------------------------------------------


def test_a_customer_answers(phone, invitation):
    page = phone.get(url(invitation))
    assert page.status_code == 200
    assert "How did it go at Lunaria?" in text(page)
    assert "Queue at the till" in text(page)

    thanks = send(phone, invitation, **FULL)

    assert thanks.status_code == 200
    assert "Thank you, received" in text(thanks)
    assert "care@lunaria.example" in text(thanks)
    response = Response.objects.get()
    assert response.invitation == invitation
    assert response.nps == 7
    ratings = Rating.objects.order_by("item__position")
    assert list(ratings.values_list("importance", "satisfaction", "experienced")) == [
        (5, 2, True),
        (None, None, False),
        (4, 4, True),
    ]


def test_sending_again_shows_the_same_receipt_and_other_answers_a_calm_page(phone, invitation):
    fields = {**Form(text(phone.get(url(invitation)))).fields, **FULL}
    first = phone.post(url(invitation), fields)
    again = phone.post(url(invitation), fields)
    other = phone.post(url(invitation), {**fields, "nps": "1"})
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert text(first) == text(again)
    assert "You answered on" in text(other)
    assert Response.objects.get().nps == 7


def test_after_answering_the_link_says_so(phone, invitation):
    send(phone, invitation, **FULL)
    page = phone.get(url(invitation))
    assert page.status_code == 200
    assert "You answered on" in text(page)
    assert "<form" not in text(page)


def test_sending_again_after_closing_still_gives_the_receipt(phone, invitation):
    fields = {**Form(text(phone.get(url(invitation)))).fields, **FULL}
    phone.post(url(invitation), fields)
    instrument.close_wave(invitation.wave)
    assert "Thank you, received" in text(phone.post(url(invitation), fields))


# --- What is missing or wrong -------------------------------------------------------------------


def test_what_was_begun_is_asked_for_with_everything_kept(phone, invitation):
    back = send(phone, invitation, w1="y", i1="5", comment='Quince <b>minutos</b> & "más"\n\nDos')
    assert back.status_code == 422
    page, form = text(back), Form(text(back))
    assert "One answer is missing." in page
    assert "Go to “Find the shop: How did it go?”" in page
    assert form.fields["i1"] == "5"
    assert form.fields["w1"] == "y"
    assert form.fields["comment"] == 'Quince <b>minutos</b> & "más"\n\nDos'
    assert "<b>minutos" not in page
    assert form.anchors == ["s1"]
    assert set(form.anchors) <= set(form.ids)
    assert 'aria-describedby="h1 s1-e"' in page
    assert not Response.objects.exists()


def test_the_form_leads_back_to_the_top_of_its_page_in_its_language(phone, invitation):
    """Without an action it would go to #c1, where "Start" led, past the summary of what is missing."""
    assert '<form id="f" method="post" action="?lang=es"' in text(phone.get(url(invitation, "?lang=es")))


def test_sent_once_more_a_gap_stays_blank(phone, invitation):
    back = send(phone, invitation, w1="y", i1="5")
    thanks = phone.post(url(invitation), Form(text(back)).fields)
    assert thanks.status_code == 200
    rating = Rating.objects.earliest("item__position")
    assert (rating.importance, rating.satisfaction, rating.experienced) == (5, None, True)


def test_what_is_wrong_may_not_stay(phone, invitation):
    back = send(phone, invitation, w1="y", i1="5", s1="9", as_is="1")
    assert back.status_code == 422
    assert "Choose a number from 1 to 5" in text(back)
    assert "as_is" not in Form(text(back)).fields


def test_an_empty_form_is_handed_back(phone, invitation):
    back = send(phone, invitation)
    assert back.status_code == 422
    assert "Answer at least one question." in text(back)


def test_blank_after_all_is_still_empty(phone, invitation):
    assert send(phone, invitation, w1="y", as_is="1").status_code == 422
    assert not Response.objects.exists()


def test_having_lived_none_of_it_is_an_answer(phone, invitation):
    assert send(phone, invitation, w1="n", w2="n", w3="n").status_code == 200


@pytest.mark.parametrize("body", [b"\xff\xfe", b"w1=%00&comment=%00", b"%", b"=&&&=", b"w1=y&w1=n&i1=5&s1=5"])
def test_odd_bodies_are_handed_back_or_taken_never_an_error(phone, invitation, body):
    response = phone.post(url(invitation), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422
    assert not Response.objects.exists()


# --- Whose page it was --------------------------------------------------------------------------


def test_answers_without_the_mark_of_our_page_are_handed_back(phone, invitation):
    back = phone.post(url(invitation), FULL)
    assert back.status_code == 422
    assert "open for a long time" in text(back)
    assert not Response.objects.exists()
    # The page that came back carries a mark: pressing Send there is enough.
    assert phone.post(url(invitation), Form(text(back)).fields).status_code == 200
    assert Response.objects.get().nps == 7


def test_the_mark_of_another_page_does_not_do(phone, invitation, wave):
    mark = links.page_mark(invite(wave, "other@example.org"))
    assert phone.post(url(invitation), {**FULL, "page": mark}).status_code == 422


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
    ],
)
def test_a_form_on_another_site_is_refused(phone, invitation, headers, status):
    response = send(phone, invitation, headers=headers, **FULL)
    assert response.status_code == status
    assert Response.objects.exists() == (status == 200)


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


# --- Languages ----------------------------------------------------------------------------------


def test_the_contacts_language_then_the_surveys_and_a_switch(phone, wave):
    spanish = invite(wave, "es@example.org", language="es")
    other = invite(wave, "fr@example.org", language="fr")
    page = phone.get(url(spanish))
    assert '<html lang="es">' in text(page)
    assert page["Content-Language"] == "es"
    assert '<button class="sv-lang" form="f" formaction="?lang=en"' in text(page)
    assert '<html lang="en">' in text(phone.get(url(other)))
    assert '<html lang="en">' in text(phone.get(url(spanish, "?lang=en")))
    assert '<html lang="es">' in text(phone.get(url(spanish, "?lang=xx")))
    send(phone, spanish, "?lang=en", **FULL)
    assert Response.objects.get().language == "en"


@pytest.mark.parametrize(("address", "words"), [("tu", "¿Pasaste por esto?"), ("usted", "¿Pasó por esto?")])
def test_the_surveys_form_of_address(phone, world, address, words):
    invitation = invite(open_survey(world.cycle, address=address, language="es"))
    assert words in text(phone.get(url(invitation)))


# --- Nothing happens by looking -----------------------------------------------------------------


def everything() -> str:
    models = (Contact, Invitation, OutgoingMail, Response, Rating, Campaign, Wave, Survey)
    return json.dumps([serializers.serialize("json", m.objects.order_by("pk")) for m in models])


@pytest.mark.parametrize("state", ["open", "answered", "closed", "revoked"])
def test_robots_may_open_every_link_twenty_times(phone, invitation, state):
    if state == "answered":
        send(phone, invitation, **FULL)
    elif state == "closed":
        instrument.close_wave(invitation.wave)
    elif state == "revoked":
        Invitation.objects.update(revoked_at=timezone.now())
    before = everything()
    for _ in range(20):
        for path in (url(invitation), url(invitation, "?lang=es"), way_out(invitation)):
            phone.get(path)
            phone.head(path)
    assert everything() == before
    if state == "open":
        assert send(phone, invitation, **FULL).status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_other_method(phone, invitation, method):
    assert getattr(phone, method)(url(invitation)).status_code == 405


def test_a_handed_back_page_counts_as_opened(phone, invitation):
    send(phone, invitation, w1="y")
    invitation.refresh_from_db()
    assert invitation.opened_at


# --- What travels -------------------------------------------------------------------------------


def test_no_cookie_no_cache_no_referrer_no_script(phone, invitation, world):
    member = log_in(world.consultant)
    pages = [
        browser.get(path) for browser in (phone, member) for path in (url(invitation), way_out(invitation))
    ]
    pages += [send(phone, invitation, w1="y"), send(phone, invitation, **FULL), phone.get(url(invitation))]
    pages += [phone.post(way_out(invitation)), phone.get("/s/x/")]
    for page in pages:
        assert not page.cookies
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in page["Content-Security-Policy"]
        body = text(page)
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
    plain = phone.get(url(invitation))
    page = phone.get(url(invitation), headers={"accept-encoding": "gzip, br"})
    assert page["Content-Encoding"] == "gzip"
    again = Form(gzip.decompress(page.content).decode())
    assert again.names == Form(text(plain)).names
    assert len(again.names) == 41 * 3 + 4
    style = (settings.BASE_DIR / "static/css/survey.css").read_bytes()
    script = (settings.BASE_DIR / "static/js/survey.js").read_bytes()
    assert b"url(" not in style
    assert len(page.content) + len(style) + len(script) < 30_000


def test_pages_of_two_customers_share_all_but_their_own(phone, wave):
    one, two = invite(wave, "a@example.org"), invite(wave, "b@example.org")
    pages = [text(phone.get(url(invitation))) for invitation in (one, two)]
    assert links.unsubscribe_token_for(one) in pages[0]
    assert links.unsubscribe_token_for(two) in pages[1]
    assert links.unsubscribe_token_for(one) not in pages[1]


def test_looking_costs_one_query_and_answering_few(phone, invitation, django_assert_num_queries):
    fields = {**Form(text(phone.get(url(invitation)))).fields, **FULL}
    with django_assert_num_queries(1):
        phone.get(url(invitation))
    # Two of them the savepoint of the test; the answer itself is one statement, on SQLite two.
    with django_assert_num_queries(4 if connection.vendor == "postgresql" else 5):
        phone.post(url(invitation), fields)


def test_later_edits_of_the_map_do_not_reach_the_page(phone, invitation, world):
    from cycles.models import Moment

    Moment.objects.filter(name="Find the shop").update(name="Another name")
    assert "Find the shop" in text(phone.get(url(invitation)))


def test_texts_of_a_client_are_only_text(phone, world):
    from cycles.models import Moment

    Moment.objects.filter(name="Find the shop").update(name="<script>alert(1)</script>{{ 7|add:1 }}")
    page = text(phone.get(url(invite(open_survey(world.cycle, brand='"><img src=x>{brand}')))))
    assert re.findall(r"<script.*", page) == [SCRIPT]
    assert "<img" not in page
    assert "{{ 7|add:1 }}" in page


# --- Accessibility ------------------------------------------------------------------------------


def test_every_group_has_a_legend_and_every_number_of_five_a_word(phone, invitation):
    page = text(phone.get(url(invitation)))
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
