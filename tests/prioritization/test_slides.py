"""The deck, opened as a program would: native things, the matrix's own figures, nothing outside its box."""

import io
import re
import shutil
import subprocess
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Inches
from pypdf import PdfReader

from cycles.models import Action, Assessment, Moment
from prioritization.reports.chapters.card import CHAPTER as CARD
from prioritization.reports.chapters.maturity import CHAPTER as MATURITY
from prioritization.reports.document import gather
from prioritization.slides import setting
from prioritization.slides.deck import FOOT, HEIGHT, WIDTH
from prioritization.slides.pages import parts_of, written
from prioritization.slides.table import Column, Table, balanced, heading, line

pytestmark = pytest.mark.once  # files


def deck_of(told, language="en"):
    document = gather(told.world.cycle, told.wave, language, timezone.localdate())
    return written(document), document


@pytest.fixture
def made(told):
    content, document = deck_of(told)
    return Presentation(io.BytesIO(content)), document


def texts(shapes):
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from texts(shape.shapes)
        elif shape.has_text_frame:
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False) and shape.has_table:
            yield from (cell.text_frame.text for row in shape.table.rows for cell in row.cells)


def tables(deck, name):
    return [s.table for slide in deck.slides for s in slide.shapes if s.has_table and s.name == name]


def rows(deck, name):
    return [
        [cell.text_frame.text for cell in row.cells] for table in tables(deck, name) for row in table.rows
    ]


def chart_of(deck):
    return next(shape for slide in deck.slides for shape in slide.shapes if shape.has_chart)


def alt(shape):
    return shape._element.xpath(".//p:cNvPr")[0].get("descr") or ""


def test_every_slide_has_a_title_a_number_a_footer_and_notes(made):
    deck, _document = made
    assert (deck.slide_width, deck.slide_height) == (Inches(WIDTH), Inches(HEIGHT))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[0] == "Cycle of alba"
    assert titles[1] == "Contents"
    assert all(titles)
    for number, slide in enumerate(deck.slides, 1):
        assert slide.has_notes_slide
        assert slide.notes_slide.notes_text_frame.text.strip()
        if number > 1:
            placed = {s.placeholder_format.type.name: s.text_frame.text for s in slide.placeholders}
            assert placed["SLIDE_NUMBER"] == str(number)
            assert "Cycle of alba" in placed["FOOTER"]
    said = "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    assert "less than 80% certainty" in said
    assert "Welch" in said


def test_the_chart_holds_the_figures_of_the_matrix(made):
    deck, document = made
    board = document.standing.board
    chart = chart_of(deck).chart
    drawn = {}
    for series in chart.plots[0].series:
        xs = [float(v.text) for v in series._element.xpath("./c:xVal//c:pt/c:v")]
        drawn[series.name] = list(zip(xs, series.values, strict=True))
    for group in board.groups:
        expected = [
            (round(r.satisfaction, 4), round(r.importance, 4))
            for r in board.rows
            if r.quadrant == group.quadrant
        ]
        assert drawn.get(group.name, []) == expected, group.name
    crosses = [points for name, points in drawn.items() if name.startswith("mean")]
    assert {x for x, _ in crosses[0]} == {round(board.cross.satisfaction, 4)}
    assert {y for _, y in crosses[1]} == {round(board.cross.importance, 4)}
    labels = chart._chartSpace.xpath(".//c:dLbl//a:t")
    assert sorted(label.text for label in labels) == sorted(row.number for row in board.rows)
    # And so does the workbook that opens with "Edit data", with the names beside.
    sheet = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    named = {row[3]: row[:2] for row in sheet.iter_rows(values_only=True) if row[3]}
    assert named == {r.name: (round(r.satisfaction, 4), round(r.importance, 4)) for r in board.rows}


def test_the_ranked_table_says_what_the_page_says(made):
    deck, document = made
    shown = {row[0]: row for row in rows(deck, "ranked moments") if row[0].isdecimal()}
    assert len(shown) == len(document.standing.board.rows)
    for row in document.standing.board.rows:
        _number, name, importance, satisfaction, gap, certainty, n = shown[row.number]
        assert (name, gap, certainty, n) == (row.name, row.gap_text, row.certainty_text, str(row.n))
        assert importance.startswith(row.importance_text)
        assert row.satisfaction_range in satisfaction


