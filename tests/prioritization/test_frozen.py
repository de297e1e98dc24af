"""Snapshots: frozen, read, compared, deleted, brought back."""

import re

import pytest
from django.http import QueryDict

from cycles.models import Moment
from prioritization import frozen
from prioritization.matrix import refresh_stale
from prioritization.matrix_page import page_of
from prioritization.models import Snapshot
from surveys.models import Response
from tests.conftest import log_in
from tests.prioritization.answers import answer, erase_responses, survey_of, wave_of


@pytest.fixture
def survey(world):
    return survey_of(world.cycle)


@pytest.fixture
def wave(survey):
    wave = wave_of(survey, 1, name="Spring")
    for satisfaction in (1, 2):
        answer(wave, [(3, 4), (4, 5), (5, satisfaction)], times=30, visit="first")
        answer(wave, [(3, 4), (4, 5), (5, satisfaction)], times=30, visit="again")
    refresh_stale()
    return wave


def freeze(browser, world, name="Board of May", query="", follow=True):
    data = {"name": name, "query": query}
    return browser.post(world.url(f"cycles/{world.cycle.pk}/matrix/freeze/"), data, follow=follow)


def frozen_before(world, name="Later", query=""):
    """As snapshots could be frozen before few answers in between were a reason not to."""
    frozen.freeze(world.cycle, page_of(world.cycle, QueryDict(query)), name, world.consultant)


def listed(browser, world, query=""):
    return browser.get(world.url(f"cycles/{world.cycle.pk}/matrix/snapshots/") + query)


def test_a_snapshot_stays_as_it_was_whatever_comes(world, consultant, wave):
    page = freeze(consultant, world).content.decode()
    assert "Frozen." in page
    assert "Queue at the till" in page
    answer(wave, [(5, 1), (5, 1), (1, 5)], times=300)
    Moment.objects.filter(name="Queue at the till").update(name="Wait at the till")
    refresh_stale()
    one = Snapshot.objects.get()
    again = consultant.get(world.url(f"snapshots/{one.pk}/")).content.decode()
    strip = re.compile(r'<div class="mxgrid">.*', re.S)
    assert strip.search(again)[0] == strip.search(page)[0]
    assert "<dd>120</dd>" in again


def test_its_filters_are_kept_in_words_and_address(world, consultant, wave):
    page = freeze(consultant, world, query="segment=visit%3Dfirst&cross=median").content.decode()
    assert "<dd>visit: first</dd>" in page
    assert "<dd>median</dd>" in page
    assert "<dd>60</dd>" in page
    assert Snapshot.objects.get().query == "segment=visit%3Dfirst&cross=median"


def test_who_reads_another_language_reads_the_filters_in_it(world, consultant, wave):
    freeze(consultant, world, query="segment=visit%3Dfirst&cross=median")
    world.consultant.language = "es"
    world.consultant.save()
    page = consultant.get(world.url(f"snapshots/{Snapshot.objects.get().pk}/")).content.decode()
    assert "<dt>Cruce de ejes</dt><dd>mediana</dd>" in page
    assert "<dd>visit: first</dd>" in page
    assert ">mediana " in page


def test_pressed_twice_is_frozen_once(world, consultant, wave):
    freeze(consultant, world)
    page = freeze(consultant, world, name="Again").content.decode()
    assert "Nothing has moved since “Board of May” was frozen" in page
    assert Snapshot.objects.count() == 1
    answer(wave, [(5, 1), (5, 1), (1, 5)], times=10)
    freeze(consultant, world, name="Again")
    assert Snapshot.objects.count() == 2


@pytest.mark.parametrize(("new", "status"), [(1, 422), (9, 422), (10, 200)])
def test_a_few_answers_later_nothing_is_frozen(world, consultant, wave, new, status):
    """With both somebody could subtract what those few people answered."""
    freeze(consultant, world)
    answer(wave, [(5, 1), (5, 1), (1, 5)], times=new)
    response = freeze(consultant, world, name="Later & more")
    assert response.status_code == status
    page = response.content.decode()
    said = "Fewer than 10 answers came or went since “Board of May” was frozen."
    assert (said in page) is (status == 422)
    if status == 422:
        assert 'value="Later &amp; more"' in page, "what was typed is kept"
    assert Snapshot.objects.count() == (1 if status == 422 else 2)


