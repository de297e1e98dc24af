"""Step five as a consultant, a manager and a stranger meet it, with and without htmx."""

from datetime import timedelta

import pytest
from django.core import mail as letter_box
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cycles.models import Moment
from surveys import campaigns, instrument, outbox
from surveys.funnel import funnel_of
from surveys.models import (
    Campaign,
    Contact,
    ContactFile,
    Invitation,
    Item,
    MailState,
    OutgoingMail,
    Response,
    Survey,
    Wave,
)
from surveys.relay import envelope_sender
from tests.conftest import log_in

HTMX = {"hx-request": "true"}


@pytest.fixture
def survey(world):
    return instrument.draft_survey(world.cycle)


@pytest.fixture
def wave(survey):
    return Wave.objects.get(survey=survey)


@pytest.fixture
def opened(wave):
    return instrument.open_wave(wave)


def add(wave, *emails, **fields):
    contacts = [Contact.objects.create(client=wave.survey.cycle.client, email=e, **fields) for e in emails]
    wave.recipients.add(*contacts)
    return contacts


def page(world, path):
    return world.url(path)


def text(response):
    return response.content.decode()


SETTINGS = {
    "name": "Shoppers",
    "brand": "Alba",
    "address": "usted",
    "language": "en",
    "scale_max": "7",
    "respondent": "customer",
    "languages": ["es", "en"],
    "importance": "none",
    "asks_nps": "on",
    "contact_address": "care@alba.example",
    "closes_on": "",
}


# --- Drafting -----------------------------------------------------------------------------------


def test_without_a_survey_there_is_one_next_step(world, consultant):
    response = consultant.get(page(world, f"cycles/{world.cycle.pk}/survey/"))
    assert "There is no survey yet" in text(response)
    assert "3 moments" in text(response)
    assert Survey.objects.count() == 0


def test_without_moments_the_step_leads_to_the_map(world, consultant):
    Moment.objects.update(position=None, deleted_at=timezone.now())
    assert "no moments yet" in text(consultant.get(page(world, f"cycles/{world.cycle.pk}/survey/")))


def test_drafting_leads_to_the_page_of_the_draft(world, consultant):
    for _press in range(2):
        response = consultant.post(page(world, f"cycles/{world.cycle.pk}/survey/draft/"), follow=True)
    assert response.status_code == 200
    assert "Draft." in text(response)
    assert "3 moments are asked about" in text(response)
    survey = Survey.objects.get()
    assert survey.contact_address == world.consultant.email


def test_settings_are_saved(world, consultant, survey, wave):
    closes_on = timezone.localdate() + timedelta(days=9)
    told = SETTINGS | {"closes_on": closes_on.isoformat()}
    response = consultant.post(page(world, f"surveys/{survey.pk}/settings/"), told)
    assert response.status_code == 302
    survey.refresh_from_db()
    wave.refresh_from_db()
    assert (survey.name, survey.address, survey.scale_max) == ("Shoppers", "usted", 7)
    assert (survey.asks_nps, survey.asks_comment) == (True, False)
    assert wave.closes_on == closes_on


