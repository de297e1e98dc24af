"""The message, its preview and its test; sending it once, pausing, what is in doubt."""

import pytest
from django.core import mail as letter_box

from surveys import campaigns
from surveys.models import Campaign, Invitation, MailState, OutgoingMail, Survey
from tests.surveys.pages.asked_for import HTMX, SETTINGS, add, message, page, text


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


def test_the_usual_words_follow_the_form_of_address_at_once(world, consultant, survey, wave):
    """Else the page would still show, and then save, the mail in the other form of address."""
    Survey.objects.filter(pk=survey.pk).update(language="es", address="tu")
    shown = text(consultant.get(page(world, f"waves/{wave.pk}/")))
    assert "¿Cómo te fue" in shown
    told = SETTINGS | {"language": "es", "address": "usted"}
    saved = text(consultant.post(page(world, f"surveys/{survey.pk}/settings/"), told, headers=HTMX))
    assert 'id="message" aria-labelledby="t-message" hx-swap-oob="true"' in saved
    assert "¿Cómo le fue" in saved
    assert "¿Cómo te fue" not in saved


def test_placeholders_are_named_as_the_reader_and_the_texts_write_them(world, consultant, wave):
    url, survey = page(world, f"waves/{wave.pk}/"), wave.survey
    Survey.objects.filter(pk=survey.pk).update(languages=["en"], language="en")
    assert "<code>{brand}</code> the brand" in text(consultant.get(url))
    Survey.objects.filter(pk=survey.pk).update(languages=["es", "en"])
    assert "<code>{brand}</code> / <code>{marca}</code> the brand" in text(consultant.get(url))
    consultant.post("/language/", {"language": "es"})
    assert "<code>{marca}</code> / <code>{brand}</code> la marca" in text(consultant.get(url))
    Survey.objects.filter(pk=survey.pk).update(languages=["es"], language="es")
    assert "<code>{marca}</code> la marca" in text(consultant.get(url))


def test_opening_and_sending_ask_about_what_is_not_saved(world, consultant, wave):
    shown = text(consultant.get(page(world, f"waves/{wave.pk}/")))
    assert "data-unsaved hidden" in shown
    assert shown.count("data-keep") >= 4
