"""The page at a link for whoever comes by, and how often it may be answered."""

import gzip
import re
import time
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from cycles.models import Moment
from surveys import instrument, limits, links
from surveys.models import Knock, OpenLink, Rating, Response, Survey, Wave
from tests.surveys.asking import invite, open_survey
from tests.surveys.forms import Form, path_of, press, text_of


@pytest.fixture
def wave(world) -> Wave:
    return open_survey(world.cycle)


@pytest.fixture
def counter(wave) -> OpenLink:
    return OpenLink.objects.create(wave=wave, place="Counter", nonce=links.new_nonce())


def at(open_link: OpenLink, query: str = "") -> str:
    return f"/o/{links.open_token_for(open_link)}/{query}"


# --- Answering ----------------------------------------------------------------------------------


def test_whoever_comes_by_answers_and_it_is_marked(counter, customer):
    page = text_of(customer.get(at(counter)))
    assert "This page does not know who you are and does not ask your name." in page
    assert 'name="save"' not in page
    assert "<script" not in page
    assert "for you alone" not in page
    assert 'autocomplete="off"' in page
    done = press(customer, at(counter), w1="y", i1="5", s1="2", nps="3")
    assert done.status_code == 200
    assert "Thank you, received" in text_of(done)
    assert "http-equiv" not in text_of(done)
    response = Response.objects.get()
    assert (response.open_link, response.invitation, response.wave) == (counter, None, counter.wave)
    assert response.segments == {}
    assert Rating.objects.count() == 3


def test_a_page_answers_once_and_the_next_one_again(counter, customer):
    fields = {**Form(text_of(customer.get(at(counter)))).fields, "nps": "3"}
    first, again = customer.post(at(counter), fields), customer.post(at(counter), fields)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    other = customer.post(at(counter), {**fields, "nps": "9"})
    assert other.status_code == 409
    assert "These answers were sent before" in text_of(other)
    assert Response.objects.get().nps == 3
    assert press(customer, at(counter), nps="3").status_code == 200
    assert Response.objects.count() == 2


@pytest.mark.parametrize("is_kiosk", [False, True])
def test_the_page_comes_compressed_also_when_it_is_handed_back(counter, customer, is_kiosk):
    OpenLink.objects.update(is_kiosk=is_kiosk)
    small = {"accept-encoding": "gzip, br"}
    page = customer.get(at(counter), headers=small)
    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    fields = {**Form(gzip.decompress(page.content).decode()).fields, "w1": "y", "comment": "Hola"}
    back = customer.post(at(counter), fields, headers=small)
    assert back.status_code == 422
    assert Form(gzip.decompress(back.content).decode()).fields["comment"] == ["Hola"]
    assert "Content-Encoding" not in customer.get(at(counter))


def test_looking_changes_nothing(counter, customer):
    for _ in range(5):
        customer.get(at(counter))
        customer.head(at(counter))
    assert not Response.objects.exists()
    assert not Knock.objects.exists()


def test_what_is_missing_comes_back_with_all_kept(counter, customer):
    back = press(customer, at(counter), w1="y", i1="5", comment="Hola")
    assert back.status_code == 422
    form = Form(text_of(back))
    assert form.fields["comment"] == ["Hola"]
    assert customer.post(at(counter), form.fields).status_code == 200
    assert press(customer, at(counter)).status_code == 422


@pytest.mark.parametrize("mark", ["", "x", "1.2", "1.2.3", "9999999999.aa.bb", "\0", "é.é.é"])
def test_only_a_page_of_ours(counter, customer, mark):
    back = customer.post(at(counter), {"nps": "3", "page": mark})
    assert back.status_code == 422
    assert "open for a long time" in text_of(back)
    assert Form(text_of(back)).fields["nps"] == ["3"]
    assert not Response.objects.exists()


def test_the_mark_of_another_place_does_not_do(counter, customer, wave):
    other = OpenLink.objects.create(wave=wave, place="Door", nonce=links.new_nonce())
    mark = Form(text_of(customer.get(at(other)))).fields["page"]
    assert customer.post(at(counter), {"nps": "3", "page": mark}).status_code == 422


def test_a_personal_link_opens_no_place_and_the_other_way_round(counter, wave, customer):
    invitation = invite(wave)
    assert customer.get(path_of(invitation).replace("/s/", "/o/")).status_code == 404
    assert customer.get(at(counter).replace("/o/", "/s/")).status_code == 404