def test_settings_answer_their_section_to_htmx(world, consultant, survey):
    response = consultant.post(page(world, f"surveys/{survey.pk}/settings/"), SETTINGS, headers=HTMX)
    assert response.status_code == 200
    assert '<section class="cs" id="settings"' in text(response)
    assert "<html" not in text(response)
    assert "Settings saved." in text(response)


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"name": ""}, "required"),
        ({"scale_max": "6"}, "not one of the available choices"),
        ({"contact_address": "nowhere"}, "valid email"),
        ({"brand": "A\x0bB"}, "control character"),
        ({"closes_on": "2020-01-01"}, "This day is over"),
        ({"closes_on": "soon"}, "valid date"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_settings_say_so_at_the_field(world, consultant, survey, told, fault, headers):
    response = consultant.post(
        page(world, f"surveys/{survey.pk}/settings/"),
        SETTINGS | {"brand": "Typed brand"} | told,
        headers=headers,
    )
    assert response.status_code == 422
    assert fault in text(response)
    assert ("Typed brand" in text(response)) == ("brand" not in told)
    survey.refresh_from_db()
    assert survey.brand == world.client.name


def test_moments_are_left_out_and_taken_in_again(world, consultant, survey):
    first, second, third = Moment.objects.order_by("pk").values_list("pk", flat=True)
    url = page(world, f"surveys/{survey.pk}/questions/")
    consultant.post(url, {"asked": [first, third]})
    assert list(survey.left_out.values_list("pk", flat=True)) == [second]
    consultant.post(url, {"asked": [first, second]})
    assert list(survey.left_out.values_list("pk", flat=True)) == [third]


def test_asking_about_nothing_says_so(world, consultant, survey):
    response = consultant.post(page(world, f"surveys/{survey.pk}/questions/"), {}, headers=HTMX)
    assert response.status_code == 422
    assert "at least one moment" in text(response)
    assert not survey.left_out.exists()


def test_a_strangers_moment_is_no_question(world, stranger, consultant, survey):
    foreign = Moment.objects.get(stage__cycle=stranger.cycle, name="Be greeted")
    response = consultant.post(page(world, f"surveys/{survey.pk}/questions/"), {"asked": [foreign.pk]})
    assert response.status_code == 422


def test_the_preview_is_the_customers_page_in_each_language(world, consultant, survey):
    url = page(world, f"surveys/{survey.pk}/preview/")
    Survey.objects.update(brand="Alba Moda")
    for language, sentence in (("en", "How did it go"), ("es", "¿Cómo te fue")):
        response = consultant.get(url, {"lang": language})
        assert response.status_code == 200
        assert "Be greeted" in text(response)
        assert sentence in text(response)
    assert Response.objects.count() == Item.objects.count() == 0


# --- Opening and closing ------------------------------------------------------------------------


def test_opening_freezes_and_then_every_form_of_the_instrument_refuses(world, consultant, survey, wave):
    assert consultant.post(page(world, f"waves/{wave.pk}/open/")).status_code == 302
    survey.refresh_from_db()
    assert survey.frozen_at is not None
    before = Survey.objects.values().get(), list(Item.objects.values())
    for path, told in (("settings", SETTINGS), ("questions", {"asked": []})):
        response = consultant.post(page(world, f"surveys/{survey.pk}/{path}/"), told)
        assert response.status_code == 422
        assert "its questions no longer change" in text(response) or path == "questions"
    assert (Survey.objects.values().get(), list(Item.objects.values())) == before


def test_opening_what_cannot_open_says_why(world, consultant, survey, wave):
    survey.left_out.set(Moment.objects.all())
    response = consultant.post(page(world, f"waves/{wave.pk}/open/"), headers=HTMX)
    assert response.status_code == 422
    assert "Choose at least one" in text(response)


def test_closing_asks_first_and_then_offers_the_next_wave(world, consultant, opened):
    url = page(world, f"waves/{opened.pk}/")
    assert "Close it today?" in text(consultant.get(url))
    response = consultant.post(url + "close/", headers=HTMX)
    assert response.status_code == 200
    assert 'id="survey"' in text(response)
    assert "Ask again: next wave" in text(response)
    assert '<h1 tabindex="-1" autofocus>' in text(response), "the pressed button is gone"
    opened.refresh_from_db()
    assert opened.status == "closed"


def test_the_next_wave_has_its_own_page(world, consultant, survey, opened):
    instrument.close_wave(opened)
    for _press in range(2):
        response = consultant.post(page(world, f"surveys/{survey.pk}/next-wave/"), follow=True)
    assert "It asks the same as the waves before." in text(response)
    assert survey.waves.count() == 2
    first = text(consultant.get(page(world, f"waves/{opened.pk}/")))
    assert "Wave 1" in first
    assert "Wave 2" in first


def test_an_open_wave_may_close_later(world, consultant, opened):
    later = timezone.localdate() + timedelta(days=30)
    url = page(world, f"waves/{opened.pk}/change/")
    consultant.post(url, {"name": "Spring", "closes_on": later.isoformat()})
    opened.refresh_from_db()
    assert (opened.name, opened.closes_on) == ("Spring", later)
    response = consultant.post(url, {"name": "Spring", "closes_on": "2020-01-01"})
    assert response.status_code == 422
    instrument.close_wave(opened)
    assert consultant.post(url, {"name": "Autumn", "closes_on": ""}).status_code == 422
    opened.refresh_from_db()
    assert opened.name == "Spring"


# --- Recipients ---------------------------------------------------------------------------------

LIST = """correo;nombre;arreglo
ana@x.example;Ana;Con
eva@x.example;Eva;Sin
nobody;Eco;Sin
ana@x.example;Ana;Con
"""


def give(browser, world, wave, text_or_file, headers=None):
    told = {"pasted": text_or_file} if isinstance(text_or_file, str) else {"file": text_or_file}
    return browser.post(page(world, f"waves/{wave.pk}/recipients/list/"), told, headers=headers or {})


def columns(browser, world, wave, *mapping, **more):
    told = {f"column_{n}": value for n, value in enumerate(mapping)} | more
    return browser.post(page(world, f"waves/{wave.pk}/recipients/columns/"), told, headers=HTMX)


def test_a_file_is_shown_before_it_is_imported(world, consultant, wave):
    file = SimpleUploadedFile("clientas.csv", LIST.encode("cp1252"), content_type="text/csv")
    response = give(consultant, world, wave, file, HTMX)
    assert response.status_code == 200
    said = text(response)
    assert "clientas.csv" in said
    assert "4 rows" in said
    assert "2 valid" in said
    assert "1 repeated" in said
    assert "1 cannot be used" in said
    assert "Line 4" in said
    assert Contact.objects.count() == 0


def test_importing_makes_recipients_and_empties_the_list(world, consultant, wave):
    give(consultant, world, wave, LIST)
    response = columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
    assert response.status_code == 200
    assert "2 recipients added." in text(response)
    contacts = wave.recipients.order_by("email")
    assert [(c.email, c.name, c.attributes) for c in contacts] == [
        ("ana@x.example", "Ana", {"arreglo": "Con"}),
        ("eva@x.example", "Eva", {"arreglo": "Sin"}),
    ]
    kept = ContactFile.objects.get()
    assert (kept.text, kept.summary["left_out"]) == ("", 2)
    assert kept.imported_at is not None


def test_the_same_list_again_changes_nothing(world, consultant, wave):
    for _time in range(2):
        give(consultant, world, wave, LIST)
        response = columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
        again = columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
        assert again.status_code == 200
    assert "everybody in it was a recipient already" in text(response)
    assert Contact.objects.count() == wave.recipients.count() == 2
    before = list(Contact.objects.values())
    give(consultant, world, wave, LIST)
    columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
    assert list(Contact.objects.values()) == before


def test_a_later_list_brings_what_is_new_and_erases_nothing(world, consultant, wave):
    (ana,) = add(wave, "Ana@x.example", name="Ana", language="es", attributes={"vip": "yes"})
    give(consultant, world, wave, "correo;nombre;idioma\nana@X.example;;en\neva@x.example;Eva;es")
    columns(consultant, world, wave, "email", "name", "language", **{"import": "1", "wins": "file"})
    ana.refresh_from_db()
    assert (ana.email, ana.name, ana.language, ana.attributes) == (
        "Ana@x.example",
        "Ana",
        "en",
        {"vip": "yes"},
    )
    assert Contact.objects.count() == 2


def test_columns_are_chosen_anew_and_the_choice_is_kept(world, consultant, wave):
    give(consultant, world, wave, "a;b;c\n1;Ana;ana@x.example\n2;Eva;eva@x.example")
    response = columns(consultant, world, wave, "external_id", "name", "email")
    assert "2 valid" in text(response)
    columns(consultant, world, wave, "external_id", "name", "email", **{"import": "1"})
    assert list(Contact.objects.order_by("email").values_list("external_id", "name")) == [
        ("1", "Ana"),
        ("2", "Eva"),
    ]


def test_two_columns_cannot_be_the_same(world, consultant, wave):
    give(consultant, world, wave, LIST)
    response = columns(consultant, world, wave, "email", "email", "segment", **{"import": "1"})
    assert response.status_code == 422
    assert "Two columns cannot both be" in text(response)
    assert Contact.objects.count() == 0


def test_without_a_column_of_addresses_nothing_is_imported(world, consultant, wave):
    give(consultant, world, wave, LIST)
    response = columns(consultant, world, wave, "name", "ignore", "segment", **{"import": "1"})
    assert response.status_code == 422
    assert "which column holds the e-mail" in text(response)
    assert Contact.objects.count() == 0
    assert ContactFile.objects.get().imported_at is None


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"PK\x03\x04 no spreadsheet", "neither a CSV file nor an Excel workbook"),
        (b"a@x.example\n" * 1_800_000, "larger than 20 MB"),
        (b"", "The file is empty"),
        (b"correo;nombre\n", "no customers below"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(world, consultant, wave, data, fault, headers):
    response = give(consultant, world, wave, SimpleUploadedFile("f.csv", data), headers)
    assert response.status_code == 422
    assert fault in text(response)
    assert not ContactFile.objects.exists()


def test_neither_file_nor_list_says_so(world, consultant, wave):
    response = give(consultant, world, wave, "  ", HTMX)
    assert response.status_code == 422
    assert "Choose a file or paste a list" in text(response)


def test_a_pasted_list_with_a_fault_is_kept_as_typed(world, consultant, wave):
    typed = "correo;nombre\n"
    response = give(consultant, world, wave, typed)
    assert response.status_code == 422
    assert typed.strip() in text(response)


def test_another_list_may_be_taken_instead(world, consultant, wave):
    give(consultant, world, wave, LIST)
    response = consultant.post(page(world, f"waves/{wave.pk}/recipients/discard/"), headers=HTMX)
    assert "Look at the list" in text(response)
    assert not ContactFile.objects.exists()


def test_who_opted_out_never_comes_back(world, consultant, wave):
    Contact.objects.create(client=world.client, email="ana@x.example", opted_out_at=timezone.now())
    assert "2 may not be written to" in text(give(consultant, world, wave, LIST, HTMX))
    columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
    assert [c.email for c in wave.recipients.all()] == ["eva@x.example"]


def test_the_list_is_searched_filtered_and_paged(world, consultant, opened):
    add(opened, *[f"c{n:02}@x.example" for n in range(30)])
    add(opened, "carmen@x.example", name="Carmen Ríos")
    url = page(world, f"waves/{opened.pk}/")
    found = consultant.get(url, {"q": "carmen ríos"}, headers=HTMX | {"hx-target": "recipient-list"})
    assert text(found).count("<tr>") == 2
    assert "<html" not in text(found)
    whole = text(consultant.get(url, {"q": "carmen"}))
    assert "<html" in whole
    assert "c01@x.example" not in whole
    assert "c29@x.example" not in text(consultant.get(url))
    assert "c29@x.example" in text(consultant.get(url, {"page": "3"}))
    assert consultant.get(url, {"page": "nonsense", "state": "odd", "q": "\x00"}).status_code == 200
    campaigns.start(Campaign.objects.get(wave=opened))
    OutgoingMail.objects.filter(recipient="c03@x.example").update(
        state=MailState.FAILED, reason="550 no such user"
    )
    refused = text(consultant.get(url, {"state": "refused"}))
    assert "550 no such user" in refused
    assert "c04@x.example" not in refused


def test_a_recipient_is_taken_out_until_invited(world, consultant, opened):
    ana, eva = add(opened, "ana@x.example", "eva@x.example")
    consultant.post(page(world, f"waves/{opened.pk}/recipients/{ana.pk}/remove/"))
    assert list(opened.recipients.all()) == [eva]
    campaigns.start(Campaign.objects.get(wave=opened))
    consultant.post(page(world, f"waves/{opened.pk}/recipients/{eva.pk}/remove/"))
    assert list(opened.recipients.all()) == [eva]


def test_those_of_the_last_wave_are_asked_again(world, consultant, survey, opened):
    add(opened, "ana@x.example", "eva@x.example")
    campaigns.start(Campaign.objects.get(wave=opened))
    Contact.objects.filter(email="eva@x.example").update(opted_out_at=timezone.now())
    instrument.close_wave(opened)
    second = instrument.next_wave(survey)
    for _press in range(2):
        consultant.post(page(world, f"waves/{second.pk}/recipients/again/"))
    assert [c.email for c in second.recipients.all()] == ["ana@x.example"]


# --- Message and sending ------------------------------------------------------------------------


def message(**told):
    words = {"subject": "How was it at {brand}?", "body": "Hello {name}.\n\nTell us."}
    by_language = {f"{key}_{code}": value for code in ("es", "en") for key, value in words.items()}
    return {"sender_name": "Alba shop", "reply_to": "shop@alba.example", **by_language, **told}


def test_the_message_is_saved_and_shown_as_a_customer_gets_it(world, consultant, survey, wave):
    Survey.objects.update(brand="Alba Moda")
    add(wave, "carmen@x.example", name="Carmen", language="en")
    response = consultant.post(page(world, f"waves/{wave.pk}/message/"), message(), headers=HTMX)
    assert response.status_code == 200
    campaign = Campaign.objects.get(wave=wave)
    assert campaign.sender_name == "Alba shop"
    assert campaign.texts["en"]["subject"] == "How was it at {brand}?"
    shown = text(consultant.get(page(world, f"waves/{wave.pk}/")))
    assert "How was it at Alba Moda?" in shown
    assert "Hello Carmen." in shown


def test_the_preview_shows_what_is_typed_and_saves_nothing(world, consultant, wave):
    add(wave, "carmen@x.example", name="Carmen", language="en")
    url = page(world, f"waves/{wave.pk}/message/preview/")
    response = consultant.post(url, message(subject_en="Typed {name}", shown="en"), headers=HTMX)
    assert response.status_code == 200
    assert "Typed Carmen" in text(response)
    assert "Not saved yet" in text(response)
    assert Campaign.objects.get(wave=wave).texts == {}
    spanish = consultant.post(url, message(subject_es="Escrito {nombre}", shown="es"), headers=HTMX)
    assert "Escrito Carmen" in text(spanish)


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"subject_en": ""}, "required"),
        ({"subject_en": "How was it?\x0bBcc: all"}, "invisible"),
        ({"body_en": "Hello {x.__class__}"}, "{x.__class__} is not known"),
        ({"subject_es": "Hola {apellido}"}, "{apellido} is not known"),
        ({"sender_name": "A\u2028B"}, "invisible"),
        ({"reply_to": "nowhere"}, "valid email"),
    ],
)
def test_a_bad_message_says_so_and_keeps_what_was_typed(world, consultant, wave, told, fault):
    told = message(body_es="Texto escrito.") | told
    response = consultant.post(page(world, f"waves/{wave.pk}/message/"), told, headers=HTMX)
    assert response.status_code == 422
    assert fault in text(response)
    assert "Texto escrito." in text(response)
    assert Campaign.objects.get(wave=wave).texts == {}


