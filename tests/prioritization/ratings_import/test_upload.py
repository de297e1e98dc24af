"""Files from anybody: what is no table, or hides too much, is refused in words and in little memory."""

import io
import tracemalloc
import zipfile

import pytest
from django.core.files.base import ContentFile
from openpyxl import Workbook

from prioritization.ratings_file.faults import FileFaultError
from prioritization.ratings_import import upload
from prioritization.ratings_import.upload import take
from tests.prioritization.ratings_import.files import give, text_of

SHEET = "xl/worksheets/sheet1.xml"


def workbook(**replaced: bytes) -> bytes:
    """A small right workbook, with parts of it replaced or added."""
    book = Workbook()
    book.active.append(["respondent", "sat:Be greeted"])
    book.active.append(["a", 4])
    plain, out = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.pop(name, old.read(name)))
        for name, content in replaced.items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(rows: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    ).encode()


def refused(data: bytes, name: str = "old.csv") -> str:
    with pytest.raises(FileFaultError) as error:
        take(ContentFile(data, name=name))
    return " ".join(error.value.lines())


def test_a_right_workbook_is_a_table():
    assert take(ContentFile(workbook())).text == "respondent,sat:Be greeted\na,4\n"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 something",
        b"\x89PNG\r\n\x1a\n",
        b"\xd0\xcf\x11\xe0 an old workbook",
        b"a,b\n\x00\x01,2\n",
        bytes(range(1, 32)) * 20,
        b"PK\x03\x04 no archive at all",
    ],
)
def test_what_its_name_does_not_say_is_refused(data):
    assert "neither a CSV file nor an Excel workbook" in refused(data, "answers.csv")


def test_an_archive_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "neither" in refused(out.getvalue(), "old.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    data = workbook(**{SHEET: sheet("<row>" + " " * 70_000_000 + "</row>")})
    assert len(data) < 200_000
    tracemalloc.start()
    assert "far more packed" in refused(data, "old.xlsx")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_many_entries_are_refused():
    assert "far more packed" in refused(workbook(**{f"xl/x{n}": b"x" for n in range(300)}))


def test_entities_that_multiply_are_refused():
    bomb = '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;&a;&a;">]>'
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row>'
    assert "cannot be read" in refused(workbook(**{SHEET: sheet(row, bomb)}))


def test_a_sheet_that_claims_a_million_rows_is_refused():
    row = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert "far more packed" in refused(workbook(**{SHEET: sheet(row)}))


def test_broken_xml_is_refused():
    assert "cannot be read" in refused(workbook(**{SHEET: b"<worksheet><sheetData><row>"}))


@pytest.mark.parametrize("data", [b"", b"  \n \n", b"\xef\xbb\xbf\n", b"\xff\xfe"])
def test_an_empty_file_is_refused(data):
    assert "empty" in refused(data)


def test_too_large_a_file_is_refused_unread(monkeypatch):
    monkeypatch.setattr(upload, "MAX_BYTES", 10)
    assert "larger than" in refused(b"respondent,sat:a\n1,2\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_old_spreadsheets_are_read(encoding):
    text = "respondent,sat:Atención\na,4\n"
    assert take(ContentFile(text.encode(encoding))).text == text


def test_line_numbers_are_those_of_the_sheet():
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>respondent</t></is></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>two\nlines</t></is></c></row>'
    )
    assert take(ContentFile(workbook(**{SHEET: sheet(rows)}))).text.split("\n")[3] == "two lines"


def test_the_page_says_so_and_keeps_nothing(world, consultant):
    answer = give(consultant, world, b"%PDF-1.7", "old.csv")
    assert answer.status_code == 422
    assert "neither a CSV file" in text_of(answer)
    answer = consultant.post(world.url(f"cycles/{world.cycle.pk}/import/file/"), {})
    assert answer.status_code == 422
    assert "Choose a file." in text_of(answer)


def test_too_many_columns_and_a_header_alone_are_refused(world, consultant):
    wide = ",".join(f"c{n}" for n in range(400)) + "\n" + ",".join("1" for _ in range(400))
    assert "400 columns; at most 300" in text_of(give(consultant, world, wide))
    assert "header and no rows" in text_of(give(consultant, world, "respondent,sat:a\n"))