def test_nor_a_few_erased_ones_later_nor_when_the_first_is_deleted(world, consultant, wave):
    freeze(consultant, world)
    some = list(Response.objects.filter(wave=wave).values_list("pk", flat=True)[:3])
    erase_responses(Response.objects.filter(pk__in=some))
    assert freeze(consultant, world, name="Later").status_code == 422
    consultant.post(world.url(f"snapshots/{Snapshot.objects.get().pk}/delete/"))
    assert freeze(consultant, world, name="Later").status_code == 422


def test_other_people_or_another_look_at_the_same_answers_is_frozen(world, consultant, wave):
    freeze(consultant, world)
    assert freeze(consultant, world, name="By median", query="cross=median").status_code == 200
    answer(wave, [(5, 1), (5, 1), (1, 5)], times=5, visit="first")
    assert freeze(consultant, world, name="First", query="segment=visit%3Dfirst").status_code == 200
    assert Snapshot.objects.count() == 3
    for query in ("cross=median", "segment=nobody", "importance=unheard", "from=2020-01", "stage=99"):
        assert freeze(consultant, world, name="Now", query=query).status_code == 422, query


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_is_needed_and_kept_when_it_is_too_long(world, consultant, wave, name):
    response = freeze(consultant, world, name=name)
    assert response.status_code == 422
    assert "A name of 1 to 120 characters, please." in response.content.decode()
    assert not Snapshot.objects.exists()


def test_nothing_to_show_is_nothing_to_freeze(world, consultant):
    response = freeze(consultant, world)
    assert response.status_code == 422
    assert not Snapshot.objects.exists()


def test_editors_freeze_and_everybody_reads(world, consultant, stranger, wave):
    viewer = log_in(world.viewer)
    assert freeze(viewer, world).status_code == 403
    assert "snapshot_freeze" not in viewer.get(world.url(f"cycles/{world.cycle.pk}/matrix/")).content.decode()
    freeze(consultant, world)
    one = Snapshot.objects.get()
    assert viewer.get(world.url(f"snapshots/{one.pk}/")).status_code == 200
    assert "Board of May" in listed(viewer, world).content.decode()
    assert log_in(stranger.owner).get(world.url(f"snapshots/{one.pk}/")).status_code == 404
    assert viewer.post(world.url(f"snapshots/{one.pk}/delete/")).status_code == 403


def test_deleted_it_is_gone_and_undone_it_is_back(world, consultant, wave):
    freeze(consultant, world)
    one = Snapshot.objects.get()
    page = consultant.post(world.url(f"snapshots/{one.pk}/delete/"), follow=True).content.decode()
    assert "“Board of May” was deleted." in page
    assert consultant.get(world.url(f"snapshots/{one.pk}/")).status_code == 404
    back = consultant.post(world.url(f"snapshots/{one.pk}/restore/"), follow=True).content.decode()
    assert f"snapshots/{one.pk}/" in back


def test_an_equal_one_made_meanwhile_stands_for_both(world, consultant, wave):
    freeze(consultant, world)
    one = Snapshot.objects.get()
    consultant.post(world.url(f"snapshots/{one.pk}/delete/"))
    freeze(consultant, world, name="Other")
    page = consultant.post(world.url(f"snapshots/{one.pk}/restore/"), follow=True).content.decode()
    assert "An equal snapshot was made meanwhile." in page
    assert Snapshot.objects.filter(deleted_at=None).get().name == "Other"


def test_two_of_different_waves_are_held_against_each_other(world, consultant, survey, wave):
    freeze(consultant, world)
    later = wave_of(survey, 2, name="Autumn")
    for satisfaction in (4, 5):
        answer(later, [(3, 4), (4, 5), (5, satisfaction)], times=60)
    refresh_stale()
    freeze(consultant, world, name="Board of November")
    a, b = Snapshot.objects.order_by("pk").values_list("pk", flat=True)
    page = listed(consultant, world, f"?a={b}&b={a}").content.decode()
    assert "From Board of May to Board of November" in page
    queue = re.search(r"<tr[^>]*><th scope=\"row\">Queue at the till.*?</tr>", page, re.S)[0]
    assert "+3.0" in queue
    assert "Clearly better" in queue


