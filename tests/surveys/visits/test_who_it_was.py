"""Who made a visit is for editors alone, and is erased everywhere."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import time

import pytest

from cycles.models import Action, ActionPlan
from surveys.models import Shopper, Visit, VisitScore
from surveys.visits.erasing import erase_shopper
from surveys.visits.hidden import BLACK, without_shopper
from tests.conftest import log_in
from tests.furniture import furnish
from tests.site_map import needs_no_login, routes
from tests.surveys.visiting import EMAIL, NAME, alike, made, planned, shopper_of

pytestmark = pytest.mark.once  # what pages say


def test_a_name_in_the_notes_is_blacked_out():
    ana = Shopper(name="Ana de la Cruz", email="ana.cruz@sombra.example")
    told = "Soy Ana de la Cruz (ANA.CRUZ@sombra.example). Ana y la banana. Cruz."
    assert without_shopper(told, ana) == f"Soy {BLACK} ({BLACK}). {BLACK} y la banana. {BLACK}."
    assert without_shopper(told, None) == told


def readable(body):
    """Of a workbook or slides what is in it, packed as it is."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return " ".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


@pytest.mark.parametrize("role", ["manager", pytest.param("viewer", marks=pytest.mark.once)])
def test_no_page_of_the_client_says_who_it_was(world, wave, role, settings, tmp_path):
    """Every page that the client's people may open, with two visits made and one to come."""
    settings.MEDIA_ROOT = tmp_path
    furnished = furnish(world)
    visit = made(wave, {0: alike(4)}, notes=f"I am {NAME}, write to {EMAIL}.", scenario=f"For {NAME}")
    coming = planned(wave, place="Secret place")
    visited = replace(furnished, wave=wave, survey=wave.survey, visit=visit, shopper=visit.shopper)
    browser = log_in(getattr(world, role))
    browser.raise_request_exception = False
    words = [part.casefold() for part in (NAME, "ximena", "quiroga", EMAIL, "Secret place")]
    seen, told = 0, []
    for route in routes():
        if needs_no_login(route):
            continue
        # Nobody answered the mystery survey by a link.
        response = browser.get(route.url(furnished if "response_id" in route.arguments else visited))
        if response.status_code != 200:
            continue
        seen += 1
        body = readable(b"".join(response))
        everything = f"{body} {json.dumps(dict(response.headers))}".casefold()
        told += [f"{route.name}: {word}" for word in words if word in everything]
    assert not told
    assert seen > 40
    assert browser.get(world.url(f"visits/{coming.pk}/")).status_code == 404
    page = browser.get(world.url(f"visits/{visit.pk}/")).text
    assert BLACK in page
    found = browser.get(world.url("search/"), {"q": "Ximena"})
    assert "Quiroga" not in found.text


def test_editors_see_who_it_was(world, consultant, wave):
    visit = made(wave, {0: alike(4)}, arrived_at=time(10, 5), left_at=time(10, 35))
    assert NAME in consultant.get(world.url(f"waves/{wave.pk}/visits/")).text
    page = consultant.get(world.url(f"visits/{visit.pk}/")).text
    assert NAME in page
    assert "10:05" in page
    table = consultant.get(world.url(f"waves/{wave.pk}/visits.csv")).text
    assert EMAIL in table
    assert "=HYPERLINK" not in table


def test_the_clients_people_read_how_long_it_took_and_not_when(world, manager, wave):
    visit = made(wave, {0: alike(4)}, arrived_at=time(10, 5), left_at=time(10, 35))
    page = manager.get(world.url(f"visits/{visit.pk}/")).text
    assert "30 minutes" in page
    assert "10:05" not in page
    assert "10:05" not in manager.get(world.url(f"waves/{wave.pk}/visits.csv")).text


def test_cells_that_a_spreadsheet_would_run_are_inert(world, consultant, wave):
    made(wave, {0: alike(4)}, place="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in consultant.get(world.url(f"waves/{wave.pk}/visits.csv")).text


def test_a_shopper_is_erased_everywhere(world, consultant, wave):
    done = made(wave, {0: alike(4)}, notes=f"{NAME} waited ten minutes")
    coming = planned(wave)
    coming.draft = {"notes": f"I am {NAME}"}
    coming.save()
    shopper = shopper_of(wave)
    response = consultant.post(world.url(f"shoppers/{shopper.pk}/erase/"), {"wave": wave.pk}, follow=True)
    assert "2 visits no longer say who made them" in response.text
    left = " ".join(str(visit.__dict__) for visit in Visit.objects.all())
    assert "Ximena" not in left
    assert "Quiroga" not in left
    assert not Shopper.objects.exists()
    done.refresh_from_db()
    coming.refresh_from_db()
    assert done.notes == f"{BLACK} waited ten minutes"
    assert VisitScore.objects.filter(visit=done).count() == 6
    assert coming.revoked_at
    assert coming.draft == {}
    assert consultant.post(world.url(f"shoppers/{shopper.pk}/erase/")).status_code == 404


def test_an_erased_shopper_leaves_what_the_team_wrote(world, wave):
    """As an erased contact does; a colleague keeps their name on the plan, "Bruno" alone is many a man."""
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    told = Action.objects.create(plan=plan, number=1, name=f"Ask {NAME.upper()}", description=EMAIL)
    said = Action.objects.create(plan=plan, number=2, name="Ask Olga Marín and Bruno")
    colleague = shopper_of(wave, "Olga Marín", "")
    colleague.member = world.manager
    colleague.save()
    for shopper in (shopper_of(wave), colleague, shopper_of(wave, "Bruno", "")):
        erase_shopper(shopper)
    told.refresh_from_db()
    said.refresh_from_db()
    assert (told.name, told.description) == (f"Ask {BLACK}", BLACK)
    assert said.name == "Ask Olga Marín and Bruno"


def test_handed_over_the_first_shoppers_name_leaves_the_notes(world, consultant, wave):
    visit = made(wave, {0: alike(4)}, notes=f"{NAME} was here")
    other = shopper_of(wave, "Bruno Paz", "bruno@sombra.example")
    values = {"place": visit.place, "day": visit.day.isoformat(), "goes": f"s{other.pk}"}
    consultant.post(world.url(f"visits/{visit.pk}/change/"), values)
    visit.refresh_from_db()
    assert (visit.shopper, visit.notes) == (other, f"{BLACK} was here")


def test_erasing_counts_only_their_own(world, wave):
    mine, other = planned(wave), planned(wave, shopper=shopper_of(wave, "Bruno Paz", ""))
    assert erase_shopper(mine.shopper) == 1
    other.refresh_from_db()
    assert other.shopper.name == "Bruno Paz"
