"""What the matrix page says, to whom, in which language, and at what cost."""

import re

from cycles.models import Moment
from prioritization.models import Matrix
from tests.conftest import log_in
from tests.prioritization.matrix_page.reading import heading, rows, shown, url


def numbers_drawn(page: str) -> list[str]:
    return re.findall(r'class="mx-num[^"]*"[^>]*>(\d+)<', page)


# --- What it says ---------------------------------------------------------------------------------


def test_the_title_is_the_finding_and_the_table_gives_the_figures(world, consultant, wave):
    page = shown(consultant, world)
    assert heading(page) == "“Queue at the till” asks for action first"
    table = rows(page)
    assert list(table) == ["Queue at the till", "Be greeted", "Find the shop"]  # most urgent first
    assert table["Queue at the till"] == ["5.0", "1.5", "+3.5", "60", ">99%"]
    assert table["Find the shop"][:4] == ["2.5", "3.5", "−1.0", "60"]
    assert sorted(numbers_drawn(page)) == ["1", "2", "3"]
    assert "Means from 1 to 5." in page
    assert "60 answers, Spring." in page


def test_statistical_words_are_explained_where_they_stand(world, consultant, wave):
    words = re.search(r'<details class="words"[^>]*>.*?</details>', shown(consultant, world), re.S)[0]
    assert re.findall(r"<dt>(\w+)</dt>", words) == ["Gap", "Certainty", "Crosshair", "Ellipse"]


def test_numbers_follow_the_language_of_the_reader(world, wave):
    page = shown(log_in(world.viewer, "es"), world)
    assert rows(page)["Queue at the till"][:3] == ["5,0", "1,5", "+3,5"]
    assert not re.search(r'(?:cx|cy|x|y|d)="[^"]*\d,\d', page)


def test_a_viewer_reads_it_and_a_stranger_finds_nothing(world, stranger, wave):
    assert log_in(world.viewer).get(url(world)).status_code == 200
    other = log_in(stranger.owner)
    for page in ("", "live/", "table.csv"):
        assert other.get(url(world, page)).status_code == 404
    there = stranger.url(f"cycles/{world.cycle.pk}/matrix/")
    assert other.get(there).status_code == 404


def test_looking_changes_nothing_and_only_looking_is_possible(world, consultant, wave):
    before = Matrix.objects.values_list("computed_at", flat=True).get()
    shown(consultant, world)
    assert Matrix.objects.values_list("computed_at", flat=True).get() == before
    assert consultant.post(url(world)).status_code == 405


def test_a_moment_is_named_as_on_the_map_today(world, consultant, wave):
    Moment.objects.filter(name="Queue at the till").update(name="Wait at the till")
    Moment.objects.get(name="Be greeted").delete()
    page = shown(consultant, world)
    assert heading(page).startswith("“Wait at the till”")
    assert "Be greeted" in rows(page)
    assert "no longer on the map" in page
    assert sorted(numbers_drawn(page)) == ["1", "2", "3"]


# --- Cost -----------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(world, consultant, later, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        shown(consultant, world)