def test_two_of_one_wave_share_answers_and_are_not_tested(world, consultant, wave):
    freeze(consultant, world)
    answer(wave, [(3, 4), (4, 5), (5, 5)], times=60)
    freeze(consultant, world, name="Later")
    a, b = Snapshot.objects.order_by("pk").values_list("pk", flat=True)
    page = listed(consultant, world, f"?a={a}&b={b}").content.decode()
    assert "share answers" in page
    assert "Clearly better" not in page
    assert page.count("Not tested") == 3


def compared(browser, world) -> str:
    a, b = Snapshot.objects.order_by("pk").values_list("pk", flat=True)
    page = listed(browser, world, f"?a={a}&b={b}").content.decode()
    return page[page.index('id="t-cmp"') :]


@pytest.mark.parametrize(("new", "shown"), [(1, False), (9, False), (10, True)])
def test_what_a_few_customers_added_is_not_shown(world, consultant, wave, new, shown):
    freeze(consultant, world)
    answer(wave, [(3, 4), (4, 5), (5, 5)], times=new)
    frozen_before(world)
    page = compared(consultant, world)
    assert ("Fewer than ten customers answered between the two" in page) is not shown
    assert ("Queue at the till" in page) is shown
    assert ("→" in page) is shown


def test_what_a_few_customers_took_away_is_not_shown(world, consultant, wave):
    freeze(consultant, world)
    some = list(Response.objects.filter(wave=wave).values_list("pk", flat=True)[:3])
    erase_responses(Response.objects.filter(pk__in=some))
    frozen_before(world)
    assert "Fewer than ten customers" in compared(consultant, world)


def test_a_moment_that_few_of_them_rated_is_withheld_alone(world, consultant, wave):
    freeze(consultant, world)
    answer(wave, [(3, 4), (4, 5)], times=20)
    answer(wave, [(3, 4), (4, 5), (5, 5)], times=2)
    freeze(consultant, world, name="Later")
    page = compared(consultant, world)
    queue = re.search(r"<tr[^>]*><th scope=\"row\">Queue at the till.*?</tr>", page, re.S)[0]
    assert "Too few new answers to be shown" in queue
    assert not re.search(r"\d", re.sub(r"<[^>]*>", "", queue))
    assert page.count("Too few new answers to be shown") == 1
    assert "it would tell what those people answered" in page


def test_two_segments_share_nobody_and_are_compared(world, consultant, wave):
    answer(wave, [(3, 4), (4, 5), (5, 3)], times=4, visit="again")
    freeze(consultant, world, query="segment=visit%3Dfirst")
    freeze(consultant, world, name="Again", query="segment=visit%3Dagain")
    assert "Fewer than ten customers" not in compared(consultant, world)


def test_a_segment_grown_by_a_few_is_withheld_too(world, consultant, wave):
    freeze(consultant, world, query="segment=visit%3Dfirst")
    answer(wave, [(3, 4), (4, 5), (5, 3)], times=40, visit="again")
    answer(wave, [(3, 4), (4, 5), (5, 3)], times=4, visit="first")
    frozen_before(world, query="segment=visit%3Dfirst&cross=median")
    assert "Fewer than ten customers" in compared(consultant, world)


def test_stated_against_derived_is_said(world, consultant, wave):
    for greeting in (2, 5):
        for find in (3, 4):
            came = answer(wave, [(3, find), (4, greeting), (5, 1)], times=30)
            Response.objects.filter(pk__in=[one.pk for one in came]).update(overall=greeting)
    freeze(consultant, world)
    freeze(consultant, world, name="Derived", query="importance=derived")
    a, b = Snapshot.objects.order_by("pk").values_list("pk", flat=True)
    page = listed(consultant, world, f"?a={a}&b={b}").content.decode()
    assert "One is of stated, the other of derived importance" in page
    assert "<dd>Derived</dd>" in consultant.get(world.url(f"snapshots/{b}/")).content.decode()


def test_one_alone_cannot_be_compared(world, consultant, wave):
    freeze(consultant, world)
    one = Snapshot.objects.get()
    response = listed(consultant, world, f"?a={one.pk}&b={one.pk}")
    assert response.status_code == 422
    assert "Choose two different snapshots" in response.content.decode()


def test_what_is_withheld_is_not_kept_either(world, consultant, wave):
    answer(wave_of(wave.survey, 2, name="Autumn"), [(4, 2), (3, 4)], times=20)
    refresh_stale()
    freeze(consultant, world)
    hidden = Snapshot.objects.get().board["hidden"]
    assert hidden == [{"number": "3", "name": "Queue at the till", "n": 0}]
