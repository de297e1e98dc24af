"""Links for whoever comes by, from the consultant's side."""

import re
from io import BytesIO

import pytest
from PIL import Image

from surveys import links
from surveys.models import OpenLink, Wave
from tests.conftest import log_in
from tests.surveys.asking import open_survey


@pytest.fixture
def wave(world) -> Wave:
    return open_survey(world.cycle)


def make(consultant, world, wave, **data) -> OpenLink:
    response = consultant.post(world.url(f"waves/{wave.pk}/places/add/"), {"place": "Counter", **data})
    assert response.status_code == 302
    return OpenLink.objects.latest("pk")


def page(consultant, world, wave) -> str:
    return consultant.get(world.url(f"waves/{wave.pk}/places/")).content.decode()


def test_a_place_gets_a_link_of_its_own(consultant, world, wave, customer):
    one = make(consultant, world, wave)
    two = make(consultant, world, wave, place="  Receipt   A ", is_kiosk="on")
    assert (two.place, two.is_kiosk) == ("Receipt A", True)
    shown = page(consultant, world, wave)
    assert links.open_url(one) in shown
    assert links.open_url(two) in shown
    assert links.open_token_for(one) != links.open_token_for(two)
    assert customer.get(f"/o/{links.open_token_for(one)}/").status_code == 200
    survey_page = consultant.get(world.url(f"waves/{wave.pk}/")).content.decode()
    assert world.url(f"waves/{wave.pk}/places/") in survey_page


def test_the_same_place_twice_is_refused_with_what_was_typed(consultant, world, wave):
    make(consultant, world, wave)
    again = consultant.post(world.url(f"waves/{wave.pk}/places/add/"), {"place": "counter"})
    assert again.status_code == 422
    assert "This place has a link already." in again.content.decode()
    assert ">\ncounter</textarea>" in again.content.decode()
    assert OpenLink.objects.count() == 1
    assert consultant.post(world.url(f"waves/{wave.pk}/places/add/"), {"place": ""}).status_code == 422


def test_many_places_at_once(consultant, world, wave):
    """A column of a sheet is pasted; pasted again, it adds what is new in it."""
    make(consultant, world, wave, place="Quito")
    url, headers = world.url(f"waves/{wave.pk}/places/add/"), {"HX-Request": "true"}
    told = "Bogotá\n  Cali   Norte \n\nquito\nCALI NORTE\n"
    said = consultant.post(url, {"place": told, "is_kiosk": "on"}, headers=headers).content.decode()
    assert "2 links are ready. 1 place had one already." in said
    made = OpenLink.objects.exclude(place="Quito")
    assert {(one.place, one.is_kiosk) for one in made} == {("Bogotá", True), ("Cali Norte", True)}
    assert len({links.open_token_for(one) for one in OpenLink.objects.all()}) == 3
    again = consultant.post(url, {"place": told}, headers=headers)
    assert again.status_code == 422
    assert "These places have links already." in again.content.decode()
    assert "Cali   Norte" in again.content.decode()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("\n".join(f"Shop {n}" for n in range(301)), "At most 300 places at once."),
        ("Fine\n" + "x" * 81, "At most 80 characters a place: “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…”"),
        ("a\x07b", "control character"),
    ],
)
def test_a_list_that_cannot_be_taken_is_refused_whole(consultant, world, wave, told, sentence):
    refused = consultant.post(world.url(f"waves/{wave.pk}/places/add/"), {"place": told})
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert not OpenLink.objects.exists()


def test_a_long_list_is_searched_paged_and_printed_at_once(consultant, world, wave):
    shops = [f"Tienda {n:02}" for n in range(55)]
    consultant.post(world.url(f"waves/{wave.pk}/places/add/"), {"place": "\n".join([*shops, "Álamo"])})
    gone = OpenLink.objects.get(place="Tienda 00")
    first = page(consultant, world, wave)
    assert "Page 1 of 2" in first
    assert 'id="find-in"' in first
    consultant.post(world.url(f"places/{gone.pk}/revoke/?page=2"))
    rest = consultant.get(world.url(f"waves/{wave.pk}/places/?page=2")).content.decode()
    assert re.findall("<h2>(.*)</h2>", rest)[-1] == "Tienda 00", "those in use come first"
    found = consultant.get(world.url(f"waves/{wave.pk}/places/?q=alamo")).content.decode()
    assert "Álamo" in found
    assert "Tienda" not in found
    nothing = consultant.get(world.url(f"waves/{wave.pk}/places/?q=nowhere")).content.decode()
    assert "No place is called so." in nothing
    printed = consultant.get(world.url(f"waves/{wave.pk}/places/sheets/?q=tienda+1")).content.decode()
    assert printed.count('<section class="sheet') == 15, "every word, anywhere in the name"
    whole = consultant.get(world.url(f"waves/{wave.pk}/places/sheets/")).content.decode()
    assert whole.count('<section class="sheet') == 55, "those of all pages"
    assert links.open_url(gone) not in whole


