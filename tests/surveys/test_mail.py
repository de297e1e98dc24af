"""The mail says what was meant, in every part, whatever names and texts are made of."""

import re
from datetime import date
from email import policy
from email.parser import BytesParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cyclemap.text import one_line
from surveys import links
from surveys.mail import compose, fill, letter_for, preview, unknown_placeholders
from surveys.models import Campaign, Contact, OutgoingMail, Response, Survey, Wave
from surveys.wire import UnsendableError, envelope_recipient
from tests.surveys.asking import open_survey, queue


@pytest.fixture
def mail(world) -> OutgoingMail:
    [mail] = queue(open_survey(world.cycle), "carmen@example.org")
    return mail


def read(raw: bytes):
    return BytesParser(policy=policy.default).parsebytes(raw)


def parts(raw: bytes) -> tuple[str, str]:
    message = read(raw)
    plain, html = message.iter_parts()
    return plain.get_content(), html.get_content()


def say(mail: OutgoingMail, **texts: str) -> None:
    mail.campaign.texts = dict.fromkeys(("es", "en"), texts)
    mail.campaign.save()


# --- What it says -------------------------------------------------------------------------------


def test_headers_and_parts(mail, settings):
    mail.campaign.sender_name = "Lunaria, Plaza «Mirador»"
    mail.campaign.reply_to = "care@lunaria.example"
    raw = compose(mail)
    message = read(raw)
    assert message["From"].addresses[0].display_name == "Lunaria, Plaza «Mirador»"
    assert message["From"].addresses[0].addr_spec == "cyclemap@localhost"
    assert message["To"].addresses[0].addr_spec == "carmen@example.org"
    assert message["Reply-To"].addresses[0].addr_spec == "care@lunaria.example"
    assert message["Subject"] == "How did it go at Lunaria?"
    assert message["Message-ID"] == mail.message_id
    assert message["Date"].datetime
    out = links.unsubscribe_url(mail.invitation)
    assert message["List-Unsubscribe"] == f"<{out}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for body in parts(raw):
        assert links.survey_url(mail.invitation) in body
        assert out in body
        assert "Hello, Carmen" in body
        assert "There are 6 questions; it takes about a minute." in body
    assert len(raw) < 60_000


def test_made_twice_it_is_the_same_mail(mail):
    """So that sending one again by hand never shows the customer two different links."""
    once, again = compose(mail), compose(OutgoingMail.objects.get())
    assert read(once)["Message-ID"] == read(again)["Message-ID"]
    assert parts(once) == parts(again)


@pytest.mark.parametrize(
    ("language", "address", "sentence"),
    [
        ("es", "tu", "Hace poco pasaste por Lunaria."),
        ("es", "usted", "Hace poco pasó por Lunaria."),
        ("en", "tu", "You were with Lunaria not long ago."),
    ],
)
def test_in_the_customers_language_and_the_surveys_address(mail, language, address, sentence):
    Survey.objects.update(address=address)
    Contact.objects.update(language=language)
    Campaign.objects.update(texts={})
    fresh = OutgoingMail.objects.get()
    for body in parts(compose(fresh)):
        assert sentence in body
    assert read(compose(fresh))["Content-Language"] == language


def test_the_last_day_is_named(mail):
    Wave.objects.update(closes_on=date(2030, 11, 25))
    for body in parts(compose(OutgoingMail.objects.get())):
        assert "works until 25 November." in body


def test_someone_without_a_name_is_greeted_all_the_same(mail):
    Contact.objects.update(name="")
    assert letter_for(mail.campaign, OutgoingMail.objects.get().invitation).hello == "Hello"


def test_dark_mode_and_no_outside_address(mail, settings):
    html = letter_for(mail.campaign, mail.invitation).html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    addresses = set(re.findall(r"https?://[^\s\"'<]+", html))
    assert addresses
    assert all(address.startswith(settings.SITE_URL) for address in addresses)
    assert "<img" not in html


def test_the_preview_is_the_mail_but_for_the_links(mail):
    shown = preview(mail.campaign, mail.invitation.contact, "en")
    sent = letter_for(mail.campaign, mail.invitation)
    assert (shown.subject, shown.hello, shown.paragraphs) == (sent.subject, sent.hello, sent.paragraphs)
    token, out = links.token_for(mail.invitation), links.unsubscribe_token_for(mail.invitation)
    html = preview(mail.campaign, mail.invitation.contact, "en").html
    assert token not in html
    assert out not in html
    nowhere = "0" * 52
    assert sent.html.replace(token, nowhere).replace(out, nowhere) == html
    assert links.invitation_for(nowhere) is None
    assert "Hello<" in preview(mail.campaign, None, "en").html


# --- Placeholders -------------------------------------------------------------------------------

