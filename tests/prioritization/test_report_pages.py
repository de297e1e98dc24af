"""The list of reports: who may ask, see and take away, with and without script."""

from pathlib import Path

import pytest
from django.urls import reverse

from prioritization.models import FailureReason, JobState, Report
from prioritization.tasks import render_reports
from tests.conftest import log_in
from tests.prioritization.report_world import Told

pytestmark = pytest.mark.once  # what becomes of a job on either database: test_jobs.py

HTMX = {"HX-Request": "true"}


def url(told: Told, name: str, *args: object) -> str:
    return reverse(f"prioritization:{name}", args=[told.world.workspace.slug, *args])


def press(told: Told, browser, *, language: str = "en", wave: object = "", **headers):
    page = url(told, "report_ask", told.world.cycle.pk)
    return browser.post(page, {"wave": wave or told.wave.pk, "language": language}, headers=headers)


def test_press_wait_download(told, consultant):
    answered = press(told, consultant)
    assert answered.status_code == 302
    page = consultant.get(answered.url).content.decode()
    assert "Waiting for its turn" in page
    render_reports()
    page = consultant.get(answered.url).content.decode()
    report = Report.objects.get()
    assert "Waiting" not in page
    assert url(told, "report_download", report.pk) in page
    file = consultant.get(url(told, "report_download", report.pk))
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"] == 'attachment; filename="Client-of-alba-Cycle-of-alba-Autumn-en.pdf"'
    assert "no-store" in file["Cache-Control"]
    assert b"".join(file.streaming_content).startswith(b"%PDF-")


def test_the_latest_wave_and_the_readers_language_are_chosen_before(told, consultant):
    page = consultant.get(url(told, "reports", told.world.cycle.pk)).content.decode()
    assert f'<option value="{told.wave.pk}" selected>' in page
    assert 'value="en"' in page.split("checked")[0].rsplit("<input", 1)[1]


def test_by_htmx_a_press_answers_the_list_and_each_line_asks_for_itself(told, consultant):
    fragment = press(told, consultant, **HTMX)
    assert fragment.status_code == 200
    text = fragment.content.decode()
    assert "<html" not in text
    report = Report.objects.get()
    line = url(told, "report_progress", report.pk)
    assert f'hx-get="{line}" hx-trigger="load delay:1s"' in text
    Report.objects.update(state=JobState.RUNNING, stage=3)
    running = consultant.get(line, headers=HTMX).content.decode()
    assert "Step 3 of 4: Laying out the pages" in running
    assert "p-75" in running
    assert "hx-trigger" in running
    Report.objects.update(state=JobState.QUEUED, stage=0)
    render_reports()
    done = consultant.get(line, headers=HTMX).content.decode()
    assert "hx-trigger" not in done
    assert "The report is ready." in done


def test_progress_without_htmx_leads_to_the_page(told, consultant):
    press(told, consultant)
    answered = consultant.get(url(told, "report_progress", Report.objects.get().pk))
    assert answered.status_code == 302
    assert answered.url == url(told, "reports", told.world.cycle.pk)


def test_ten_presses_leave_one_line(told, consultant):
    for _ in range(10):
        press(told, consultant)
    assert Report.objects.count() == 1
    render_reports()
    press(told, consultant)
    page = consultant.get(url(told, "reports", told.world.cycle.pk)).content.decode()
    assert "Nothing has changed since this report was made" in page
    assert Report.objects.count() == 1


@pytest.mark.parametrize("fields", [{"language": "fr"}, {"wave": 987654}, {"wave": "x"}])
def test_a_wrong_choice_is_said_at_the_field(told, consultant, fields):
    page = url(told, "report_ask", told.world.cycle.pk)
    answered = consultant.post(page, {"wave": told.wave.pk, "language": "en", **fields})
    assert answered.status_code == 422
    assert 'class="error"' in answered.content.decode()
    assert not Report.objects.exists()


def test_a_manager_asks_a_viewer_only_reads(told):
    manager, viewer = log_in(told.world.manager), log_in(told.world.viewer)
    assert press(told, viewer).status_code == 403
    assert press(told, manager).status_code == 302
    render_reports()
    report = Report.objects.get()
    for browser in (manager, viewer):
        assert browser.get(url(told, "report_download", report.pk)).status_code == 200
    page = viewer.get(url(told, "reports", told.world.cycle.pk)).content.decode()
    assert 'id="report-make"' not in page
    assert url(told, "report_download", report.pk) in page
    assert viewer.post(url(told, "report_cancel", report.pk)).status_code == 403
    assert viewer.post(url(told, "report_retry", report.pk)).status_code == 403


