"""One group of the results at a time, and none that is too small."""

from datetime import timedelta

from cycles.models import Moment
from surveys.models import Response, Survey
from tests.prioritization.answers import NOT_LIVED, answer
from tests.prioritization.results.reading import item_text, page, text_of


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
        assert "did not experience it" not in told
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