VALUES = {"name": "Carmen", "brand": "Lunaria", "closes": "", "questions": "6", "minutes": "1", "date": ""}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{name}, how was {brand}?", "Carmen, how was Lunaria?"),
        ("{nombre}, ¿cómo te fue en {marca}?", "Carmen, ¿cómo te fue en Lunaria?"),
        ("until {closes}.", "until ."),
        ("{Name} {nobody} { name } {{name}}", "{Name} {nobody} { name } {Carmen}"),
    ],
)
def test_placeholders(text, filled):
    assert fill(text, VALUES) == filled


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{name}, how was it?", "How was it?"),
        ("Hello, {name}", "Hello"),
        ("Hello, {name}, how was it?", "Hello, how was it?"),
        ("{brand} asks", "Lunaria asks"),
    ],
)
def test_a_missing_name_takes_its_comma_along(text, filled):
    assert fill(text, {**VALUES, "name": ""}) == filled


def test_a_value_is_never_read_as_a_placeholder():
    assert fill("{name}", {**VALUES, "name": "{brand}"}) == "{brand}"


ATTACKS = [
    f"{left}{inside}{right}"
    for left, right in [("{", "}"), ("{{", "}}"), ("${", "}"), ("%(", ")s"), ("{%", "%}"), ("<%=", "%>")]
    for inside in [
        "name.__class__", "name.__class__.__mro__[1].__subclasses__", "name!r", "name:>9999999999", "0", "",
        "name[0]", "self", "settings.SECRET_KEY", "campaign.wave.survey", "name|safe", "7*7", "request",
        "contact.email", "invitation.nonce", "__import__('os').system('id')", "name\x00", "nombre.upper",
        "ｎａｍｅ", "NAME", "name-", "n{name}", "link", "include 'x'", "debug", "load static", "csrf_token",
        "brand.__init__.__globals__", "''.join", "lipsum", "cycler", "constructor.constructor('x')()", "user",
    ]
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_else_is_filled_in(attack):
    """Only the text `{name}` itself is replaced; the rest is left letter for letter."""
    assert fill(attack, VALUES) == attack.replace("{name}", "Carmen")


def test_attacks_stay_text_in_every_part(mail):
    say(
        mail, subject="{name.__class__} <b>", body="<script>alert(1)</script> {brand.__class__} {{ 7|add:1 }}"
    )
    raw = compose(mail)
    assert read(raw)["Subject"] == "{name.__class__} <b>"
    plain, html = parts(raw)
    assert "<script>alert(1)</script> {brand.__class__} {{ 7|add:1 }}" in plain
    assert "<script" not in html
    assert "{brand.__class__} {{ 7|add:1 }}" in html


def test_what_is_no_placeholder_can_be_warned_of():
    assert unknown_placeholders("{name} {nombre} {nmae} {0} {a b} {}") == ["nmae", "0"]


# --- Hostile names ------------------------------------------------------------------------------

HOSTILE = [
    "Carmen\r\nBcc: everybody@example.org",
    "Carmen\nX: y\n\n<html>",
    *[f"Car{chr(n)}men" for n in [*range(32), 0x7F, 0x85, 0x9F, 0x2028, 0x2029, 0x202E, 0x2066]],
    "=?utf-8?q?a=0D=0ABcc:_x@example.org?=",
    '"><script>alert(1)</script>',
    "Carmen <other@example.org>",
    'Ri"os, Carmen; x: y',
    "é" * 110,
    "👩‍👩‍👧 " * 20,
    "שלום مرحبا",
    "x" * 120,
    "\\",
    '"',
    "(comment)",
    "@",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_makes_no_header_and_no_markup(mail, name):
    say(mail, subject="{name}, how was it?", body="{name}")
    mail = OutgoingMail.objects.select_related("campaign", "invitation__contact").get()
    # In memory only: PostgreSQL itself refuses NUL, and the mail must hold even so.
    mail.invitation.contact.name = name[:120]
    mail.campaign.sender_name = name[:60]
    raw = compose(mail)
    message = read(raw)
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
        "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "Content-Language", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert message["To"].addresses[0].addr_spec == "carmen@example.org"
    assert len(message["From"].addresses) == 1
    assert message["From"].addresses[0].addr_spec == "cyclemap@localhost"
    assert "<script" not in parts(raw)[1]
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()


def test_a_very_long_line_is_folded(mail):
    say(mail, subject="s" * 150, body="palabra" * 600 + "\n.\n..dots")
    raw = compose(mail)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert "palabra" * 600 in parts(raw)[0]


@given(name=st.text(max_size=120), sender=st.text(max_size=60), subject=st.text(max_size=200))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_makes_a_mail_that_reads_back_equal(mail, name, sender, subject):
    mail.invitation.contact.name = name
    mail.campaign.sender_name = sender
    mail.campaign.texts = {
        language: {"subject": subject, "body": name + subject} for language in ("es", "en")
    }
    message = read(compose(mail))
    assert len(message.get_all("From")) == len(message.get_all("To")) == len(message.get_all("Subject")) == 1
    # Python's own writer and reader lose or add a space where a long line is folded.
    shown = message["From"].addresses[0].display_name
    assert "".join(shown.split()) == "".join(one_line(sender).split())
    meant = one_line(fill(subject, {**VALUES, "name": one_line(name)}))[:200]
    assert "".join(message["Subject"].split()) == "".join(meant.split())
    assert message["To"].addresses[0].addr_spec == "carmen@example.org"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c\n",
        "josé@example.org",
        "a b@example.org",
        "a@example.org>",
        "a@" + "x" * 70 + ".org",
    ],
)
def test_an_address_that_no_server_would_take_is_refused(address):
    with pytest.raises(UnsendableError):
        envelope_recipient(address)