def test_script_in_the_message_is_text(world, consultant, wave):
    told = message(subject_en="<script>alert(1)</script>", body_en="<img src=x onerror=alert(1)>")
    consultant.post(page(world, f"waves/{wave.pk}/message/"), told | {"shown": "en"})
    response = consultant.post(page(world, f"waves/{wave.pk}/message/preview/"), told | {"shown": "en"})
    assert "<script>alert" not in text(response)
    assert "<img src=x" not in text(response)
    assert "&lt;script&gt;alert" in text(response)


def test_a_test_goes_to_oneself_only(world, consultant, wave):
    add(wave, "carmen@x.example", name="Carmen", language="en")
    response = consultant.post(page(world, f"waves/{wave.pk}/message/test/"), {"shown": "en"}, headers=HTMX)
    assert response.status_code == 200
    (sent,) = letter_box.outbox
    assert sent.to == [world.consultant.email]
    assert f"/surveys/{wave.survey_id}/preview/?lang=en" in sent.body
    assert OutgoingMail.objects.count() == Invitation.objects.count() == 0


def test_a_test_that_no_server_takes_says_so(world, consultant, wave, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = consultant.post(page(world, f"waves/{wave.pk}/message/test/"), headers=HTMX)
    assert response.status_code == 422
    assert "did not take the test" in text(response)


def test_sending_twice_is_sending_once_and_the_message_is_frozen(world, consultant, opened):
    add(opened, "ana@x.example", "eva@x.example")
    url = page(world, f"waves/{opened.pk}/")
    assert "Send 2 mails?" in text(consultant.get(url))
    assert "2 mails queued." in text(consultant.post(url + "start/", headers=HTMX))
    consultant.post(url + "start/")
    assert OutgoingMail.objects.count() == 2
    before = Campaign.objects.values().get()
    response = consultant.post(url + "message/", message())
    assert response.status_code == 422
    assert Campaign.objects.values().get() == before
    add(opened, "new@x.example")
    assert "Send to the 1 new one…" in text(consultant.get(url))


def test_a_draft_is_not_sent(world, consultant, wave):
    add(wave, "ana@x.example")
    response = consultant.post(page(world, f"waves/{wave.pk}/start/"), headers=HTMX)
    assert response.status_code == 422
    assert "Open the survey before you send it." in text(response)
    assert OutgoingMail.objects.count() == 0


def test_pausing_resuming_giving_up(world, consultant, opened):
    add(opened, "ana@x.example", "eva@x.example")
    url = page(world, f"waves/{opened.pk}/")
    consultant.post(url + "start/")
    assert "Resume sending" in text(consultant.post(url + "pause/", headers=HTMX))
    assert Campaign.objects.get().paused_at is not None
    assert "Pause sending" in text(consultant.post(url + "resume/", headers=HTMX))
    assert "2 mails cancelled." in text(consultant.post(url + "cancel/", headers=HTMX))
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"cancelled"}
    assert "2 mails queued." in text(consultant.post(url + "requeue/", headers=HTMX))


