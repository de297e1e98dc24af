"""Beside every statistical word a help in one sentence, and a way to how it is computed."""

import re
from typing import Any

import pytest
from django.test import Client as Browser

from prioritization import explained
from prioritization.matrix import refresh_stale
from prioritization.models import Snapshot
from surveys.models import SurveyStatus
from tests.conftest import World
from tests.prioritization.answers import answer, survey_of, wave_of
from tests.prioritization.ratings_import.files import given

HELP = "/help/statistics/"


@pytest.fixture
def answered(world: World) -> World:
    """Two waves, one of them open, all that the pages have words for."""
    survey = survey_of(world.cycle, asks_overall=True, asks_nps=True)
    for number, status in ((1, SurveyStatus.CLOSED), (2, SurveyStatus.OPEN)):
        wave = wave_of(survey, number, status)
        for turn in range(40):
            [made] = answer(
                wave, [(5 - turn % 2, 1 + (turn + number) % 5), (3 + turn % 3, 4)], city="ab"[turn % 2]
            )
            made.overall, made.nps = 1 + turn % 5, turn % 11
            made.save()
    return world


def anchors(page: str) -> set[str]:
    return set(re.findall(r'<section id="([\w-]+)"', page))


def pages(world: World, browser: Browser) -> dict[str, str]:
    """Every page with statistical words in it, as it comes."""
    matrix = f"cycles/{world.cycle.pk}/matrix/"
    first = world.cycle.stages.first().moments.first().pk
    browser.post(world.url(f"{matrix}freeze/"), {"name": "Then", "query": ""})
    addresses = [
        world.url(matrix),
        world.url(f"{matrix}?moment={first}"),
        world.url(f"{matrix}depth/"),
        world.url(f"{matrix}snapshots/"),
        world.url(f"snapshots/{Snapshot.objects.get().pk}/"),
        world.url(f"cycles/{world.cycle.pk}/report-card/"),
        world.url(f"cycles/{world.cycle.pk}/views/"),
        world.url(f"cycles/{world.cycle.pk}/results/"),
        world.url(f"cycles/{world.cycle.pk}/sample/"),
        world.url(f"cycles/{world.cycle.pk}/plan/effects/"),
        world.url(f"cycles/{world.cycle.pk}/plan/ranking/"),
        given(browser, world, "respondent,weight,sat:Be greeted\na,1,4\nb,2,NE\n"),
    ]
    found = {}
    for address in addresses:
        response: Any = browser.get(address)
        assert response.status_code == 200, address
        found[address] = response.content.decode()
    return found


def test_every_help_leads_to_an_anchor_that_is_there(answered: World, consultant: Browser) -> None:
    there = anchors(consultant.get(HELP).content.decode())
    assert there == set(explained.BY_KEY)
    for address, page in pages(answered, consultant).items():
        linked = set(re.findall(rf'href="{HELP}#([\w-]+)"', page))
        assert linked, f"no help on {address}"
        assert linked <= there, address


def test_every_question_mark_has_something_to_say(answered: World, consultant: Browser) -> None:
    asked = set()
    for address, page in pages(answered, consultant).items():
        marks = set(re.findall(r'popovertarget="([\w-]+)"', page))
        said = re.findall(r'<div id="(term-[\w-]+)"', page)
        assert marks <= set(said), f"{address}: {marks - set(said)}"
        assert len(said) == len(set(said)), address
        asked |= marks
    assert {
        "term-gap",
        "term-certainty",
        "term-few",
        "term-change",
        "term-crosshair",
        "term-nps",
        "term-order",
        "term-rules",
        "term-places",
        "term-disagreement",
        "term-trend",
        "term-grade",
        "term-whole",
        "term-sample",
    } < asked


def test_beside_n_it_is_said_why_matrix_and_card_count_differently(world: World, consultant: Browser) -> None:
    wave = wave_of(survey_of(world.cycle))
    answer(wave, [(4, 2)], times=20)
    answer(wave, [(None, 2)], times=5)
    refresh_stale()
    for page, n in (("matrix", 20), ("report-card", 25)):
        shown = consultant.get(world.url(f"cycles/{world.cycle.pk}/{page}/")).content.decode()
        assert re.search(rf'<td class="r hide-s(?: nobr)?">{n}</td>', shown)
        assert 'popovertarget="term-few"' in shown
        assert "a moment may have a smaller n there" in shown


def test_what_is_swapped_in_finds_its_words_on_the_page(answered: World, consultant: Browser) -> None:
    url = answered.url(f"cycles/{answered.cycle.pk}/matrix/")
    whole = consultant.get(url).content.decode()
    live = consultant.get(f"{url}live/?state=shown&seen=other").content.decode()
    marks = set(re.findall(r'popovertarget="([\w-]+)"', live))
    assert marks
    assert marks <= set(re.findall(r'<div id="(term-[\w-]+)"', whole))
    assert "popover role" not in live, "what is open stays open while answers come"


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [("es", "Cómo se calcula", "Brecha"), ("en", "How it is computed", "Gap")],
)
def test_anybody_reads_it_in_both_languages(client: Browser, language: str, title: str, word: str) -> None:
    response = client.get(HELP, headers={"accept-language": language})
    page = response.content.decode()
    assert response.status_code == 200
    assert f"<h1>{title}</h1>" in page
    assert f'<h2 id="t-gap">{word}</h2>' in page
    assert "I − S" in page
    assert page.count('class="exp__formula"') == len(explained.ALL)


def test_everything_said_is_translated(client: Browser) -> None:
    """A sentence that is the same in both languages was forgotten."""
    from django.utils import translation

    said = {}
    for language in ("en", "es"):
        with translation.override(language):
            said[language] = [str(text) for term in explained.ALL for text in (term.short, term.words)]
    assert not set(said["en"]) & set(said["es"])


def test_keys_are_unique() -> None:
    assert len(explained.BY_KEY) == len(explained.ALL)
