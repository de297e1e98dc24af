"""Who may what on the pages of a survey, and what they cost."""

import pytest

from surveys import campaigns
from surveys.models import Campaign, Contact, OutgoingMail
from tests.conftest import log_in
from tests.surveys.pages.asked_for import add, page, text


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
