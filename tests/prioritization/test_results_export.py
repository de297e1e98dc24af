"""The answers as files, and the same matrix from them when they come back."""

import csv
import io
import json
import tracemalloc
import zipfile

import pytest
from openpyxl import load_workbook

from cyclemap.sheets import check_archive, sheet_rows
from cycles.models import Cycle, Moment
from prioritization import matrix
from prioritization.results import files
from prioritization.results.export import Table, unique, wide
from prioritization.results.who import forget
from surveys.models import Importance, Item, Question, QuestionKind, Response, Survey, Wave
from tests.conftest import World
from tests.prioritization.answers import NOT_LIVED, answer, survey_of, wave_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(world: World) -> Wave:
    forget()
    return wave_of(survey_of(world.cycle))


def mixed(wave: Wave, times: int = 20) -> None:
    """Answers that differ, so that every figure of a matrix is its own."""
    answer(wave, [(5, 2), (3, 4), NOT_LIVED], times=times, city="Cali")
    answer(wave, [(4, 3), (2, 5), (5, 1)], times=times // 2, city="=1+1")
    answer(wave, [(5, 1), (None, None), (4, 2)], times=times // 2)
    for place, one in enumerate(Response.objects.filter(wave=wave).order_by("pk")):
        one.overall, one.nps = 1 + place % 5, place % 11
        one.save()


def bytes_of(browser, world: World, wave: Wave, name: str = "csv", query: str = "") -> bytes:
    response = browser.get(world.url(f"waves/{wave.pk}/answers.{name}{query}"))
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content)


def table_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def figures_of(result) -> list:
    """What places the moments of a matrix and how sure it is, without keys of this database."""
    names = ("importance", "satisfaction", "quadrant", "priority_index", "n_importance", "n_satisfaction")
    rows = [[moment[name] for name in names] for moment in result["moments"]]
    return [[round(x, 9) if isinstance(x, float) else x for x in row] for row in rows]


# --- Wide ----------------------------------------------------------------------------------------


def test_a_row_a_respondent_with_the_products_own_headings(world, consultant, wave):
    mixed(wave, 4)
    rows = table_of(bytes_of(consultant, world, wave))
    names = ["Find the shop", "Be greeted", "Queue at the till"]
    heads = list(rows[0])
    assert heads[:3] == ["respondent_id", "wave", "seg:city"]
    assert heads[3:11] == ["overall", "nps", *(f"imp:{n}" for n in names), *(f"sat:{n}" for n in names)]
    first = rows[0]
    assert [first[f"sat:{n}"] for n in names] == ["2", "4", "NE"]
    assert [first[f"imp:{n}"] for n in names] == ["5", "3", ""]
    assert first["wave"] == "Wave 1"
    assert (first["overall"], first["nps"]) == ("1", "0")
    assert len(rows) == 8


def test_no_cell_is_a_formula(world, consultant, wave):
    made = answer(wave, [(5, 2)] * 3, times=2, city="=cmd|' /C calc'!A0")
    Response.objects.filter(pk=made[0].pk).update(comment="@SUM(A1)\nmore", tags=["-1+1"])
    row = table_of(bytes_of(consultant, world, wave))[0]
    assert row["seg:city"].startswith("'=")
    assert row["comment"].startswith("'@")
    assert row["tags"] == "'-1+1"
    book = load_workbook(io.BytesIO(bytes_of(consultant, world, wave, "xlsx")))
    assert all(cell.data_type != "f" for line in book.active.iter_rows() for cell in line)


def test_extra_questions_effort_and_requirements_have_columns_no_matrix_reads(world, consultant, wave):
    Survey.objects.update(asks_effort=True)
    question = Question.objects.create(
        survey=wave.survey,
        position=0,
        kind=QuestionKind.MULTIPLE,
        wording={"en": "What?"},
        options=[{"en": "Dress"}, {"en": "Shoes"}],
    )
    Item.objects.create(
        survey=wave.survey, is_requirement=True, position=9, wording={"en": "Quick"}, stage={"en": "Pay"}
    )
    made = answer(wave, [(5, 2), (3, 4), (1, 1), (4, 3)], times=2)
    Response.objects.filter(pk=made[0].pk).update(effort=6, extra={str(question.pk): [0, 1]})
    row = table_of(bytes_of(consultant, world, wave))[0]
    assert (row["effort"], row["question:What?"], row["req:Quick"]) == ("6", "Dress; Shoes", "3")


def test_moments_of_one_name_are_told_apart():
    assert unique(["Pay", "pay", "Pay", "Go\nin"]) == ["Pay", "pay (2)", "Pay (3)", "Go in"]


def test_all_waves_of_a_survey_in_one_file(world, consultant, wave):
    answer(wave, [(5, 2)] * 3, times=2)
    answer(wave_of(wave.survey, 2), [(4, 2)] * 3, times=3)
    names = [row["wave"] for row in table_of(bytes_of(consultant, world, wave, query="?waves=all"))]
    assert names == ["Wave 1"] * 2 + ["Wave 2"] * 3
    assert len(table_of(bytes_of(consultant, world, wave))) == 2


# --- Long ----------------------------------------------------------------------------------------


def test_a_row_a_rating_and_none_for_what_was_not_asked(world, consultant, wave):
    answer(wave, [(5, 2), (None, None)], times=1)
    answer(wave, [NOT_LIVED, NOT_LIVED, (3, 1)], times=1)
    rows = table_of(bytes_of(consultant, world, wave, query="?layout=long"))
    assert [(r["moment"], r["importance"], r["satisfaction"]) for r in rows] == [
        ("Find the shop", "5", "2"),
        ("Be greeted", "", ""),
        ("Find the shop", "", "NE"),
        ("Be greeted", "", "NE"),
        ("Queue at the till", "3", "1"),
    ]


# --- There and back ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "query"), [("csv", ""), ("xlsx", ""), ("csv", "?layout=long")])
def test_imported_again_it_gives_the_same_matrix(world, consultant, wave, name, query):
    mixed(wave)
    before = matrix.compute(matrix.read(wave))
    data = bytes_of(consultant, world, wave, name, query)
    copy = Cycle.objects.create(client=world.client, name="The same again", language="en")
    for stage in world.cycle.stages.all():
        moments = list(stage.moments.all())
        stage.pk = None
        stage.cycle = copy
        stage._state.adding = True
        stage.save()
        for moment in moments:
            Moment.objects.create(stage=stage, position=moment.position, name=moment.name)
    found = imported(consultant, world, copy, data, name)
    after = matrix.compute(matrix.read(found))
    assert figures_of(after) == figures_of(before)
    if not query:
        assert after["metrics"] == before["metrics"]
        assert after["segments"]["city"]["Cali"] == before["segments"]["city"]["Cali"]


def imported(browser, world: World, cycle: Cycle, data: bytes, name: str) -> Wave:
    """As a consultant does it: give the file, take the guesses, import."""
    upload = io.BytesIO(data)
    upload.name = f"answers.{name}"
    given = browser.post(world.url(f"cycles/{cycle.pk}/import/file/"), {"file": upload})
    assert given.status_code == 302, given.content.decode()[:2000]
    done = browser.post(given["Location"] + "columns/", {"import": "1"})
    assert done.status_code == 302, done.content.decode()
    return Wave.objects.get(survey__cycle=cycle)


def test_prioritize_reads_it_with_its_picks(world, consultant, wave, tmp_path, answer_of_file):
    Survey.objects.update(importance=Importance.PICKS, picks=2)
    answer(wave, [(2, 2), (1, 4), (2, 3)], times=20)
    answer(wave, [(1, 5), (2, 2), (2, 4)], times=15)
    wave.refresh_from_db()
    wave.survey.refresh_from_db()
    before = matrix.compute(matrix.read(wave))
    found = answer_of_file(bytes_of(consultant, world, wave), "--importance", "picks")
    wanted = [round(m["importance"], 6) for m in before["moments"]]
    assert wanted[0] == round(100 * 20 / 35, 6)
    assert [round(100 * m["importance"], 6) for m in found["moments"]] == wanted
    for name in ("satisfaction", "quadrant"):
        assert [m[name] for m in found["moments"]] == [m[name] for m in before["moments"]]


@pytest.fixture
def answer_of_file(ask):
    def run(content: bytes, *options: str):
        code, out, err = ask(content, *options, "--json", "-")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


# --- Anonymous -----------------------------------------------------------------------------------


def test_an_anonymous_survey_gives_no_key_no_day_and_another_order(world, consultant, wave):
    Survey.objects.update(is_anonymous=True)
    made = answer(wave, [(5, 2)] * 3, times=40, city="Cali")
    rare = answer(wave, [(5, 2)] * 3, times=2, city="Pasto")
    for place, one in enumerate([*made, *rare]):
        Response.objects.filter(pk=one.pk).update(comment=f"Comment {place:02}")
    first, again = (table_of(bytes_of(consultant, world, wave)) for _ in range(2))
    assert [row["respondent_id"] for row in first] == [str(n) for n in range(1, 43)]
    assert "date" not in first[0]
    orders = [[row["comment"] for row in rows] for rows in (first, again)]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]
    assert orders[0] != sorted(orders[0])
    assert "Pasto" not in {row["seg:city"] for row in first}