def test_what_changed_and_the_plan_have_their_tables(made):
    deck, _ = made
    changed = [" ".join(row) for row in rows(deck, "changes")]
    assert any("Queue at the till" in row and "−" in row for row in changed)
    assert changed.index("More than chance     ") < changed.index("May be chance     ")
    plan = [" ".join(row) for row in rows(deck, "actions")]
    assert any("Second till" in row and "Olga" in row and "6 days late" in row for row in plan)
    assert any("Say hello" in row and "Hugo" in row for row in plan)


def test_requirements_stand_under_their_moments_with_the_actions_that_answer_them(made):
    deck, document = made
    found = rows(deck, "requirements")
    heads = [row[0] for row in found]
    told = ["3. Queue at the till", "A short queue", "A seat while waiting"]
    assert [head for head in heads if head in told] == told
    short = found[heads.index("A short queue")]
    assert short[1] == "5 min"
    slide = next(s for s in deck.slides if any(x.has_table and x.name == "requirements" for x in s.shapes))
    notes = slide.notes_slide.notes_text_frame.text
    for name in document.moments_without_requirement:
        assert name in notes


def test_the_report_card_has_the_grades_of_its_page(made):
    deck, document = made
    card = CARD.find(document).part["card"]
    found = {row[0]: row for row in rows(deck, "card")}
    assert found["The cycle"][1].startswith(card.overall.grade_text)
    for one in card.moments:
        shown = found[f"{one.number}. {one.name}"]
        assert shown[1].split(", ")[0] == one.grade_text
        assert shown[2:5] == [one.mean_text, one.interval_text or "–", one.n_text]
    for stage in card.stages:
        assert stage.line.name in found


def test_the_maturity_says_what_its_chapter_says(told):
    today = timezone.localdate()
    for name, made_on, level in (("Start", today - timedelta(days=300), 2), ("Now", today, 4)):
        levels = {"relationship": level, "doubts": 3, "value": 1, "experience": 4}
        Assessment.objects.create(
            cycle=told.world.cycle,
            name=name,
            made_on=made_on,
            made_by="Ana and Luis",
            doubts_note="Slow",
            **levels,
        )
    content, document = deck_of(told)
    deck = Presentation(io.BytesIO(content))
    comparison = MATURITY.find(document).part["comparison"]
    head, *found = rows(deck, "maturity")
    assert head == ["Element", "What that looks like", "Before", "Now", "Difference"]
    assert [row[0] for row in found] == [str(one.element.name) for one in comparison.rows]
    assert [row[2:] for row in found] == [
        ["2", "4", "+2"], ["3", "3", "the same"], ["1", "1", "the same"], ["4", "4", "the same"]
    ]  # fmt: skip
    assert found[1][1] == f"{comparison.rows[1].said} – Slow"
    slide = next(s for s in deck.slides if any(x.has_table and x.name == "maturity" for x in s.shapes))
    notes = slide.notes_slide.notes_text_frame.text
    assert "an opinion, not a measurement" in notes
    assert "Start, " in notes
    assert "Ana and Luis" in notes


def test_all_chapters_stand_in_the_contents_and_on_the_slide(made):
    deck, document = made
    lines = [shape for shape in deck.slides[1].shapes if shape.has_text_frame]
    boxes = [shape for shape in lines if re.match(r"\d+\. ", shape.text_frame.text)]
    assert len(boxes) == len(list(parts_of(document)))
    assert max(box.top + box.height for box in boxes) <= Inches(FOOT)


def test_the_wheel_is_one_group_of_native_shapes_with_names(made):
    deck, document = made
    slide = next(s for s in deck.slides if "What matters most" in s.shapes.title.text_frame.text)
    wheel = next(shape for shape in slide.shapes if shape.name == "wheel")
    assert wheel.shape_type == MSO_SHAPE_TYPE.GROUP
    names = [shape.name for shape in wheel.shapes]
    for entry in document.outline:
        assert f"moment {entry.number}" in names
        assert str(entry.moment) in alt(wheel)
    assert sum(shape.shape_type == MSO_SHAPE_TYPE.FREEFORM for shape in wheel.shapes) >= 2
    assert not any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in wheel.shapes)


