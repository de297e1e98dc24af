"""Lists of contacts: any maker, any length, any enemy; given twice they change nothing."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection
from django.db.models import F

from surveys import contact_jobs
from surveys.contact_jobs import LostClaimError
from surveys.models import Contact, ContactImport, ListState, Why
from surveys.suppression import suppress
from tests.surveys.asking import open_survey
from tests.surveys.contact_files import HEADER, csv_of, hostile, mutants, rows, upload, xlsx_of


def give(world, browser, data, name="clientes.csv"):
    url = world.url(f"clients/{world.client.pk}/contacts/import/")
    return browser.post(url, {"file": upload(data, name)})


def given(world, browser, data, name="clientes.csv"):
    response = give(world, browser, data, name)
    assert response.status_code == 302, response.text[:2000]
    return ContactImport.objects.latest("pk")


def press(world, browser, kept, **more):
    data = {f"column_{n}": column for n, column in enumerate(kept.looked["mapping"])}
    return browser.post(world.url(f"contact-lists/{kept.pk}/columns/"), {**data, "import": "1", **more})


def told(world):
    values = Contact.objects.filter(client=world.client).order_by("pk")
    return list(values.values("pk", "email", "name", "language", "external_id", "service_on", "attributes"))


@pytest.mark.parametrize(
    "data",
    [
        csv_of(HEADER, *rows(5)),
        b"\xef\xbb\xbf" + csv_of(HEADER, *rows(5)),
        csv_of(HEADER, *rows(5)).replace(b";", b","),
        csv_of(HEADER, *rows(5)).replace(b";", b"\t"),
        csv_of(HEADER, *rows(5)).replace(b"\n", b"\r"),
        csv_of(HEADER, *rows(5)).decode().encode("utf-16"),
        csv_of(HEADER, *rows(5)).decode().encode("cp1252"),
        xlsx_of(HEADER, *rows(5)),
    ],
    ids=["utf-8", "mark", "comma", "tab", "cr", "utf-16", "cp1252", "xlsx"],
)
def test_a_list_of_any_maker_is_imported_as_shown(world, consultant, data):
    kept = given(world, consultant, data)
    page = consultant.get(world.url(f"contact-lists/{kept.pk}/")).text
    assert "5 valid" in page
    assert "5 new" in page
    assert not Contact.objects.exists()
    assert press(world, consultant, kept).status_code == 302
    assert told(world)[1] | {"pk": 0} == {
        "pk": 0,
        "email": "c1@correo.example",
        "name": "Cliente 1",
        "language": "es",
        "external_id": "X1",
        "service_on": date(2026, 2, 15),
        "attributes": {"ciudad": "Bogotá"},
    }


def test_days_and_numbers_of_a_workbook(world, consultant):
    book = xlsx_of(["Email", "Date", "Customer id"], ["a@b.example", date(2026, 3, 4), 17], [None] * 3)
    press(world, consultant, given(world, consultant, book, "book.xlsx"))
    assert (told(world)[0]["service_on"], told(world)[0]["external_id"]) == (date(2026, 3, 4), "17")


def test_the_same_list_again_changes_nothing(world, consultant):
    data = csv_of(HEADER, *rows(30))
    press(world, consultant, given(world, consultant, data))
    first = told(world)
    again = given(world, consultant, data)
    page = consultant.get(world.url(f"contact-lists/{again.pk}/")).text
    assert "30 here already" in page
    assert "imported before" in page
    press(world, consultant, again)
    assert told(world) == first
    again.refresh_from_db()
    assert (again.summary["added"], again.summary["changed"]) == (0, 0)


def test_where_list_and_contact_differ_it_is_asked_and_said_row_by_row(world, consultant):
    press(world, consultant, given(world, consultant, csv_of(HEADER, *rows(3))))
    other = [*rows(3)]
    other[1] = ["C1@correo.example", "Otro nombre", "Cali", "es", "2026-12-24", "X1"]
    kept = given(world, consultant, csv_of(HEADER, *other))
    page = consultant.get(world.url(f"contact-lists/{kept.pk}/")).text
    assert "1 contact is here already, and the list says something else" in page
    for said in ("Otro nombre", "Cliente 1", "Bogotá", "Whose value stays?"):
        assert said in page
    # Without an answer nothing is imported.
    refused = press(world, consultant, kept)
    assert refused.status_code == 422
    assert "Say whose value stays" in refused.text
    assert told(world)[1]["name"] == "Cliente 1"
    press(world, consultant, kept, wins="ours")
    assert told(world)[1]["name"] == "Cliente 1"
    again = given(world, consultant, csv_of(HEADER, *other) + b"\n")
    press(world, consultant, again, wins="file")
    changed = told(world)[1]
    assert (changed["name"], changed["attributes"]) == ("Otro nombre", {"ciudad": "Cali"})
    assert changed["service_on"] == date(2026, 12, 24)
    assert len(told(world)) == 3


def test_what_is_missing_is_filled_in_whoever_wins_and_nothing_is_emptied(world, consultant):
    Contact.objects.create(
        client=world.client, email="C0@Correo.example", name="Mía", attributes={"plan": "Oro"}
    )
    lines = [["c0@correo.example", "", "Cali", "es", "", "X0"]]
    kept = given(world, consultant, csv_of(HEADER, *lines, *rows(3)[1:]))
    press(world, consultant, kept)
    found = told(world)[0]
    assert (found["name"], found["external_id"], found["language"]) == ("Mía", "X0", "es")
    assert found["attributes"] == {"plan": "Oro", "ciudad": "Cali"}


def test_the_columns_can_be_said_otherwise(world, consultant):
    kept = given(world, consultant, csv_of(["a", "b", "c"], ["ana@b.example", "Ana", "x"]))
    url = world.url(f"contact-lists/{kept.pk}/columns/")
    twice = consultant.post(url, {"column_0": "email", "column_1": "name", "column_2": "name"})
    assert twice.status_code == 422
    assert "Two columns cannot both be" in twice.text
    none = consultant.post(url, {"column_0": "ignore", "column_1": "name", "column_2": "ignore"})
    assert none.status_code == 302
    kept.refresh_from_db()
    assert kept.looked["valid"] is None
    assert "Say which column holds" in consultant.get(world.url(f"contact-lists/{kept.pk}/")).text
    consultant.post(
        url, {"column_0": "email", "column_1": "segment", "column_2": "external_id", "import": "1"}
    )
    assert told(world)[0]["attributes"] == {"b": "Ana"}
    assert told(world)[0]["external_id"] == "x"


def test_each_line_that_cannot_be_used_is_named_with_its_number(world, consultant):
    suppress(Contact.objects.create(client=world.client, email="out@b.example"), Why.OPTED_OUT)
    suppress(Contact.objects.create(client=world.client, email="dead@b.example"), Why.BOUNCED)
    Contact.objects.all().delete()
    lines = [
        "correo;nombre",
        "ok@b.example;Ana",
        "no address;Eva",
        "OK@b.example;Ana",
        "",
        "out@b.example;Olga",
    ]
    kept = given(world, consultant, "\n".join([*lines, "dead@b.example;Dora"]).encode())
    page = consultant.get(world.url(f"contact-lists/{kept.pk}/")).text
    assert "Line 3 · no address · This is not an e-mail address." in page
    assert "Line 4 · ok@b.example · Already in line 2." in page
    assert "Line 6 · out@b.example · Asked for no more mail." in page
    assert "Line 7 · dead@b.example · Earlier mail to this address came back." in page
    press(world, consultant, kept)
    assert [one["email"] for one in told(world)] == ["ok@b.example"]
    kept.refresh_from_db()
    assert kept.summary["barred"] == 2


def test_once_imported_a_list_holds_nobody(world, consultant):
    data = csv_of(HEADER, *rows(3), ["kanari at correo", "x", "", "", "", ""])
    kept = given(world, consultant, data)
    press(world, consultant, kept)
    kept.refresh_from_db()
    assert (bytes(kept.content), kept.looked, kept.faults) == (b"", {}, [])
    assert kept.summary["unusable"] == 1
    assert consultant.post(world.url(f"contact-lists/{kept.pk}/discard/")).status_code == 302
    assert Contact.objects.count() == 3


def test_pressed_twice_is_once(world, consultant):
    kept = given(world, consultant, csv_of(HEADER, *rows(3)))
    assert [press(world, consultant, kept).status_code for _ in range(2)] == [302, 302]
    kept.refresh_from_db()
    assert kept.summary["added"] == 3


def test_nothing_given_says_so(world, consultant):
    url = world.url(f"clients/{world.client.pk}/contacts/import/")
    page = consultant.post(url, {"pasted": " "})
    assert page.status_code == 422
    assert "Choose a file or paste a list" in page.text


def test_a_pasted_list(world, consultant):
    url = world.url(f"clients/{world.client.pk}/contacts/import/")
    consultant.post(url, {"pasted": "Carmen <carmen@b.example>\neva@b.example"})
    press(world, consultant, ContactImport.objects.get())
    assert [one["name"] for one in told(world)] == ["Carmen", ""]


# --- Long lists -----------------------------------------------------------------------------------


@contextmanager
def before_contacts_are_written(kept: ContactImport, look: Callable[[int], None]) -> Iterator[None]:
    """Calls `look` with the progress so far, between the worker and its database."""

    def between(execute, statement, params, many, context):
        if 'INTO "surveys_contact" (' in statement:
            look(ContactImport.objects.get(pk=kept.pk).progress)
        return execute(statement, params, many, context)

    with connection.execute_wrapper(between):
        yield


def test_a_long_list_is_read_and_imported_by_a_worker_with_its_progress(world, consultant, monkeypatch):
    monkeypatch.setattr(contact_jobs, "AT_ONCE", 100)
    monkeypatch.setattr(contact_jobs, "TELL_SECONDS", 0.0)
    kept = given(world, consultant, csv_of(HEADER, *rows(1200)))
    assert kept.state == ListState.READING
    assert "The list is being read" in consultant.get(world.url(f"contact-lists/{kept.pk}/")).text
    assert contact_jobs.import_next()
    kept.refresh_from_db()
    assert kept.looked["new"] == 1200
    press(world, consultant, kept)
    kept.refresh_from_db()
    assert kept.state == ListState.QUEUED
    seen = []

    def watch(progress):
        if progress not in seen:
            seen.append(progress)

    with before_contacts_are_written(kept, watch):
        assert contact_jobs.import_next()
    assert seen == [0, 500, 1000]
    kept.refresh_from_db()
    assert (kept.state, kept.summary["added"]) == (ListState.DONE, 1200)
    assert not contact_jobs.import_next()


def test_after_a_crash_another_worker_brings_the_rest_and_counts_nobody_twice(world, consultant, monkeypatch):
    monkeypatch.setattr(contact_jobs, "AT_ONCE", 100)
    kept = given(world, consultant, csv_of(HEADER, *rows(1200)))
    contact_jobs.import_next()
    kept.refresh_from_db()
    press(world, consultant, kept)

    def die(progress):
        if progress == 1000:
            raise SystemExit

    with before_contacts_are_written(kept, die), pytest.raises(SystemExit):
        contact_jobs.import_next()
    assert Contact.objects.count() == 1000
    assert not contact_jobs.import_next(), "its lease still runs"
    ContactImport.objects.update(lease_until=F("uploaded_at"))
    assert contact_jobs.import_next()
    kept.refresh_from_db()
    assert (kept.state, kept.summary["added"], Contact.objects.count()) == (ListState.DONE, 1200, 1200)


def test_who_lost_the_list_writes_nothing_more(world, consultant, monkeypatch):
    monkeypatch.setattr(contact_jobs, "AT_ONCE", 100)
    kept = given(world, consultant, csv_of(HEADER, *rows(700)))
    contact_jobs.import_next()
    kept.refresh_from_db()
    press(world, consultant, kept)
    claimed = contact_jobs.claim()
    ContactImport.objects.all().delete()
    with pytest.raises(LostClaimError):
        contact_jobs._import(claimed, ContactImport.objects.filter(pk=claimed.pk))
    assert not Contact.objects.exists()


def test_a_list_that_kills_its_workers_is_given_up(world, consultant, monkeypatch):
    monkeypatch.setattr(contact_jobs, "AT_ONCE", 1)
    kept = given(world, consultant, csv_of(HEADER, *rows(9)))
    for _ in range(contact_jobs.ATTEMPTS):
        assert contact_jobs.claim() is not None
        ContactImport.objects.update(lease_until=F("uploaded_at"))
    assert contact_jobs.claim() is None
    assert "cut off several times" in consultant.get(world.url(f"contact-lists/{kept.pk}/")).text


def test_a_long_list_given_to_a_wave_has_a_page_and_makes_recipients(world, consultant, monkeypatch):
    wave = open_survey(world.cycle)
    monkeypatch.setattr("surveys.contact_table.QUICK_BYTES", 1000)
    url = world.url(f"waves/{wave.pk}/recipients/list/")
    response = consultant.post(url, {"file": upload(csv_of(HEADER, *rows(40)))})
    kept = ContactImport.objects.get()
    assert response["Location"] == world.url(f"contact-lists/{kept.pk}/")
    contact_jobs.import_next()
    kept.refresh_from_db()
    press(world, consultant, kept)
    assert wave.recipients.count() == 40


def test_a_wave_takes_a_workbook_and_asks_the_same_question(world, consultant):
    wave = open_survey(world.cycle)
    Contact.objects.create(client=world.client, email="c1@correo.example", name="Otra")
    give_url, columns = (world.url(f"waves/{wave.pk}/recipients/{part}/") for part in ("list", "columns"))
    page = consultant.post(give_url, {"file": upload(xlsx_of(HEADER, *rows(3)), "x.xlsx")}, follow=True)
    assert "the list says something else" in page.text
    mapping = ["email", "name", "segment", "language", "service_on", "external_id"]
    data = {f"column_{n}": column for n, column in enumerate(mapping)} | {"import": "1"}
    assert consultant.post(columns, data).status_code == 422
    assert consultant.post(columns, {**data, "wins": "ours"}).status_code == 302
    assert wave.recipients.count() == 3
    assert Contact.objects.get(email="c1@correo.example").name == "Otra"


# --- Enemies --------------------------------------------------------------------------------------


def take(world, browser, data, name):
    """Give a file as far as it goes; it ends in an import, or in a sentence. How much memory it took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    response = give(world, browser, data, name)
    assert response.status_code in (302, 422), name
    if response.status_code == 422:
        assert 'class="error"' in response.text, name
        return 0
    kept = ContactImport.objects.latest("pk")
    while kept.state == ListState.READING:
        assert contact_jobs.import_next()
        kept.refresh_from_db()
    page = browser.get(world.url(f"contact-lists/{kept.pk}/"))
    assert page.status_code == 200, name
    for live in ("<script>alert", "<img src=x", "<b>b</b>"):
        assert live not in page.text, name
    if kept.state == ListState.MAPPING:
        answer = press(world, browser, kept, wins="file")
        assert answer.status_code in (302, 422), name
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def test_the_corpus_is_large_enough():
    assert len(dict(hostile())) >= 55


@pytest.mark.once
def test_hostile_files_end_in_a_sentence_or_an_import_in_little_memory(world, consultant):
    grown = {name: take(world, consultant, data, name) for name, data in hostile()}
    worst = max(grown, key=lambda name: grown[name])
    assert grown[worst] < 150 * 1024, f"{worst} took {grown[worst] // 1024} MB"
    for one in Contact.objects.all():
        assert all(
            text.isprintable() for text in [one.email, one.name, *one.attributes, *one.attributes.values()]
        )


def test_sixty_mutants(world, consultant):
    for name, data in mutants(60):
        take(world, consultant, data, name)


@pytest.mark.long
def test_a_thousand_mutants(world, consultant):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # of all the tests before, too
    for name, data in mutants(1000, seed=12):
        take(world, consultant, data, name)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024
