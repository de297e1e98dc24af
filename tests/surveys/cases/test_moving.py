"""The way of a case: moved by one at a time, with its hours, closed only when the customer was told."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cycles.models import Action, ActionPlan, Cycle
from surveys.case_forms import PolicyForm
from surveys.cases import moving
from surveys.cases.board import COLUMN_OF, COLUMNS, counts_by_status
from surveys.cases.opening import open_case
from surveys.cases.overdue import is_overdue, overdue
from surveys.models import Case, CasePolicy, CaseStatus, OutgoingMail, Told
from tests.conftest import log_in
from tests.surveys.asking import invite, open_survey
from tests.surveys.cases.low_scores import case_of, ruled


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


def test_a_slip_is_deleted_with_its_notes(world):
    case, other = case_of(world), case_of(world)
    worker = log_in(world.manager)
    worker.post(world.url(f"cases/{case.pk}/note/"), {"text": "Wrong shop", "key": "a"})
    page = worker.get(world.url(f"cases/{case.pk}/"))
    assert 'id="case-delete"' in page.content.decode()
    url = world.url(f"cases/{case.pk}/delete/")
    gone = worker.post(url, {"version": str(case.version)}, follow=True)
    assert f"{case.code} is deleted." in gone.content.decode()
    assert list(Case.objects.all()) == [other]
    assert worker.post(url).status_code == 404


def test_the_number_of_a_deleted_case_is_not_given_again(world):
    worker = log_in(world.manager)

    def delete(case):
        worker.post(world.url(f"cases/{case.pk}/delete/"), {"version": str(case.version)})
        assert not Case.objects.filter(pk=case.pk).exists()

    first, last = case_of(world), case_of(world)
    form = PolicyForm(instance=CasePolicy.objects.get())
    told = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    meanwhile = PolicyForm({**told, "propose_after": 7}, instance=form.instance)
    assert meanwhile.is_valid()
    delete(last)
    delete(first)
    meanwhile.save()
    assert CasePolicy.objects.get().propose_after == 7
    other = Cycle.objects.create(client=world.client, name="Another", language="en")
    assert case_of(world).code == "C-3"
    assert open_case(other, by=world.owner).case.code == "C-1", "each cycle counts its own"


@pytest.mark.parametrize(
    "done",
    [
        {"origin": "score"},
        {"contacted_at": timezone.now()},
        {"notice_channel": "phone", "notice_on": timezone.localdate()},
        "mail",
        "action",
    ],
)
def test_a_case_that_others_know_of_stays(world, done):
    case = case_of(world)
    if done == "mail":
        OutgoingMail.objects.create(case=case, kind="notice", recipient="a@b.example", message_id="<1@x>")
    elif done == "action":
        plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
        case.actions.add(Action.objects.create(plan=plan, number=1, name="Second till"))
    else:
        Case.objects.filter(pk=case.pk).update(**done)
    worker = log_in(world.manager)
    assert 'id="case-delete"' not in worker.get(world.url(f"cases/{case.pk}/")).content.decode()
    sent = worker.post(world.url(f"cases/{case.pk}/delete/"), {"version": "1"})
    assert sent.status_code == 422
    assert "opened by hand" in sent.content.decode()
    case.refresh_from_db()
    assert case.version == 1


def test_a_case_that_was_changed_meanwhile_is_not_deleted(world):
    case = case_of(world)
    moving.move(case, "classified", world.consultant, 1)
    sent = log_in(world.manager).post(world.url(f"cases/{case.pk}/delete/"), {"version": "1"})
    assert sent.status_code == 409
    assert Case.objects.get() == case


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