def test_a_domain_of_another_script_is_spelled_in_ascii():
    assert envelope_recipient("a@ñandú.example") == "a@xn--and-6ma2c.example"


def test_a_mail_program_finds_the_address_to_unsubscribe(mail):
    """On one line and in plain letters, although it is longer than a line should be."""
    [line] = [line for line in compose(mail).split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert line == b"List-Unsubscribe: <" + links.unsubscribe_url(mail.invitation).encode() + b">"


def test_machines_are_asked_not_to_answer(mail):
    message = read(compose(mail))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"
    assert message["X-Auto-Response-Suppress"] == "All"


# --- The score in the mail ------------------------------------------------------------------------


def score_links(html: str) -> list[str]:
    return re.findall(r'href="([^"]+\?(?:overall|nps)=\d+)"', html)


@pytest.mark.parametrize(
    ("fields", "name", "numbers"),
    [
        ({}, "overall", range(1, 6)),
        ({"scale_max": 10}, "overall", range(1, 11)),
        ({"asks_overall": False}, "nps", range(11)),
    ],
)
def test_a_score_is_pressed_in_the_mail_and_only_marked_on_the_page(world, customer, fields, name, numbers):
    [mail] = queue(open_survey(world.cycle, **fields), "carmen@example.org")
    url = links.survey_url(mail.invitation)
    found = score_links(parts(compose(mail))[1])
    assert found == [f"{url}?{name}={n}" for n in numbers]
    value = numbers[2]
    page = customer.get(f"{url}?{name}={value}").content.decode()
    [field] = re.findall(rf'<input[^>]*name="{name}"[^>]*value="{value}"[^>]*>', page)
    assert "checked" in field
    assert not Response.objects.exists()


def test_a_survey_without_such_a_question_has_no_score_in_the_mail(world):
    [mail] = queue(open_survey(world.cycle, asks_overall=False, asks_nps=False), "carmen@example.org")
    assert score_links(parts(compose(mail))[1]) == []


# --- The HTML part --------------------------------------------------------------------------------


def test_styles_stand_at_each_element_and_dark_mode_is_kept(mail):
    html = parts(compose(mail))[1]
    assert "@media (prefers-color-scheme: dark)" in html
    assert re.search(r'<a class="go"[^>]*style="[^"]*background-color: #0F4B3D', html)
    assert re.search(r'<p class="asks"[^>]*style="[^"]*font-weight: 600', html)
    # Of the stylesheet only what cannot stand at an element is left in the head.
    [head] = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert head.strip().startswith("@media")


def test_the_largest_mail_stays_small(mail):
    say(mail, subject="é" * 150, body="ñandú 😀 & < > " * 280)
    Survey.objects.update(scale_max=10)
    fresh = OutgoingMail.objects.select_related("campaign__wave__survey", "invitation__contact").get()
    assert len(compose(fresh)) < 60_000


def test_the_shape_holds_no_word_of_anybody(mail):
    """It is kept for all mails of all clients."""
    from surveys.mail_html import shape

    letter_for(mail.campaign, mail.invitation).html  # noqa: B018
    assert "Lunaria" not in shape(2, 5)
    assert "Carmen" not in shape(2, 5)
    assert "\ue000" not in letter_for(mail.campaign, mail.invitation).html


@pytest.mark.parametrize("text", ["{name", "{p0}", "{{p0}}", "{v0} {survey_url}", "\ue000brand\ue001", "{0}"])
def test_braces_and_marks_in_a_text_stay_text(mail, text):
    say(mail, subject="s", body=text)
    plain, html = parts(compose(mail))
    assert text in plain
    assert text in html


def test_an_anonymous_survey_promises_so_in_the_mail(world):
    [mail] = queue(open_survey(world.cycle, is_anonymous=True), "carmen@example.org")
    named = letter_for(mail.campaign, mail.invitation)
    assert named.privacy.startswith(named.words["anonymous"])
    assert "{" not in named.privacy
    [other] = queue(open_survey(world.cycle), "eva@example.org")
    assert "Lunaria" in letter_for(other.campaign, other.invitation).privacy
