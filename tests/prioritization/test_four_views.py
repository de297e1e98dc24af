"""Four views of one moment, each counted by itself, and the gaps between them."""

import re
from decimal import Decimal
from math import sqrt

import numpy as np
import pytest
from django.http import QueryDict
from django.utils import timezone
from scipy import stats

from cycles.models import Measurement, Moment, ServiceLevel
from cycles.scores import scores_of
from prioritization import matrix, sampling, views_page
from prioritization.four_views import PERCENT, Gap, View, gaps_of, mapped, scale_of
from prioritization.views_chart import Given, views_line
from surveys import links
from surveys.models import Invitation, Respondent, SurveyStatus
from surveys.models.people import Contact
from surveys.views.survey import foremost
from surveys.wording import CATALOGUE as USUAL
from surveys.wording_staff import CATALOGUE as OURS
from surveys.wording_staff import staff_words
from tests.prioritization.answers import answer, survey_of, wave_of
from tests.surveys.visiting import alike, made, mystery_wave


def customers(world, **fields):
    """Finding 4 or 5, the greeting 2 or 3, the queue 3 or 4; twenty each."""
    wave = wave_of(survey_of(world.cycle, **fields), 1, name="Spring")
    for pair in ([(5, 4), (4, 2), (3, 3)], [(5, 5), (4, 3), (3, 4)]):
        answer(wave, pair, times=20)
    return wave


def team(world, number=3, times=8, **fields):
    """The team believes that all goes well: finding 4 or 5, the greeting and the queue 4 or 5."""
    wave = wave_of(survey_of(world.cycle, respondent=Respondent.STAFF, **fields), number, name="Team")
    for pair in ([(5, 4), (4, 4), (3, 4)], [(5, 5), (4, 5), (3, 5)]):
        answer(wave, pair, times=times)
    return wave


def visited(world):
    wave = mystery_wave(world.cycle)
    made(wave, {0: alike(4), 1: alike(2)}, place="North")
    made(wave, {0: alike(5), 1: alike(2)}, place="South")
    return wave


def rows_of(world):
    page = views_page.page_of(world.cycle, QueryDict())
    return page, {str(row.entry.moment): row for row in page.views.rows}


def test_each_view_has_its_value_n_and_interval(world):
    customers(world)
    team(world)
    visited(world)
    page, rows = rows_of(world)
    greeting = rows["Be greeted"]
    assert page.views.in_points
    assert (greeting.customers.n, greeting.customers.mean) == (40, pytest.approx(2.5))
    half = stats.t.ppf(0.975, 39) * np.std([2] * 20 + [3] * 20, ddof=1) / sqrt(40)
    assert greeting.customers.low == pytest.approx(2.5 - half)
    assert (greeting.staff.n, greeting.staff.mean) == (16, pytest.approx(4.5))
    assert (greeting.visits.n, greeting.visits.mean, greeting.visits.is_orientation) == (2, 2.0, True)
    assert rows["Queue at the till"].visits is None
    gap = greeting.staff_gap
    test = stats.ttest_ind([4] * 8 + [5] * 8, [2] * 20 + [3] * 20, equal_var=False)
    interval = test.confidence_interval(0.95)
    assert gap.difference == pytest.approx(2.0)
    assert (gap.low, gap.high) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert gap.clear
    assert page.views.sentence == "“Be greeted”: the team rates it 2.0 higher than customers do"
    assert not rows["Find the shop"].staff_gap.clear


def test_holm_counts_all_the_moments_compared():
    def view(mean):
        return View(30, mean, 0.2, mean - 0.4, mean + 0.4)

    first = {k: view(3.0) for k in range(4)}
    second = {k: view(3.0 + 0.2 * k) for k in range(4)}
    found = gaps_of([0, 1, 2, 3], first, second)
    # Each p by itself, then 4, 3, 2, 1 times in order of size, never falling.
    df = 2 * 29 * (0.04 + 0.04) ** 2 / (2 * (0.04**2 + 0.04**2))
    raw = [2 * stats.t.sf(0.2 * k / sqrt(0.08), df) for k in (3, 2, 1, 0)]
    holm = np.minimum(np.maximum.accumulate([p * m for p, m in zip(raw, (4, 3, 2, 1), strict=True)]), 1)
    assert [found[k].p for k in (3, 2, 1, 0)] == pytest.approx(list(holm))
    assert gaps_of([0], {0: View(3, few=True)}, {0: view(3)}) == {}
    one = gaps_of([0], {0: view(3)}, {0: View(1, 4.0)})[0]
    assert one == Gap(1.0, None, None, None)
    assert not one.clear


