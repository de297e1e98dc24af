"""The workbook, opened as a program would: numbers are numbers, days days, and no text is ever a formula."""

import io
import zipfile
from datetime import date

import pytest
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from cycles.models import Action, Measurement, Moment, Requirement, ServiceLevel
from prioritization.reports.document import gather
from prioritization.sheet.book import written
from prioritization.sheet.cells import put
from prioritization.sheet.tab import title_of
from surveys.models import Case

pytestmark = pytest.mark.once  # workbooks

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=cmd|"/c calc"!A1', "＝1+1"]


def book_of(told, language="en"):
    return written(gather(told.world.cycle, told.wave, language, timezone.localdate()))


@pytest.fixture
def book(told):
    return load_workbook(io.BytesIO(book_of(told)))


def table(sheet):
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_every_tab_keeps_its_head_in_view_and_can_be_filtered(book):
    assert book.sheetnames == ["Moments", "Answers", "Requirements", "Actions", "Definitions"]
    for sheet in book:
        assert sheet.freeze_panes
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(sheet.column_dimensions[cell.column_letter].width >= 6 for cell in sheet[1])


def test_the_ranked_moments_are_the_matrix_unrounded(told, book):
    board = gather(told.world.cycle, told.wave, "en", timezone.localdate()).standing.board
    rows = {row["Moment"]: row for row in table(book["Moments"])}
    assert list(rows) == [row.name for row in sorted(board.rows, key=lambda row: row.place)]
    for row in board.rows:
        shown = rows[row.name]
        assert shown["Importance"] == pytest.approx(row.importance, abs=1e-6)
        assert shown["Satisfaction"] == pytest.approx(row.satisfaction, abs=1e-6)
        if row.se_satisfaction:
            assert shown["Satisfaction, from"] < row.satisfaction < shown["Satisfaction, to"]
        else:
            assert shown["Satisfaction, from"] is None
        assert shown["Gap"] == pytest.approx(row.gap, abs=1e-6)
        assert shown["Ratings of satisfaction"] == row.n_satisfaction
        assert shown["No."] == int(row.number)
    assert rows["Queue at the till"]["Clear change"] == 1
    assert rows["Queue at the till"]["Change of satisfaction"] < 0


def test_the_answers_are_counted_point_by_point(told, book):
    rows = {(row["Asked about"], row["Question"]): row for row in table(book["Answers"])}
    till = rows["Queue at the till", "Satisfaction"]
    assert [till[str(point)] for point in range(1, 6)] == [20, 20, 0, 0, 0]
    assert (till["Answers"], till["Mean"]) == (40, 1.5)
    assert rows["Queue at the till", "Importance"]["5"] == 40


def test_the_answers_of_a_few_stay_out(told):
    told.wave.responses.filter(pk__in=list(told.wave.responses.values_list("pk", flat=True)[3:])).delete()
    book = load_workbook(io.BytesIO(book_of(told)))
    assert "Answers" not in book.sheetnames


def test_days_are_days_and_what_is_not_known_is_empty(told, book):
    rows = {row["Code"]: row for row in table(book["Actions"])}
    assert rows["A1"]["Due"].date() == told.late.due_on
    assert rows["A1"]["Days late"] == 6
    assert rows["A1"]["Done on"] is None
    assert rows["A2"]["Due"] is None
    cell = next(c for c in book["Actions"][2] if c.is_date)
    assert cell.number_format == "yyyy-mm-dd"


def test_every_column_that_needs_it_is_explained(book):
    rows = table(book["Definitions"])
    assert any(row["Term"] == "Certainty" and row["Tab"] == "Moments" for row in rows)
    assert any(row["Term"] == "Crosshair" for row in rows)
    assert any("Cyclemap" in str(row["Meaning"]) for row in rows)


def test_no_text_of_a_person_is_a_formula(told):
    cycle = told.world.cycle
    texts = iter(HOSTILE * 3)
    for model, where, fields in (
        (Moment, {"stage__cycle": cycle}, ["name"]),
        (Action, {"plan__cycle": cycle}, ["name", "owner", "description"]),
        (Requirement, {"moment__stage__cycle": cycle}, ["name", "minimum"]),
    ):
        for thing in model.objects.filter(**where):
            model.objects.filter(pk=thing.pk).update(**{field: next(texts) for field in fields})
    content = book_of(told)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f" not in file.read(name).replace(b"<filter", b"").replace(b"<fitToPage", b""), name
    book = load_workbook(io.BytesIO(content))
    said = [c for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
    assert not any(cell.data_type == "f" for cell in said)
    risky = [cell for cell in said if cell.value.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert all(cell.quotePrefix for cell in risky)
    assert {text.strip() for text in HOSTILE} <= {cell.value.strip() for cell in said}


@pytest.mark.once
def test_what_a_cell_refuses_is_left_out():
    sheet = Workbook().active
    put(sheet["A1"], "a\x00b\ud800c\x0b" + "x" * 40_000)
    assert sheet["A1"].value.startswith("abcx")
    assert len(sheet["A1"].value) == 32_000
    put(sheet["A2"], date(2026, 1, 2), "yyyy-mm-dd")
    assert sheet["A2"].is_date
    book = Workbook()
    book.create_sheet(title_of(book, "a/b:c*" + "x" * 40))
    assert title_of(book, "a/b:c*" + "x" * 40).endswith(" 2")


def test_the_same_data_is_the_same_file_in_the_language_asked_for(told):
    assert book_of(told) == book_of(told)
    assert load_workbook(io.BytesIO(book_of(told, "es"))).sheetnames[0] == "Momentos"


def test_service_levels_and_cases_have_tabs_with_numbers(told):
    level = ServiceLevel.objects.create(
        cycle=told.world.cycle,
        name="Minutes in the queue",
        category="responsiveness",
        bound="at_most",
        target_value=5,
        unit="min",
        every="month",
    )
    today = timezone.localdate()
    Measurement.objects.create(cycle=told.world.cycle, service_level=level, day=today.replace(day=1), value=4)
    Case.objects.create(cycle=told.world.cycle, number=1)
    book = load_workbook(io.BytesIO(book_of(told)))
    (row,) = table(book["Service levels"])
    assert (row["Service level"], row["Last result"], row["Unit"]) == ("Minutes in the queue", 4, "min")
    assert {"Counted by": "All", "Value": None, "Cases": 1} in table(book["Cases"])