def test_mail_in_doubt_is_listed_and_decided_upon(world, consultant, opened):
    add(opened, "ana@x.example", "eva@x.example")
    campaigns.start(Campaign.objects.get(wave=opened))
    OutgoingMail.objects.update(state=MailState.UNCONFIRMED)
    ana, eva = OutgoingMail.objects.order_by("recipient")
    assert "2 mails unconfirmed" in text(consultant.get(page(world, f"waves/{opened.pk}/")))
    response = consultant.post(page(world, f"mails/{ana.pk}/again/"), headers=HTMX)
    assert "1 mail unconfirmed" in text(response)
    consultant.post(page(world, f"mails/{eva.pk}/leave/"))
    ana.refresh_from_db()
    eva.refresh_from_db()
    assert (ana.state, eva.state) == ("queued", "unconfirmed")
    assert eva.settled_at is not None
    assert "unconfirmed</h3>" not in text(consultant.get(page(world, f"waves/{opened.pk}/")))


# --- What comes back ----------------------------------------------------------------------------


def test_the_funnel_refreshes_itself_until_the_wave_is_closed(world, consultant, opened):
    url = page(world, f"waves/{opened.pk}/funnel/")
    response = text(consultant.get(url))
    assert f'hx-get="{url}?was={funnel_of(opened).sign}"' in response
    assert "every 20s" in response
    add(opened, "ana@x.example")
    campaigns.start(Campaign.objects.get(wave=opened))
    assert "every 3s" in text(consultant.get(url))
    instrument.close_wave(opened)
    assert "hx-get" not in text(consultant.get(url))