def test_too_few_of_the_team_are_not_shown(world, consultant):
    customers(world)
    team(world, times=4)
    _page, rows = rows_of(world)
    assert rows["Be greeted"].staff == View(8, few=True)
    assert rows["Be greeted"].staff_gap is None
    text = consultant.get(world.url(f"cycles/{world.cycle.pk}/views/")).text
    assert "too few answers (n 8)" in text


def test_other_scales_are_held_against_each_other_in_percent(world, consultant):
    customers(world)
    wave = team(world, scale_max=10)
    assert scale_of([wave]) == (1.0, 10.0)
    assert mapped(10, 10, PERCENT) == 100
    assert mapped(3, 5, (1.0, 5.0)) == 3
    page, rows = rows_of(world)
    assert not page.views.in_points
    assert rows["Be greeted"].customers.mean == pytest.approx(100 * 1.5 / 4)
    assert rows["Be greeted"].staff.mean == pytest.approx(100 * 3.5 / 9)
    assert "percent of each scale" in consultant.get(world.url(f"cycles/{world.cycle.pk}/views/")).text


def test_the_team_need_not_say_what_matters(world):
    customers(world)
    wave = team(world)
    wave.survey.importance = "none"
    wave.survey.save()
    assert rows_of(world)[1]["Be greeted"].staff.mean == pytest.approx(4.5)


def test_the_page_says_who_is_missing(world, manager):
    url = world.url(f"cycles/{world.cycle.pk}/views/")
    assert "Nobody has said anything yet" in manager.get(url).text
    visited(world)
    assert "Without customers’ answers" in manager.get(url).text
    customers(world)
    text = manager.get(url).text
    assert "Ask the team what customers would say" in text
    assert "2 visits: orientation, not measurement" in text
    team(world)
    assert "the team rates it 2.0 higher" in manager.get(url).text


def test_a_column_without_any_figure_is_left_out(world, manager):
    url = world.url(f"cycles/{world.cycle.pk}/views/")
    customers(world)
    text = manager.get(url).text
    assert 'data-label="Customers"' in text
    assert "Team less customers" not in text
    team(world)
    text = manager.get(url).text
    assert 'data-label="Team less customers"' in text
    assert 'popovertarget="term-views"' in text
    assert "Visits less customers" not in text


def test_the_wave_of_each_kind_may_be_chosen(world, manager):
    first = customers(world)
    later = wave_of(first.survey, 2, name="Autumn")
    for pair in ([(5, 4), (4, 4), (3, 4)], [(5, 5), (4, 5), (3, 5)]):
        answer(later, pair, times=6)
    team(world)
    url = world.url(f"cycles/{world.cycle.pk}/views/")
    assert "Nowhere do the team and the customers differ" in manager.get(url).text
    assert "2.0 higher" in manager.get(url, {"customers": first.pk}).text
    refused = manager.get(url, {"customers": "nonsense"})
    assert refused.status_code == 422
    assert "There is no such wave" in refused.text
    # A wave of the team is no wave of customers.
    other = manager.get(url, {"customers": team(world, 9).pk})
    assert other.status_code == 422


def test_service_levels_stand_beside_the_voices(world, manager):
    customers(world)
    moment = Moment.objects.get(name="Be greeted")
    level = ServiceLevel.objects.create(
        cycle=world.cycle,
        moment=moment,
        name="Greeted within a minute",
        bound="at_most",
        target_value=Decimal("60"),
        unit="s",
        category="responsiveness",
    )
    today = timezone.localdate()
    Measurement.objects.create(
        cycle=world.cycle, service_level=level, day=today.replace(day=1), value=Decimal("45")
    )
    _page, rows = rows_of(world)
    assert rows["Be greeted"].level == "met"
    assert rows["Find the shop"].level == ""
    assert "Greeted within a minute" in manager.get(world.url(f"cycles/{world.cycle.pk}/views/")).text


def test_the_panel_of_a_moment_asks_for_its_views(world, manager):
    customers(world)
    team(world)
    moment = Moment.objects.get(name="Be greeted")
    panel = manager.get(world.url(f"cycles/{world.cycle.pk}/"), {"moment": moment.pk}).text
    assert world.url(f"moments/{moment.pk}/views/") in panel
    text = manager.get(world.url(f"moments/{moment.pk}/views/")).text
    assert "+2.0" in text
    assert "<svg" in text
    # Each row bears the mark by which the drawing shows it.
    assert re.search(r'<dt>\s*<svg class="vw-k".{,40}><path class="vw-m--staff"[^/]*/></svg>\s*Team', text)
    alone = Moment.objects.get(name="Queue at the till")
    assert manager.get(world.url(f"moments/{alone.pk}/views/")).status_code == 200


