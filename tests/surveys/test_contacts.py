"""The contacts of a client: found, added, changed, opted out; and who sees their addresses."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Client
from surveys import campaigns, contacts
from surveys.models import Contact, MailState, OutgoingMail, Segment, Why
from surveys.suppression import suppress
from tests.conftest import log_in
from tests.surveys.asking import open_survey, queue


def contact(world, email="carmen@correo.example", **fields):
    return Contact.objects.create(client=world.client, email=email, **{"name": "Carmen Ríos", **fields})


def index(world):
    return world.url(f"clients/{world.client.pk}/contacts/")


def test_a_client_without_contacts_says_what_to_do(world, consultant):
    page = consultant.get(index(world))
    assert "No contacts yet" in page.text
    assert world.url(f"clients/{world.client.pk}/contacts/import/") in page.text


@pytest.mark.parametrize("query", ["rios", "RÍOS carmen", "carmen@correo", "x-17", "correo.example"])
def test_found_by_name_address_and_external_id_without_accents(world, consultant, query):
    contact(world, external_id="X-17")
    contact(world, "eva@otro.example", name="Eva")
    page = consultant.get(index(world), {"q": query})
    assert "Carmen Ríos" in page.text
    assert "eva@otro.example" not in page.text


def test_nobody_found_leads_back_to_all(world, consultant):
    contact(world)
    page = consultant.get(index(world), {"q": "nobody\x00'%"})
    assert "Nobody like that" in page.text


def test_filtered_by_state_each_with_its_name(world, consultant):
    suppress(contact(world, "out@correo.example", name="Olga"), Why.OPTED_OUT)
    suppress(contact(world, "dead@correo.example", name="Dora"), Why.BOUNCED)
    suppress(contact(world, "spam@correo.example", name="Susi"), Why.COMPLAINED)
    contact(world, "ok@correo.example", name="Rita")
    names = {"ready": "Rita", "opted_out": "Olga", "dead": "Dora", "complained": "Susi"}
    for state, name in names.items():
        page = consultant.get(index(world), {"state": state}).text
        assert [other for other in names.values() if other in page] == [name]
    assert contacts.figures(world.client) == {
        "total": 4,
        "ready": 1,
        "opted_out": 1,
        "dead": 1,
        "complained": 1,
    }


def test_filtered_by_a_segment(world, consultant):
    contact(world, attributes={"city": "Cali"})
    contact(world, "eva@correo.example", name="Eva", attributes={"city": "Lugo"})
    segment = Segment.objects.create(
        client=world.client, name="Cali", rules=[{"attribute": "city", "is": ["Cali"]}]
    )
    page = consultant.get(index(world), {"segment": segment.pk}).text
    assert "Carmen" in page
    assert "eva@correo.example" not in page


def test_sorted_and_paged(world):
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(60)]
    for n, day in enumerate(days):
        contact(world, f"c{n:02}@correo.example", name=f"C {n:02}", service_on=day)
    contact(world, "a@correo.example", name="Z")
    first = contacts.contact_list(world.client, sort="service")
    assert [row.contact.name for row in first.rows[:2]] == ["C 59", "C 58"]
    assert first.page.paginator.num_pages == 2
    last = contacts.contact_list(world.client, sort="service", page=2)
    assert last.rows[-1].contact.name == "Z"
    assert contacts.contact_list(world.client, sort="email").rows[0].contact.name == "Z"
    assert contacts.contact_list(world.client, sort="added").rows[0].contact.name == "Z"


def test_adding_one(world, consultant):
    url = world.url(f"clients/{world.client.pk}/contacts/add/")
    # All but the address may be left out.
    assert consultant.get(url).text.count('class="optional"') == 5
    data = {
        "email": "Carmen@Correo.example",
        "name": "Carmen Ríos",
        "external_id": "X-17",
        "language": "pt",
        "service_on": "2026-03-02",
        "attributes": "City: Cali\n\nPlan: Gold",
    }
    assert consultant.post(url, data).status_code == 302
    found = Contact.objects.get(client=world.client)
    assert (found.email, found.language, found.service_on) == (
        "carmen@correo.example",
        "pt",
        date(2026, 3, 2),
    )
    assert found.attributes == {"City": "Cali", "Plan": "Gold"}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "CARMEN@correo.example", "There is a contact with this address already"),
        ("email", "gone@correo.example", "may not be written to"),
        ("email", "no address", "valid email"),
        ("name", "Ana\x0bB", "control character"),
        ("attributes", "City Cali", "Line 1: write a name, a colon and a value"),
        ("attributes", "City: " + "x" * 121, "Line 1 is too long"),
        ("attributes", "\n".join(f"a{n}: b" for n in range(41)), "At most 40"),
        ("language", "klingon", "valid choice"),
        ("service_on", "someday", "valid date"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_kept(world, consultant, field, value, sentence):
    contact(world)
    suppress(contact(world, "gone@correo.example"), Why.OPTED_OUT)
    Contact.objects.filter(email="gone@correo.example").delete()
    url = world.url(f"clients/{world.client.pk}/contacts/add/")
    data = {"email": "new@correo.example", "name": "Ana Typed", field: value}
    page = consultant.post(url, data)
    assert page.status_code == 422
    assert sentence in page.text
    assert field == "name" or "Ana Typed" in page.text
    assert Contact.objects.count() == 1


def test_changing_one(world, consultant):
    carmen = contact(world, attributes={"City": "Cali"})
    url = world.url(f"contacts/{carmen.pk}/")
    assert "City: Cali" in consultant.get(url).text
    data = {"email": "carmen@correo.example", "name": "Carmen R.", "attributes": ""}
    assert consultant.post(url, data).status_code == 302
    carmen.refresh_from_db()
    assert (carmen.name, carmen.attributes) == ("Carmen R.", {})


def test_a_corrected_address_may_be_written_to_and_an_opt_out_stays(world, consultant):
    dead, out = contact(world, "dead@correo.example"), contact(world, "out@correo.example")
    suppress(dead, Why.BOUNCED)
    suppress(out, Why.OPTED_OUT)
    for one in (dead, out):
        data = {"email": f"new-{one.email}", "name": "Carmen"}
        assert consultant.post(world.url(f"contacts/{one.pk}/"), data).status_code == 302
        one.refresh_from_db()
    assert dead.may_be_asked
    assert not out.may_be_asked


def test_opting_out_by_hand_holds_for_ever(world, consultant):
    wave = open_survey(world.cycle)
    carmen = contact(world)
    for _press in range(2):
        assert consultant.post(world.url(f"contacts/{carmen.pk}/opt-out/")).status_code == 302
    carmen.delete()
    page = consultant.post(
        world.url(f"waves/{wave.pk}/recipients/list/"),
        {"pasted": "carmen@correo.example\neva@correo.example"},
    )
    assert page.status_code == 302
    consultant.post(world.url(f"waves/{wave.pk}/recipients/columns/"), {"column_0": "email", "import": "1"})
    assert [one.email for one in wave.recipients.all()] == ["eva@correo.example"]


def test_who_may_not_be_asked_gets_no_mail_by_any_way(world, consultant):
    """By a list, by a segment, by hand, and if it happens after everything was prepared."""
    wave = open_survey(world.cycle)
    states = {why: contact(world, f"{why}@correo.example") for why in Why}
    for why, one in states.items():
        suppress(one, why)
    contact(world, "ok@correo.example")
    consultant.post(world.url(f"waves/{wave.pk}/recipients/segment/"), {"segment": "all"})
    assert [one.email for one in wave.recipients.all()] == ["ok@correo.example"]
    # Somebody who stood among the recipients before they opted out.
    wave.recipients.add(*states.values())
    campaign = wave.campaigns.first() or campaigns.campaign_of(wave)
    campaign.save()
    campaigns.start(campaign)
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == ["ok@correo.example"]


def test_contacts_of_another_client_are_out_of_reach(world, consultant, stranger):
    theirs = contact(stranger)
    assert consultant.get(world.url(f"contacts/{theirs.pk}/")).status_code == 404
    assert consultant.post(world.url(f"contacts/{theirs.pk}/erase/"), {"sure": "on"}).status_code == 404
    other = Client.objects.create(workspace=world.workspace, name="Other")
    assert "carmen@correo.example" not in consultant.get(world.url(f"clients/{other.pk}/contacts/")).text


@pytest.mark.parametrize("role", ["manager", "viewer"])
def test_the_people_of_a_client_see_no_address(world, role):
    wave = open_survey(world.cycle)
    contact(world, "secret.person@correo.example", name="")
    named = contact(world, "other.person@correo.example", name="Olga")
    queue(
        wave,
        "secret.person@correo.example",
        "other.person@correo.example",
        state=MailState.FAILED,
        relay_reply="550 <other.person@correo.example> unknown",
    )
    queue(wave, "third.person@correo.example", state=MailState.UNCONFIRMED, transmitting_at=timezone.now())
    browser = log_in(getattr(world, role))
    page = browser.get(world.url(f"waves/{wave.pk}/")).text
    assert "s…@correo.example" in page
    assert "Olga" in page
    assert ".person@" not in page
    # Nor can an address be asked for.
    found = browser.get(world.url(f"waves/{wave.pk}/"), {"q": "other.person"}).text
    assert "Nobody like that" in found
    assert browser.get(index(world)).status_code == 403
    assert browser.get(world.url(f"contacts/{named.pk}/")).status_code == 403
    assert browser.get(world.url(f"clients/{world.client.pk}/segments/")).status_code == 403


def test_those_who_ask_see_addresses(world, consultant):
    wave = open_survey(world.cycle)
    contact(world, "secret.person@correo.example", name="")
    queue(wave, "secret.person@correo.example")
    assert "secret.person@correo.example" in consultant.get(world.url(f"waves/{wave.pk}/")).text


@pytest.mark.parametrize(
    ("email", "shown"), [("carmen@correo.example", "c…@correo.example"), ("", "…"), ("x", "…x")]
)
def test_masking(email, shown):
    assert contacts.masked(email) == shown