def test_the_language_of_the_phone_and_the_switch(counter, customer):
    assert '<html lang="es">' in text_of(customer.get(at(counter), headers={"accept-language": "es-MX"}))
    assert '<html lang="en">' in text_of(customer.get(at(counter), headers={"accept-language": "fr"}))
    fields = {**Form(text_of(customer.get(at(counter)))).fields, "nps": "3"}
    page = customer.post(at(counter, "?lang=es"), {**fields, "switch": "1"})
    assert page.status_code == 200
    assert '<html lang="es">' in text_of(page)
    assert Form(text_of(page)).fields["nps"] == ["3"]
    assert Form(text_of(page)).fields["page"] == fields["page"]
    assert not Response.objects.exists()


def test_what_is_drawn_goes_by_the_page(world, customer):
    stage = Moment.objects.get(name="Find the shop").stage
    for n in range(6):
        Moment.objects.create(stage=stage, position=20 + n, name=f"Other {n}")
    Survey.objects.filter(pk=instrument.draft_survey(world.cycle).pk)
    wave = open_survey(world.cycle, drawn=2)
    place = OpenLink.objects.create(wave=wave, place="Counter", nonce=links.new_nonce())
    drawn = [frozenset(Form(text_of(customer.get(at(place)))).names) for _ in range(10)]
    assert len(set(drawn)) > 1
    page = text_of(customer.get(at(place)))
    form = Form(page)
    asked = {name[1:] for name in form.names if re.fullmatch(r"s\d+", name)}
    back = customer.post(at(place), {**form.fields, f"w{min(asked)}": "y"})
    assert back.status_code == 422
    assert Form(text_of(back)).names - {"as_is"} == form.names
    assert customer.post(at(place), Form(text_of(back)).fields | {"nps": "3"}).status_code == 200
    assert {str(row.item.position + 1) for row in Rating.objects.select_related("item")} == asked


def test_an_anonymous_survey_keeps_the_day_alone(world, customer):
    wave = open_survey(world.cycle, is_anonymous=True)
    place = OpenLink.objects.create(wave=wave, place="Counter", nonce=links.new_nonce())
    press(customer, at(place), nps="3")
    at_midnight = timezone.localtime(Response.objects.get().submitted_at)
    assert at_midnight.time().isoformat() == "00:00:00"


# --- Where there is nothing to answer -----------------------------------------------------------


def test_calm_pages(counter, customer):
    assert "Scan the code again" in text_of(customer.get("/o/xyz/", headers={"accept-language": "en"}))
    assert customer.get("/o/xyz/").status_code == 404
    day = timezone.localdate()
    Wave.objects.update(opens_on=day + timedelta(days=2))
    assert "The survey opens on" in text_of(customer.get(at(counter)))
    Wave.objects.update(opens_on=None, closes_on=day - timedelta(days=2))
    assert customer.get(at(counter)).status_code == 410
    Wave.objects.update(closes_on=None)
    OpenLink.objects.update(revoked_at=timezone.now())
    gone = customer.get(at(counter))
    assert gone.status_code == 410
    assert "care@lunaria.example" in text_of(gone)


def test_a_closed_wave_takes_nothing_from_a_page_that_lay_open(counter, customer):
    fields = {**Form(text_of(customer.get(at(counter)))).fields, "nps": "3"}
    instrument.close_wave(counter.wave)
    assert customer.post(at(counter), fields).status_code == 410
    assert not Response.objects.exists()


