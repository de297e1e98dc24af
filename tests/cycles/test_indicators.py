"""Indicators by category, what is missing of them, and what is measured beside what is felt."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cycles.choices import Category, Phase
from cycles.felt import felt_not_met, line_of, met_not_felt
from cycles.indicators import balance_of, holes_in
from cycles.models import Indicator, Moment, Stage
from cycles.outline import outline_of
from cycles.recording import record
from cycles.scores import Score, Scores
from cycles.service_levels import standing_of
from cycles.suggested_indicators import BY_KEY, SUGGESTIONS, suggested_for
from tests.conftest import log_in
from tests.cycles.service_levels.agreeing import agree

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pay(world):
    return Stage.objects.get(cycle=world.cycle, name="Pay")


@pytest.fixture
def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")


def page_url(world):
    return world.url(f"cycles/{world.cycle.pk}/indicators/")


def cards(world):
    return balance_of(outline_of(world.cycle, world.cycle.scores))


def last_month():
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def test_every_stage_has_four_categories_and_says_which_are_empty(world, consultant, pay, queue):
    assert holes_in(cards(world)) == 2
    for category in Category:
        Indicator.objects.create(cycle=world.cycle, stage=pay, name=f"Our {category}", category=category)
    found = cards(world)
    assert holes_in(found) == 1
    assert [card.missing for card in found] == [[str(category.label) for category in Category], []]
    page = consultant.get(page_url(world)).content.decode()
    assert "1 stage has no indicator in some category." in page
    assert page.count("None yet") == 4


def test_a_service_level_and_an_indicator_of_a_moment_count_in_its_stage(world, pay, queue):
    agree(world.cycle, moment=queue)
    Indicator.objects.create(cycle=world.cycle, moment=queue, name="Tills open", category="efficiency")
    by_name = {card.stage.name: card.missing for card in cards(world)}
    assert by_name["Pay"] == ["Quality of work", "Volume of work"]


def test_there_is_a_suggestion_for_every_phase_and_category_with_its_source():
    for phase in Phase.values:
        for category in Category.values:
            found = suggested_for(phase, category)
            assert found.source["es"]
            assert found.source["en"]
            assert found.name["es"] != found.name["en"]
    assert suggested_for("", "volume").phase == "during"
    assert len(BY_KEY) == len(SUGGESTIONS) == 12


def test_a_suggestion_is_added_by_one_click_and_twice_is_once(world, consultant, pay):
    url = world.url(f"stages/{pay.pk}/indicators/")
    for _ in range(2):
        answer = consultant.post(url, {"suggestion": "served"}, headers=HTMX)
        assert answer.status_code == 200
        assert "Added: Customers served" in answer.content.decode()
    one = Indicator.objects.get()
    assert (one.name, one.category, one.unit, one.bound) == (
        "Customers served",
        "volume",
        "customers",
        "at_least",
    )
    assert one.translations["es"]["name"] == "Clientes atendidos"
    page = consultant.get(world.url(f"indicators/{one.pk}/")).content.decode()
    assert "The four indicator categories of a service level agreement (SLA)" in page
    assert consultant.post(url, {"suggestion": "nothing"}).status_code == 422
    # In the bin it makes room, and cannot come back to where another is.
    consultant.post(world.url(f"indicators/{one.pk}/delete/"))
    consultant.post(url, {"suggestion": "served"})
    assert consultant.post(world.url(f"indicators/{one.pk}/restore/")).status_code == 422
    assert Indicator.objects.filter(deleted_at=None).count() == 1


def typed(**more):
    return {"name": "Tills open", "category": "efficiency", "every": "month", "statistic": "median", **more}


def test_an_indicator_is_added_edited_deleted_with_undo(world, consultant, pay, queue):
    url = world.url(f"cycles/{world.cycle.pk}/indicators/add/?stage={pay.pk}&category=efficiency")
    assert f'value="s{pay.pk}" selected' in consultant.get(url).content.decode()
    consultant.post(url, typed(where=f"s{pay.pk}", bound="at_least", target_value="2.5", unit="tills"))
    one = Indicator.objects.get()
    assert (one.stage, one.moment, one.target_value) == (
        pay,
        None,
        Decimal("2.5") if one.target_value < 3 else 25,
    )
    consultant.post(world.url(f"indicators/{one.pk}/edit/"), typed(where=f"m{queue.pk}"))
    one.refresh_from_db()
    assert (one.stage, one.moment, one.target_value) == (None, queue, None)
    page = consultant.post(world.url(f"indicators/{one.pk}/delete/"), follow=True).content.decode()
    assert "“Tills open” is in the bin." in page
    assert consultant.get(world.url(f"indicators/{one.pk}/")).status_code == 404
    assert "Tills open" in consultant.get(world.url(f"cycles/{world.cycle.pk}/bin/")).content.decode()
    assert consultant.post(world.url(f"indicators/{one.pk}/restore/"), headers=HTMX).status_code == 200
    history = consultant.get(world.url(f"cycles/{world.cycle.pk}/history/?kind=indicator")).content.decode()
    assert "took the indicator “Tills open” out of the bin." in history


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": ""}, "name"),
        ({"where": "s999999"}, "where"),
        ({"where": ""}, "where"),
        ({"category": "x"}, "category"),
        ({"target_value": "4"}, "bound"),
        ({"target_value": "x", "bound": "at_most"}, "target_value"),
    ],
)
def test_a_fault_is_said_at_the_field(world, consultant, pay, more, field):
    url = world.url(f"cycles/{world.cycle.pk}/indicators/add/")
    answer = consultant.post(url, typed(where=f"s{pay.pk}") | more)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Indicator.objects.exists()


def test_how_it_is_measured_stays_while_there_are_results(world, consultant, pay):
    one = Indicator.objects.create(cycle=world.cycle, stage=pay, name="Tills open", category="efficiency")
    record(one, last_month(), Decimal(2))
    url = world.url(f"indicators/{one.pk}/edit/")
    for more in ({"every": "day"}, {"clock": "contact"}):
        answer = consultant.post(url, typed(where=f"s{pay.pk}") | more)
        assert answer.status_code == 422
        assert next(iter(more)) in answer.context["form"].errors


def test_the_card_shows_the_last_result_and_whether_it_is_kept(world, pay):
    one = Indicator.objects.create(
        cycle=world.cycle, stage=pay, name="Tills open", category="efficiency", bound="at_least",
        target_value=3, unit="tills",
    )  # fmt: skip
    record(one, last_month(), Decimal(2))
    page = log_in(world.viewer).get(page_url(world)).content.decode()
    assert "2 tills" in page
    assert "At least 3 tills" in page
    assert "lv-state--breached" in page
    assert "<button" not in page.split('id="indicators"')[1].split("</main>")[0]


def test_a_copy_a_template_and_a_comparison_know_indicators(world, consultant, pay):
    Indicator.objects.create(
        cycle=world.cycle, stage=pay, name="Tills open", category="efficiency", responsible="Ana"
    )
    consultant.post(world.url(f"cycles/{world.cycle.pk}/versions/new/"), {"name": "Before"})
    Indicator.objects.update(unit="tills")
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/versions/compare/")).content.decode()
    assert "Tills open" in page
    consultant.post(world.url(f"cycles/{world.cycle.pk}/template/"), {"name": "Ours"})
    from cycles.models import OwnTemplate

    document = OwnTemplate.objects.get().document
    assert [one["name"] for one in document["indicators"]] == ["Tills open"]
    assert "Ana" not in str(document)


# --- Measured and felt ---------------------------------------------------------------------------


def scores(moment, satisfaction, low, high, *, line=3.5, enough=True):
    one = Score(4.0, satisfaction, 40, "keep_up", 3, enough, low, high)
    return Scores("T4", 40, 3.6, (1, 5), {moment.pk: one}, 1, line)


@pytest.mark.parametrize(
    ("value", "felt", "lists"),
    [
        (3, (3.0, 2.8, 3.2), ("sure", "")),  # met, surely low
        (3, (3.4, 3.2, 3.6), ("chance", "")),  # met, low, and the interval crosses the line
        (3, (4.0, 3.8, 4.2), ("", "")),  # met and felt
        (9, (4.0, 3.8, 4.2), ("", "sure")),  # missed, and customers do not mind
        (9, (3.0, 2.8, 3.2), ("", "")),  # missed and felt
    ],
)
def test_met_but_not_felt_and_its_opposite(world, queue, value, felt, lists):
    record(agree(world.cycle, moment=queue), last_month(), Decimal(value))
    outline = outline_of(world.cycle, scores(queue, *felt))
    standings = standing_of(world.cycle)
    found = met_not_felt(standings, outline), felt_not_met(standings, outline)
    said = tuple("" if not one else "sure" if one[0].sure else "chance" for one in found)
    assert said == lists


def test_the_threshold_is_the_line_of_the_matrix_or_the_middle_of_the_scale(world, queue):
    record(agree(world.cycle, moment=queue), last_month(), Decimal(3))
    outline = outline_of(world.cycle, scores(queue, 3.2, 3.1, 3.3))
    assert line_of(outline).words == "low: below 3.5, the line of the matrix"
    without = outline_of(world.cycle, scores(queue, 3.2, 3.1, 3.3, line=None))
    assert line_of(without).words == "low: below 3.0, the midpoint of the scale"
    standings = standing_of(world.cycle)
    assert len(met_not_felt(standings, outline)) == 1
    assert met_not_felt(standings, without) == []
    # Too few answers are no opinion.
    few = outline_of(world.cycle, scores(queue, 3.2, 3.1, 3.3, enough=False))
    assert met_not_felt(standings, few) == []


def test_the_page_says_it_with_interval_and_threshold(world, consultant, queue):
    from prioritization.matrix import refresh_stale
    from tests.prioritization.answers import answer, survey_of, wave_of

    record(agree(world.cycle, moment=queue), last_month(), Decimal(3))
    wave = wave_of(survey_of(world.cycle))
    answer(wave, [(2, 5), (3, 4), (5, 1)], times=12)
    answer(wave, [(2, 5), (3, 4), (5, 2)], times=12)
    refresh_stale()
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/service-levels/")).content.decode()
    assert "Low: below 3.5, the line of the matrix." in page
    assert "Satisfaction 1.5, 95% interval 1.3 to 1.7, n 24." in page
