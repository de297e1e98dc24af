"""Distributions, headline figures, response rates and extra questions of the results."""

import re

import numpy as np
import pytest

from cycles.models import Moment, Requirement
from prioritization.analysis.headline import net_promoter, wilson
from prioritization.analysis.tally import Histogram
from surveys.models import Importance, Invitation, Item, OpenLink, Question, QuestionKind, Response, Survey
from tests.prioritization.answers import NOT_LIVED, answer
from tests.prioritization.results.reading import item_text, page, text_of
from tests.surveys.asking import invite

# --- Distributions -------------------------------------------------------------------------------


def test_each_point_is_counted_and_the_kinds_of_no_number_stand_apart(world, consultant, wave):
    answer(wave, [(5, 2), (3, 4), NOT_LIVED], times=8)
    answer(wave, [(4, 5), (None, None)], times=4)
    response = page(consultant, world)
    first, second = item_text(response, "Find the shop"), item_text(response, "Be greeted")
    assert "Satisfaction with “Find the shop”: 1: 0, 2: 8, 3: 0, 4: 0, 5: 4" in first
    assert "Importance of “Find the shop”: 1: 0, 2: 0, 3: 0, 4: 4, 5: 8" in first
    assert "3.00 n = 12" in first  # (8 x 2 + 4 x 5) / 12
    assert "4 left it blank" in second
    third = item_text(response, "Queue at the till")
    assert "8 did not experience it" in third
    assert "4 were not asked" in third
    assert "Nobody has rated it." in third


@pytest.mark.django_db(transaction=True)
def test_tallies_give_the_same_as_rows(world, consultant, wave):
    """By a segment from the tallies, by a language from the rows: of the same people the same."""
    some = answer(wave, [(5, 2), (3, 4), NOT_LIVED], times=12, city="Cali")
    answer(wave, [(1, 5), (2, 2), (3, None)], times=14, city="Pasto")
    Response.objects.update(overall=4, nps=9)
    Response.objects.filter(pk__in=[one.pk for one in some]).update(language="es", nps=3)
    Response.objects.exclude(pk__in=[one.pk for one in some]).update(language="en")
    by_city = page(consultant, world, "?segment=city%3DCali")
    by_language = page(consultant, world, "?segment=%40language%3Des")
    for name in ("Find the shop", "Be greeted", "Queue at the till"):
        assert item_text(by_city, name) == item_text(by_language, name)
    assert "What 12 customers answered" in text_of(by_city)
    heads = [
        re.findall(r"<section class=\"heads.*?</section>", r.content.decode(), re.S)[0]
        for r in (by_city, by_language)
    ]
    assert heads[0] == heads[1]
    assert "−100" in heads[0]


def test_requirements_stand_under_their_moment(world, consultant, wave):
    moment = Moment.objects.get(name="Be greeted")
    wanted = Requirement.objects.create(moment=moment, position=0, name="Within a minute")
    Item.objects.create(
        survey=wave.survey,
        moment=moment,
        requirement=wanted,
        is_requirement=True,
        position=9,
        wording={"en": "Within a minute"},
        stage={"en": "Arrive"},
    )
    Item.objects.filter(survey=wave.survey, position=2).update(position=10)
    answer(wave, [(5, 2), (3, 4), (2, 1), (4, 4)], times=8)
    response = page(consultant, world)
    told = item_text(response, "Within a minute")
    assert "Requirement" in told
    assert "Satisfaction with “Within a minute”: 1: 8, 2: 0, 3: 0, 4: 0, 5: 0" in told
    body = response.content.decode()
    assert (
        body.index("Be greeted")
        < body.index("Within a minute</h4>")
        < body.index("Queue at the till</h4>".replace("</h4>", ""), body.index("Within a minute</h4>"))
    )
    assert "3. Queue at the till" in item_text(response, "Queue at the till")


def test_picks_are_shares_of_who_was_asked(world, consultant, wave):
    Survey.objects.update(importance=Importance.PICKS)
    answer(wave, [(2, 2), (1, 4), (1, 5)], times=6)
    answer(wave, [(1, 2), (2, 4), (None, 5)], times=2)
    told = item_text(page(consultant, world), "Find the shop")
    assert "75% picked it as one of the most important, of 8" in told
    assert "Importance of" not in told


# --- Headline figures ------------------------------------------------------------------------------


