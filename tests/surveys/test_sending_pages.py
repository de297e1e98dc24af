"""The page of a wave while mail is planned, on its way, paused, held and done."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from surveys import brakes, campaigns, guard, reminders
from surveys.funnel import funnel_of
from surveys.models import (
    Campaign,
    Contact,
    Invitation,
    MailState,
    OutgoingMail,
    Segment,
    SendingState,
)
from tests.surveys.asking import open_survey, queue

HTMX = {"hx-request": "true"}


@pytest.fixture
def wave(world):
    return open_survey(world.cycle)


@pytest.fixture
def campaign(wave):
    return Campaign.objects.get(wave=wave)


def url(world, wave, path=""):
    return world.url(f"waves/{wave.pk}/{path}")


def standing(browser, world, wave):
    html = browser.get(url(world, wave)).content.decode()
    return html.split('data-standing="')[1].split('"')[0] if "data-standing" in html else ""


def add(world, wave, *emails):
    contacts = [Contact.objects.create(client=world.client, email=email) for email in emails]
    wave.recipients.add(*contacts)
    return contacts


# --- Whom ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_segment_is_written_to_as_it_is_when_sending_starts(world, consultant, wave, campaign, headers):
    madrid = Segment.objects.create(
        client=world.client, name="Madrid", rules=[{"attribute": "city", "is": ["Madrid"]}]
    )
    Contact.objects.create(client=world.client, email="ana@x.example", attributes={"city": "Madrid"})
    Contact.objects.create(client=world.client, email="far@x.example", attributes={"city": "Lima"})
    told = {"segment": madrid.pk, "cap_days": "30"}
    response = consultant.post(url(world, wave, "plan/"), told, headers=headers)
    assert response.status_code == (200 if headers else 302)
    campaign.refresh_from_db()
    assert (campaign.segment, campaign.cap_days) == (madrid, 30)
    Contact.objects.create(client=world.client, email="eva@x.example", attributes={"city": "Madrid"})
    consultant.post(url(world, wave, "start/"))
    written = OutgoingMail.objects.order_by("recipient").values_list("recipient", flat=True)
    assert list(written) == ["ana@x.example", "eva@x.example"]
    assert wave.recipients.count() == 2


def test_another_clients_segment_cannot_be_chosen(world, stranger, consultant, wave, campaign):
    theirs = Segment.objects.create(client=stranger.client, name="Theirs", rules=[])
    response = consultant.post(
        url(world, wave, "plan/"), {"segment": theirs.pk, "cap_days": ""}, headers=HTMX
    )
    assert response.status_code == 422
    campaign.refresh_from_db()
    assert campaign.segment is None


@pytest.mark.parametrize("days", ["-1", "366", "x", "1e9"])
def test_bad_days_are_refused_with_what_was_typed(world, consultant, wave, days):
    response = consultant.post(url(world, wave, "plan/"), {"segment": "", "cap_days": days}, headers=HTMX)
    assert response.status_code == 422
    assert f'value="{days}"' in response.content.decode()


def test_the_spared_are_shown_and_sent_to_later(world, consultant, wave, campaign):
    [mail] = queue(wave, "ana@x.example", state=MailState.CAPPED, reason="capped")
    html = consultant.get(url(world, wave)).content.decode()
    assert "1 customer spared" in html
    assert "By now 1 may be asked." in html
    consultant.post(url(world, wave, "capped/"), headers=HTMX)
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED


# --- When ----------------------------------------------------------------------------------------


def test_planned_in_a_zone_changed_and_called_off(world, consultant, wave, campaign):
    add(world, wave, "ana@x.example")
    told = {"day": "2031-07-01", "at": "10:00", "zone": "America/Bogota"}
    html = consultant.post(url(world, wave, "schedule/"), told, headers=HTMX).content.decode()
    assert "Sending starts on 1 July 2031, 10:00 (Bogota)" in html
    campaign.refresh_from_db()
    assert campaign.starts_at == datetime(2031, 7, 1, 15, tzinfo=UTC)
    assert standing(consultant, world, wave) == "scheduled"
    consultant.post(url(world, wave, "schedule/"), told | {"zone": "Europe/Madrid"})
    campaign.refresh_from_db()
    assert campaign.starts_at == datetime(2031, 7, 1, 8, tzinfo=UTC)
    consultant.post(url(world, wave, "schedule/cancel/"), headers=HTMX)
    campaign.refresh_from_db()
    assert campaign.starts_at is None


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"day": "2020-01-01"}, "This moment is over"),
        ({"day": ""}, "required"),
        ({"day": "tomorrow"}, "valid date"),
        ({"at": "25:00"}, "valid time"),
        ({"zone": "Mars/Base"}, "time zone of the list"),
        ({"zone": "../../etc/passwd"}, "time zone of the list"),
        ({"day": "9999-12-31", "at": "23:59"}, "This day cannot be reached"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(world, consultant, wave, campaign, told, fault):
    given = {"day": "2031-07-01", "at": "10:00", "zone": "America/Bogota"} | told
    response = consultant.post(url(world, wave, "schedule/"), given, headers=HTMX)
    assert response.status_code == 422
    assert fault in response.content.decode()
    campaign.refresh_from_db()
    assert campaign.starts_at is None


def test_after_the_last_day_nothing_can_be_planned(world, consultant, wave):
    wave.closes_on = timezone.localdate() + timedelta(days=3)
    wave.save()
    told = {"day": str(timezone.localdate() + timedelta(days=5)), "at": "10:00", "zone": "UTC"}
    response = consultant.post(url(world, wave, "schedule/"), told, headers=HTMX)
    assert response.status_code == 422
    assert "The survey is closed by then." in response.content.decode()


def test_what_has_begun_cannot_be_planned(world, consultant, wave, campaign):
    queue(wave, "ana@x.example")
    told = {"day": "2031-07-01", "at": "10:00", "zone": "UTC"}
    for path, data in (("schedule/", told), ("schedule/cancel/", {})):
        response = consultant.post(url(world, wave, path), data, headers=HTMX)
        assert response.status_code == 422
        assert "Sending has begun already." in response.content.decode()


# --- Reminders -----------------------------------------------------------------------------------


def reminder_words(**told):
    words = {
        f"{part}_{round}_{language}": f"{part} {round} {language}"
        for part in ("subject", "body")
        for round in (1, 2)
        for language in ("es", "en")
    }
    return words | told


def test_reminders_are_planned_in_words_of_their_own(world, consultant, wave, campaign):
    told = reminder_words(first_day="4", second_day="9")
    html = consultant.post(url(world, wave, "reminders/"), told, headers=HTMX).content.decode()
    campaign.refresh_from_db()
    assert campaign.reminder_days == [4, 9]
    assert campaign.texts["en"]["subject_2"] == "subject 2 en"
    assert "subject" not in campaign.texts["en"], "the invitation keeps the usual words"
    assert 'value="9"' in html


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        (("", "5"), "Say first when the first reminder goes."),
        (("5", "5"), "Later than the first reminder."),
        (("0", ""), "greater than or equal to 1"),
        (("61", ""), "less than or equal to 60"),
        (("x", ""), "whole number"),
    ],
)
def test_days_that_make_no_sense(world, consultant, wave, campaign, days, fault):
    told = reminder_words(first_day=days[0], second_day=days[1])
    response = consultant.post(url(world, wave, "reminders/"), told, headers=HTMX)
    assert response.status_code == 422
    assert fault in response.content.decode()
    campaign.refresh_from_db()
    assert campaign.reminder_days == []


def test_an_unknown_placeholder_in_a_reminder_is_refused(world, consultant, wave):
    told = reminder_words(first_day="4", second_day="", body_1_es="{apellido}")
    response = consultant.post(url(world, wave, "reminders/"), told, headers=HTMX)
    assert response.status_code == 422
    assert "{apellido} is not known" in response.content.decode()


def test_a_reminder_that_has_begun_keeps_its_words(world, consultant, wave, campaign):
    queue(wave, "ana@x.example", state=MailState.SENT, sent_at=timezone.now() - timedelta(days=5))
    Campaign.objects.filter(pk=campaign.pk).update(
        reminder_days=[4], texts={"en": {"subject_1": "As it was"}}
    )
    assert reminders.queue_due() == 1
    html = consultant.get(url(world, wave)).content.decode()
    assert 'name="subject_1_en"' not in html
    assert 'name="subject_2_en"' in html
    consultant.post(url(world, wave, "reminders/"), reminder_words(first_day="4", second_day="9"))
    campaign.refresh_from_db()
    assert campaign.texts["en"]["subject_1"] == "As it was"
    assert campaign.texts["en"]["subject_2"] == "subject 2 en"


def test_a_reminder_is_previewed_and_tested(world, consultant, wave, mailoutbox):
    told = {"round": "2", "shown": "en"}
    html = consultant.post(url(world, wave, "message/preview/"), told, headers=HTMX).content.decode()
    assert "This is the last time we write about this survey." in html
    consultant.post(url(world, wave, "message/test/"), told, headers=HTMX)
    assert mailoutbox[0].subject == "You can still tell us how it went at Lunaria"
    assert f"/surveys/{wave.survey_id}/preview/?lang=en" in mailoutbox[0].body


# --- Where it stands ------------------------------------------------------------------------------


def test_each_state_is_said_in_words(world, consultant, manager, wave, campaign):
    assert standing(consultant, world, wave) == ""
    [mail] = queue(wave, "ana@x.example")
    assert standing(consultant, world, wave) == "running"
    campaigns.pause(campaign)
    assert standing(manager, world, wave) == "paused"
    campaigns.resume(campaign)
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=timezone.now())
    assert standing(consultant, world, wave) == "done"
    campaigns.close_wave(wave)
    assert standing(consultant, world, wave) == ""


def test_a_pause_by_itself_says_why_and_what_next_until_somebody_resumes(world, consultant, wave, campaign):
    queue(wave, "ana@x.example")
    Campaign.objects.filter(pk=campaign.pk).update(paused_at=timezone.now(), pause_reason=brakes.REFUSALS)
    html = consultant.get(url(world, wave)).content.decode()
    assert "Sending paused by itself" in html
    assert 'id="do-resume"' in html
    consultant.post(url(world, wave, "resume/"))
    campaigns.pause(campaign)
    assert standing(consultant, world, wave) == "paused", "this time a person paused it"


def test_a_restored_backup_and_a_pause_of_everything_are_said(world, consultant, wave):
    queue(wave, "ana@x.example")
    guard.state()
    guard.hold()
    html = consultant.get(url(world, wave)).content.decode()
    assert "All sending is held" in html
    assert "manage.py sending release" in html
    guard.release()
    guard.pause()
    assert standing(consultant, world, wave) == "stopped"


def test_looking_writes_nothing(world, consultant, wave):
    consultant.get(url(world, wave))
    consultant.get(url(world, wave, "funnel/"))
    assert not SendingState.objects.exists()


def test_the_next_reminder_is_announced(world, consultant, wave, campaign):
    queue(wave, "ana@x.example", state=MailState.SENT, sent_at=datetime(2031, 7, 1, 12, tzinfo=UTC))
    Campaign.objects.filter(pk=campaign.pk).update(reminder_days=[4])
    html = consultant.get(url(world, wave)).content.decode()
    assert "The first reminder goes to whoever has not answered by 5 July 2031." in html


# --- The funnel keeps itself up to date -----------------------------------------------------------


def test_the_funnel_answers_only_when_something_has_moved(world, consultant, wave):
    [mail] = queue(wave, "ana@x.example")
    path = url(world, wave, "funnel/")
    sign = funnel_of(wave).sign
    assert consultant.get(path, {"was": sign}, headers=HTMX).status_code == 204
    Invitation.objects.filter(pk=mail.invitation_id).update(started_at=timezone.now())
    response = consultant.get(path, {"was": sign}, headers=HTMX)
    assert response.status_code == 200
    assert 'id="send"' not in response.content.decode(), "what can be done has not changed"
    campaigns.pause(mail.campaign)
    assert 'id="send"' in consultant.get(path, {"was": sign}, headers=HTMX).content.decode()


def test_a_closed_wave_asks_no_more(world, consultant, wave):
    queue(wave, "ana@x.example")
    assert "data-live" in consultant.get(url(world, wave)).content.decode()
    campaigns.close_wave(wave)
    assert "data-live" not in consultant.get(url(world, wave)).content.decode()


def test_the_list_says_how_far_each_got_and_why(world, consultant, wave):
    mails = queue(wave, "begun@x.example", "back@x.example", "spared@x.example", state=MailState.SENT)
    Invitation.objects.filter(pk=mails[0].invitation_id).update(started_at=timezone.now())
    OutgoingMail.objects.filter(pk=mails[1].pk).update(
        state=MailState.BOUNCED, relay_reply="550 no such user"
    )
    OutgoingMail.objects.filter(pk=mails[2].pk).update(state=MailState.CAPPED, reason="capped")
    OutgoingMail.objects.create(
        campaign=mails[0].campaign, invitation=mails[0].invitation, kind="reminder", round=1,
        recipient="begun@x.example", message_id="<r@x>", state=MailState.SENT,
    )  # fmt: skip
    for state, email, words in (
        ("started", "begun@x.example", "Reminder 1: Sent"),
        ("bounced", "back@x.example", "550 no such user"),
        ("capped", "spared@x.example", "Another survey asked them only lately."),
        ("reminded", "begun@x.example", "Reminder 1: Sent"),
    ):
        html = consultant.get(url(world, wave), {"state": state}).content.decode()
        listed = html.split('id="recipient-list"')[1].split("</table>")[0]
        assert email in listed
        assert words in listed
        assert listed.count("@x.example") == 1


def test_mail_in_doubt_hides_its_address_from_who_may_not_see_it(world, consultant, manager, wave):
    queue(wave, "carmen@x.example", state=MailState.UNCONFIRMED)
    assert "carmen@x.example" in consultant.get(url(world, wave)).content.decode()
    assert "carmen@x.example" not in manager.get(url(world, wave)).content.decode()
