"""Visits are planned, one by one or from a list."""

from datetime import date

import pytest

from surveys import links
from surveys.models import Shopper, Visit
from surveys.visits.planning import RowsError, read_rows
from tests.prioritization.answers import survey_of, wave_of
from tests.surveys.visiting import EMAIL, NAME, alike, made, planned, shopper_of


def test_one_visit_is_planned_with_somebody_new(world, consultant, wave):
    page = consultant.get(world.url(f"waves/{wave.pk}/visits/"))
    assert page.status_code == 200
    assert "No visit is planned yet" in page.text
    response = consultant.post(
        world.url(f"waves/{wave.pk}/visits/plan/"),
        {"place": "  North   gate ", "day": "2026-04-01", "shopper_name": NAME, "shopper_email": EMAIL},
        follow=True,
    )
    visit = Visit.objects.get()
    assert (visit.place, visit.state, visit.shopper.email) == ("North gate", "planned", EMAIL)
    assert links.visit_url(visit) in response.text
    assert "mailto:ximena.quiroga%40sombra.example" in response.text


def test_a_colleague_may_go(world, consultant, wave):
    consultant.post(
        world.url(f"waves/{wave.pk}/visits/plan/"),
        {"place": "North", "day": "2026-04-01", "goes": f"m{world.owner.pk}"},
    )
    shopper = Visit.objects.get().shopper
    assert (shopper.member, shopper.email) == (world.owner, world.owner.email)
    # Known from now on: the list offers the shopper, not the member once more.
    text = consultant.get(world.url(f"waves/{wave.pk}/visits/")).text
    assert f'value="s{shopper.pk}"' in text
    assert f'value="m{world.owner.pk}"' not in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2026-02-30"}, "Enter a valid date"),
        ({"place": ""}, "This field is required"),
        ({"shopper_email": EMAIL}, "Say whose address this is"),
        ({"goes": "m999999"}, "no longer in the list"),
        ({"shopper_name": "A", "shopper_email": "nobody"}, "valid email"),
    ],
)
def test_what_is_wrong_is_said_and_kept(world, consultant, wave, typed, said):
    values = {"place": "Kept place", "day": "2026-04-01", **typed}
    response = consultant.post(world.url(f"waves/{wave.pk}/visits/plan/"), values)
    assert response.status_code == 422
    assert said in response.text
    assert "Kept place" in response.text or not values["place"]
    assert not Visit.objects.exists()
    assert not Shopper.objects.exists()


def test_rows_are_read_from_what_people_paste():
    assert [
        (r.place, r.day, r.scenario) for r in read_rows("Lugar;Día\nCentro;2026-03-31;Pedir talla\n")
    ] == [("Centro", date(2026, 3, 31), "Pedir talla")]
    assert read_rows("Norte\t2026-04-02\n\n")[0].place == "Norte"
    assert read_rows('"Sur, local 4",2026-04-02')[0].place == "Sur, local 4"
    with pytest.raises(RowsError) as fault:
        read_rows("Centro;31 de marzo\n;2026-01-01\nSur;2026-04-02")
    assert [line.partition(":")[0] for line in fault.value.faults] == ["Line 1", "Line 2"]
    with pytest.raises(RowsError):
        read_rows("\n \n")
    with pytest.raises(RowsError):
        read_rows("\n".join(f"P{n};2026-04-02" for n in range(501)))


def test_the_same_list_twice_is_one_list(world, consultant, wave):
    url, rows = world.url(f"waves/{wave.pk}/visits/paste/"), "North;2026-04-01\nSouth;2026-04-01"
    assert "2 visits are planned" in consultant.post(url, {"rows": rows}, follow=True).text
    again = consultant.post(url, {"rows": rows + "\nEast;2026-04-01"}, follow=True)
    assert "1 visit is planned" in again.text
    assert Visit.objects.count() == 3
    assert len({bytes(visit.nonce) for visit in Visit.objects.all()}) == 3
    refused = consultant.post(url, {"rows": "West;someday"})
    assert refused.status_code == 422
    assert "West;someday" in refused.text
    assert "someday” is no day" in refused.text


def test_a_survey_of_customers_has_no_visits_and_says_so(world, consultant):
    wave = wave_of(survey_of(world.cycle))
    text = consultant.get(world.url(f"waves/{wave.pk}/visits/")).text
    assert "answered by others, not by mystery shoppers" in text
    assert "Plan the visit" not in text
    assert f'<a href="{world.url(f"waves/{wave.pk}/")}">{wave.survey}</a>' in text
    assert "Visits (CSV)" not in text


def test_many_visits_have_pages_and_are_found_by_place_or_who_goes(world, consultant, manager, wave):
    other = shopper_of(wave, "Noa Lara", "noa@sombra.example")
    for n in range(54):
        planned(wave, place=f"Shop {n}", day=date(2026, 3, 1))
    made(wave, {0: alike(4)}, place="Málaga", shopper=other, day=date(2026, 4, 1))
    address = world.url(f"waves/{wave.pk}/visits/")
    first, second = consultant.get(address).text, consultant.get(address, {"page": 2}).text
    assert first.count('class="row"') == 50
    assert "Málaga" not in first
    assert "Málaga" in second
    for words in ("malaga", "noa lara"):
        page = consultant.get(address, {"q": words}).text
        assert page.count('class="row"') == 1, words
        assert "Málaga" in page
    assert "No visit is found so." in consultant.get(address, {"q": "nowhere"}).text
    # Who went is known to editors alone, and cannot be found out by searching.
    assert "No visit is found so." in manager.get(address, {"q": "noa lara"}).text
    assert "Málaga" in manager.get(address, {"q": "malaga"}).text


def test_shoppers_stand_in_the_order_of_their_names(world, consultant, wave):
    for name in ("Zoe", "Marta", "Ana"):
        Shopper.objects.create(client=world.client, name=name, email=f"{name}@sombra.example".lower())
    page = consultant.get(world.url(f"waves/{wave.pk}/visits/"))
    assert [shopper.name for shopper in page.context["shoppers"]] == ["Ana", "Marta", "Zoe"]
