"""A report is made once, by one worker, and taken up once more when that worker dies."""

import errno
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from weasyprint import HTML

from cycles.models import Moment
from prioritization import jobs
from prioritization.models import FailureReason, JobState, Report
from prioritization.reports import pdf
from prioritization.tasks import render_reports
from tests.prioritization.report_world import Told


def ask(told: Told, language: str = "en") -> tuple[Report, bool]:
    return jobs.ask(told.world.cycle, told.wave, language, told.world.consultant)


def stored() -> list[Path]:
    return [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]


def expire(report: Report) -> None:
    """As when the worker was killed: the claim stays, the lease runs out."""
    Report.objects.filter(pk=report.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_ten_presses_make_one_job(told):
    made = [ask(told) for _ in range(10)]
    assert [new for _, new in made] == [True] + [False] * 9
    assert len({report.pk for report, _ in made}) == 1
    render_reports()
    assert ask(told)[0].state == JobState.DONE
    assert Report.objects.count() == 1


def test_the_database_refuses_a_second_live_job_of_one_fingerprint(told):
    report, _ = ask(told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(cycle=report.cycle, language="en", fingerprint=report.fingerprint)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: Moment.objects.filter(name="Be greeted").update(name="Be welcomed"),
        lambda told: type(told.late).objects.filter(pk=told.late.pk).update(owner="Pia"),
        lambda told: type(told.wave).objects.filter(pk=told.wave.pk).update(name="Winter"),
    ],
)
def test_whatever_the_report_shows_makes_a_new_one_when_it_changes(told, change):
    first, _ = ask(told)
    change(told)
    told.wave.refresh_from_db()
    second, new = ask(told)
    assert new
    assert second.pk != first.pk


def test_each_language_is_a_report_of_its_own(told):
    assert ask(told, "en")[0].pk != ask(told, "es")[0].pk


def test_the_worker_stores_the_file_whole_and_leaves_nothing_beside_it(told):
    report, _ = ask(told)
    render_reports()
    report.refresh_from_db()
    assert report.state == JobState.DONE
    assert (report.attempts, report.stage, report.lease_until) == (1, report.stages, None)
    content = report.file.read()
    assert content.startswith(b"%PDF-")
    assert report.size == len(content)
    assert [path.name for path in stored()] == [f"{report.pk}.pdf"]


def test_a_claimed_report_is_nobody_elses(told):
    ask(told)
    assert jobs.claim() is not None
    assert jobs.claim() is None


def test_a_report_whose_worker_died_is_taken_up_once_then_failed_with_a_reason(told):
    report, _ = ask(told)
    first = jobs.claim()
    expire(report)
    second = jobs.claim()
    assert first
    assert second
    assert second.pk == first.pk
    assert second.claim != first.claim
    assert second.attempts == 2
    expire(report)
    assert jobs.claim() is None
    report.refresh_from_db()
    assert (report.state, report.reason) == (JobState.FAILED, FailureReason.WORKER_DIED)
    assert report.attempts == 2


def test_the_attempt_is_counted_before_the_work(told):
    report, _ = ask(told)
    jobs.claim()
    report.refresh_from_db()
    assert report.attempts == 1


def test_a_worker_that_lost_its_lease_changes_nothing(told):
    report, _ = ask(told)
    slow = jobs.claim()
    expire(report)
    quick = jobs.claim()
    assert slow
    assert quick
    jobs.run(slow)
    report.refresh_from_db()
    assert (report.state, report.claim) == (JobState.RUNNING, quick.claim)
    jobs.run(quick)
    report.refresh_from_db()
    assert report.state == JobState.DONE


def test_the_lease_is_renewed_while_pages_are_laid_out(told):
    report, _ = ask(told)
    claimed = jobs.claim()
    assert claimed
    held = jobs.Held(claimed)
    expire(report)
    held.last_beat -= 2
    held.beat()
    report.refresh_from_db()
    assert report.lease_until > timezone.now() + timedelta(seconds=50)


def test_every_page_laid_out_beats(told):
    from prioritization.reports import document, pages

    shown = document.gather(told.world.cycle, told.wave, "en", timezone.localdate())
    beats = []
    pdf.typeset(pages.compose(shown), lambda: beats.append(1))
    assert len(beats) > 5


