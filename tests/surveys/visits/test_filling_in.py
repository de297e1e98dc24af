"""The shopper's own page: filled in by its link alone, gaps asked for once."""

from datetime import time

import pytest

from surveys import links
from surveys.models import Criterion, Response, SurveyStatus, Visit, VisitScore
from surveys.visits.form import read
from surveys.visits.wording import visit_words
from tests.surveys.visiting import NAME, planned
from tests.surveys.visits.forms import all_of, opened


def test_a_visit_is_filled_in_by_its_link_alone(world, customer, wave):
    visit = planned(wave, scenario="Ask for a size that is not there")
    url, form = opened(customer, visit)
    page = customer.get(url).text
    assert "Your visit to Alba Centre" in page
    assert "Ask for a size that is not there" in page
    assert "Tone of language" in page
    assert "<span>1 of 3</span>" in page
    # Where the criteria open, and nowhere before.
    assert page.count("N/A: not applicable") == page.count('<div class="rate"><p class="rate__na">N/A: ') == 3
    assert NAME not in page
    assert customer.cookies == {}
    sent = {**form, **all_of(1), **all_of(3, "2"), "w2": "n", "arrived": "17:05", "left": "17:40"}
    sent |= {"c1_sales": "na", "notes": "They smiled.", "send": "1"}
    assert "visit received" in customer.post(url, sent).text
    visit.refresh_from_db()
    assert (visit.state, visit.arrived_at, visit.left_at) == ("done", time(17, 5), time(17, 40))
    assert (visit.minutes, visit.notes, visit.draft) == (35, "They smiled.", {})
    assert VisitScore.objects.filter(visit=visit).count() == 12
    sales = VisitScore.objects.get(visit=visit, criterion="sales", item__position=0)
    assert (sales.applies, sales.value) == (False, None)
    # Sent twice is sent once; opened again it says so.
    again = customer.post(url, {**sent, "c1_tone": "1"})
    assert again.status_code == 409
    assert "sent already" in again.text
    assert VisitScore.objects.get(visit=visit, criterion="tone", item__position=0).value == 4
    assert not Response.objects.exists()


def test_half_filled_in_it_is_kept(world, customer, wave):
    visit = planned(wave)
    url, form = opened(customer, visit)
    half = {**form, "c1_tone": "5", "notes": "So far", "arrived": "25:99", "stranger": "x"}
    assert "Saved" in customer.post(url, {**half, "save": "1"}).text
    visit.refresh_from_db()
    assert visit.draft == {"c1_tone": "5", "notes": "So far", "arrived": "25:99"}
    assert visit.state == "planned"
    assert visit.started_at
    back = customer.get(url).text
    assert "This is what you saved" in back
    assert 'name="c1_tone" value="5" checked' in back
    assert ">\nSo far</textarea>" in back
    # Enter in a field presses no button, and must not send.
    customer.post(url, {**form, **all_of(1)})
    assert Visit.objects.get().state == "planned"
    assert customer.post(url, {**half, "save": "1", "quietly": "1"}).status_code == 204


def test_gaps_are_asked_for_once_and_then_left(world, customer, wave):
    visit = planned(wave)
    url, form = opened(customer, visit)
    gap = {**form, "w1": "y", "c1_tone": "4", "send": "1"}
    asked = customer.post(url, gap)
    assert asked.status_code == 422
    assert "5 answers are missing" in asked.text
    assert 'name="as_is"' in asked.text
    assert "visit received" in customer.post(url, {**gap, "as_is": "1"}).text
    assert VisitScore.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Score at least one criterion"),
        ({"c1_tone": "6"}, "Choose a number from 1 to 5, or N/A"),
        ({"c1_tone": "²"}, "Choose a number from 1 to 5, or N/A"),
        ({**all_of(1), "arrived": "half past"}, "A time like 17:45"),
        ({**all_of(1), "arrived": "18:00", "left": "17:00"}, "Leaving is before arriving"),
        ({**all_of(1), "notes": "x" * 4001}, "There is room for 4000 characters"),
    ],
)
def test_what_a_shopper_got_wrong_is_said(world, customer, wave, more, said):
    url, form = opened(customer, planned(wave))
    response = customer.post(url, {**form, **more, "send": "1"})
    assert response.status_code == 422
    assert said in response.text
    assert not VisitScore.objects.exists()


def test_links_that_lead_nowhere(world, customer, wave):
    visit = planned(wave)
    url, form = opened(customer, visit)
    assert customer.get(url[:-6] + "AAAAA/").status_code == 404
    assert customer.post(url, {"send": "1", **all_of(1)}).status_code == 422, "no mark of ours in the page"
    elsewhere = customer.post(
        url, {**form, **all_of(1), "send": "1"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert elsewhere.status_code == 403
    wave.status = SurveyStatus.CLOSED
    wave.closed_at = visit.created_at
    wave.save()
    assert customer.get(url).status_code == 410
    assert not VisitScore.objects.exists()


def test_a_new_link_kills_the_old_one_and_keeps_what_was_typed(world, consultant, customer, wave):
    visit = planned(wave)
    url, form = opened(customer, visit)
    customer.post(url, {**form, "c1_tone": "5", "save": "1"})
    consultant.post(world.url(f"visits/{visit.pk}/renew/"))
    assert customer.get(url).status_code == 404
    visit.refresh_from_db()
    assert 'name="c1_tone" value="5" checked' in customer.get(f"/v/{links.visit_token_for(visit)}/").text


def test_the_page_speaks_the_languages_of_the_survey(world, customer, wave):
    wave.survey.language, wave.survey.address = "es", "usted"
    wave.survey.save()
    text = customer.get(f"/v/{links.visit_token_for(planned(wave))}/").text
    assert "Su visita a Alba Centre" in text
    assert "Tono del lenguaje" in text
    for language in ("es", "en"):
        for address in ("tu", "usted"):
            wave.survey.address = address
            said = visit_words(wave.survey, language)
            assert all(said[f"criterion_{criterion}"] for criterion in Criterion.values)


def test_a_moment_not_gone_through_has_no_scores(world, wave):
    items = list(wave.survey.items.all())
    say = visit_words(wave.survey, "en")
    reading = read(items, {"w1": "n", "c1_tone": "5", "c2_tone": "10"}, 10, say)
    assert reading.scores == {(items[1].pk, "tone"): 10}
    assert len(reading.faults) == 5
    assert reading.only_gaps