def test_a_press_stays_where_it_was_made(consultant, world, wave):
    place = make(consultant, world, wave)
    back = consultant.post(world.url(f"places/{place.pk}/revoke/?q=cou&page=1"))
    assert back["Location"].endswith(f"/waves/{wave.pk}/places/?q=cou&page=1")


def test_renamed_and_made_a_kiosk_its_link_stays(consultant, world, wave):
    place = make(consultant, world, wave)
    data = {f"p{place.pk}-place": "Till", f"p{place.pk}-is_kiosk": "on"}
    before = links.open_token_for(place)
    assert consultant.post(world.url(f"places/{place.pk}/change/"), data).status_code == 302
    place.refresh_from_db()
    assert (place.place, place.is_kiosk, links.open_token_for(place)) == ("Till", True, before)
    make(consultant, world, wave, place="Door")
    refused = consultant.post(world.url(f"places/{place.pk}/change/"), {f"p{place.pk}-place": "Door"})
    assert refused.status_code == 422
    place.refresh_from_db()
    assert place.place == "Till"


def test_withdrawn_its_page_says_so_and_a_new_link_is_another(consultant, world, wave, customer):
    place = make(consultant, world, wave)
    old = f"/o/{links.open_token_for(place)}/"
    # A link that works is not replaced, however often that is pressed.
    consultant.post(world.url(f"places/{place.pk}/renew/"))
    assert customer.get(old).status_code == 200
    for _ in range(2):
        assert consultant.post(world.url(f"places/{place.pk}/revoke/")).status_code == 302
    assert customer.get(old).status_code == 410
    assert "withdrawn on" in page(consultant, world, wave)
    consultant.post(world.url(f"places/{place.pk}/renew/"))
    place.refresh_from_db()
    assert place.revoked_at is None
    assert customer.get(old).status_code == 404
    assert customer.get(f"/o/{links.open_token_for(place)}/").status_code == 200


def test_with_htmx_the_list_comes_back(consultant, world, wave):
    headers = {"HX-Request": "true"}
    url = world.url(f"waves/{wave.pk}/places/add/")
    added = consultant.post(url, {"place": "Counter"}, headers=headers)
    assert added.status_code == 200
    assert added.content.decode().lstrip().startswith('<div id="places"')
    assert consultant.post(url, {"place": "Counter"}, headers=headers).status_code == 422


def test_qr_codes_are_pictures_of_the_link(consultant, world, wave):
    place = make(consultant, world, wave)
    svg = consultant.get(world.url(f"places/{place.pk}/qr.svg"))
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<svg")
    assert b"#fff" in svg.content
    png = consultant.get(world.url(f"places/{place.pk}/qr.png?download"))
    assert png["Content-Disposition"] == 'attachment; filename="qr-lunaria-counter.png"'
    picture = Image.open(BytesIO(png.content))
    assert picture.size[0] == picture.size[1] >= 600
    other = make(consultant, world, wave, place="Door")
    assert consultant.get(world.url(f"places/{other.pk}/qr.png")).content != png.content


def test_the_sheet_is_in_the_surveys_words(consultant, world, wave):
    place = make(consultant, world, wave)
    sheet = consultant.get(world.url(f"places/{place.pk}/sheet/?size=a6&lang=es")).content.decode()
    assert "Apunta aquí la cámara del teléfono" in sheet
    assert "¿Cómo te fue en Lunaria?" in sheet
    assert "sheet--a6" in sheet
    assert links.open_url(place) in sheet
    plain = consultant.get(world.url(f"places/{place.pk}/sheet/?size=zz&lang=zz")).content.decode()
    assert "sheet--a4" in plain
    assert "Point your phone’s camera here" in plain


def test_without_a_place_there_is_nothing_to_print_and_the_way_to_make_one(consultant, world, wave):
    address = world.url(f"waves/{wave.pk}/places/sheets/")
    empty = consultant.get(address).content.decode()
    assert "Make a link for a place" in empty
    assert empty.count(f'href="{world.url(f"waves/{wave.pk}/places/")}"') == 1
    assert "data-print" not in empty
    make(consultant, world, wave)
    assert "data-print" in consultant.get(address).content.decode()


def test_the_sheet_of_a_draft_counts_what_will_be_asked(consultant, world):
    from surveys import instrument

    wave = instrument.draft_survey(world.cycle).waves.get()
    place = make(consultant, world, wave)
    sheet = consultant.get(world.url(f"places/{place.pk}/sheet/?lang=en")).content.decode()
    assert "6 questions" in sheet
    assert "still a draft" in page(consultant, world, wave)


def test_only_who_edits_sees_links(world, wave, consultant):
    place = make(consultant, world, wave)
    manager = log_in(world.manager)
    for path in (
        f"waves/{wave.pk}/places/",
        f"waves/{wave.pk}/places/sheets/",
        f"places/{place.pk}/qr.svg",
        f"places/{place.pk}/sheet/",
    ):
        assert manager.get(world.url(path)).status_code == 403
    assert manager.post(world.url(f"places/{place.pk}/revoke/")).status_code == 403