def test_headline_figures_with_their_intervals(world, consultant, wave):
    Survey.objects.update(asks_effort=True)
    answer(wave, [(5, 2)], times=20)
    for place, one in enumerate(Response.objects.order_by("pk")):
        one.overall, one.nps, one.effort = (5, 10, 6) if place < 12 else (3, 5, 4)
        one.save()
    told = text_of(page(consultant, world))
    low, high = wilson(12, 20)
    assert f"60% {round(100 * low)}% to {round(100 * high)}%, 20 answers" in told
    counts = np.zeros(11, np.int64)
    counts[10], counts[5] = 12, 8
    nps = net_promoter(Histogram.unweighted(counts))
    assert nps
    assert f"+20 {nps.low:+.0f} to {nps.high:+.0f}, 20 answers".replace("-", "−") in told
    assert "5.20" in told  # (12 x 6 + 8 x 4) / 20
    assert "60% had it easy, 5 to 7" in told
    assert "Recommendation (NPS): 0: 0, 1: 0" in told


def test_nobody_asked_no_figure(world, consultant, wave):
    Survey.objects.update(asks_nps=False, asks_overall=False)
    answer(wave, [(5, 2)], times=20)
    told = text_of(page(consultant, world))
    assert "Recommendation (NPS)" not in told.split("Moment by moment")[0]


# --- Response rate --------------------------------------------------------------------------------


def test_response_rates_of_the_invited_and_participation_of_the_others(world, consultant, wave):
    asked = [invite(wave, f"{n}@example.org") for n in range(10)]
    revoked = invite(wave, "revoked@example.org")
    Invitation.objects.filter(pk=revoked.pk).update(revoked_at=wave.opened_at)
    whole = answer(wave, [(5, 2), (3, 4), NOT_LIVED], times=4)
    part = answer(wave, [(5, 2), (None, None), (None, None)], times=2)
    for one, invitation in zip([*whole, *part], asked, strict=False):
        Response.objects.filter(pk=one.pk).update(invitation=invitation)
    link = OpenLink.objects.create(wave=wave, place="Till", nonce=b"1" * 16)
    opened = answer(wave, [(5, 2), (3, 4), (1, 1)], times=3)
    Response.objects.filter(pk__in=[one.pk for one in opened]).update(open_link=link)
    answer(wave, [(5, 2), (3, 4), (1, 1)], times=1)
    told = text_of(page(consultant, world))
    assert "Response rate (AAPOR RR1) ? 40% 4 of 10 invited" in told
    assert "With partial answers (RR2) 60% 2 partial" in told
    assert "Answers by open link 3" in told
    assert "Imported answers 1" in told


def test_of_an_anonymous_survey_who_answered_is_counted_without_a_key(world, consultant, wave):
    Survey.objects.update(is_anonymous=True)
    for n in range(10):
        invite(wave, f"{n}@example.org")
    answer(wave, [(5, 2), (3, 4), (1, 1)], times=5)
    told = text_of(page(consultant, world))
    assert "Response rate (AAPOR RR1) ? 50% 5 of 10 invited" in told
    assert "no response rate" not in told


# --- Extra questions -------------------------------------------------------------------------------


def test_extra_questions_in_short(world, consultant, wave):
    def ask(position: int, kind: str, wording: str, *options: str) -> Question:
        return Question.objects.create(
            survey=wave.survey,
            position=position,
            kind=kind,
            wording={"en": wording},
            options=[{"en": o} for o in options],
        )

    one = ask(0, QuestionKind.SINGLE, "How did you come?", "On foot", "By bus")
    several = ask(1, QuestionKind.MULTIPLE, "What did you buy?", "Dress", "Shoes", "Bag")
    number = ask(2, QuestionKind.NUMBER, "How many visits?")
    text = ask(3, QuestionKind.LONG_TEXT, "What else?")
    rare = ask(4, QuestionKind.SHORT_TEXT, "Seldom answered?")
    made = answer(wave, [(5, 1)] * 3, times=8)
    for place, response in enumerate(made):
        response.extra = {
            str(one.pk): int(place < 2),
            str(several.pk): [0, 2] if place < 6 else [1],
            str(number.pk): place,
            **({str(text.pk): f"Said <{place}>"} if place < 5 else {}),
            **({str(rare.pk): "Only I said this"} if place == 0 else {}),
        }
        response.save()
    response = page(consultant, world)
    told = text_of(response)
    assert "On foot 6 75%" in told
    assert "By bus 2 25%" in told
    assert "Dress 6 75%" in told
    assert "Shoes 2 25%" in told
    assert "Several could be chosen" in told
    assert "Mean 3.5 Median 3.5" in told
    assert "Said <4>" in told
    assert "<4>" not in response.content.decode()
    assert "Seldom answered? Hidden: too few answers" in told
    assert "Only I said this" not in told
