"""A case is opened once an answer, whoever looks at it and however often."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cycles.models import Moment
from surveys import links, page_marks
from surveys.answers import Answers, Rated
from surveys.cases import looking
from surveys.cases.opening import open_case
from surveys.intake import Outcome, record_response
from surveys.models import Case, CaseRule, CaseStep, OpenLink, Origin, Response
from tests.conftest import log_in
from tests.surveys.asking import invite, open_survey
from tests.surveys.cases.low_scores import answered, ruled


def test_a_low_score_opens_one_case_at_the_worst_moment(world):
    wave = ruled(world)
    response = answered(wave, 4, 2, 1, nps=3).response
    assert looking.look() == (1, False)
    case = Case.objects.get()
    assert (case.response, case.moment.name, case.kind) == (response, "Queue at the till", "low_score")
    assert [reason["what"] for reason in case.reasons] == ["moment", "moment", "nps"]
    assert case.contact.email == "carmen@example.org"
    assert case.language == "es"
    assert [step.what for step in case.steps.all()] == ["opened"]
    # The worker again, twice: nothing more.
    assert looking.look() == looking.look() == (0, False)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("rule", "answer", "opens"),
    [
        ({}, {"scores": (3, 3, 3)}, False),
        ({}, {"scores": (3, 3, 2)}, True),
        ({}, {"overall": 2}, True),
        ({}, {"overall": 3}, False),
        ({}, {"nps": 4}, True),
        ({}, {"nps": 5}, False),
        ({"is_on": False}, {"scores": (1, 1, 1), "overall": 1, "nps": 0}, False),
        ({"overall_at_most": None}, {"overall": 1}, False),
        ({"nps_at_most": 0}, {"nps": 0}, True),
    ],
)
def test_the_rule_says_what_is_low(world, rule, answer, opens):
    wave = ruled(world, **rule)
    answered(wave, *answer.pop("scores", ()), **answer)
    assert looking.look()[0] == opens


def test_a_moment_may_have_a_limit_of_its_own_or_none(world):
    wave = ruled(world)
    till, shop = Moment.objects.get(name="Queue at the till"), Moment.objects.get(name="Find the shop")
    CaseRule.objects.update(moments={str(till.pk): 4, str(shop.pk): 0})
    answered(wave, 1, 5, 5, email="a@example.org")
    assert looking.look()[0] == 0
    answered(wave, 5, 5, 4, email="b@example.org")
    assert looking.look()[0] == 1
    assert Case.objects.get().moment == till


def test_sent_twice_there_is_one_case(world):
    wave = ruled(world)
    invitation = invite(wave)
    first, again = (answered(wave, 1, invitation=invitation) for _ in range(2))
    assert again.outcome is Outcome.SAME_AGAIN
    looking.look()
    assert Case.objects.get().response == first.response


def test_the_database_refuses_a_second_case_of_an_answer(world):
    wave = ruled(world)
    answered(wave, 1)
    looking.look()
    case = Case.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(cycle=world.cycle, number=99, response=case.response)
    # The door says which one there is.
    opened = open_case(world.cycle, response=case.response, by=world.owner)
    assert (opened.case, opened.is_new) == (case, False)


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_person_at_the_same_time_open_one_each(world):
    wave = ruled(world)
    for n in range(6):
        answered(wave, 1, email=f"c{n}@example.org")
    faults = []
    start = threading.Barrier(3)

    def work():
        try:
            start.wait()
            looking.look()
        except Exception as error:  # told by the assertion below
            faults.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    start.wait()
    for response in Response.objects.select_related("wave__survey"):
        open_case(world.cycle, response=response, by=world.owner)
    for worker in workers:
        worker.join()
    assert not faults
    cases = Case.objects.order_by("number")
    assert len({case.response_id for case in cases}) == len(cases) == 6
    assert [case.number for case in cases] == [1, 2, 3, 4, 5, 6]
    assert CaseStep.objects.count() == 6


def test_an_answer_that_is_committed_late_is_found(world):
    """Its key was given out before that of an answer that was looked at long ago."""
    wave = ruled(world)
    late = answered(wave, 1, email="late@example.org").response
    answered(wave, 1, email="early@example.org")
    hidden = Response.objects.filter(pk=late.pk)
    ratings = list(late.ratings.all())
    late.ratings.all().delete()
    hidden.update(wave=open_survey(world.cycle).pk)
    now = timezone.now()
    assert looking.look(now)[0] == 1
    # Five minutes later it is there.
    hidden.update(wave=wave.pk)
    for rating in ratings:
        rating.save(force_insert=True)
    assert looking.look(now + timedelta(minutes=5))[0] == 1
    # And the mark follows, so that old answers are not asked for again.
    for minutes in (11, 22):
        looking.look(now + timedelta(minutes=minutes))
    assert CaseRule.objects.get().looked_to == Response.objects.latest("pk").pk


def test_from_now_on_means_so(world, consultant):
    wave = open_survey(world.cycle)
    answered(wave, 1, email="before@example.org")
    url = world.url(f"surveys/{wave.survey_id}/cases/")
    assert consultant.post(url, {"is_on": "on", "moment_at_most": "2"}).status_code == 302
    assert looking.look()[0] == 0
    answered(wave, 1, email="after@example.org")
    assert looking.look()[0] == 1


def test_more_than_one_look_takes_is_taken_in_the_next(world, monkeypatch):
    wave = ruled(world)
    for n in range(3):
        answered(wave, 1, email=f"c{n}@example.org")
    monkeypatch.setattr(looking, "A_LOOK", 2)
    assert looking.look() == (2, True)
    assert looking.look() == (1, False)


def test_who_wants_to_be_contacted_gets_a_case_without_any_rule(world, customer):
    wave = open_survey(world.cycle, asks_contact=True)
    invitation = invite(wave)
    url = f"/s/{links.token_for(invitation)}/"
    page = customer.get(url).content.decode()
    assert "Yes, please contact me" in page
    assert "Lunaria will see your name, your address and these answers" in page
    sent = customer.post(url, {"page": page_marks.page_mark(invitation), "contact": "1"})
    assert "Thank you" in sent.content.decode()
    looking.look()
    case = Case.objects.get()
    assert (case.kind, case.origin, case.contact) == ("request", Origin.ASKED, invitation.contact)


@pytest.mark.parametrize(
    ("address", "words"), [("tu", "¿Quieres que te contacten?"), ("usted", "¿Quiere que le")]
)
def test_it_is_asked_in_the_customers_form_of_address(world, customer, address, words):
    wave = open_survey(world.cycle, asks_contact=True, address=address, language="es")
    page = customer.get(f"/s/{links.token_for(invite(wave))}/?lang=es").content.decode()
    assert words in page


def test_an_anonymous_survey_never_asks_for_the_person_and_its_cases_have_none(world, customer):
    wave = ruled(world, is_anonymous=True, asks_contact=True)
    invitation = invite(wave)
    url = f"/s/{links.token_for(invitation)}/"
    assert 'name="contact"' not in customer.get(url).content.decode()
    fields = {
        "page": page_marks.page_mark(invitation),
        "w1": "y",
        "i1": "5",
        "s1": "1",
        "as_is": "1",
        "contact": "1",
    }
    customer.post(url, fields)
    looking.look()
    case = Case.objects.get()
    assert (case.contact, case.origin, case.contact_due_at) == (None, Origin.SCORE, None)
    midnight = timezone.localtime(case.opened_at)
    assert (midnight.hour, midnight.minute, midnight.second) == (0, 0, 0)
    page = log_in(world.manager).get(world.url(f"cases/{case.pk}/")).content.decode()
    assert "Nobody knows who it was." in page
    # One answer of an anonymous survey is shown to nobody.
    assert "Everything the customer answered" not in page


def test_an_open_link_does_not_ask_either(world, customer):
    wave = open_survey(world.cycle, asks_contact=True)
    place = OpenLink.objects.create(wave=wave, place="Till", nonce=links.new_nonce())
    assert 'name="contact"' not in customer.get(f"/o/{links.open_token_for(place)}/").content.decode()


def test_submitting_costs_no_statement_more_with_a_rule(world):
    def statements(wave):
        invitation = links.invitation_for(links.token_for(invite(wave)))
        ratings = tuple(Rated(item.pk, 4, 1, experienced=True) for item in wave.survey.items.all())
        with CaptureQueriesContext(connection) as captured:
            record_response(invitation, Answers(ratings, 1, 0, "", wants_contact=True), "en")
        return [query["sql"].split('"')[0] for query in captured.captured_queries]

    plain = statements(open_survey(world.cycle))
    assert statements(ruled(world, asks_contact=True)) == plain