def test_marks_differ_by_shape_and_stay_on_the_line():
    line = views_line(
        [
            Given("customer", 1.0, 1.0, 2.0, "c"),
            Given("staff", 5.0, None, None, "s"),
            Given("mystery_shopper", 3.0, 2.0, 4.0, "v"),
        ],
        (1.0, 5.0),
    )
    assert len({mark.path[mark.path.index(" ") :] for mark in line.marks}) == 3
    assert line.marks[1].whisker == ""
    assert line.bar.startswith("M14 ")
    assert line.bar.endswith("L316 24")
    assert [tick.text for tick in views_line([], PERCENT).ticks] == ["0", "25", "50", "75", "100"]


# --- Never mixed -------------------------------------------------------------------------------------


def test_nobody_takes_the_team_or_visits_for_customers(world, consultant):
    wave = customers(world)
    team(world)
    visits = visited(world)
    matrix.refresh_stale()
    cycle = type(world.cycle).objects.get(pk=world.cycle.pk)
    assert scores_of(cycle).wave == "Spring"
    assert scores_of(cycle).n_responses == 40
    url = world.url(f"cycles/{cycle.pk}/")
    # The latest wave is the team's; what opens is the customers'.
    assert "40 answers, Spring" in consultant.get(f"{url}matrix/").text
    assert "40 customers answered" in consultant.get(f"{url}results/").text
    assert "Spring" in consultant.get(f"{url}overview/").text
    report = consultant.get(f"{url}reports/").text
    assert f'value="{wave.pk}" selected' in report
    assert f'value="{visits.pk}"' not in report
    assert "Spring" in consultant.get(f"{url}survey/").text
    # The detail of a moment asks for its four views.
    moment = Moment.objects.get(name="Be greeted")
    detail = consultant.get(f"{url}matrix/", {"moment": moment.pk}).text
    assert world.url(f"moments/{moment.pk}/views/") in detail
    # Chosen, each can be read.
    staff = consultant.get(f"{url}results/", {"respondent": "staff"}).text
    assert "16 people of the team believe" in staff
    assert "16 answers, Team" in consultant.get(f"{url}matrix/", {"respondent": "staff"}).text
    for page in ("matrix", "results"):
        text = consultant.get(f"{url}{page}/", {"respondent": "mystery_shopper"}).text
        assert "Mystery visits have a page of their own" in text
        assert world.url(f"waves/{visits.pk}/visits/") in text


def test_the_response_rate_is_the_customers(world):
    wave = customers(world)
    other = team(world)
    client = world.client
    people = Contact.objects.bulk_create(Contact(client=client, email=f"p{n}@example.org") for n in range(60))
    for asked in (wave, other):
        Invitation.objects.bulk_create(
            Invitation(wave=asked, contact=one, nonce=links.new_nonce()) for one in people
        )
    assert sampling.usual_rate(world.cycle) == pytest.approx(40 / 60)


def test_a_drafted_survey_comes_first_then_the_customers(world):
    old = survey_of(world.cycle)
    staff = survey_of(world.cycle, respondent=Respondent.STAFF)
    assert foremost([staff, old]) == old
    draft = survey_of(world.cycle, respondent=Respondent.MYSTERY_SHOPPER)
    draft.frozen_at = None
    assert foremost([draft, staff, old]) == draft
    assert foremost([staff]) == staff
    assert foremost([]) is None


def test_a_mystery_survey_is_sent_to_nobody(world, consultant):
    wave = visited(world)
    text = consultant.get(world.url(f"waves/{wave.pk}/")).text
    assert "nobody gets a mail" in text
    assert world.url(f"waves/{wave.pk}/visits/") in text
    assert world.url(f"waves/{wave.pk}/places/") not in text
    assert "recipients" not in text.split("<main", 1)[1].casefold()


# --- What the team is asked --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "address", "said"),
    [
        ("en", "tu", "What do you believe our customers would say of Alba?"),
        ("es", "tu", "¿Qué crees que dirían nuestros clientes de Alba?"),
        ("es", "usted", "¿Qué cree que dirían nuestros clientes de Alba?"),
    ],
)
def test_the_team_is_asked_what_customers_would_say(world, customer, language, address, said):
    survey = survey_of(
        world.cycle,
        respondent=Respondent.STAFF,
        address=address,
        languages=["en", "es"],
        asks_effort=True,
    )
    wave = wave_of(survey, status=SurveyStatus.OPEN)
    contact = Contact.objects.create(client=world.client, email="ana@alba.example", language=language)
    invitation = Invitation.objects.create(wave=wave, contact=contact, nonce=links.new_nonce())
    text = customer.get(f"/s/{links.token_for(invitation)}/").text
    assert said in text
    words = staff_words(language, address)
    assert words["satisfaction"] in text
    assert words["importance"] in text
    usual = "How did it go?" if language == "en" else "te fue"
    assert usual not in text


def test_the_teams_sentences_take_the_place_of_known_ones():
    for language, texts in OURS.items():
        assert set(texts) <= set(USUAL[language])
    assert set(OURS["es"]) == set(OURS["en"])
