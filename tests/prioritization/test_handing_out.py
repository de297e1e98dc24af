"""Reports of every kind as jobs, the mail when one is ready, the monthly order, and growing old."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone
from openpyxl import load_workbook
from pptx import Presentation

from accounts.member_mail import LetterState
from accounts.models import Membership, User
from prioritization import jobs, report_mail, schedules
from prioritization.models import (
    JobState,
    Report,
    ReportKind,
    ReportMail,
    ReportPreset,
    ReportSchedule,
)
from prioritization.tasks import expire_reports, mail_reports, order_reports, render_reports
from tests.conftest import log_in

pytestmark = pytest.mark.once  # files and mails; the jobs themselves: test_jobs.py


@pytest.fixture
def told(told):
    """Everybody is written to in English."""
    User.objects.update(language="en")
    for person in (told.world.consultant, told.world.manager):
        person.refresh_from_db()
    return told


def page(told, more=""):
    return told.world.url(f"cycles/{told.world.cycle.pk}/reports/{more}")


def asking(told, kind, **more):
    return {"wave": told.wave.pk, "language": "en", "kind": kind, **more}


def made(told, kind=ReportKind.PDF):
    report, _ = jobs.ask(told.world.cycle, told.wave, "en", told.world.consultant, kind=kind)
    jobs.run(jobs.claim())
    report.refresh_from_db()
    return report


# --- Kinds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "ending", "opens"),
    [
        ("slides", "pptx", lambda content: Presentation(io.BytesIO(content)).slides[0]),
        ("sheet", "xlsx", lambda content: load_workbook(io.BytesIO(content))["Moments"]),
    ],
)
def test_ten_clicks_on_a_kind_make_one_file_of_it(told, consultant, kind, ending, opens):
    for _ in range(10):
        consultant.post(page(told, "new/"), asking(told, kind))
    report = Report.objects.get()
    assert report.kind == kind
    render_reports()
    report.refresh_from_db()
    assert report.state == JobState.DONE, report.reason
    assert report.file.name.endswith(f"{report.pk}.{ending}")
    answer = log_in(told.world.viewer).get(told.world.url(f"reports/{report.pk}/download/"))
    assert f'.{ending}"' in answer["Content-Disposition"] or f".{ending}" in answer["Content-Disposition"]
    assert "officedocument" in answer["Content-Type"]
    assert opens(b"".join(answer))
    consultant.post(page(told, "new/"), asking(told, kind))
    assert Report.objects.count() == 1


def test_each_kind_is_a_report_of_its_own_and_says_its_steps(told, consultant):
    for kind in ReportKind.values:
        consultant.post(page(told, "new/"), asking(told, kind))
    assert sorted(Report.objects.values_list("kind", flat=True)) == ["pdf", "sheet", "slides"]
    said = {}
    for report in Report.objects.all():
        report.stage = 3
        said[report.kind] = report.stage_name
    assert said["slides"] == "Building the slides"
    assert said["sheet"] == "Writing the tables"
    assert said["pdf"] == "Laying out the pages"
    shown = consultant.get(page(told)).content.decode()
    assert "Slides (PowerPoint)" in shown
    assert "Spreadsheet (Excel)" in shown
    assert "wheel.svg" in shown
    assert "chart.png" in shown


def test_a_kind_that_is_not_there_is_refused_and_one_not_said_is_the_document(told, consultant):
    assert consultant.post(page(told, "new/"), asking(told, "hologram")).status_code == 422
    consultant.post(page(told, "new/"), {"wave": told.wave.pk, "language": "en"})
    assert Report.objects.get().kind == ReportKind.PDF


def test_a_cancelled_deck_stops_and_leaves_no_file(told):
    report, _ = jobs.ask(told.world.cycle, told.wave, "en", told.world.consultant, kind="slides")
    claimed = jobs.claim()
    jobs.cancel(report)
    jobs.run(claimed)
    report.refresh_from_db()
    assert report.state == JobState.CANCELLED
    assert not [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]


# --- The mail when it is ready ---------------------------------------------------------------------


def test_whoever_ticked_it_is_told_once_with_a_link_and_no_file(told, consultant):
    consultant.post(page(told, "new/"), asking(told, "sheet", notify="on"))
    consultant.post(page(told, "new/"), asking(told, "sheet", notify="on"))
    mail_reports()
    assert mail.outbox == [], "not before it is ready"
    render_reports()
    for _ in range(3):
        mail_reports()
    (letter,) = mail.outbox
    assert letter.to == [told.world.consultant.email]
    assert f"/reports/{Report.objects.get().pk}/download/" in letter.body
    assert letter.attachments == []
    assert ReportMail.objects.get().state == LetterState.SENT


def test_who_did_not_tick_it_is_not_mailed(told, consultant):
    consultant.post(page(told, "new/"), asking(told, "sheet"))
    render_reports()
    mail_reports()
    assert mail.outbox == []


def test_a_failure_is_told_as_well(told, consultant):
    consultant.post(page(told, "new/"), asking(told, "sheet", notify="on"))
    Report.objects.update(state=JobState.FAILED, reason="too_long")
    mail_reports()
    assert "could not be made" in mail.outbox[0].subject
    assert "took too long" in mail.outbox[0].body


def test_who_may_not_see_the_client_any_more_is_told_nothing(told):
    report = made(told, "sheet")
    ReportMail.objects.create(report=report, person=told.world.manager)
    Membership.objects.filter(user=told.world.manager).delete()
    mail_reports()
    assert mail.outbox == []
    assert ReportMail.objects.get().state == LetterState.DROPPED


def test_a_mail_server_that_is_away_is_tried_again_later(told, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    report = made(told, "sheet")
    row = ReportMail.objects.create(report=report, person=told.world.manager)
    mail_reports()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (LetterState.WAITING, 1)
    assert row.due_at > timezone.now()


def test_what_a_dead_worker_had_in_its_hands_stays_unsent(told):
    report = made(told, "sheet")
    row = ReportMail.objects.create(
        report=report,
        person=told.world.manager,
        state=LetterState.SENDING,
        claimed_at=timezone.now() - timedelta(hours=1),
    )
    mail_reports()
    row.refresh_from_db()
    assert row.state == LetterState.DOUBTFUL
    assert mail.outbox == []


# --- Every month -----------------------------------------------------------------------------------


def monthly(told, **more):
    schedule = ReportSchedule.objects.create(
        cycle=told.world.cycle, language="en", kind="sheet", created_by=told.world.consultant, **more
    )
    schedule.recipients.add(told.world.manager)
    return schedule


def test_it_is_made_once_a_month_however_often_the_clock_runs(told):
    monthly(told, day=5)
    assert schedules.order_due(date(2026, 3, 4)) == []
    (report,) = schedules.order_due(date(2026, 3, 5))
    assert report.wave == told.wave
    for day in (5, 6, 28):
        assert schedules.order_due(date(2026, 3, day)) == []
    assert len(schedules.order_due(date(2026, 4, 9))) == 1, "the clock was down on the fifth"


def test_its_people_get_a_link_once_and_the_next_month_again(told):
    monthly(told)
    schedules.order_due(date(2026, 3, 1))
    render_reports()
    mail_reports()
    mail_reports()
    assert [letter.to for letter in mail.outbox] == [[told.world.manager.email]]
    assert "every month" in mail.outbox[0].body
    assert mail.outbox[0].attachments == []
    schedules.order_due(date(2026, 4, 1))
    mail_reports()
    assert Report.objects.count() == 1, "nothing has changed"
    assert len(mail.outbox) == 2


def test_the_file_goes_along_only_where_that_was_chosen(told):
    monthly(told, with_file=True)
    schedules.order_due(date(2026, 3, 1))
    render_reports()
    mail_reports()
    ((name, content, _type),) = mail.outbox[0].attachments
    assert name.endswith(".xlsx")
    assert load_workbook(io.BytesIO(content)).sheetnames[0] == "Moments"


def test_one_that_rests_or_lies_in_the_bin_orders_nothing(told):
    schedule = monthly(told, paused_at=timezone.now())
    assert schedules.order_due(date(2026, 3, 1)) == []
    ReportSchedule.objects.filter(pk=schedule.pk).update(paused_at=None)
    type(told.world.cycle).objects.filter(pk=told.world.cycle.pk).update(deleted_at=timezone.now())
    assert schedules.order_due(date(2026, 3, 1)) == []


def test_two_clocks_at_once_order_one(told):
    schedule = monthly(told)
    assert schedules.order(schedule, date(2026, 3, 1))
    assert schedules.order(schedule, date(2026, 3, 1)) is None


def test_a_consultant_orders_changes_rests_and_removes_one(told, consultant):
    form = {"kind": "slides", "language": "es", "day": "3", "recipients": [told.world.manager.pk]}
    fresh = consultant.get(page(told, "monthly/"), headers={"Accept-Language": "en"}).content.decode()
    assert re.search(r'value="en"[^>]* checked', fresh), "in the language of the page"
    assert consultant.post(page(told, "monthly/"), {**form, "day": "31"}).status_code == 422
    assert consultant.post(page(told, "monthly/"), {**form, "recipients": []}).status_code == 422
    assert consultant.post(page(told, "monthly/"), form).status_code == 302
    schedule = ReportSchedule.objects.get()
    assert (schedule.kind, schedule.day, schedule.choice) == ("slides", 3, {})
    shown = consultant.get(page(told)).content.decode()
    assert "Next on" in shown
    assert str(told.world.manager) in shown
    ReportPreset.objects.create(
        client=told.world.client, name="Board", choice={"sections": ["cycle"]}, language="es"
    )
    preset = ReportPreset.objects.get().pk
    address = told.world.url(f"schedules/{schedule.pk}/")
    consultant.post(address, {**form, "day": "28", "preset": preset})
    schedule.refresh_from_db()
    assert (schedule.day, schedule.choice) == (28, {"sections": ["cycle"], "name": "Board"})
    consultant.post(f"{address}pause/", {"pause": "1"})
    assert "Paused" in consultant.get(page(told)).content.decode()
    consultant.post(f"{address}pause/")
    schedule.refresh_from_db()
    assert schedule.paused_at is None
    consultant.post(f"{address}delete/")
    assert not ReportSchedule.objects.exists()


def test_ordered_after_its_day_the_first_is_that_of_next_month(told, consultant, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2026, 3, 20))
    form = {"kind": "pdf", "language": "es", "day": "5", "recipients": [told.world.manager.pk]}
    consultant.post(page(told, "monthly/"), form)
    assert schedules.order_due(date(2026, 3, 21)) == []
    assert ReportSchedule.objects.get().next_on(date(2026, 3, 21)) == date(2026, 4, 5)
    assert len(schedules.order_due(date(2026, 4, 5))) == 1


def test_strangers_of_the_client_cannot_be_chosen(told, stranger, consultant):
    form = {"kind": "pdf", "language": "es", "day": "5", "recipients": [stranger.manager.pk]}
    assert consultant.post(page(told, "monthly/"), form).status_code == 422
    assert report_mail.may_see(told.world.manager, told.world.client)
    assert not report_mail.may_see(stranger.owner, told.world.client)


def test_the_clock_asks_for_what_is_due(told):
    monthly(told)
    order_reports()
    assert Report.objects.get().state == JobState.QUEUED


# --- Growing old -----------------------------------------------------------------------------------


def test_old_files_go_and_their_lines_stay_to_be_made_again(told, consultant, settings):
    report = made(told, "sheet")
    path = Path(report.file.path)
    settings.REPORTS_KEPT_DAYS = 30
    expire_reports()
    assert path.exists()
    Report.objects.update(finished_at=timezone.now() - timedelta(days=31))
    settings.REPORTS_KEPT_DAYS = 0
    expire_reports()
    assert path.exists(), "0: for ever"
    settings.REPORTS_KEPT_DAYS = 30
    expire_reports()
    report.refresh_from_db()
    assert report.state == JobState.EXPIRED
    assert not path.exists()
    assert consultant.get(told.world.url(f"reports/{report.pk}/download/")).status_code == 404
    shown = consultant.get(page(told)).content.decode()
    assert "Make it again" in shown
    consultant.post(told.world.url(f"reports/{report.pk}/retry/"))
    render_reports()
    report.refresh_from_db()
    assert report.state == JobState.DONE
    assert Path(report.file.path).exists()
