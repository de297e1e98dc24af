"""The matrix as a file."""

from cycles.models import Moment
from prioritization.matrix import refresh_stale
from tests.conftest import log_in
from tests.prioritization.answers import answer, wave_of
from tests.prioritization.matrix_page.reading import table


def test_the_file_has_numbers_as_numbers_in_every_language(world, wave):
    for language, column in (("en", "Gap"), ("es", None)):
        lines = table(log_in(world.viewer, language), world)
        assert len(lines) == 3
        values = list(lines[0].values())
        assert values[5:8] == ["5.0", "1.5", "3.5"]
        if column:
            assert lines[2][column] == "-1.0"


def test_a_name_cannot_become_a_formula(world, consultant, wave):
    Moment.objects.filter(name="Queue at the till").update(name='=HYPERLINK("http://x","pay")')
    names = [line["Moment"] for line in table(consultant, world)]
    assert names[0] == '\'=HYPERLINK("http://x","pay")'
    assert names[1] == "Be greeted"


def test_the_file_follows_the_filters_and_withholds_what_the_page_withholds(world, consultant, later):
    first = table(consultant, world, segment="visit=first")
    assert [line["Ratings of satisfaction"] for line in first] == ["30", "30", "30"]
    assert first[0]["Change of satisfaction"] == "2.0"
    assert first[0]["Clear change"] == "yes"


def test_suppressed_moments_have_no_numbers_in_the_file(world, consultant, survey):
    answer(wave_of(survey), [(4, 2), (3, 4)], times=20)
    refresh_stale()
    hidden = table(consultant, world)[-1]
    assert hidden["Moment"] == "Queue at the till"
    assert hidden["Quadrant"] == "Not shown: too few answers"
    assert not hidden["Importance"]


def test_without_answers_the_file_has_only_its_head(world, consultant):
    assert table(consultant, world) == []
