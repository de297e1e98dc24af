"""What comes back: the funnel, pauses of the mail server, reasons, comments."""

from datetime import timedelta

from django.utils import timezone

from surveys import brakes, campaigns, instrument, outbox
from surveys.funnel import funnel_of
from surveys.models import Campaign, MailState, OutgoingMail, Response, Survey
from surveys.relay import envelope_sender
from tests.surveys.pages.asked_for import add, page, text


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
    brakes.rest(envelope_sender(), "454 try later", is_final=False)
    shown = text(consultant.get(url))
    assert "turned our mail away" in shown
    assert "454 try later" in shown


def test_mail_in_doubt_leads_to_where_it_is_decided_and_refusals_to_theirs(world, consultant, opened):
    add(opened, *[f"c{n}@x.example" for n in range(25)])
    campaigns.start(Campaign.objects.get(wave=opened))
    OutgoingMail.objects.update(state=MailState.SENT)
    OutgoingMail.objects.filter(recipient="c1@x.example").update(state=MailState.UNCONFIRMED)
    OutgoingMail.objects.filter(recipient="c2@x.example").update(state=MailState.FAILED)
    url = page(world, f"waves/{opened.pk}/")
    shown = text(consultant.get(url))
    assert "Some mail is in doubt" in shown
    assert f'href="{url}#doubts">Decide about 1 mail in doubt' in shown
    assert 'id="doubts"' in shown
    assert f'href="{url}?state=refused#recipients">Look at 1 refused address' in shown


def test_answers_without_any_invitation_are_said_once(world, consultant, opened):
    for _ in range(3):
        Response.objects.create(wave=opened)
    url = page(world, f"waves/{opened.pk}/")
    assert "3 answers so far." in text(consultant.get(url))
    assert "without an invitation of this wave" not in text(consultant.get(url))
    add(opened, "ana@x.example")
    campaigns.start(Campaign.objects.get(wave=opened))
    assert "3 more answers came without an invitation of this wave" in text(consultant.get(url))


def test_an_opened_wave_names_every_language_it_is_asked_in(world, consultant, survey, wave):
    Survey.objects.filter(pk=survey.pk).update(language="en", languages=["en", "es"])
    opened = instrument.open_wave(wave)
    assert "English, Español</dd>" in text(consultant.get(page(world, f"waves/{opened.pk}/")))


def test_the_axis_of_one_day_names_it_once(world, consultant, opened):
    url = page(world, f"waves/{opened.pk}/")
    Response.objects.create(wave=opened)
    ends = text(consultant.get(url)).split('class="days__ends"')[1].split("</p>")[0]
    assert ends.count("<span>") == 1
    Response.objects.update(submitted_at=timezone.now() - timedelta(days=2))
    Response.objects.create(wave=opened)
    ends = text(consultant.get(url)).split('class="days__ends"')[1].split("</p>")[0]
    assert ends.count("<span>") == 2


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
