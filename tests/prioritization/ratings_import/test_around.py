"""Around an import: the pages it leads to, workers, who may, all of it or nothing."""

import csv
import io

from cycles.models import Moment
from prioritization import matrix
from prioritization.models import ImportState, RatingsImport
from prioritization.ratings_import import jobs
from prioritization.tasks import import_ratings
from surveys.models import Response, Survey
from tests.prioritization.ratings_import.files import WIDE, given, imported, press, text_of


def test_a_survey_without_importance_leaves_every_page_standing(world, consultant):
    rows = "".join(f"r{n},{1 + n % 5},{1 + n % 4},{1 + n % 5}\n" for n in range(40))
    found = imported(consultant, world, f"respondent,overall,sat:Find the shop,sat:Be greeted\n{rows}")
    assert found.survey.asks_importance is False
    matrix.refresh_stale()
    for page in ("", "matrix/", "overview/", "survey/", "reports/", "import/"):
        assert consultant.get(world.url(f"cycles/{world.cycle.pk}/{page}")).status_code == 200, page
    wave = found.survey.waves.get()
    assert consultant.get(world.url(f"waves/{wave.pk}/")).status_code == 200
    assert "No importance in this file" in text_of(consultant.get(world.url(f"imports/{found.pk}/")))


def test_an_imported_survey_gives_a_matrix(world, consultant):
    rows = "".join(f"r{n},{5 - n % 2},{2 + n % 2},{1 + n % 2},{4 + n % 2}\n" for n in range(60))
    header = "respondent,imp:Find the shop,sat:Find the shop,imp:Be greeted,sat:Be greeted\n"
    imported(consultant, world, header + rows)
    matrix.refresh_stale()
    page = text_of(consultant.get(world.url(f"cycles/{world.cycle.pk}/matrix/")))
    assert "Find the shop" in page
    assert "60" in page


def test_what_is_too_much_for_a_request_is_left_to_a_worker(world, consultant, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE_RESPONDENTS", 2)
    url = given(consultant, world, WIDE)
    assert press(consultant, url).status_code == 302
    found = RatingsImport.objects.get()
    assert found.state == ImportState.QUEUED
    assert "Waiting for its turn" in text_of(consultant.get(url))
    press(consultant, url)
    import_ratings()
    found.refresh_from_db()
    assert (found.state, Response.objects.count(), bytes(found.table)) == (ImportState.DONE, 3, b"")
    import_ratings()
    assert Response.objects.count() == 3


def test_a_worker_that_died_twice_is_given_up_and_the_file_can_be_tried_again(world, consultant):
    url = given(consultant, world, WIDE)
    found = RatingsImport.objects.get()
    assert jobs.queue(found)
    for _ in range(jobs.ATTEMPTS):
        claimed = jobs.claim()
        assert claimed is not None
        assert jobs.claim() is None, "nobody else gets it while the lease lasts"
        RatingsImport.objects.update(lease_until="2020-01-01T00:00Z")
    assert jobs.claim() is None
    assert "stopped twice" in text_of(consultant.get(url))
    assert press(consultant, url).status_code == 302
    assert Response.objects.count() == 3


def test_who_lost_the_claim_writes_nothing(world, consultant):
    given(consultant, world, WIDE)
    jobs.queue(RatingsImport.objects.get())
    first = jobs.claim()
    RatingsImport.objects.update(lease_until="2020-01-01T00:00Z")
    second = jobs.claim()
    jobs.run(first)
    assert not Survey.objects.exists()
    jobs.run(second)
    assert Survey.objects.count() == 1


def test_a_moment_that_left_the_map_meanwhile_fails_with_nothing_written(world, consultant):
    url = given(consultant, world, WIDE)
    jobs.queue(RatingsImport.objects.get())
    Moment.objects.filter(name="Be greeted").delete()
    import_ratings()
    assert not Survey.objects.exists()
    answer = consultant.get(url)
    assert "The map changed meanwhile" in text_of(answer)
    assert "This moment is no longer on the map" in text_of(answer)


def test_a_manager_neither_sees_nor_imports(world, consultant, manager):
    url = given(consultant, world, WIDE)
    assert manager.get(url).status_code == 403
    assert press(manager, url).status_code == 403
    assert not Response.objects.exists()


def test_the_survey_and_the_matrix_lead_here(world, consultant):
    for page in ("survey/", "matrix/"):
        answer = consultant.get(world.url(f"cycles/{world.cycle.pk}/{page}"))
        assert world.url(f"cycles/{world.cycle.pk}/import/") in answer.content.decode()


def test_htmx_gets_the_fragment_and_422_keeps_it(world, consultant):
    url = given(consultant, world, WIDE)
    answer = consultant.post(
        f"{url}columns/", {"scale": "5", "no_answer": "4"}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 422
    assert b"<html" not in answer.content
    answer = consultant.post(f"{url}columns/", {"no_answer": ""}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "Import 3 respondents" in text_of(answer)


def test_all_of_it_is_written_or_nothing(world, consultant):
    """A file that is right until its last row leaves no trace."""
    rows = "".join(f"r{n},4\n" for n in range(3000))
    url = given(consultant, world, f"respondent,sat:Park the car\n{rows}last,77\n")
    answer = press(consultant, url)
    assert "line 3002, column sat:Park the car" in text_of(answer)
    assert not Moment.objects.filter(name="Park the car").exists()
    assert not Survey.objects.exists()


def test_the_csv_of_the_page_is_what_csv_reads(world, consultant):
    """Names with separators and quotes go through."""
    out = io.StringIO()
    csv.writer(out).writerows([["respondent", 'sat:Ask "why", wait'], ["a", "4"]])
    imported(consultant, world, out.getvalue())
    assert Moment.objects.filter(name='Ask "why", wait').exists()