def test_the_sending_panel_follows_the_funnel_when_the_last_mail_has_left(world, consultant, opened):
    url = page(world, f"waves/{opened.pk}/funnel/")
    add(opened, "ana@x.example")
    campaigns.start(Campaign.objects.get(wave=opened))
    sign = funnel_of(opened).sign
    assert consultant.get(url, {"was": sign}).status_code == 204
    OutgoingMail.objects.update(state=MailState.UNCONFIRMED)
    after = text(consultant.get(url, {"was": sign}))
    assert "1 mail unconfirmed" in after
    assert "Pause sending" not in after


def test_a_pause_by_the_mail_server_is_told(world, consultant, opened):
    add(opened, "ana@x.example")
    campaigns.start(Campaign.objects.get(wave=opened))
    url = page(world, f"waves/{opened.pk}/")
    assert "turned our mail away" not in text(consultant.get(url))
    outbox.rest(envelope_sender(), "454 try later", is_final=False)
    shown = text(consultant.get(url))
    assert "turned our mail away" in shown
    assert "454 try later" in shown


def test_a_reason_kept_as_a_code_is_shown_as_a_sentence(world, consultant, opened):
    add(opened, "ana@x.example", "eva@x.example")
    campaigns.start(Campaign.objects.get(wave=opened))
    OutgoingMail.objects.filter(recipient="ana@x.example").update(
        state=MailState.FAILED, reason=outbox.Reason.TOO_LONG
    )
    campaigns.cancel_rest(Campaign.objects.get(wave=opened))
    shown = text(consultant.get(page(world, f"waves/{opened.pk}/")))
    assert str(outbox.Reason.TOO_LONG.label) in shown
    assert "Cancelled before it was sent." in shown