# --- Size ------------------------------------------------------------------------------------------


def test_a_workbook_is_read_by_our_own_reader(world, consultant, wave):
    mixed(wave, 4)
    data = bytes_of(consultant, world, wave, "xlsx")
    assert check_archive(data)
    rows = list(sheet_rows(data, 40))
    assert rows[0][:3] == ["respondent_id", "wave", "seg:city"]
    assert len(rows) == 9


def test_rows_beyond_a_sheet_go_on_the_next(monkeypatch):
    monkeypatch.setattr(files, "ROWS_OF_A_SHEET", 10)
    table = Table("t", ["n"], lambda: iter([[n] for n in range(25)]))
    book = load_workbook(io.BytesIO(b"".join(files.xlsx_of(table))))
    counts = [[row[0].value for row in sheet.iter_rows()] for sheet in book.worksheets]
    assert [len(rows) - 1 for rows in counts] == [9, 9, 7]
    assert [x for rows in counts for x in rows if x != "n"] == list(range(25))


@pytest.mark.once
@pytest.mark.parametrize("kind", ["csv_of", "xlsx_of"])
def test_memory_does_not_grow_with_the_rows(kind):
    def most(rows: int) -> int:
        table = Table("t", ["a"] * 20, lambda: ([n, "text", None, 4.5] * 5 for n in range(rows)))
        tracemalloc.start()
        size = sum(len(piece) for piece in getattr(files, kind)(table))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > rows
        return peak

    assert most(40_000) < most(4_000) + 300_000


def test_answers_are_read_in_batches(world, wave, monkeypatch, django_assert_num_queries):
    from prioritization.results import export

    answer(wave, [(5, 2)] * 3, times=25)
    monkeypatch.setattr(export, "BATCH", 10)
    table = wide([wave])
    with django_assert_num_queries(1 + 3):
        assert len(list(table.rows())) == 25


def test_it_is_a_stream(world, consultant, wave):
    answer(wave, [(5, 2)] * 3, times=2)
    for name in ("csv", "xlsx"):
        assert consultant.get(world.url(f"waves/{wave.pk}/answers.{name}")).streaming
    names = zipfile.ZipFile(io.BytesIO(bytes_of(consultant, world, wave, "xlsx"))).namelist()
    assert "xl/worksheets/sheet1.xml" in names
