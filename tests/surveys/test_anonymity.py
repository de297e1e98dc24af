"""No way back from an answer to the link it came through, and one answer a link all the same."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from surveys import anonymity, links
from surveys.intake import Outcome, record_response
from surveys.models import Draft, Invitation, Rating, Response, Survey, Wave
from surveys.models.instrument import PromiseError
from tests.surveys.asking import invite, open_survey
from tests.surveys.forms import Form, path_of, press, text_of
from tests.surveys.test_intake import LINKS, PRESSES, answers, press_all_at_once


@pytest.fixture
def wave(world) -> Wave:
    return open_survey(world.cycle, is_anonymous=True)


def test_the_page_says_who_will_know_what(world, wave, customer):
    invitation = invite(wave)
    page = text_of(customer.get(path_of(invitation)))
    assert "It is anonymous" in page
    assert "without your name and with nothing that leads to this link" in page
    assert "can know what you answered" not in page
    named = invite(open_survey(world.cycle), "named@example.org")
    page = text_of(customer.get(path_of(named)))
    assert "Lunaria can know what you answered" in page
    assert "anonymous" not in page


def test_what_is_stored_leads_to_no_link(wave, customer):
    invitation = invite(wave, language="es", attributes={"customer": "4711"})
    press(customer, path_of(invitation), w1="y", i1="5", s1="2", nps="3", comment="Fine")
    response = Response.objects.get()
    assert (response.invitation_id, response.open_link_id) == (None, None)
    assert (response.digest, response.language, response.segments) == ("", "", {})
    today = timezone.localdate()
    assert timezone.localtime(response.submitted_at).time().isoformat() == "00:00:00"
    assert timezone.localdate(response.submitted_at) == today
    invitation.refresh_from_db()
    assert (invitation.answered_on, invitation.opened_at, invitation.started_at) == (today, None, None)
    assert Rating.objects.count() == 3
    assert (response.nps, response.comment) == (3, "Fine")


def test_sent_again_same_or_other_the_page_is_the_same(wave, customer):
    invitation = invite(wave)
    fields = {**Form(text_of(customer.get(path_of(invitation)))).fields, "nps": "3"}
    pages = [customer.post(path_of(invitation), {**fields, "nps": nps}) for nps in ("3", "3", "9")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert len({page.content for page in pages}) == 1
    assert "Each link works once." in text_of(pages[0])
    assert Response.objects.get().nps == 3
    later = customer.get(path_of(invitation))
    assert "You answered on" in text_of(later)
    assert "<form" not in text_of(later)


def test_what_was_saved_is_gone_with_the_answer(wave, customer):
    invitation = invite(wave)
    saved = press(customer, path_of(invitation), save="1", nps="3")
    assert "Until you send, what is saved is tied to this link." in text_of(saved)
    draft = Draft.objects.get()
    invitation.refresh_from_db()
    for moment in (draft.saved_at, invitation.started_at):
        assert timezone.localtime(moment).time().isoformat() == "00:00:00"
    assert press(customer, path_of(invitation)).status_code == 200
    assert not Draft.objects.exists()


def test_a_page_handed_back_notes_the_day_alone(wave, customer):
    invitation = invite(wave)
    assert press(customer, path_of(invitation), w1="y").status_code == 422
    invitation.refresh_from_db()
    assert timezone.localtime(invitation.opened_at).time().isoformat() == "00:00:00"


def test_attributes_are_kept_as_far_as_enough_people_share_them(wave):
    for n in range(12):
        attributes = {"shop": "A" if n < 8 else "B", "age": "old" if n % 2 else "young", "number": str(n)}
        invite(wave, f"c{n}@example.org", attributes=attributes)
    kept = anonymity.shared_segments
    # Eight share the shop, six the age, four of them both: one of the two is all that five people share.
    assert kept(wave, {"shop": "A", "age": "old", "number": "1"}) == {"shop": "A"}
    assert kept(wave, {"shop": "B", "age": "old", "number": "9"}) == {"age": "old"}
    assert kept(wave, {"shop": "C"}) == {}
    assert kept(wave, {}) == {}


def test_a_segment_that_many_share_reaches_the_answer(wave, customer):
    invitations = [invite(wave, f"c{n}@example.org", attributes={"shop": "A"}) for n in range(5)]
    press(customer, path_of(invitations[0]), nps="3")
    assert Response.objects.get().segments == {"shop": "A"}


@pytest.mark.parametrize("first", [True, False])
def test_after_the_first_answer_the_promise_holds(world, customer, first):
    wave = open_survey(world.cycle, is_anonymous=first)
    survey = Survey.objects.get(pk=wave.survey_id)
    survey.is_anonymous = not first
    survey.save()
    survey.is_anonymous = first
    survey.save()
    press(customer, path_of(invite(wave)), nps="3")
    # Even if the answer itself is deleted: who answered was promised.
    if first:
        Response.objects.all().delete()
    survey.is_anonymous = not first
    with pytest.raises(PromiseError):
        survey.save()
    with pytest.raises(PromiseError):
        survey.save(update_fields=["is_anonymous"])
    assert Survey.objects.get().is_anonymous is first
    survey.is_anonymous = first
    survey.name = "Another name"
    survey.save()


@pytest.mark.django_db(transaction=True)
def test_pressed_eight_times_at_once_an_anonymous_link_answers_once(world):
    wave = open_survey(world.cycle, is_anonymous=True)
    invitations = [invite(wave, f"c{n}@example.org") for n in range(LINKS)]
    outcomes = press_all_at_once(
        [links.invitation_for(links.token_for(invitation)) for invitation in invitations],
        lambda invitation, n: record_response(invitation, answers(wave, nps=str(n), i1="3"), "en").outcome,
    )
    assert outcomes.count(Outcome.RECORDED) == LINKS
    assert outcomes.count(Outcome.SAME_AGAIN) == LINKS * (PRESSES - 1)
    assert Response.objects.count() == LINKS
    assert Rating.objects.count() == LINKS * 3
    assert Invitation.objects.filter(answered_on=timezone.localdate()).count() == LINKS


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="what PostgreSQL itself keeps of a row")
@pytest.mark.django_db(transaction=True)
def test_what_postgresql_keeps_of_a_row_is_loosened(world):
    wave = open_survey(world.cycle, is_anonymous=True)
    invitations = [invite(wave, f"c{n}@example.org") for n in range(6)]
    for invitation in reversed(invitations):
        record_response(links.invitation_for(links.token_for(invitation)), answers(wave, nps="3"), "en")

    def joined() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM surveys_response r JOIN surveys_invitation i"
                " ON i.xmin::text = r.committed::text"
            )
            return cursor.fetchone()[0]

    assert joined() == 6  # what the night is there for
    assert anonymity.loosen() == 6
    assert joined() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM surveys_invitation ORDER BY ctid")
        places = [pk for (pk,) in cursor.fetchall()]
    assert places == sorted(places)
    Invitation.objects.update(answered_on=timezone.localdate() - timedelta(days=9))
    assert anonymity.loosen() == 0