def test_a_stranger_finds_no_report(told, stranger):
    press(told, log_in(told.world.consultant))
    render_reports()
    report = Report.objects.get()
    browser = log_in(stranger.owner)
    for name in ("report_progress", "report_download"):
        assert browser.get(url(told, name, report.pk)).status_code == 404
        own = reverse(f"prioritization:{name}", args=[stranger.workspace.slug, report.pk])
        assert browser.get(own).status_code == 404
    for name in ("report_cancel", "report_retry"):
        own = reverse(f"prioritization:{name}", args=[stranger.workspace.slug, report.pk])
        assert browser.post(own).status_code == 404
    own = reverse("prioritization:report_ask", args=[stranger.workspace.slug, told.world.cycle.pk])
    assert browser.post(own, {"language": "en"}).status_code == 404


def test_a_foreign_wave_cannot_be_reported_on(told, stranger):
    browser = log_in(stranger.owner)
    own = reverse("prioritization:report_ask", args=[stranger.workspace.slug, stranger.cycle.pk])
    assert browser.post(own, {"wave": told.wave.pk, "language": "en"}).status_code == 422
    assert not Report.objects.exists()


def test_cancel_then_try_again(told, consultant):
    press(told, consultant)
    report = Report.objects.get()
    assert consultant.post(url(told, "report_cancel", report.pk)).status_code == 302
    render_reports()
    page = consultant.get(url(told, "reports", told.world.cycle.pk)).content.decode()
    assert "Cancelled" in page
    assert "Try again" in page
    assert consultant.post(url(told, "report_retry", report.pk)).status_code == 302
    render_reports()
    report.refresh_from_db()
    assert report.state == JobState.DONE


def test_a_failed_report_says_why(told, consultant):
    press(told, consultant)
    Report.objects.update(state=JobState.FAILED, reason=FailureReason.WORKER_DIED)
    page = consultant.get(url(told, "reports", told.world.cycle.pk)).content.decode()
    assert "The work stopped twice before it was finished." in page
    assert "Try again" in page


def test_nothing_but_the_view_gives_the_file(told, consultant):
    press(told, consultant)
    render_reports()
    report = Report.objects.get()
    assert consultant.get(f"/media/{report.file.name}").status_code == 404
    page = consultant.get(url(told, "reports", told.world.cycle.pk)).content.decode()
    assert report.file.name not in page
    assert report.fingerprint not in page


def test_an_unfinished_or_lost_file_is_not_found(told, consultant):
    press(told, consultant)
    report = Report.objects.get()
    assert consultant.get(url(told, "report_download", report.pk)).status_code == 404
    render_reports()
    report.refresh_from_db()
    Path(report.file.path).unlink()
    assert consultant.get(url(told, "report_download", report.pk)).status_code == 404


@pytest.mark.parametrize("name", ["report_ask", "report_cancel", "report_retry"])
def test_a_get_changes_nothing(told, consultant, name):
    press(told, consultant)
    pk = told.world.cycle.pk if name == "report_ask" else Report.objects.get().pk
    before = Report.objects.values().get()
    assert consultant.get(url(told, name, pk)).status_code == 405
    assert Report.objects.values().get() == before


def test_a_file_name_no_disk_stumbles_over(told, consultant):
    told.world.cycle.name = 'Añadir: "a/b\\c" \n..; ☂'
    told.world.cycle.save()
    press(told, consultant)
    render_reports()
    header = consultant.get(url(told, "report_download", Report.objects.get().pk))["Content-Disposition"]
    assert header == ("attachment; filename*=utf-8''Client-of-alba-A%C3%B1adir-a-b-c-Autumn-en.pdf")


def test_the_list_asks_the_database_the_same_for_one_report_and_for_twenty(told, consultant):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page = url(told, "reports", told.world.cycle.pk)
    press(told, consultant)
    with CaptureQueriesContext(
        connection,
    ) as one:
        consultant.get(page)
    for k in range(20):
        Report.objects.create(
            cycle=told.world.cycle,
            wave=told.wave,
            language="en",
            fingerprint=str(k),
            requested_by=told.world.owner,
        )
    with CaptureQueriesContext(connection) as twenty:
        latest = consultant.get(page)
    assert len(twenty) == len(one)
    assert "Page 1 of 2" in latest.content.decode()
    oldest = consultant.get(f"{page}?page=2", headers=HTMX)
    assert [report.fingerprint for report in latest.context["reports"]] == [str(k) for k in range(19, -1, -1)]
    assert [report.pk for report in oldest.context["reports"]] == [Report.objects.earliest("pk").pk]
