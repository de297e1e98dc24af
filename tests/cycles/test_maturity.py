"""Assessments of maturity: kept once, refused at the field, compared, deleted and brought back, exported."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cycles import bin
from cycles.maturity import ELEMENTS_IN_WORDS, assessments_of, comparison_of
from cycles.models import Assessment, Cycle
from tests.conftest import log_in

pytestmark = pytest.mark.django_db

LEVELS = {"relationship": 2, "doubts": 3, "value": 1, "experience": 4}


def posted(**more: object) -> dict[str, object]:
    return {
        "name": "At the start",
        "made_on": "2026-01-15",
        "made_by": "Noelia and Iván",
        "value_note": "Nobody has asked.",
        "key": "k1",
        **LEVELS,
        **more,
    }


def add(browser, world, **more: object):
    return browser.post(world.url(f"cycles/{world.cycle.pk}/maturity/new/"), posted(**more))


def page(browser, world, query: str = "") -> str:
    response = browser.get(world.url(f"cycles/{world.cycle.pk}/maturity/{query}"))
    assert response.status_code == 200
    return response.content.decode()


def judged(cycle: Cycle, name: str, day: date, *levels: int) -> Assessment:
    keys = [one.key for one in ELEMENTS_IN_WORDS]
    return Assessment.objects.create(
        cycle=cycle, name=name, made_on=day, made_by="Ana", **dict(zip(keys, levels, strict=True))
    )


def test_a_manager_assesses_and_everybody_reads_what_the_levels_mean(world, manager):
    before = Cycle.objects.get(pk=world.cycle.pk).revision
    assert add(manager, world).status_code == 302
    row = Assessment.objects.get()
    assert (row.relationship, row.value_note, row.made_on) == (2, "Nobody has asked.", date(2026, 1, 15))
    assert Cycle.objects.get(pk=world.cycle.pk).revision == before + 1
    body = page(log_in(world.viewer), world)
    assert "Some of us know our own customers" in body  # the words of level 2
    assert "Nobody has asked." in body
    assert "Furthest to go: value, level 1 of 5" in body
    assert "maturity/new/" not in body  # a viewer changes nothing
    assert log_in(world.viewer).post(world.url(f"cycles/{world.cycle.pk}/maturity/new/")).status_code == 403


def test_the_same_form_sent_twice_is_one_assessment(world, consultant):
    for _ in range(2):
        assert add(consultant, world).status_code == 302
    assert Assessment.objects.count() == 1
    assert add(consultant, world, key="k2").status_code == 302
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": ""}, "Choose the level that describes today best."),
        ({"value": "6"}, "Select a valid choice"),
        ({"made_on": "2999-01-01"}, "An assessment is made today or was made before."),
        ({"made_on": "1950-01-01"}, "A date since the year 2000."),
        ({"made_on": "soon"}, "Enter a valid date."),
        ({"made_by": ""}, "This field is required."),
        ({"name": "x\x00"}, "control character"),
        ({"doubts_note": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(world, consultant, wrong, said):
    response = add(consultant, world, **wrong)
    assert response.status_code == 422
    body = response.content.decode()
    assert said in body
    assert "Noelia and Iván" in body or "made_by" in wrong  # what was typed is kept
    assert not Assessment.objects.exists()


def test_the_head_of_the_page_leads_to_another_assessment(world, consultant):
    judged(world.cycle, "At the start", date(2025, 11, 3), 2, 3, 1, 4)
    assert 'href="?new=1#t-new"' in page(consultant, world)
    assert "<details>" in page(consultant, world)
    assert "<details open>" in page(consultant, world, "?new=1"), "without script"
    assert "?new=1" not in page(log_in(world.viewer), world)


def test_two_days_are_compared_element_by_element(world, consultant):
    judged(world.cycle, "At the start", date(2025, 11, 3), 2, 3, 1, 4)
    judged(world.cycle, "After a year", date(2026, 11, 3), 4, 3, 2, 3)
    found = comparison_of(assessments_of(world.cycle))
    assert found is not None
    assert [row.difference_text for row in found.rows] == ["+2", "the same", "+1", "−1"]
    assert found.title == "2 of 4 elements rose, 1 fell"
    body = page(consultant, world)
    assert "At the start" in body
    assert "+2" in body
    assert "from 2 to 4 of 5" in body  # the drawing says it too
    # Three: any two can be chosen, and nonsense is the usual pair.
    third = judged(world.cycle, "Now", date(2026, 11, 20), 5, 5, 5, 5)
    rows = assessments_of(world.cycle)
    chosen = comparison_of(rows, str(rows[1].pk), str(third.pk))
    assert chosen is not None
    assert [row.difference for row in chosen.rows] == [1, 2, 3, 2]
    usual = comparison_of(rows, "x", None)
    assert usual is not None
    assert (usual.before, usual.now) == (rows[0], third)
    assert page(consultant, world, f"?a={rows[1].pk}&b={third.pk}").count("+3") == 1
    page(consultant, world, "?a=%00&b=999999999999999999999")
    same = comparison_of(rows[:1] * 1)
    assert same is not None
    assert same.before is None


def test_it_is_corrected_deleted_and_brought_back_and_the_history_tells(world, consultant):
    row = judged(world.cycle, "At the start", date(2025, 11, 3), 2, 3, 1, 4)
    url = world.url(f"assessments/{row.pk}/")
    assert consultant.get(url).status_code == 200
    assert consultant.post(url, posted(value=9)).status_code == 422
    assert consultant.post(url, posted(value=3)).status_code == 302
    row.refresh_from_db()
    assert row.value == 3
    for _ in range(2):
        gone = consultant.post(f"{url}delete/")
        assert gone.status_code == 302
    body = consultant.get(gone["Location"]).content.decode()
    assert "has been deleted" in body
    assert "1 deleted assessment" in body
    assert assessments_of(world.cycle) == []
    assert consultant.get(url).status_code == 404
    assert consultant.post(f"{url}restore/").status_code == 302
    assert len(assessments_of(world.cycle)) == 1
    told = consultant.get(world.url(f"cycles/{world.cycle.pk}/history/?kind=assessment")).content.decode()
    assert "changed the assessment “At the start”" in told
    assert "took the assessment “At the start” out of the bin" in told


def test_what_lay_in_the_bin_for_a_month_goes(world):
    row = judged(world.cycle, "Old", date(2025, 11, 3), 2, 3, 1, 4)
    Assessment.objects.filter(pk=row.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    bin.empty()
    assert not Assessment.objects.exists()


def test_the_file_says_levels_notes_and_what_they_mean(world, consultant):
    add(consultant, world)
    document = consultant.get(world.url(f"cycles/{world.cycle.pk}/maturity/assessments.json")).json()
    assert document["format"] == "cyclemap-maturity/1"
    (one,) = document["assessments"]
    assert one["levels"] == LEVELS
    assert one["notes"] == {"value": "Nobody has asked."}
    assert [len(element["levels"]) for element in document["elements"]] == [5, 5, 5, 5]


def test_nobody_else_sees_it(world, stranger):
    row = judged(world.cycle, "At the start", date(2025, 11, 3), 2, 3, 1, 4)
    other = log_in(stranger.owner)
    assert other.get(stranger.url(f"cycles/{world.cycle.pk}/maturity/")).status_code == 404
    assert other.post(stranger.url(f"assessments/{row.pk}/delete/")).status_code == 404