def test_comments_are_shown_from_five_answers_on(world, consultant, opened):
    url = page(world, f"waves/{opened.pk}/")
    for n in range(4):
        Response.objects.create(wave=opened, comment=f"Comment {n} <b>")
    assert "Comment 0" not in text(consultant.get(url))
    assert "Comments are shown from 5 answers on" in text(consultant.get(url))
    Response.objects.create(wave=opened)
    shown = text(consultant.get(url))
    assert "Comment 0 &lt;b&gt;" in shown


# --- Who may what -------------------------------------------------------------------------------


def changes(survey, wave, contact, mail):
    return [
        f"cycles/{survey.cycle_id}/survey/draft/",
        f"surveys/{survey.pk}/settings/",
        f"surveys/{survey.pk}/questions/",
        f"surveys/{survey.pk}/next-wave/",
        *[
            f"waves/{wave.pk}/{change}/"
            for change in (
                "change",
                "open",
                "close",
                "recipients/list",
                "recipients/columns",
                "recipients/discard",
                "recipients/again",
                f"recipients/{contact.pk}/remove",
                "message",
                "message/preview",
                "message/test",
                "start",
                "pause",
                "resume",
                "cancel",
                "requeue",
            )
        ],
        f"mails/{mail.pk}/again/",
        f"mails/{mail.pk}/leave/",
    ]


