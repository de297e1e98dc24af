"""What makes the matrix page quick changes nothing of it: stencils print what templates print, whoever
wrote the names, and forty moments ask the database no more than ten."""

import re
from html import escape, unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.template import Context
from django.template.defaultfilters import floatformat
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cyclemap.stencil import fill_all
from cycles.models import Cycle, Moment, Stage
from prioritization import figures, printed
from prioritization.matrix import refresh_stale
from prioritization.matrix_page import MatrixPage, page_of
from tests.prioritization.answers import answer, survey_of, wave_of

HOSTILE = '<b onclick="x">Pay</b> & {name} {0} {{ number }} %(n)s %s'
CHART = "prioritization/chart/_"


def cycle_of(client, moments: int, *, name: str = "") -> Cycle:
    cycle = Cycle.objects.create(client=client, name=f"Of {moments}", language="en")
    stage = Stage.objects.create(cycle=cycle, position=0, name="Stage", colour="a")
    for n in range(moments):
        Moment.objects.create(stage=stage, position=n, name=f"{name or 'Moment'} {n + 1}")
    return cycle


def two_waves(cycle: Cycle) -> None:
    """All four quadrants, of which some are sure; clear changes up and down, and some that are not."""
    survey = survey_of(cycle)
    n = survey.items.count()
    before, now = wave_of(survey, 1), wave_of(survey, 2)
    for at in range(4):
        first = [(1 + (k % 3 + 2 * at) % 5, 1 + (k + at * at) % 4) for k in range(n)]
        then = [(i, 5 if k % 4 == 0 else 1 if k % 4 == 1 else s) for k, (i, s) in enumerate(first)]
        answer(before, first, times=10)
        answer(now, then, times=10)
    refresh_stale()


def page_at(cycle: Cycle, query: str = "") -> MatrixPage:
    page = page_of(cycle, QueryDict(query))
    assert page.state == "shown"
    return page


def rows_by_template(page: MatrixPage) -> dict[str, list[dict[str, object]]]:
    """Every stencil of the page, with the rows that fill it."""
    assert page.board
    assert page.filters
    both = [printed.parts(page.chart), printed.parts(page.change_chart)]
    linked = {"links": True, "ident": "mx"}
    found = {
        f"{CHART}ground.svg": [row for parts in both for row in parts["grounds"]],
        f"{CHART}tick.svg": [row for parts in both for row in parts["ticks"]],
        f"{CHART}note.svg": [row for parts in both for row in parts["notes"]],
        f"{CHART}corner.svg": [row for parts in both for row in parts["corners"]],
        f"{CHART}oval.svg": [row for parts in both for row in parts["ovals"]],
        f"{CHART}arrow.svg": [row for parts in both for row in parts["arrows"]],
        f"{CHART}mark.svg": [row | more for parts in both for row in parts["marks"] for more in (linked, {})],
        f"{CHART}name.svg": [row for parts in both for row in parts["names"]],
        "prioritization/_choice.html": [vars(choice) for choice in page.filters.compare_choices],
    }
    lines = printed.lines(page.board.rows, page.filters.moment)
    found["prioritization/_matrix_row.html"] = [
        line | {"compares": c} for line in lines for c in (True, False)
    ]
    found["prioritization/_matrix_moved.html"] = printed.lines(page.board.changed)
    return found


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_stencil_prints_what_its_template_prints(world, language):
    cycle = cycle_of(world.client, 12, name=HOSTILE)
    two_waves(cycle)
    chosen = cycle.stages.get().moments.first().pk
    with override(language):
        found = rows_by_template(page_at(cycle, f"moment={chosen}"))
        for name, rows in found.items():
            assert rows, name
            template = get_template(name).template  # type: ignore[attr-defined]
            assert fill_all(template, rows) == "".join(template.render(Context(row)) for row in rows), name


def test_a_hostile_name_is_text_wherever_it_stands(world, consultant):
    cycle = cycle_of(world.client, 5, name=HOSTILE)
    two_waves(cycle)
    page = consultant.get(world.url(f"cycles/{cycle.pk}/matrix/")).content.decode()
    assert "<b onclick" not in page
    row = re.search(r'<a class="row"[^>]*>(.*?)</a>', page)[1]
    assert row == escape(unescape(row))
    assert unescape(row).startswith(HOSTILE)
    title = re.search(r'<a class="mx-pt.*?<title>(.*?)</title>', page, re.S)[1]
    assert HOSTILE in unescape(title)
    assert "<" not in title
    assert page.count(escape(HOSTILE)) >= 3 * 5  # of each moment the row and both marks


def test_forty_moments_ask_the_database_no_more_than_ten(world, consultant):
    def queries(moments: int) -> int:
        cycle = cycle_of(world.client, moments)
        two_waves(cycle)
        url = world.url(f"cycles/{cycle.pk}/matrix/")
        assert 'id="changes"' in consultant.get(url).content.decode()
        with CaptureQueriesContext(connection) as asked:
            page = consultant.get(url).content.decode()
        assert len(re.findall("<tr data-moment", page)) == moments
        return len(asked)

    ten = queries(10)
    assert queries(40) == ten
    # One of them is the bar's: how many cases are open.
    assert ten <= 14


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("value", [0.0, -0.04, -1.25, 3.349999, 4.05, 12, 1234.5, 0.1 + 0.2, 1e-9])
@pytest.mark.parametrize("places", [1, 2])
def test_figures_are_written_as_django_writes_them(language, value, places):
    with override(language):
        floated = floatformat(value, places)
        assert figures.decimal(value, places) == floated.replace("-", "−")
