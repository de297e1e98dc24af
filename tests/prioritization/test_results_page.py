"""The results as people read them: figures, filters, what is hidden, comments and their tags."""

import html
import re
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cycles.models import Moment, Requirement
from prioritization.analysis.headline import net_promoter, wilson
from prioritization.analysis.tally import Histogram
from prioritization.results.counts import kept_reading
from prioritization.results.rates import came
from prioritization.results.who import forget
from surveys.models import (
    Importance,
    Invitation,
    Item,
    OpenLink,
    Question,
    QuestionKind,
    Rating,
    Response,
    Survey,
    Wave,
)
from tests.conftest import World, log_in
from tests.prioritization.answers import NOT_LIVED, answer, survey_of, wave_of
from tests.surveys.asking import invite


@pytest.fixture(autouse=True)
def fresh() -> None:
    forget_all()


def forget_all() -> None:
    """What a process remembers of answers that a test then edits behind its back."""
    forget()
    came.cache_clear()
    kept_reading.cache_clear()


@pytest.fixture
def wave(world: World) -> Wave:
    return wave_of(survey_of(world.cycle))


def page(browser, world: World, query: str = "", **headers):
    return browser.get(world.url(f"cycles/{world.cycle.pk}/results/{query}"), **headers)


def text_of(response) -> str:
    """What is read, blanks made one; labels of drawings too."""
    body = response.content.decode()
    labels = " ".join(re.findall(r'aria-label="([^"]*)"', body))
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", body).split()) + " " + labels)


def item_text(response, name: str) -> str:
    body = response.content.decode()
    found = [part for part in re.split(r"(?=<article)", body) if name in part]
    part = found[0].split("</article>")[0]
    labels = " ".join(re.findall(r'aria-label="([^"]*)"', part))
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", part).split()) + " " + labels)


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
    assert "8 did not live it" in third
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
    assert "Response rate (AAPOR RR1) 40% 4 of 10 invited" in told
    assert "With partial answers (RR2) 60% 2 partial" in told
    assert "Participation by open link 3" in told
    assert "Participation without link 1" in told


def test_of_an_anonymous_survey_who_answered_is_counted_without_a_key(world, consultant, wave):
    Survey.objects.update(is_anonymous=True)
    for n in range(10):
        invite(wave, f"{n}@example.org")
    answer(wave, [(5, 2), (3, 4), (1, 1)], times=5)
    told = text_of(page(consultant, world))
    assert "Response rate (AAPOR RR1) 50% 5 of 10 invited" in told
    assert "Participation" not in told


# --- Filters and the threshold ---------------------------------------------------------------------


def test_one_group_at_a_time(world, consultant, wave):
    answer(wave, [(5, 1)] * 3, times=30, city="Cali")
    answer(wave, [(5, 5)] * 3, times=30, city="Pasto")
    told = item_text(page(consultant, world, "?segment=city%3DCali"), "Find the shop")
    assert "1: 30, 2: 0, 3: 0, 4: 0, 5: 0" in told


def test_a_group_that_is_too_small_is_refused_in_words(world, consultant, wave):
    answer(wave, [(5, 1)] * 3, times=30, city="Cali")
    answer(wave, [(5, 5)] * 3, times=3, city="Pasto")
    for query in (
        "?segment=city%3DPasto",
        "?segment=city%3DCali",
        "?segment=nonsense",
        "?channel=moon",
        "?wave=x",
    ):
        response = page(consultant, world, query)
        assert response.status_code == 422
    assert "too small to stay anonymous" in text_of(page(consultant, world, "?segment=city%3DCali"))
    assert "Some groups cannot be chosen (city)" in text_of(page(consultant, world))


def test_the_threshold_is_the_surveys_own(world, consultant, wave):
    answer(wave, [(5, 1)] * 3, times=8)
    assert page(consultant, world).context["page"].state == "shown"
    Survey.objects.update(threshold=9)
    response = page(consultant, world)
    assert response.context["page"].state == "too_few"
    told = text_of(response)
    assert "8 answers so far" in told
    assert "Results are shown from 9 answers on" in told
    assert "Satisfaction with" not in told


def test_a_moment_few_have_lived_is_hidden_in_a_large_group(world, consultant, wave):
    """And where the rest of everybody would show it: thirty rated it, 26 of them in the other city."""
    answer(wave, [(5, 1), (4, 3), NOT_LIVED], times=26, city="Cali")
    answer(wave, [(5, 5), (4, 3), (4, 2)], times=4, city="Cali")
    answer(wave, [(5, 5), (4, 3), (4, 4)], times=26, city="Pasto")
    everybody = item_text(page(consultant, world), "Queue at the till")
    assert "2: 4, 3: 0, 4: 26" in everybody
    for city in ("Cali", "Pasto"):
        response = page(consultant, world, f"?segment=city%3D{city}")
        told = item_text(response, "Queue at the till")
        assert "Hidden: too few answers" in told
        assert "Satisfaction with" not in told
        assert "did not live it" not in told
        assert "Satisfaction with “Be greeted”" in item_text(response, "Be greeted")