@pytest.fixture
def started(opened):
    add(opened, "ana@x.example", name="Ana of Alba")
    campaigns.start(Campaign.objects.get(wave=opened))
    return opened


def test_a_manager_reads_and_does_not_change(world, manager, survey, started):
    for path in (
        f"cycles/{world.cycle.pk}/survey/",
        f"waves/{started.pk}/",
        f"waves/{started.pk}/funnel/",
        f"surveys/{survey.pk}/preview/",
    ):
        assert manager.get(page(world, path)).status_code == 200
    shown = text(manager.get(page(world, f"waves/{started.pk}/")))
    assert '<form method="post" action="/w/' not in shown
    contact, mail = Contact.objects.get(), OutgoingMail.objects.get()
    for path in changes(survey, started, contact, mail):
        assert manager.post(page(world, path)).status_code == 403, path


def test_a_strangers_survey_is_not_found(world, stranger, survey, started):
    browser = log_in(stranger.owner)
    contact, mail = Contact.objects.get(), OutgoingMail.objects.get()
    for path in changes(survey, started, contact, mail):
        response = browser.post(stranger.url(path))
        assert response.status_code == 404, path
        assert "Ana of Alba" not in text(response)
    for path in (f"waves/{started.pk}/", f"waves/{started.pk}/funnel/", f"surveys/{survey.pk}/preview/"):
        assert browser.get(stranger.url(path)).status_code == 404
    assert OutgoingMail.objects.get().state == "queued"


def test_a_get_changes_nothing(world, consultant, survey, started):
    contact, mail = Contact.objects.get(), OutgoingMail.objects.get()
    for path in changes(survey, started, contact, mail):
        assert consultant.get(page(world, path)).status_code == 405, path


def test_a_contact_of_another_client_is_not_taken_out(world, stranger, consultant, started):
    foreign = Contact.objects.create(client=stranger.client, email="x@y.example")
    url = page(world, f"waves/{started.pk}/recipients/{foreign.pk}/remove/")
    assert consultant.post(url).status_code == 404


def test_the_page_needs_few_statements_whatever_the_number_of_recipients(
    world, consultant, started, django_assert_max_num_queries
):
    add(started, *[f"c{n}@x.example" for n in range(60)])
    with django_assert_max_num_queries(45):
        consultant.get(page(world, f"waves/{started.pk}/"))
