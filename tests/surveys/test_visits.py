"""Mystery visits: planned, filled in at a link or typed in, reviewed, scored; and who made them, hidden."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, time
from math import sqrt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image
from scipy.stats import t

from cycles.models import Moment
from surveys import links
from surveys.models import (
    Criterion,
    CriterionWeight,
    Response,
    Shopper,
    SurveyStatus,
    Visit,
    VisitPhoto,
    VisitScore,
    VisitState,
)
from surveys.visits import filing
from surveys.visits.erasing import erase_shopper
from surveys.visits.form import Reading, read
from surveys.visits.hidden import BLACK, without_shopper
from surveys.visits.photos import MOST_PHOTOS
from surveys.visits.planning import RowsError, read_rows
from surveys.visits.scores import estimate, scores_of, weighted
from surveys.visits.wording import visit_words
from tests.conftest import log_in
from tests.furniture import furnish
from tests.prioritization.answers import survey_of, wave_of
from tests.site_map import needs_no_login, routes
from tests.surveys.visiting import EMAIL, NAME, alike, made, mystery_wave, planned, shopper_of


@pytest.fixture
def wave(world):
    return mystery_wave(world.cycle)


def picture(kind="JPEG", **more):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, kind, **more)
    return out.getvalue()


def upload(data=None, name="ximena quiroga 01.jpg"):
    return SimpleUploadedFile(name, picture() if data is None else data, "image/jpeg")


# --- Planning ----------------------------------------------------------------------------------------


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


# --- The shopper's own page --------------------------------------------------------------------------


def mark_of(text):
    return text.split('name="page" value="', 1)[1].split('"', 1)[0]


def opened(customer, visit):
    url = f"/v/{links.visit_token_for(visit)}/"
    page = customer.get(url)
    assert page.status_code == 200
    return url, {"page": mark_of(page.text)}


def all_of(number, value="4"):
    return {f"w{number}": "y", **{f"c{number}_{criterion}": value for criterion in Criterion.values}}


def test_a_visit_is_filled_in_by_its_link_alone(world, customer, wave):
    visit = planned(wave, scenario="Ask for a size that is not there")
    url, form = opened(customer, visit)
    page = customer.get(url).text
    assert "Your visit to Alba Centre" in page
    assert "Ask for a size that is not there" in page
    assert "Tone of language" in page
    assert NAME not in page
    assert customer.cookies == {}
    sent = {**form, **all_of(1), **all_of(3, "2"), "w2": "n", "arrived": "17:05", "left": "17:40"}
    sent |= {"c1_sales": "na", "notes": "They smiled.", "send": "1"}
    assert "visit received" in customer.post(url, sent).text
    visit.refresh_from_db()
    assert (visit.state, visit.arrived_at, visit.left_at) == ("done", time(17, 5), time(17, 40))
    assert (visit.minutes, visit.notes, visit.draft) == (35, "They smiled.", {})
    assert VisitScore.objects.filter(visit=visit).count() == 12
    sales = VisitScore.objects.get(visit=visit, criterion="sales", item__position=0)
    assert (sales.applies, sales.value) == (False, None)
    # Sent twice is sent once; opened again it says so.
    again = customer.post(url, {**sent, "c1_tone": "1"})
    assert again.status_code == 409
    assert "sent already" in again.text
    assert VisitScore.objects.get(visit=visit, criterion="tone", item__position=0).value == 4
    assert not Response.objects.exists()


def test_half_filled_in_it_is_kept(world, customer, wave):
    visit = planned(wave)
    url, form = opened(customer, visit)
    half = {**form, "c1_tone": "5", "notes": "So far", "arrived": "25:99", "stranger": "x"}
    assert "Saved" in customer.post(url, {**half, "save": "1"}).text
    visit.refresh_from_db()
    assert visit.draft == {"c1_tone": "5", "notes": "So far", "arrived": "25:99"}
    assert visit.state == "planned"
    assert visit.started_at
    back = customer.get(url).text
    assert "This is what you saved" in back
    assert 'name="c1_tone" value="5" checked' in back
    assert ">\nSo far</textarea>" in back
    # Enter in a field presses no button, and must not send.
    customer.post(url, {**form, **all_of(1)})
    assert Visit.objects.get().state == "planned"
    assert customer.post(url, {**half, "save": "1", "quietly": "1"}).status_code == 204


def test_gaps_are_asked_for_once_and_then_left(world, customer, wave):
    visit = planned(wave)
    url, form = opened(customer, visit)
    gap = {**form, "w1": "y", "c1_tone": "4", "send": "1"}
    asked = customer.post(url, gap)
    assert asked.status_code == 422
    assert "5 answers are missing" in asked.text
    assert 'name="as_is"' in asked.text
    assert "visit received" in customer.post(url, {**gap, "as_is": "1"}).text
    assert VisitScore.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Score at least one criterion"),
        ({"c1_tone": "6"}, "Choose a number from 1 to 5, or N/A"),
        ({"c1_tone": "²"}, "Choose a number from 1 to 5, or N/A"),
        ({**all_of(1), "arrived": "half past"}, "A time like 17:45"),
        ({**all_of(1), "arrived": "18:00", "left": "17:00"}, "Leaving is before arriving"),
        ({**all_of(1), "notes": "x" * 4001}, "There is room for 4000 characters"),
    ],
)
def test_what_a_shopper_got_wrong_is_said(world, customer, wave, more, said):
    url, form = opened(customer, planned(wave))
    response = customer.post(url, {**form, **more, "send": "1"})
    assert response.status_code == 422
    assert said in response.text
    assert not VisitScore.objects.exists()


def test_links_that_lead_nowhere(world, customer, wave):
    visit = planned(wave)
    url, form = opened(customer, visit)
    assert customer.get(url[:-6] + "AAAAA/").status_code == 404
    assert customer.post(url, {"send": "1", **all_of(1)}).status_code == 422, "no mark of ours in the page"
    elsewhere = customer.post(
        url, {**form, **all_of(1), "send": "1"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert elsewhere.status_code == 403
    wave.status = SurveyStatus.CLOSED
    wave.closed_at = visit.created_at
    wave.save()
    assert customer.get(url).status_code == 410
    assert not VisitScore.objects.exists()


def test_a_new_link_kills_the_old_one_and_keeps_what_was_typed(world, consultant, customer, wave):
    visit = planned(wave)
    url, form = opened(customer, visit)
    customer.post(url, {**form, "c1_tone": "5", "save": "1"})
    consultant.post(world.url(f"visits/{visit.pk}/renew/"))
    assert customer.get(url).status_code == 404
    visit.refresh_from_db()
    assert 'name="c1_tone" value="5" checked' in customer.get(f"/v/{links.visit_token_for(visit)}/").text


def test_the_page_speaks_the_languages_of_the_survey(world, customer, wave):
    wave.survey.language, wave.survey.address = "es", "usted"
    wave.survey.save()
    text = customer.get(f"/v/{links.visit_token_for(planned(wave))}/").text
    assert "Su visita a Alba Centre" in text
    assert "Tono del lenguaje" in text
    for language in ("es", "en"):
        for address in ("tu", "usted"):
            wave.survey.address = address
            said = visit_words(wave.survey, language)
            assert all(said[f"criterion_{criterion}"] for criterion in Criterion.values)


# --- Photos ------------------------------------------------------------------------------------------


def test_photos_are_made_anew_and_named_by_nobody(world, customer, consultant, wave, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit = planned(wave)
    url, form = opened(customer, visit)
    exif = Image.Exif()
    exif[0x010E] = NAME  # ImageDescription
    data = picture(exif=exif)
    assert NAME.encode() in data
    answer = customer.post(url, {**form, "photo": upload(data), "photo_of": "2", "photos": "1"})
    assert answer.status_code == 302
    photo = VisitPhoto.objects.get()
    assert photo.item.position == 1
    assert "ximena" not in photo.file.name
    with photo.file.open() as kept:
        assert NAME.encode() not in kept.read()
    assert "Remove photo 1" in customer.get(url).text
    handed = consultant.get(world.url(f"visit-photos/{photo.pk}/"))
    assert handed["Content-Type"] == "image/jpeg"
    assert "ximena" not in handed["Content-Disposition"]
    customer.post(url, {**form, "remove": str(photo.pk)})
    assert not VisitPhoto.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("notes.pdf", b"%PDF-1.7", "Only photos are taken here"),
        ("fake.jpg", b"no picture", "not what the name says"),
        ("empty.png", b"", "not what the name says"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_typed_is_lost(world, customer, wave, name, data, said):
    visit = planned(wave)
    url, form = opened(customer, visit)
    response = customer.post(url, {**form, **all_of(1), "photo": SimpleUploadedFile(name, data), "send": "1"})
    if data:
        assert response.status_code == 422
        assert said in response.text
        visit.refresh_from_db()
        assert (visit.state, visit.draft["c1_tone"]) == ("planned", "4")
    assert not VisitPhoto.objects.exists()


def test_no_more_photos_than_a_visit_needs(world, consultant, wave, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit = made(wave, {0: alike(4)})
    VisitPhoto.objects.bulk_create(
        VisitPhoto(visit=visit, file="x.png", content_type="image/png", size=1) for _ in range(MOST_PHOTOS)
    )
    response = consultant.post(world.url(f"visits/{visit.pk}/photos/"), {"photo": upload()}, follow=True)
    assert "at most 20 photos" in response.text
    assert VisitPhoto.objects.count() == MOST_PHOTOS


# --- Typed in, corrected, reviewed -------------------------------------------------------------------


def test_a_consultant_types_it_in_corrects_it_and_reviews_it(world, consultant, wave):
    visit = planned(wave)
    url = world.url(f"visits/{visit.pk}/fill/")
    assert consultant.get(url).status_code == 200
    assert consultant.post(url, {"c1_tone": "3", "notes": "On paper"}).status_code == 302
    assert 'value="3" selected' in consultant.get(url).text
    consultant.post(url, {"c1_tone": "na", "c2_time": "5", "left": "10:00"})
    told = VisitScore.objects.values_list("item__position", "criterion", "value").order_by("item__position")
    assert list(told) == [(0, "tone", None), (1, "time", 5)]
    refused = consultant.post(url, {"c1_tone": "9", "notes": "Kept"})
    assert refused.status_code == 422
    assert "Kept</textarea>" in refused.text
    consultant.post(world.url(f"visits/{visit.pk}/review/"))
    consultant.post(world.url(f"visits/{visit.pk}/review/"))
    visit.refresh_from_db()
    assert visit.state == VisitState.REVIEWED
    assert consultant.post(url, {"c1_tone": "1"}).status_code == 422
    assert VisitScore.objects.filter(value=5).exists()
    consultant.post(world.url(f"visits/{visit.pk}/unreview/"))
    assert consultant.post(url, {"c1_tone": "1"}).status_code == 302


def test_a_draft_survey_is_planned_but_not_filled_in(world, consultant, wave):
    wave.survey.frozen_at = None
    wave.survey.save()
    visit = planned(wave)
    response = consultant.post(world.url(f"visits/{visit.pk}/fill/"), {"c1_tone": "4"})
    assert response.status_code == 422
    assert "Open the survey first" in response.text


def test_of_two_filings_at_once_one_counts(world, wave):
    visit = planned(wave)
    item = wave.survey.items.first()
    first, second = ({(item.pk, "tone"): value} for value in (5, 1))
    stale = Visit.objects.get(pk=visit.pk)
    assert filing.file(visit, Reading(scores=first))
    assert not filing.file(stale, Reading(scores=second))
    assert VisitScore.objects.get().value == 5
    assert not filing.keep_draft(stale, {"c1_tone": "1"})


def test_deleted_it_is_gone_with_its_photos(world, consultant, wave, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit = made(wave, {0: alike(4)})
    consultant.post(world.url(f"visits/{visit.pk}/photos/"), {"photo": upload()})
    assert consultant.post(world.url(f"visits/{visit.pk}/delete/")).status_code == 302
    assert not Visit.objects.exists()
    assert not VisitPhoto.objects.exists()
    assert consultant.post(world.url(f"visits/{visit.pk}/delete/")).status_code == 404


@pytest.mark.django_db
def test_the_database_refuses_what_makes_no_sense(world, wave):
    visit = planned(wave)
    item = wave.survey.items.first()
    for wrong in (
        {"value": 0},
        {"value": 11},
        {"value": None},
        {"value": 4, "applies": False},
        {"criterion": "height", "value": 3},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitScore.objects.create(visit=visit, item=item, **{"criterion": "tone", **wrong})
    visit.arrived_at, visit.left_at = time(10), time(9)
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save()


# --- Scores ------------------------------------------------------------------------------------------


def test_the_weighted_mean_leaves_out_what_did_not_apply():
    weights = {"tone": 3, "courtesy": 1, "sales": 0}
    assert weighted({"tone": 4, "courtesy": 2}, weights) == 3.5
    assert weighted({"tone": None, "courtesy": 2}, weights) == 2
    assert weighted({"sales": 1}, weights) is None
    assert weighted({"tone": None}, weights) is None


def test_over_visits_the_mean_has_its_t_interval():
    values = [3.0, 4.0, 4.5, 2.5]
    found = estimate(values, (1, 5))
    mean = sum(values) / 4
    se = sqrt(sum((v - mean) ** 2 for v in values) / 3 / 4)
    half = t.ppf(0.975, 3) * se
    assert found.n == 4
    assert found.mean == pytest.approx(3.5)
    assert found.low == pytest.approx(mean - half)
    assert found.high == pytest.approx(min(5, mean + half))
    one = estimate([4.0], (1, 5))
    assert (one.mean, one.low, one.is_orientation) == (4.0, None, True)
    assert estimate([], (1, 5)) is None


def test_scores_by_moment_criterion_and_place(world, wave):
    made(wave, {0: {"tone": 5, "courtesy": 3}, 2: {"tone": 2}}, place="North")
    made(wave, {0: {"tone": 3, "courtesy": None}}, place="South")
    planned(wave)
    CriterionWeight.objects.create(survey=wave.survey, criterion="tone", weight=3)
    found = scores_of(wave)
    moments = [moment.estimate for moment in found.moments]
    # North: (3 x 5 + 1 x 3) / 4 = 4.5; South: tone alone.
    assert moments[0].n == 2
    assert moments[0].mean == pytest.approx(3.75)
    assert moments[1] is None
    assert (moments[2].n, moments[2].mean, moments[2].low) == (1, 2.0, None)
    assert found.moments[0].not_applicable == 1
    # By visit first: North tone (5 + 2) / 2, South 3.
    assert found.criteria["tone"].mean == pytest.approx(3.25)
    assert found.criteria["sales"] is None
    assert found.places["North"].mean == pytest.approx((4.5 + 2) / 2)
    assert found.places["South"].n == 1
    assert found.n_visits == 2
    assert found.is_orientation


def test_few_visits_are_said_to_be_few(world, manager, wave):
    for _ in range(3):
        made(wave, {0: alike(4)})
    text = manager.get(world.url(f"waves/{wave.pk}/visits/")).text
    assert "3 visits" in text
    assert "orientation, not measurement" in text


def test_weights_are_checked_and_their_shares_shown(world, consultant, wave):
    url = world.url(f"waves/{wave.pk}/visits/weights/")
    text = consultant.get(world.url(f"waves/{wave.pk}/visits/")).text
    assert "Sum: 6." in text
    weights = {**dict.fromkeys(Criterion.values, "1"), "tone": "5"}
    assert "Sum: 10." in consultant.post(url, weights, follow=True).text
    assert CriterionWeight.objects.get(criterion="tone").weight == 5
    for wrong in ({"tone": "-1"}, {"tone": "101"}, {"tone": "1.5"}, {"tone": ""}):
        assert consultant.post(url, {**weights, **wrong}).status_code == 422
    nothing = consultant.post(url, dict.fromkeys(Criterion.values, "0"))
    assert nothing.status_code == 422
    assert "At least one criterion has to count" in nothing.text
    assert CriterionWeight.objects.get(criterion="tone").weight == 5


# --- Who it was --------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("role", ["manager", "viewer"])
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


# --- Reading the form --------------------------------------------------------------------------------


def test_a_moment_not_gone_through_has_no_scores(world, wave):
    items = list(wave.survey.items.all())
    say = visit_words(wave.survey, "en")
    reading = read(items, {"w1": "n", "c1_tone": "5", "c2_tone": "10"}, 10, say)
    assert reading.scores == {(items[1].pk, "tone"): 10}
    assert len(reading.faults) == 5
    assert reading.only_gaps


def test_a_survey_of_customers_has_no_visits_and_says_so(world, consultant):
    wave = wave_of(survey_of(world.cycle))
    text = consultant.get(world.url(f"waves/{wave.pk}/visits/")).text
    assert "for others than mystery shoppers" in text
    assert Moment.objects.count()