def test_a_group_and_a_period_exclude_one_another(world, consultant, wave):
    answer(wave, [(5, 1)] * 3, times=40, city="Cali")
    early = answer(wave, [(5, 5)] * 3, times=40, city="Pasto")
    later = wave.opened_at + timedelta(days=1)
    Response.objects.update(submitted_at=later + timedelta(days=40))
    mixed = [one.pk for one in early[:20]] + list(
        Response.objects.filter(segments__city="Cali").values_list("pk", flat=True)[:20]
    )
    Response.objects.filter(pk__in=mixed).update(submitted_at=later)
    shown = page(consultant, world).context["chosen"]
    first, _last = [stretch.first for stretch in shown.who.stretches]
    period = f"from={first[0]}-{first[1]:02}&to={first[0]}-{first[1]:02}"
    told = item_text(page(consultant, world, f"?{period}"), "Find the shop")
    assert "1: 20, 2: 0, 3: 0, 4: 0, 5: 20" in told
    both = page(consultant, world, f"?segment=city%3DCali&{period}")
    assert both.status_code == 422
    assert "Choose a group or a period, not both" in text_of(both)
    assert "1: 40" in item_text(both, "Find the shop")


def test_a_channel_shows_its_moments(world, consultant, wave):
    Moment.objects.filter(name="Be greeted").update(channels=["phone"])
    answer(wave, [(5, 1)] * 3, times=8)
    told = text_of(page(consultant, world, "?channel=phone"))
    assert "2. Be greeted" in told
    assert "1. Find the shop" not in told


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


# --- Comments ---------------------------------------------------------------------------------------


def comments(wave: Wave, *texts: str, **segments: str) -> list[Response]:
    made = answer(wave, [(5, 1)] * 3, times=max(len(texts), 8), **segments)
    for one, text in zip(made, texts, strict=False):
        one.comment = text
        one.save()
    return made


def test_comments_are_searched_without_accents(world, consultant, wave):
    comments(wave, "Muy buena atención", "Too slow <b>", "nothing to say")
    told = text_of(page(consultant, world))
    assert "3 comments" in told
    assert "Too slow <b>" in told
    found = page(consultant, world, "?q=ATENCION+buena")
    assert "1 comment found." in text_of(found)
    assert "Too slow" not in text_of(found)


def test_tags_sort_the_comments(world, consultant, wave):
    first, second, *_rest = comments(wave, "Slow till", "Slow lift", "Fine")
    for one, tag in ((first, "till"), (second, "lift"), (first, "slow"), (second, "slow"), (second, "SLOW")):
        response = consultant.post(world.url(f"answers/{one.pk}/tag/"), {"tag": tag, "back": "q=slow"})
        assert response.status_code == 302
        assert "q=slow" in response["Location"]
    first.refresh_from_db()
    assert first.tags == ["slow", "till"]
    told = text_of(page(consultant, world))
    assert "slow (2)" in told
    assert "till (1)" in told
    found = text_of(page(consultant, world, "?tag=lift"))
    assert "1 comment found." in found
    assert "Slow till" not in found
    consultant.post(world.url(f"answers/{first.pk}/untag/"), {"tag": "till"})
    consultant.post(world.url(f"answers/{first.pk}/untag/"), {"tag": "till"})
    first.refresh_from_db()
    assert first.tags == ["slow"]


def test_a_tag_that_makes_no_sense_is_refused_and_kept_in_its_field(world, consultant, wave):
    first, *_rest = comments(wave, "Slow till")
    url = world.url(f"answers/{first.pk}/tag/")
    for typed, sentence in (("  ", "Write a word"), ("x" * 41, "At most 40 characters")):
        plain = consultant.post(url, {"tag": typed})
        partly = consultant.post(url, {"tag": typed}, headers={"hx-request": "true"})
        assert plain.status_code == partly.status_code == 422
        assert sentence in text_of(plain)
        assert sentence in text_of(partly)
        assert "<html" not in partly.content.decode()
    assert "x" * 41 in partly.content.decode()
    changed = consultant.post(url, {"tag": "till"}, headers={"hx-request": "true"})
    assert changed.status_code == 200
    assert f'id="comment-{first.pk}"' in changed.content.decode()


def test_comments_of_few_are_not_there_to_be_tagged_either(world, consultant, wave):
    one, *_rest = answer(wave, [(5, 1)] * 3, times=3)
    Response.objects.filter(pk=one.pk).update(comment="It was I")
    assert consultant.post(world.url(f"answers/{one.pk}/tag/"), {"tag": "x"}).status_code == 404
    assert "It was I" not in text_of(page(consultant, world))


def test_a_manager_reads_and_does_not_tag(world, manager, wave):
    first, *_rest = comments(wave, "Slow till")
    response = page(manager, world)
    assert "Slow till" in text_of(response)
    assert "New tag" not in text_of(response)
    assert "Download the answers" not in text_of(response)
    assert manager.post(world.url(f"answers/{first.pk}/tag/"), {"tag": "x"}).status_code == 403
    for name in ("csv", "xlsx"):
        assert manager.get(world.url(f"waves/{wave.pk}/answers.{name}")).status_code == 403


# --- States, languages, cost --------------------------------------------------------------------


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