def test_a_form_on_another_site_is_refused(counter, customer):
    fields = {**Form(text_of(customer.get(at(counter)))).fields, "nps": "3"}
    assert customer.post(at(counter), fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


# --- Kiosk --------------------------------------------------------------------------------------


def test_a_kiosk_goes_back_to_the_start_by_itself(counter, customer):
    OpenLink.objects.update(is_kiosk=True)
    page = text_of(customer.get(at(counter), headers={"accept-language": "es"}))
    # Whoever stands there next: the survey's language, and nothing of the one before.
    assert '<html lang="en">' in page
    assert f'<noscript><meta http-equiv="refresh" content="600;url={at(counter)}"></noscript>' in page
    assert f'data-start="{at(counter)}"' in page
    assert "Are you still there?" in page
    done = text_of(press(customer, at(counter), nps="3"))
    assert f'<meta http-equiv="refresh" content="8;url={at(counter)}">' in done
    assert "For the next person" in done


# --- Limits -------------------------------------------------------------------------------------


def from_address(address: str) -> Browser:
    return Browser(enforce_csrf_checks=True, REMOTE_ADDR=address)


@pytest.mark.usefixtures("one_minute")
def test_a_personal_link_takes_thirty_presses_a_minute(wave, customer):
    invitation = invite(wave)
    fields = {**Form(text_of(customer.get(path_of(invitation)))).fields, "w1": "y"}
    statuses = [customer.post(path_of(invitation), fields).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]
    busy = customer.post(path_of(invitation), fields)
    assert busy["Retry-After"] == "60"
    assert "Wait a minute and try again." in text_of(busy)
    # Looking is free, and another link is not to blame.
    assert customer.get(path_of(invitation)).status_code == 200
    assert press(customer, path_of(invite(wave, "b@example.org")), nps="3").status_code == 200


@pytest.mark.usefixtures("one_minute")
def test_an_address_is_counted_over_all_its_links(wave, settings):
    settings.ANSWERS_PER_ADDRESS = 12
    invitations = [invite(wave, f"c{n}@example.org") for n in range(13)]
    here, there = from_address("192.0.2.7"), from_address("192.0.2.8")
    statuses = [press(here, path_of(invitation), nps="3").status_code for invitation in invitations]
    assert statuses == [200] * 12 + [429]
    assert press(there, path_of(invitations[12]), nps="3").status_code == 200
    settings.ANSWERS_PER_ADDRESS = 0
    assert press(here, path_of(invite(wave, "z@example.org")), nps="3").status_code == 200


@pytest.mark.usefixtures("one_minute")
def test_a_header_that_anybody_can_write_is_not_believed(wave, settings):
    settings.ANSWERS_PER_ADDRESS = 5
    invitations = [invite(wave, f"c{n}@example.org") for n in range(12)]

    def statuses(browser: Browser, said: str) -> list[int]:
        found = []
        for n, invitation in enumerate(invitations[:6]):
            headers = {"X-Forwarded-For": said.format(n=n)}
            found.append(browser.post(path_of(invitation), {}, headers=headers).status_code)
        return found

    assert statuses(from_address("192.0.2.7"), "203.0.113.{n}")[-1] == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    # Behind a proxy what it wrote last counts, whatever stands before it.
    assert statuses(from_address("192.0.2.9"), "203.0.113.{n}, 198.51.100.1")[-1] == 429
    assert statuses(from_address("192.0.2.9"), "203.0.113.{n}")[-1] == 422


@pytest.mark.usefixtures("one_minute")
def test_an_ipv6_network_is_one_address(wave, settings):
    settings.ANSWERS_PER_ADDRESS = 5
    invitation = invite(wave)
    browsers = [from_address(f"2001:db8:1:2::{n}") for n in range(6)]
    assert [browser.post(path_of(invitation), {}).status_code for browser in browsers][-1] == 429
    assert from_address("2001:db8:1:3::1").post(path_of(invitation), {}).status_code == 422


@pytest.mark.usefixtures("one_minute")
def test_thirty_wrong_links_a_minute(world):
    guesser = from_address("192.0.2.7")
    statuses = [guesser.get(f"/{'so'[n % 2]}/guess{n}/").status_code for n in range(31)]
    assert statuses == [404] * 30 + [429]
    assert from_address("192.0.2.8").get("/s/guess/").status_code == 404


@pytest.mark.usefixtures("one_minute")
def test_a_place_takes_twenty_a_minute_from_one_address(counter):
    here = from_address("192.0.2.7")
    statuses = [press(here, at(counter), nps="3").status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    assert press(from_address("192.0.2.8"), at(counter), nps="3").status_code == 200
    assert Response.objects.count() == 21


def test_what_is_counted_is_seen_by_other_processes_and_forgotten_in_a_minute(db, monkeypatch):
    limit = limits.Limit("test", 30)
    for _ in range(20):
        assert limits.passes(limit, "somebody")
    limits.forget()  # as another process, which has counted nothing
    passed = sum(limits.passes(limit, "somebody") for _ in range(40))
    assert passed <= 30 - 20 + limit.unshared
    assert "somebody" not in str(Knock.objects.values_list("key"))
    now = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: now)
    for _ in range(5):
        assert limits.passes(limit, "somebody")
    assert Knock.objects.count() == 1
    assert Knock.objects.get().count == 5