def test_whatever_is_no_text_says_what_it_is(made):
    deck, _ = made
    silent = [
        (number, shape.name)
        for number, slide in enumerate(deck.slides, 1)
        for shape in slide.shapes
        if not shape.has_text_frame and not alt(shape)
    ]
    assert not silent


def test_it_speaks_one_language(told):
    content, _ = deck_of(told, "es")
    deck = Presentation(io.BytesIO(content))
    assert deck.core_properties.language == "es-ES"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            if re.fullmatch(r"ppt/(slides|notesSlides)/[^/]+\.xml", name):
                assert set(re.findall(r' lang="([^"]+)"', file.read(name).decode())) <= {"es-ES"}, name
    with translation.override("es"):
        assert deck.slides[1].shapes.title.text_frame.text == translation.gettext("Contents") == "Contenido"


def test_the_same_data_is_the_same_file(told):
    assert deck_of(told)[0] == deck_of(told)[0]


def test_the_clients_colour_is_that_of_the_theme(told):
    told.world.client.accent = "#8A1C4A"
    told.world.client.save()
    told.world.cycle.refresh_from_db()
    content, _ = deck_of(told)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert '<a:accent1><a:srgbClr val="8A1C4A"/>' in file.read("ppt/theme/theme1.xml").decode()


LONG = (
    "Wait for the assistant who looks for the right size in the storeroom of the other shop across the road "
    * 2
)


def test_long_names_stay_in_their_boxes(told):
    cycle = told.world.cycle
    for moment in Moment.objects.filter(stage__cycle=cycle):
        moment.name = f"{moment.name} {LONG}"[:120]
        moment.save()
    Action.objects.filter(plan__cycle=cycle).update(name=LONG[:160], owner="W" * 120)
    cycle.name, cycle.client.name = LONG[:120], LONG[:120]
    cycle.client.save()
    cycle.save()
    deck = Presentation(io.BytesIO(deck_of(told)[0]))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0, shape.name
            assert shape.left + shape.width <= deck.slide_width + 1, shape.name
            assert shape.top + shape.height <= deck.slide_height + 1, shape.name
            if shape.has_table:
                assert shape.top + sum(r.height for r in shape.table.rows) <= Inches(FOOT), shape.name
                for row in shape.table.rows:
                    for column, cell in zip(shape.table.columns, row.cells, strict=True):
                        if cell.is_merge_origin or cell.is_spanned or not cell.text_frame.text:
                            continue
                        assert_fits(
                            cell.text_frame, (column.width - 2 * cell.margin_left) / 914400, row.height
                        )
            elif shape.has_text_frame and not shape.is_placeholder and shape.text_frame.text.strip():
                assert_fits(shape.text_frame, shape.width / 914400, shape.height)


def assert_fits(frame, width, height):
    tall = 0.0
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            size, bold = run.font.size.pt, bool(run.font.bold)
            lines = setting.lines_of(run.text, width, size, bold=bold)
            assert all(setting.width_of(text, size, bold=bold) <= width + 0.02 for text in lines), run.text
            tall += setting.height_of(len(lines), size)
    assert tall <= height / 914400 + 0.12, frame.text


@pytest.mark.once
def test_a_table_goes_on_on_the_next_slide_under_the_same_heading():
    table = Table("t", [Column("A", 1), Column("B", 2)])
    lines = [heading("One"), *[line(str(n), "x") for n in range(30)], heading("Two"), line("last", "x")]
    parts = balanced(table, lines, 5.0)
    assert sum(len(part) for part in parts) >= len(lines)
    for part in parts:
        assert sum(height for _, height in part) + table.head_height <= 5.0
        assert not part[-1][0].heading
    assert [part[0][0].cells[0].text for part in parts[:2]] == ["One", "One"]
    sizes = [len(part) for part in parts]
    assert max(sizes) - min(sizes) < 12


def test_libreoffice_opens_it_and_shows_every_slide(told, tmp_path):
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("LibreOffice is not installed")
    content, _ = deck_of(told)
    (tmp_path / "deck.pptx").write_bytes(content)
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "deck.pptx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pages = PdfReader(tmp_path / "deck.pdf").pages
    assert len(pages) == len(Presentation(io.BytesIO(content)).slides)
    assert "Queue at the till" in "".join(page.extract_text() for page in pages)
