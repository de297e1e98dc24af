"""Cases: opened once an answer, moved by one at a time, closed only when the customer was told."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cycles.models import Action, ActionPlan, Moment
from surveys import delivery, links
from surveys.answers import Answers, Rated
from surveys.cases import closing, looking, moving
from surveys.cases.board import COLUMN_OF, COLUMNS, counts_by_status
from surveys.cases.forgetting import forget_tempers
from surveys.cases.opening import open_case
from surveys.cases.origin import from_moment
from surveys.cases.overdue import is_overdue, overdue
from surveys.cases.proposals import proposals_of
from surveys.cases.silent import silent_of
from surveys.cases.summary import summary_of
from surveys.erasing import erase_person
from surveys.intake import Outcome, record_response
from surveys.models import (
    Assignment,
    Case,
    CasePolicy,
    CaseRule,
    CaseStatus,
    CaseStep,
    Contact,
    FollowUp,
    MailState,
    OpenLink,
    Origin,
    OutgoingMail,
    Response,
    Told,
    Why,
)
from surveys.suppression import suppress
from tests.conftest import log_in
from tests.surveys.asking import invite, open_survey


def ruled(world, **fields):
    """An opened survey whose low scores open cases."""
    survey = {key: fields.pop(key) for key in ("is_anonymous", "asks_contact", "threshold") if key in fields}
    wave = open_survey(world.cycle, **survey)
    values = {"is_on": True, "moment_at_most": 2, "overall_at_most": 2, "nps_at_most": 4, **fields}
    CaseRule.objects.create(survey=wave.survey, **values)
    return wave


def answered(wave, *scores, email="carmen@example.org", invitation=None, overall=None, nps=None, **more):
    """Satisfaction of the first moments, as a customer sent it."""
    items = list(wave.survey.items.all())
    ratings = tuple(
        Rated(item.pk, 4, score, experienced=True) for item, score in zip(items, scores, strict=False)
    )
    answers = Answers(ratings, overall, nps, "", **more)
    return record_response(invitation or invite(wave, email), answers, "es")


def case_of(world, **fields):
    return open_case(world.cycle, by=world.owner, **fields).case


# --- Opening ---------------------------------------------------------------------------------------


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
    sent = customer.post(url, {"page": links.page_mark(invitation), "contact": "1"})
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
        "page": links.page_mark(invitation),
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


# --- The way of a case -----------------------------------------------------------------------------


def test_every_status_stands_in_one_column_and_the_counts_agree(world):
    held = [status for column in COLUMNS.values() for status in column]
    assert sorted(held) == sorted(CaseStatus)
    for n, status in enumerate(CaseStatus):
        for _ in range(n + 1):
            case = case_of(world)
            closed = {
                "closed_at": timezone.now(),
                "notice_channel": "phone",
                "notice_on": timezone.localdate(),
            }
            Case.objects.filter(pk=case.pk).update(status=status, **closed)
    counts = counts_by_status(Case.objects.all())
    assert counts == {status: n + 1 for n, status in enumerate(CaseStatus)}
    page = log_in(world.viewer).get(world.url(f"cycles/{world.cycle.pk}/cases/"))
    columns = page.context["columns"]
    assert sum(column.n for column in columns) == Case.objects.count() == 28
    for column in columns:
        assert column.n == sum(counts[s] for s in CaseStatus if COLUMN_OF[s] == column.key)


def test_two_who_move_it_at_the_same_time(world):
    case = case_of(world)
    url = world.url(f"cases/{case.pk}/status/")
    first = log_in(world.manager).post(url, {"status": "classified", "version": "1"})
    assert first.status_code == 302
    second = log_in(world.consultant).post(url, {"status": "solving", "version": "1"})
    assert second.status_code == 409
    page = second.content.decode()
    assert "manager alba changed the case meanwhile" in page
    assert "“Classified”" in page
    case.refresh_from_db()
    assert case.status == CaseStatus.CLASSIFIED
    # The same press twice is one.
    assert log_in(world.manager).post(url, {"status": "classified", "version": "1"}).status_code == 302
    assert [step.status for step in case.steps.all()] == ["captured", "classified"]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_instant_one_wins(world):
    case = case_of(world)
    results: list[object] = []
    start = threading.Barrier(2)

    def work(status):
        try:
            start.wait()
            results.append(moving.move(Case.objects.get(pk=case.pk), status, world.owner, 1))
        except moving.MovedMeanwhileError:
            results.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(status,)) for status in ("solving", "registered")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["True", "told"]
    assert case.steps.filter(what="status").count() == 1


def test_moved_on_the_board_with_and_without_script(world):
    case = case_of(world)
    browser, url = log_in(world.manager), world.url(f"cases/{case.pk}/status/")
    moved = browser.post(url, {"status": "solving", "version": "1", "at": "board"})
    assert moved["Location"] == world.url(f"cycles/{world.cycle.pk}/cases/")
    fragment = browser.post(
        url, {"status": "presented", "version": "2", "at": "board"}, headers={"hx-request": "true"}
    )
    assert fragment.status_code == 200
    assert "C-1 is now “Solution presented”." in fragment.content.decode()
    closed = browser.post(url, {"status": "closed", "version": "3", "at": "board"})
    assert closed.status_code == 422
    assert f"/cases/{case.pk}/close/" in closed.content.decode()
    assert browser.post(url, {"status": "nonsense"}).status_code == 422


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, "A case is closed when the customer has been told"),
        ({"channel": "phone", "on": ""}, "A case is closed when the customer has been told"),
        ({"channel": "phone", "on": "2999-01-01"}, "That day has not come yet."),
        ({"channel": "phone", "on": "1999-01-01"}, "The case was not open on that day yet."),
        ({"channel": "mail", "text": ""}, "Write what the customer is told."),
        ({"channel": "public", "on": "2999-01-01"}, "A case is closed when the customer has been told"),
    ],
)
def test_it_is_not_closed_behind_the_customers_back(world, told, why):
    wave = ruled(world)
    case = case_of(world, contact=invite(wave).contact)
    url = world.url(f"cases/{case.pk}/close/")
    refused = log_in(world.manager).post(url, {"version": "1", **told})
    assert refused.status_code == 422
    assert why in refused.content.decode()
    case.refresh_from_db()
    assert case.is_open
    # Not by another door either, and the database holds it.
    by_hand = log_in(world.manager).post(world.url(f"cases/{case.pk}/status/"), {"status": "closed"})
    assert by_hand.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status="closed", closed_at=timezone.now())


def test_nobody_known_is_told_by_a_notice_to_all(world):
    case = case_of(world)
    url = world.url(f"cases/{case.pk}/close/")
    assert log_in(world.manager).post(url, {"channel": "mail", "text": "x"}).status_code == 422
    told = {"version": "1", "channel": "public", "on": timezone.localdate().isoformat(), "text": "Two tills."}
    assert log_in(world.manager).post(url, told).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.notice_channel) == (CaseStatus.CLOSED, Told.PUBLIC)
    assert not OutgoingMail.objects.exists()
    # Pressed again: closed once.
    assert log_in(world.manager).post(url, told).status_code == 200
    assert case.steps.filter(status="closed").count() == 1


def test_the_hours_run_from_the_opening_by_kind(world):
    CasePolicy.objects.create(client=world.client, hours={"complaint": [2, 10]})
    contact = invite(open_survey(world.cycle)).contact
    case = case_of(world, contact=contact, kind="complaint")
    assert case.contact_due_at == case.opened_at + timedelta(hours=2)
    assert case.solve_due_at == case.opened_at + timedelta(hours=10)
    at = case.opened_at
    assert not is_overdue(case, at + timedelta(hours=1))
    assert is_overdue(case, at + timedelta(hours=3))
    moving.spoke(case, world.manager, "phone", "", "k1")
    case.refresh_from_db()
    assert not is_overdue(case, at + timedelta(hours=3))
    assert is_overdue(case, at + timedelta(hours=11))
    assert Case.objects.filter(overdue(at + timedelta(hours=11))).exists()
    moving.move(case, "presented", world.manager, case.version)
    assert not Case.objects.filter(overdue(at + timedelta(hours=11))).exists()
    # Taken up again, the clock has never stood still.
    moving.move(case, "solving", world.manager, case.version)
    assert Case.objects.filter(overdue(at + timedelta(hours=11))).exists()


def test_new_hours_hold_for_what_is_open(world, consultant):
    case = case_of(world, kind="question", contact=invite(open_survey(world.cycle)).contact)
    url = world.url(f"cycles/{world.cycle.pk}/cases/settings/")
    fields = {f"{kind}_{part}": n for kind in ("question", "complaint", "request", "low_score")
              for part, n in (("contact", 5), ("solve", 6))}  # fmt: skip
    told = {**fields, "propose_after": 4, "propose_days": 10, "temper_days": 3}
    assert consultant.post(url, told).status_code == 302
    case.refresh_from_db()
    assert case.contact_due_at == case.opened_at + timedelta(hours=5)
    wrong = consultant.post(url, {**told, "question_contact": "9", "complaint_solve": "-1"})
    assert wrong.status_code == 422
    assert "At least as many hours" in wrong.content.decode()


# --- The mail that ends it, and the two questions ----------------------------------------------------


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
    mark = links.follow_up_mark(case.follow_up)
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


# --- Who sees what, and what is forgotten -------------------------------------------------------------


def full_case(world):
    wave = ruled(world)
    answered(wave, 1, email="carmen@kanari.example")
    looking.look()
    case = Case.objects.get()
    Case.objects.update(
        title="kanari Carmen", description="kanari words", temper="aggressive", notice_text="kanari told"
    )
    moving.remark(case, world.manager, "kanari note", "n1")
    return case


def test_managers_see_whom_it_is_about_and_viewers_do_not(world):
    case = full_case(world)
    for path in (
        f"cases/{case.pk}/",
        f"cycles/{world.cycle.pk}/cases/",
        f"cycles/{world.cycle.pk}/cases/list/",
    ):
        assert "Carmen" in log_in(world.manager).get(world.url(path)).content.decode()
        seen = log_in(world.viewer).get(world.url(path)).content.decode()
        for word in ("Carmen", "kanari", "Aggressive"):
            assert word not in seen, (path, word)
    assert (
        "C-1"
        in log_in(world.viewer).get(world.url(f"cycles/{world.cycle.pk}/cases/list/?q=c-1")).content.decode()
    )
    none = log_in(world.viewer).get(world.url(f"cycles/{world.cycle.pk}/cases/list/?q=carmen"))
    assert none.context["found"].total == 0
    for path in ("status", "close", "owner", "note", "contact", "facts", "causes"):
        assert log_in(world.viewer).post(world.url(f"cases/{case.pk}/{path}/")).status_code == 403


def test_erased_with_the_person(world):
    case = full_case(world)
    closing.close(
        case, world.manager, case.version, channel=Told.MAIL, on=timezone.localdate(), text="kanari told"
    )
    link = links.follow_up_token_for(case.follow_up)
    erase_person(case.contact)
    case = Case.objects.get()
    assert (case.contact, case.description, case.temper, case.notice_text, case.title) == (
        None,
        "",
        "",
        "",
        "",
    )
    assert not CaseStep.objects.filter(text__contains="kanari").exists()
    mail = OutgoingMail.objects.get(case=case)
    assert (mail.state, mail.recipient) == (MailState.CANCELLED, "")
    assert links.follow_up_for(link) is None
    # It stays as a figure.
    assert (case.status, case.moment.name) == (CaseStatus.CLOSED, "Find the shop")


def test_the_temper_is_forgotten_some_time_after_the_closing(world):
    case = full_case(world)
    now = timezone.now()
    assert forget_tempers(now + timedelta(days=400)) == 0
    closing.close(case, world.manager, case.version, channel=Told.PHONE, on=timezone.localdate())
    assert forget_tempers(now + timedelta(days=29)) == 0
    assert forget_tempers(now + timedelta(days=31)) == 1
    assert Case.objects.get().temper == ""


def test_no_person_has_a_temper():
    assert not [field.name for field in Contact._meta.get_fields() if "temper" in field.name]


# --- By hand, causes, proposals, figures ---------------------------------------------------------------


def test_by_hand_and_from_an_answer(world):
    manager = log_in(world.manager)
    url = world.url(f"cycles/{world.cycle.pk}/cases/new/")
    fields = {"title": "Torn seam", "kind": "complaint", "email": "ana@example.org", "customer": "Ana"}
    assert manager.post(url, fields).status_code == 302
    case = Case.objects.get()
    assert (case.contact.name, case.opened_by, case.origin) == ("Ana", world.manager, Origin.HAND)
    wrong = manager.post(url, {"title": "", "kind": "complaint", "email": "no address"})
    assert wrong.status_code == 422
    assert "no address" in wrong.content.decode()
    wave = ruled(world)
    response = answered(wave, 1).response
    fields = {"title": "From the comment", "kind": "question", "response": response.pk}
    first, second = manager.post(url, fields), manager.post(url, fields)
    assert first["Location"] == second["Location"]
    looking.look()
    assert Case.objects.filter(response=response).count() == 1
    assert manager.get(f"{url}?response=999999").status_code == 404


def test_assigned_and_told(world):
    case = case_of(world)
    manager, url = log_in(world.manager), world.url(f"cases/{case.pk}/owner/")
    assert manager.post(url, {"owner": world.viewer.pk, "version": "1"}).status_code == 422
    assert manager.post(url, {"owner": world.consultant.pk, "version": "1"}).status_code == 302
    assert manager.post(url, {"owner": world.owner.pk, "version": "1"}).status_code == 409
    assert [row.person for row in Assignment.objects.all()] == [world.consultant]
    world.consultant.memberships.all().delete()
    page = manager.get(world.url(f"cases/{case.pk}/")).content.decode()
    assert "consultant alba no longer works here" in page


def test_causes_and_their_pareto(world):
    moments = list(Moment.objects.order_by("pk"))
    names = ["Obsolete tools, constant failures", "Wrong or missing information", "Own one"]
    for n, chosen in enumerate([(0, 1), (0,), (0, 2), ()]):
        case = case_of(world, moment=moments[n % 2])
        for place in chosen:
            page = log_in(world.manager).get(world.url(f"cases/{case.pk}/"))
            form = page.context["causes_form"]
            held = [cause.pk for cause in case.causes.all()]
            url = world.url(f"cases/{case.pk}/causes/")
            told = {"causes": held, "new": names[place]}
            assert log_in(world.manager).post(url, told).status_code == 302, form.errors
    page = log_in(world.viewer).get(world.url(f"cycles/{world.cycle.pk}/cases/causes/"))
    pareto = page.context["pareto"]
    assert [(bar.name, bar.n) for bar in pareto.bars] == [(names[0], 3), (names[2], 1), (names[1], 1)]
    assert [round(bar.together, 2) for bar in pareto.bars] == [0.6, 0.8, 1.0]
    assert (pareto.n_cases, pareto.n_untagged) == (4, 1)
    some = log_in(world.viewer).get(
        world.url(f"cycles/{world.cycle.pk}/cases/causes/?moment={moments[1].pk}&days=30")
    )
    assert [bar.n for bar in some.context["pareto"].bars] == [1]


def test_several_cases_at_one_moment_propose_an_action_and_are_linked_to_it(world, consultant):
    moment = Moment.objects.get(name="Queue at the till")
    member = world.consultant.memberships.get()
    now = timezone.now()
    case_of(world, moment=moment, at=now - timedelta(days=31))
    cases = [case_of(world, moment=moment) for _ in range(2)]
    assert proposals_of(world.cycle, member, now) == []
    cases.append(case_of(world, moment=moment))
    (proposal,) = proposals_of(world.cycle, member, now)
    assert (proposal.moment, proposal.n) == (moment, 3)
    board = consultant.get(world.url(f"cycles/{world.cycle.pk}/cases/")).content.decode()
    assert "3 open cases at “Queue at the till” within 30 days" in board
    panel = consultant.get(world.url(f"moments/{moment.pk}/cases/")).content.decode()
    assert proposal.url.replace("&", "&amp;") in panel
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    origin = from_moment(world.cycle, member, moment.pk)
    origin.made(Action.objects.create(plan=plan, number=1, name="Second till"))
    assert proposals_of(world.cycle, member, now) == []
    assert "A1 was made from it" in consultant.get(world.url(f"cases/{cases[0].pk}/")).content.decode()
    # A manager is told, and plans no action.
    assert proposals_of(world.cycle, world.manager.memberships.get(), now) == []


def test_the_summary_adds_up(world):
    for kind in ("question", "complaint", "complaint"):
        case = case_of(world, kind=kind, at=timezone.now() - timedelta(hours=100))
    closing.close(case, world.manager, 1, channel=Told.PHONE, on=timezone.localdate())
    found = summary_of(world.cycle, timezone.localdate())
    assert (found.total, found.open, found.overdue) == (3, 2, 2)
    assert found.by_kind == {"question": 1, "complaint": 2, "request": 0, "low_score": 0}
    assert sum(found.by_status.values()) == 3
    assert found.median_hours_to_close == pytest.approx(100, abs=1)


def test_the_silent_dissatisfied_are_a_count_and_a_share(world):
    wave = open_survey(world.cycle)
    for n in range(4):
        answered(wave, 1 + 4 * (n % 2), email=f"c{n}@example.org")
    assert silent_of(world.cycle).low is None  # four are too few
    answered(wave, 2, email="five@example.org")
    found = silent_of(world.cycle)
    assert (found.low, found.silent, found.share) == (3, 3, 1.0)
    case_of(world, response=Response.objects.first())
    assert silent_of(world.cycle).silent == 2


def test_notes_and_contacts_sent_twice_are_one(world):
    case = case_of(world, contact=invite(open_survey(world.cycle)).contact)
    manager = log_in(world.manager)
    for _ in range(2):
        manager.post(world.url(f"cases/{case.pk}/note/"), {"text": "Called back", "key": "abc"})
        manager.post(world.url(f"cases/{case.pk}/contact/"), {"channel": "phone", "said": "", "key": "def"})
    assert [step.what for step in case.steps.all()] == ["opened", "note", "contact"]
    case.refresh_from_db()
    assert case.contacted_at is not None
    assert manager.post(world.url(f"cases/{case.pk}/note/"), {"text": ""}).status_code == 422


def test_the_list_filters_sorts_and_pages(world):
    moments = list(Moment.objects.order_by("pk"))
    for n in range(52):
        case_of(world, kind="question" if n % 2 else "complaint", moment=moments[n % 3], title=f"Number {n}")
    late = Case.objects.order_by("pk").first()
    Case.objects.filter(pk=late.pk).update(
        solve_due_at=timezone.now() - timedelta(hours=1), owner=world.manager
    )
    viewer, url = log_in(world.viewer), world.url(f"cycles/{world.cycle.pk}/cases/list/")

    def total(query):
        return viewer.get(f"{url}?{query}").context["found"].total

    assert total("") == 52
    assert total("kind=question") == 26
    assert total("status=late") == total(f"owner={world.manager.pk}") == 1
    assert total("owner=none") == 51
    assert total(f"moment={moments[0].pk}") == 18
    assert total("q=c-7") == 1
    assert total("q=%00&kind=x&moment=%C2%B2&owner=-1&sort=z&status=%27&page=99") == 52
    assert len(viewer.get(f"{url}?page=2").context["found"].lines) == 2
    for sort in ("due", "opened", "moment", "owner", "status"):
        assert viewer.get(f"{url}?sort={sort}").status_code == 200


def test_a_comment_of_the_results_leads_to_its_case(world):
    wave = ruled(world, threshold=5)
    for n in range(5):
        answered(wave, 4, email=f"c{n}@example.org")
    Response.objects.update(comment="The seam was torn.")
    response = Response.objects.first()
    link = world.url(f"answers/{response.pk}/case/")
    results = world.url(f"cycles/{world.cycle.pk}/results/")
    assert link in log_in(world.manager).get(results).content.decode()
    assert link not in log_in(world.viewer).get(results).content.decode()
    form = log_in(world.manager).get(link, follow=True).content.decode()
    assert "The seam was torn." in form
    assert "From an answer of a survey" in form
    assert log_in(world.viewer).get(link).status_code == 403
