"""The mail that ends a case, and the two questions to the customer."""

import pytest
from django.utils import timezone

from surveys import delivery, links, page_marks
from surveys.cases import closing
from surveys.models import Case, CaseStatus, CaseStep, FollowUp, MailState, OutgoingMail, Told, Why
from surveys.suppression import suppress
from tests.conftest import log_in
from tests.surveys.asking import invite, open_survey
from tests.surveys.cases.low_scores import case_of


def closed_by_mail(world, **contact):
    case = case_of(world, contact=invite(open_survey(world.cycle), **contact).contact)
    closing.close(
        case, world.manager, 1, channel=Told.MAIL, on=timezone.localdate(), text="We opened a second till."
    )
    case.refresh_from_db()
    return case


@pytest.mark.django_db(transaction=True)
def test_the_notice_leaves_by_the_outbox_and_the_status_follows(world, smtp_sink):
    case = closed_by_mail(world)
    assert case.status == CaseStatus.CLOSED
    assert delivery.run()[MailState.SENT] == 1
    assert delivery.run()[MailState.SENT] == 0
    closing.settle()
    closing.settle()
    case.refresh_from_db()
    assert case.status == CaseStatus.SURVEYED
    assert case.steps.filter(status="surveyed").count() == 1
    assert smtp_sink.recipients() == ["carmen@example.org"]
    message = smtp_sink.mail_to("carmen@example.org")
    text = message.get_body(("plain",)).get_content()
    assert "We opened a second till." in text
    assert f"/f/{links.follow_up_token_for(case.follow_up)}/" in text
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_notice_that_nobody_got_closes_nothing(world):
    case = closed_by_mail(world)
    OutgoingMail.objects.update(state=MailState.FAILED)
    closing.settle()
    case.refresh_from_db()
    assert (case.status, case.closed_at) == (CaseStatus.PRESENTED, None)
    assert case.steps.last().what == CaseStep.What.UNDELIVERED
    # Closed once more: another mail, the same two questions.
    closing.close(
        case, world.manager, case.version, channel=Told.MAIL, on=timezone.localdate(), text="Again."
    )
    assert OutgoingMail.objects.filter(case=case).count() == 2
    assert FollowUp.objects.count() == 1


def test_who_opted_out_is_not_written_to(world):
    contact = invite(open_survey(world.cycle)).contact
    case = case_of(world, contact=contact)
    suppress(contact, Why.OPTED_OUT)
    case = Case.objects.get()
    today = timezone.localdate()
    assert "no more mail" in closing.refusal(case, Told.MAIL, today, "x")
    closing.close(case, world.manager, 1, channel=Told.PHONE, on=today)
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_opted_out_between_closing_and_sending(world, smtp_sink):
    case = closed_by_mail(world)
    suppress(case.contact, Why.OPTED_OUT)
    assert delivery.run()[MailState.SUPPRESSED] == 1
    assert smtp_sink.lines() == []


def test_the_two_questions_are_answered_once_without_account_or_script(world, customer):
    case = closed_by_mail(world)
    url = f"/f/{links.follow_up_token_for(case.follow_up)}/"
    page = customer.get(url)
    assert page.status_code == 200
    assert b"<script" not in page.content
    assert "sessionid" not in page.cookies
    mark = page_marks.follow_up_mark(case.follow_up)
    missing = customer.post(url, {"page": mark, "solved": "y"})
    assert missing.status_code == 422
    assert 'value="y" checked' in missing.content.decode()
    assert customer.post(url, {"solved": "y", "satisfaction": "4"}).status_code == 422  # not from our page
    assert customer.post(url, {"page": mark, "solved": "n", "satisfaction": "2"}).status_code == 200
    again = customer.post(url, {"page": mark, "solved": "y", "satisfaction": "5"})
    assert "You answered on" in again.content.decode()
    told = FollowUp.objects.get()
    assert (told.solved, told.satisfaction) == (False, 2)
    assert case.steps.filter(what="answer").count() == 1
    board = log_in(world.manager).get(world.url(f"cycles/{world.cycle.pk}/cases/")).content.decode()
    assert "Customer: not solved" in board
    assert customer.get(url[:-3] + "x/").status_code == 404


def test_a_look_at_the_link_changes_nothing_and_the_way_out_works(world, customer):
    case = closed_by_mail(world)
    url = f"/f/{links.follow_up_token_for(case.follow_up)}/"
    customer.get(f"{url}stop/")
    case.contact.refresh_from_db()
    assert case.contact.may_be_asked
    assert customer.post(f"{url}stop/").status_code == 200
    case.contact.refresh_from_db()
    assert not case.contact.may_be_asked


def test_the_page_speaks_the_customers_language(world, customer):
    case = closed_by_mail(world)
    Case.objects.update(language="es")
    page = customer.get(f"/f/{links.follow_up_token_for(case.follow_up)}/").content.decode()
    assert "¿Quedó resuelto?" in page
    assert 'lang="es"' in page