def test_a_cancelled_report_stops_at_the_next_beat_and_leaves_no_file(told):
    report, _ = ask(told)
    claimed = jobs.claim()
    jobs.cancel(report)
    jobs.run(claimed)
    report.refresh_from_db()
    assert report.state == JobState.CANCELLED
    assert stored() == []


def test_cancelling_after_the_end_changes_nothing(told):
    report, _ = ask(told)
    render_reports()
    jobs.cancel(report)
    report.refresh_from_db()
    assert report.state == JobState.DONE


def test_a_full_disk_leaves_no_half_file_and_a_sentence(told, monkeypatch):
    report, _ = ask(told)

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("prioritization.reports.shelf.os.fsync", full)
    render_reports()
    report.refresh_from_db()
    assert (report.state, report.reason) == (JobState.FAILED, FailureReason.DISK_FULL)
    assert "disk" in report.reason_text
    assert stored() == []


def test_a_failing_report_does_not_hold_up_the_next(told, monkeypatch):
    broken, _ = ask(told, "en")
    whole, _ = ask(told, "es")
    write = HTML.write_pdf

    def choke(page: HTML, **options: Any) -> Any:
        """WeasyPrint, had it a document that it cannot lay out."""
        if page.etree_element.get("lang") == "en":
            raise ValueError("poison")
        return write(page, **options)

    monkeypatch.setattr(HTML, "write_pdf", choke)
    render_reports()
    render_reports()
    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (broken.state, broken.reason) == (JobState.FAILED, FailureReason.BROKEN)
    assert whole.state == JobState.DONE


def test_a_failed_report_may_be_tried_again(told):
    report, _ = ask(told)
    Report.objects.update(state=JobState.FAILED, reason=FailureReason.WORKER_DIED, attempts=2)
    assert jobs.ask_again(report, told.world.manager)
    render_reports()
    report.refresh_from_db()
    assert (report.state, report.reason, report.attempts) == (JobState.DONE, "", 1)
    assert report.requested_by == told.world.manager


def test_trying_again_beside_an_equal_report_adds_none(told):
    failed, _ = ask(told)
    Report.objects.update(state=JobState.FAILED)
    ask(told)
    assert not jobs.ask_again(failed, told.world.consultant)
    failed.refresh_from_db()
    assert failed.state == JobState.FAILED


def test_a_lost_file_does_not_stand_in_the_way(told):
    report, _ = ask(told)
    render_reports()
    report.refresh_from_db()
    Path(report.file.path).unlink()
    again, new = ask(told)
    assert new
    report.refresh_from_db()
    assert (report.state, report.reason) == (JobState.FAILED, FailureReason.FILE_LOST)
    assert again.pk != report.pk


def test_the_fingerprint_is_that_of_what_was_rendered(told):
    """The data moved between the press and the work: the report shows the newest and says so."""
    report, _ = ask(told)
    asked_for = report.fingerprint
    Moment.objects.filter(name="Be greeted").update(name="Be welcomed")
    render_reports()
    report.refresh_from_db()
    assert report.fingerprint != asked_for
    same, new = ask(told)
    assert (same.pk, new) == (report.pk, False)


def test_of_two_jobs_that_became_equal_one_is_kept(told):
    first, _ = ask(told)
    Moment.objects.filter(name="Be greeted").update(name="Be welcomed")
    second, _ = ask(told)
    render_reports()
    render_reports()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.reason) == (JobState.FAILED, FailureReason.SUPERSEDED)
    assert second.state == JobState.DONE
    assert [path.name for path in stored()] == [f"{second.pk}.pdf"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_without_doing_any_twice(told):
    """Four jobs, two threads, every job made once."""
    for k in range(4):
        Moment.objects.filter(name__startswith="Be ").update(name=f"Be number {k}")
        ask(told)
    taken: list[int] = []

    def work() -> None:
        try:
            while claimed := jobs.claim():
                taken.append(claimed.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(Report.objects.values_list("pk", flat=True))
    assert set(Report.objects.values_list("attempts", flat=True)) == {1}
