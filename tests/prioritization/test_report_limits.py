"""A report too large for the machine fails with a sentence; the process that made it goes on."""

import resource

import pytest
from weasyprint import HTML

from prioritization import jobs
from prioritization.models import FailureReason, JobState
from prioritization.reports.limits import bounded, used
from prioritization.tasks import render_reports
from tests.prioritization.report_world import Told

GREEDY = 400 * 1024 * 1024


def test_beyond_the_bound_allocation_fails_and_afterwards_it_does_not():
    before = resource.getrlimit(resource.RLIMIT_AS)
    with bounded(64), pytest.raises(MemoryError):
        bytearray(GREEDY)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert len(bytearray(GREEDY)) == GREEDY


def test_a_bound_lets_through_what_fits_and_none_is_none():
    assert (used() or 0) > 0
    with bounded(600):
        assert len(bytearray(GREEDY)) == GREEDY
    before = resource.getrlimit(resource.RLIMIT_AS)
    with bounded(0):
        assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_a_greedy_report_fails_with_a_sentence_and_the_next_is_made(told: Told, settings, monkeypatch):
    settings.REPORT_MEMORY_MB = 200
    greedy, _ = jobs.ask(told.world.cycle, told.wave, "en", told.world.consultant)
    modest, _ = jobs.ask(told.world.cycle, told.wave, "es", told.world.consultant)
    write = HTML.write_pdf

    def hungry(page, **options):
        """WeasyPrint, had it to lay out a document that takes that much."""
        return bytes(bytearray(GREEDY)) if page.etree_element.get("lang") == "en" else write(page, **options)

    monkeypatch.setattr(HTML, "write_pdf", hungry)
    settings.REPORT_MEMORY_MB = 200
    render_reports()
    settings.REPORT_MEMORY_MB = 1500
    render_reports()
    greedy.refresh_from_db()
    modest.refresh_from_db()
    assert (greedy.state, greedy.reason) == (JobState.FAILED, FailureReason.TOO_LARGE)
    assert modest.state == JobState.DONE
