"""A large file is read by a worker while the page shows how far it is; and no file is too large to refuse."""

import io
import struct
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.test import Client as Browser
from django.utils import timezone
from openpyxl import Workbook

from cyclemap import sheets
from prioritization.models import ImportState, RatingsImport
from prioritization.ratings_file.faults import FileFaultError
from prioritization.ratings_import import jobs, taking, upload
from prioritization.tasks import import_ratings
from surveys.models import Rating
from tests.conftest import World
from tests.prioritization.ratings_import.files import give, given, press, text_of
from tests.prioritization.ratings_import.test_upload import SHEET, refused, sheet, workbook


@pytest.fixture
def all_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small file takes the way of a large one."""
    monkeypatch.setattr(upload, "QUICK_TEXT", 0)
    monkeypatch.setattr(upload, "QUICK_WORKBOOK", 0)


def book(rows: int = 30, last: str = "4") -> bytes:
    made = Workbook()
    made.active.append(["respondent_id", "imp:Find the shop", "sat:Find the shop", "sat:Be greeted"])
    for number in range(rows):
        made.active.append([f"r{number}", 5, 3, 4])
    made.active.append(["end", 5, 2, last])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.usefixtures("all_is_large")
def test_a_large_workbook_is_read_by_a_worker(world: World, consultant: Browser) -> None:
    url = given(consultant, world, book(), "old.xlsx")
    found = RatingsImport.objects.get()
    assert found.state == ImportState.READING
    waiting = consultant.get(url).content.decode()
    assert "The file is being read" in waiting
    assert f'hx-get="{url}"' in waiting, "it asks again"
    assert "Waiting for its turn" in waiting
    import_ratings()
    page = text_of(consultant.get(url))
    assert "What each column holds" in page
    assert "31 respondents" in page
    assert press(consultant, url).status_code == 302
    found.refresh_from_db()
    assert (found.state, Rating.objects.filter(item__survey=found.survey).count()) == ("done", 62)


@pytest.mark.usefixtures("all_is_large")
def test_a_large_csv_goes_the_same_way(world: World, consultant: Browser) -> None:
    url = given(consultant, world, "respondent,sat:Be greeted\na,4\n".encode("utf-16"))
    import_ratings()
    assert "1 respondent" in text_of(consultant.get(url))


@pytest.mark.usefixtures("all_is_large")
def test_the_page_says_how_far_the_reading_is(
    world: World, consultant: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = given(consultant, world, book(1200), "old.xlsx")
    monkeypatch.setattr(taking, "TELL_SECONDS", 0.0)
    seen: list[str] = []
    table_of = upload.table_of

    def watched(data: bytes, told: upload.Told) -> bytes:
        def look(rows: int) -> None:
            told(rows)
            seen.append(text_of(consultant.get(url)))

        return table_of(data, look)

    monkeypatch.setattr(taking, "table_of", watched)
    import_ratings()
    assert [text.count("1,000 rows read so far") for text in seen] == [0, 1]
    assert "500 rows read so far" in seen[0]


@pytest.mark.usefixtures("all_is_large")
def test_what_is_wrong_with_it_is_said_in_the_language_of_who_gave_it(
    world: World, consultant: Browser
) -> None:
    url = given(consultant, world, "a,b\n1,\x002\n".encode("utf-16"), "old.csv")
    giver = RatingsImport.objects.get().uploaded_by
    assert giver is not None
    giver.language = "es"
    giver.save()
    import_ratings()
    found = RatingsImport.objects.get()
    assert (found.state, bytes(found.table)) == (ImportState.REFUSED, b"")
    assert found.summary["faults"][0].startswith("Esto no es un archivo CSV")
    page = consultant.get(url)
    assert page.status_code == 200
    assert found.summary["faults"][0] in text_of(page)
    assert "hx-trigger" not in page.content.decode().split('id="import"')[1].split(">")[0], "no more asking"
    assert press(consultant, url).status_code == 302, "nothing to describe"
    assert RatingsImport.objects.get().state == ImportState.REFUSED


@pytest.mark.usefixtures("all_is_large")
def test_a_refused_file_may_be_given_again_and_forgotten(world: World, consultant: Browser) -> None:
    for _again in range(2):
        url = given(consultant, world, "respondent,sat:a\n")
        assert RatingsImport.objects.get().state == ImportState.READING
        import_ratings()
        assert "header and no rows" in text_of(consultant.get(url))
    assert consultant.post(f"{url}remove/").status_code == 302
    assert not RatingsImport.objects.exists()


@pytest.mark.usefixtures("all_is_large")
def test_given_up_while_it_is_read(
    world: World, consultant: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = given(consultant, world, book(600), "old.xlsx")
    monkeypatch.setattr(taking, "TELL_SECONDS", 0.0)
    table_of = upload.table_of

    def meanwhile(data: bytes, told: upload.Told) -> bytes:
        consultant.post(f"{url}remove/")
        return table_of(data, told)

    monkeypatch.setattr(taking, "table_of", meanwhile)
    import_ratings()
    assert not RatingsImport.objects.exists()


@pytest.mark.usefixtures("all_is_large")
def test_a_worker_that_dies_is_followed_by_another_and_twice_is_enough(
    world: World, consultant: Browser
) -> None:
    url = given(consultant, world, book(), "old.xlsx")
    first = jobs.claim()
    assert first is not None
    assert jobs.claim() is None, "it is being read"
    RatingsImport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = jobs.claim()
    assert second is not None
    jobs.run(first)
    assert RatingsImport.objects.get().state == ImportState.READING, "the first one lost it"
    RatingsImport.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.claim() is None
    found = RatingsImport.objects.get()
    assert (found.state, found.reason) == (ImportState.REFUSED, "worker_died")
    assert "stopped twice" in text_of(consultant.get(url))


@pytest.mark.usefixtures("all_is_large")
def test_reading_ends_with_the_time_limit_of_the_task(
    world: World, consultant: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(*_args: Any) -> str:
        raise SoftTimeLimitExceeded

    url = given(consultant, world, book(), "old.xlsx")
    monkeypatch.setattr(sheets, "cell_text", too_slow)
    import_ratings()
    assert RatingsImport.objects.get().reason == "too_long"
    assert "took too long" in text_of(consultant.get(url))


@pytest.mark.usefixtures("all_is_large")
def test_what_was_chosen_outlives_what_is_wrong(world: World, consultant: Browser) -> None:
    url = given(consultant, world, book(last="9"), "old.xlsx")
    import_ratings()
    response = press(consultant, url, not_experienced="NE, 8", kind_1="")
    assert response.status_code == 422
    assert "found “9”" in text_of(response)
    page = consultant.get(url).content.decode()
    assert 'value="NE, 8"' in page
    assert RatingsImport.objects.get().choices["kinds"][1] == ""
    assert press(consultant, url, no_answer="9").status_code == 302
    found = RatingsImport.objects.get()
    assert (found.state, found.choices["not_experienced"], found.summary["has_importance"]) == (
        "done",
        "NE, 8",
        False,
    )


def test_how_much_is_read_while_somebody_waits() -> None:
    assert upload.given(_file(b"a,b\n1,2\n")).is_quick
    assert upload.given(_file(workbook())).is_quick
    assert not upload.given(_file(b"a,b\n" + b"1,2\n" * 3_000_000)).is_quick
    words = "".join(f"<row><c t='inlineStr'><is><t>{n}</t></is></c></row>" for n in range(90_000))
    large = workbook(**{SHEET: sheet(words)})
    assert len(large) < upload.QUICK_WORKBOOK
    assert not upload.given(_file(large)).is_quick, "what comes out of it counts"


# --- Hostile sizes -------------------------------------------------------------------------------


def _file(data: bytes) -> Any:
    from django.core.files.base import ContentFile

    return ContentFile(data, name="old.xlsx")


def test_a_workbook_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_SHEET_CELLS", 50)
    assert "far more packed" in refused(book(20), "old.xlsx")


def declaring(size: int) -> bytes:
    """A workbook whose sheet says that it unpacks to `size` bytes, whatever it holds."""
    data = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        entry = archive.getinfo(SHEET)
        directory = archive.start_dir
    place = bytes(data).index(SHEET.encode(), directory) - 46
    struct.pack_into("<I", data, place + 24, size)
    struct.pack_into("<I", data, entry.header_offset + 22, size)
    return bytes(data)


def test_a_sheet_that_declares_two_gigabytes_is_refused() -> None:
    assert "far more packed" in refused(declaring(2 * 1024**3), "old.xlsx")


def test_a_sheet_that_declares_less_than_it_holds_is_not_read_beyond() -> None:
    assert "cannot be read" in refused(declaring(40), "old.xlsx")


@pytest.mark.parametrize("size", [60 * 1024**2, 2 * 1024**3])
def test_a_request_that_declares_too_much_is_answered_and_not_stored(
    world: World, consultant: Browser, size: int
) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\nabc\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="old.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\nrespondent,sat:a\r\n1,2\r\n--x--\r\n"
    )
    declared: Any = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(size)}
    answer = consultant.post(
        world.url(f"cycles/{world.cycle.pk}/import/file/"),
        content_type="multipart/form-data; boundary=x",
        **declared,
    )
    assert answer.status_code == 422
    assert "larger than 20 MB" in text_of(answer)
    assert not RatingsImport.objects.exists()


def test_a_file_just_over_the_limit_is_named_so(world: World, consultant: Browser) -> None:
    answer = give(consultant, world, b"a,b\n" + b"1,2\n" * 5_300_000, "old.csv")
    assert answer.status_code == 422
    assert "larger than 20 MB" in text_of(answer)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("respondent,sat:Atención\na,4\n".encode("utf-16")[:-1], "neither a CSV"),
        ("respondent,sat:Atención\na,4\n".encode("utf-32"), "neither a CSV"),
        ("respondent,sat:Atención\na,4\n".encode("utf-16-le"), "neither a CSV"),
    ],
)
def test_a_wrong_encoding_is_said(data: bytes, says: str) -> None:
    with pytest.raises(FileFaultError) as error:
        upload.take(_file(data))
    assert says in " ".join(error.value.lines())
