"""Files that are not what they say, and cells that a spreadsheet would run."""

import csv
import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from cyclemap.faults import FileFaultError
from cyclemap.sheets import FORMULA_STARTS, as_written, inert
from cycles.exchange.table_file import MAX_ROWS, read_table
from cycles.models import Moment
from tests.conftest import log_in
from tests.cycles.exchange.tables import file_of, look


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- Files that are not what they say ------------------------------------------------------------


def bomb():
    """A workbook whose sheet unpacks to half a gigabyte."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["Moment"], ["Pay"]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(512):
                sheet.write(b" " * 1024 * 1024)
    return out.getvalue()


def lying(size):
    """A workbook that says of an entry that it is small; it is read no further than it says."""
    data = bytearray(workbook(["Moment"], ["Pay"]))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 a document", "moments.csv"),
        (b"\x89PNG\r\n\x1a\n", "moments.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1 an old workbook", "moments.xlsx"),
        (b"PK\x03\x04 torn", "moments.xlsx"),
        (b"Moment\n\x00\x00", "moments.csv"),
        (b"", "moments.csv"),
        (b"   \n \n", "moments.csv"),
        (b"Moment,Stage\n", "moments.csv"),
        (lying(2**31), "moments.xlsx"),
        (b'Moment\n"' + b"x" * 200_000, "moments.csv"),
    ],
)
def test_what_is_no_table_is_refused_in_words(world, consultant, data, name):
    answer = look(consultant, world, data, name)
    assert answer.status_code == 422
    assert 'id="file-faults"' in answer.content.decode()
    assert Moment.objects.count() == 3


def test_a_workbook_that_unpacks_to_gigabytes_costs_no_memory():
    data = bomb()
    assert len(data) < 1024 * 1024
    tracemalloc.start()
    with pytest.raises(FileFaultError, match="far more packed"):
        read_table(file_of(data, "moments.xlsx"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


def test_ten_thousand_rows_are_refused_with_a_sentence():
    with pytest.raises(FileFaultError, match=f"At most {MAX_ROWS} moments"):
        read_table(file_of("Moment\n" + "Pay\n" * 10_000))
    with pytest.raises(FileFaultError, match="more than 60 columns"):
        read_table(file_of(",".join(["x"] * 70) + "\n1\n"))


def test_a_file_beyond_the_limit_is_refused_unread():
    file = file_of(b"Moment\nPay\n")
    file.size = 2**31
    with pytest.raises(FileFaultError, match="larger than 5 MB"):
        read_table(file)


# --- Formulas ------------------------------------------------------------------------------------


@given(st.text())
def test_a_cell_that_would_be_run_is_made_inert_and_comes_back(text):
    cell = inert(text)
    assert not cell.startswith(FORMULA_STARTS)
    assert as_written(cell) == text


def test_no_cell_of_a_file_is_a_formula(world, consultant):
    moment = Moment.objects.get(name="Be greeted")
    Moment.objects.filter(pk=moment.pk).update(name="=1+1", description="@x", owner_area="'=2", emotion=-2)
    text = consultant.get(world.url(f"cycles/{world.cycle.pk}/export.csv")).content.decode()
    assert text.startswith("\ufeff")
    cells = [cell for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS)]
    assert {"'=1+1", "'@x", "''=2"} <= set(cells)
    book = load_workbook(
        io.BytesIO(consultant.get(world.url(f"cycles/{world.cycle.pk}/export.xlsx")).content)
    )
    assert book.sheetnames == ["Moments", "Requirements", "Actions"]
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_files_are_named_after_the_cycle_and_written_for_the_reader(world):
    answer = log_in(world.consultant, "es").get(world.url(f"cycles/{world.cycle.pk}/export.csv"))
    assert answer["Content-Disposition"] == 'attachment; filename="cycle-of-alba.csv"'
    assert answer.content.decode().startswith("\ufeffNúmero;Etapa;")
