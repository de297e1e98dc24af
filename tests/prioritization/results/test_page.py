"""The page of results: its states, languages and cost."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cycles.models import Moment
from surveys.models import Item, Rating, Response
from tests.conftest import log_in
from tests.prioritization.answers import answer, survey_of, wave_of
from tests.prioritization.results.reading import forget_all, page, text_of


def test_what_there_is_to_see_before_anybody_has_answered(world, consultant):
    assert "There is no survey yet" in text_of(page(consultant, world))
    wave_of(survey_of(world.cycle))
    assert "Nobody has answered Wave 1 yet" in text_of(page(consultant, world))


def test_in_spanish(world, wave):
    answer(wave, [(5, 1)] * 3, times=8)
    told = text_of(page(log_in(world.consultant, "es"), world))
    assert "Qué respondieron 8 clientes" in told
    assert "Find the shop (es)" in told
    assert "Moment by moment" not in told


def test_htmx_gets_the_part_below_the_navigation(world, consultant, wave):
    answer(wave, [(5, 1)] * 3, times=8)
    part = page(consultant, world, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="answers"' in part


def test_forty_moments_cost_no_query_more_than_three(world, consultant, wave):
    def queries(query: str) -> int:
        page(consultant, world, query)
        forget_all()
        with CaptureQueriesContext(connection) as found:
            assert page(consultant, world, query).status_code == 200
        return len(found)

    answer(wave, [(5, 1)] * 3, times=30, city="Cali")
    answer(wave, [(5, 2)] * 3, times=30, city="Pasto")
    Response.objects.filter(segments__city="Cali").update(language="es")
    Response.objects.filter(segments__city="Pasto").update(language="en")
    asked = ("", "?segment=city%3DCali", "?segment=%40language%3Des")
    few = [queries(query) for query in asked]
    moments = list(Moment.objects.all())
    for n in range(37):
        item = Item.objects.create(
            survey=wave.survey, position=20 + n, wording={"en": f"Moment {n}"}, stage={"en": "More"}
        )
        Rating.objects.bulk_create(
            Rating(response=one, item=item, satisfaction=3) for one in Response.objects.all()[:20]
        )
    forget_all()
    assert len(moments) == 3
    assert [queries(query) for query in asked] == few
