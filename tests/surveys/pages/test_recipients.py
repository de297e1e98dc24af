"""A list of customers, shown before it is imported, and the recipients that it makes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Client
from surveys import campaigns, instrument
from surveys.models import Campaign, Contact, ContactFile, MailState, OutgoingMail
from tests.surveys.pages.asked_for import HTMX, add, page, text

LIST = """correo;nombre;arreglo
ana@x.example;Ana;Con
eva@x.example;Eva;Sin
nobody;Eco;Sin
ana@x.example;Ana;Con
"""


def give(browser, world, wave, text_or_file, headers=None):
    told = {"pasted": text_or_file} if isinstance(text_or_file, str) else {"file": text_or_file}
    return browser.post(page(world, f"waves/{wave.pk}/recipients/list/"), told, headers=headers or {})


def columns(browser, world, wave, *mapping, **more):
    told = {f"column_{n}": value for n, value in enumerate(mapping)} | more
    return browser.post(page(world, f"waves/{wave.pk}/recipients/columns/"), told, headers=HTMX)


def test_a_file_is_shown_before_it_is_imported(world, consultant, wave):
    file = SimpleUploadedFile("clientas.csv", LIST.encode("cp1252"), content_type="text/csv")
    response = give(consultant, world, wave, file, HTMX)
    assert response.status_code == 200
    said = text(response)
    assert "clientas.csv" in said
    assert "4 rows" in said
    assert "2 valid" in said
    assert "1 repeated" in said
    assert "1 cannot be used" in said
    assert "Line 4" in said
    assert Contact.objects.count() == 0


def test_importing_makes_recipients_and_empties_the_list(world, consultant, wave):
    give(consultant, world, wave, LIST)
    response = columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
    assert response.status_code == 200
    assert "2 recipients added." in text(response)
    contacts = wave.recipients.order_by("email")
    assert [(c.email, c.name, c.attributes) for c in contacts] == [
        ("ana@x.example", "Ana", {"arreglo": "Con"}),
        ("eva@x.example", "Eva", {"arreglo": "Sin"}),
    ]
    kept = ContactFile.objects.get()
    assert (kept.text, kept.summary["left_out"]) == ("", 2)
    assert kept.imported_at is not None


def test_the_same_list_again_changes_nothing(world, consultant, wave):
    for _time in range(2):
        give(consultant, world, wave, LIST)
        response = columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
        again = columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
        assert again.status_code == 200
    assert "everybody in it was a recipient already" in text(response)
    assert Contact.objects.count() == wave.recipients.count() == 2
    before = list(Contact.objects.values())
    give(consultant, world, wave, LIST)
    columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
    assert list(Contact.objects.values()) == before


def test_a_later_list_brings_what_is_new_and_erases_nothing(world, consultant, wave):
    (ana,) = add(wave, "Ana@x.example", name="Ana", language="es", attributes={"vip": "yes"})
    give(consultant, world, wave, "correo;nombre;idioma\nana@X.example;;en\neva@x.example;Eva;es")
    columns(consultant, world, wave, "email", "name", "language", **{"import": "1", "wins": "file"})
    ana.refresh_from_db()
    assert (ana.email, ana.name, ana.language, ana.attributes) == (
        "Ana@x.example",
        "Ana",
        "en",
        {"vip": "yes"},
    )
    assert Contact.objects.count() == 2


def test_columns_are_chosen_anew_and_the_choice_is_kept(world, consultant, wave):
    give(consultant, world, wave, "a;b;c\n1;Ana;ana@x.example\n2;Eva;eva@x.example")
    response = columns(consultant, world, wave, "external_id", "name", "email")
    assert "2 valid" in text(response)
    columns(consultant, world, wave, "external_id", "name", "email", **{"import": "1"})
    assert list(Contact.objects.order_by("email").values_list("external_id", "name")) == [
        ("1", "Ana"),
        ("2", "Eva"),
    ]


def test_two_columns_cannot_be_the_same(world, consultant, wave):
    give(consultant, world, wave, LIST)
    response = columns(consultant, world, wave, "email", "email", "segment", **{"import": "1"})
    assert response.status_code == 422
    assert "Two columns cannot both be" in text(response)
    assert Contact.objects.count() == 0


def test_without_a_column_of_addresses_nothing_is_imported(world, consultant, wave):
    give(consultant, world, wave, LIST)
    response = columns(consultant, world, wave, "name", "ignore", "segment", **{"import": "1"})
    assert response.status_code == 422
    assert "which column holds the e-mail" in text(response)
    assert Contact.objects.count() == 0
    assert ContactFile.objects.get().imported_at is None


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"PK\x03\x04 no spreadsheet", "neither a CSV file nor an Excel workbook"),
        (b"a@x.example\n" * 1_800_000, "larger than 20 MB"),
        (b"", "The file is empty"),
        (b"correo;nombre\n", "no customers below"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(world, consultant, wave, data, fault, headers):
    response = give(consultant, world, wave, SimpleUploadedFile("f.csv", data), headers)
    assert response.status_code == 422
    assert fault in text(response)
    assert not ContactFile.objects.exists()


def test_neither_file_nor_list_says_so(world, consultant, wave):
    response = give(consultant, world, wave, "  ", HTMX)
    assert response.status_code == 422
    assert "Choose a file or paste a list" in text(response)


def test_a_pasted_list_with_a_fault_is_kept_as_typed(world, consultant, wave):
    typed = "correo;nombre\n"
    response = give(consultant, world, wave, typed)
    assert response.status_code == 422
    assert typed.strip() in text(response)


def test_another_list_may_be_taken_instead(world, consultant, wave):
    give(consultant, world, wave, LIST)
    response = consultant.post(page(world, f"waves/{wave.pk}/recipients/discard/"), headers=HTMX)
    assert "Look at the list" in text(response)
    assert not ContactFile.objects.exists()


def test_who_opted_out_never_comes_back(world, consultant, wave):
    Contact.objects.create(client=world.client, email="ana@x.example", opted_out_at=timezone.now())
    assert "2 may not be written to" in text(give(consultant, world, wave, LIST, HTMX))
    columns(consultant, world, wave, "email", "name", "segment", **{"import": "1"})
    assert [c.email for c in wave.recipients.all()] == ["eva@x.example"]


def test_the_list_is_searched_filtered_and_paged(world, consultant, opened):
    add(opened, *[f"c{n:02}@x.example" for n in range(30)])
    add(opened, "carmen@x.example", name="Carmen Ríos")
    url = page(world, f"waves/{opened.pk}/")
    found = consultant.get(url, {"q": "carmen ríos"}, headers=HTMX | {"hx-target": "recipient-list"})
    assert text(found).count("<tr>") == 2
    assert "<html" not in text(found)
    whole = text(consultant.get(url, {"q": "carmen"}))
    assert "<html" in whole
    assert "c01@x.example" not in whole
    assert "c29@x.example" not in text(consultant.get(url))
    assert "c29@x.example" in text(consultant.get(url, {"page": "3"}))
    assert consultant.get(url, {"page": "nonsense", "state": "odd", "q": "\x00"}).status_code == 200
    campaigns.start(Campaign.objects.get(wave=opened))
    OutgoingMail.objects.filter(recipient="c03@x.example").update(
        state=MailState.FAILED, reason="550 no such user"
    )
    refused = text(consultant.get(url, {"state": "refused"}))
    assert "550 no such user" in refused
    assert "c04@x.example" not in refused


def test_a_recipient_is_taken_out_until_invited(world, consultant, opened):
    ana, eva = add(opened, "ana@x.example", "eva@x.example")
    consultant.post(page(world, f"waves/{opened.pk}/recipients/{ana.pk}/remove/"))
    assert list(opened.recipients.all()) == [eva]
    campaigns.start(Campaign.objects.get(wave=opened))
    consultant.post(page(world, f"waves/{opened.pk}/recipients/{eva.pk}/remove/"))
    assert list(opened.recipients.all()) == [eva]


def test_those_of_the_last_wave_are_asked_again(world, consultant, survey, opened):
    add(opened, "ana@x.example", "eva@x.example")
    campaigns.start(Campaign.objects.get(wave=opened))
    Contact.objects.filter(email="eva@x.example").update(opted_out_at=timezone.now())
    instrument.close_wave(opened)
    second = instrument.next_wave(survey)
    for _press in range(2):
        consultant.post(page(world, f"waves/{second.pk}/recipients/again/"))
    assert [c.email for c in second.recipients.all()] == ["ana@x.example"]


def test_whoever_the_list_says_opted_out_is_never_written_to(world, consultant, wave):
    (eva,) = add(wave, "Eva@x.example")
    wave.recipients.clear()
    told = "correo;nombre;baja\nana@x.example;Ana;\neva@x.example;Eva;sí\nnew@x.example;New;x\n"
    assert "1 valid" in text(give(consultant, world, wave, told, HTMX))
    columns(consultant, world, wave, "email", "name", "opted_out", **{"import": "1"})
    assert [one.email for one in wave.recipients.all()] == ["ana@x.example"]
    eva.refresh_from_db()
    assert eva.opted_out_at is not None
    # Another list, without that column, brings them back no more.
    give(consultant, world, wave, "correo;nombre\neva@x.example;Eva\nnew@x.example;New\n")
    columns(consultant, world, wave, "email", "name", **{"import": "1"})
    assert [one.email for one in wave.recipients.all()] == ["ana@x.example"]
    assert not Contact.objects.filter(email="new@x.example").exists()


def test_who_was_taken_out_comes_back_with_undo(world, consultant, wave):
    (ana,) = add(wave, "ana@x.example", name="Ana")
    out = consultant.post(page(world, f"waves/{wave.pk}/recipients/{ana.pk}/remove/"), headers=HTMX)
    assert wave.recipients.count() == 0
    back = page(world, f"waves/{wave.pk}/recipients/{ana.pk}/restore/")
    assert "Ana was taken out." in text(out)
    assert back in text(out)
    assert consultant.post(back, headers=HTMX).status_code == 200
    assert list(wave.recipients.all()) == [ana]


def test_nobody_of_another_client_comes_in_by_undo(world, consultant, wave):
    client = Client.objects.create(workspace=world.workspace, name="Elsewhere")
    other = Contact.objects.create(client=client, email="other@x.example")
    consultant.post(page(world, f"waves/{wave.pk}/recipients/{other.pk}/restore/"), headers=HTMX)
    assert wave.recipients.count() == 0


def test_a_page_of_recipients_is_an_address(world, consultant, wave):
    add(wave, *(f"c{number:02}@x.example" for number in range(13)))
    first = text(consultant.get(page(world, f"waves/{wave.pk}/"), headers=HTMX))
    assert 'hx-push-url="true"' in first
    second = text(consultant.get(page(world, f"waves/{wave.pk}/?page=2")))
    assert "c12@x.example" in second
    assert "c00@x.example" not in second
