"""A cycle in and out: what leaves comes back equal; files of any maker are read, hostile ones refused."""

import csv
import io
import json
import re
import tracemalloc
import zipfile
from contextlib import suppress
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyCase
from openpyxl import Workbook, load_workbook

from accounts.models import Client
from cyclemap.faults import FileFaultError
from cyclemap.sheets import FORMULA_STARTS, as_written, inert
from cyclemap.text import unprintable
from cycles import library
from cycles.choices import (
    STAGE_COLOURS,
    ActionStatus,
    Bound,
    Channel,
    Dimension,
    Kind,
    Level,
    Mode,
    Phase,
    Vertex,
)
from cycles.document import FORMAT, cycle_from, document_of
from cycles.exchange import mapping
from cycles.exchange.columns import CellError, emotion, folded, yes_or_no
from cycles.exchange.cycle_file import read_document
from cycles.exchange.rows import read_rows
from cycles.exchange.table_file import MAX_ROWS, read_table
from cycles.exchange.writing import bring_in, stages_of
from cycles.models import Cycle, Moment, Requirement, Stage
from tests.conftest import log_in, make_world

HTMX = {"HX-Request": "true"}


def file_of(data, name="moments.csv"):
    return SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def look(browser, world, data, name="moments.csv"):
    return browser.post(world.url(f"cycles/{world.cycle.pk}/moments/import/"), {"file": file_of(data, name)})


def fields_in(html):
    """What the form of the preview would post."""
    found = dict(re.findall(r'<input type="hidden" name="(table|seen)" value="([^"]*)"', html))
    for name, body in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in found.items()}


def bring(browser, world, fields, **more):
    url = world.url(f"cycles/{world.cycle.pk}/moments/import/columns/")
    return browser.post(url, {**fields, "import": "1", **more})


def names(cycle):
    rows = Moment.objects.filter(stage__cycle=cycle, deleted_at=None)
    return list(rows.order_by("stage__position", "position").values_list("name", flat=True))


# --- Moments come in -----------------------------------------------------------------------------


SPANISH = (
    "Etapa;Momento de la verdad;Canal;Crítico;Emoción\r\n"
    "Arrive;Aparcar en el sótano;Presencial, Sitio web;sí;-1\r\n"
    ';"Esperar;\r\nsentado";Teléfono;no;+2\r\n'
    "Después;Recibir la señal;Correo electrónico;;\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_a_table_of_spanish_excel_is_looked_at_and_brought_in(world, consultant, encoding):
    answer = look(consultant, world, SPANISH.encode(encoding))
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Aparcar en el sótano" in html
    assert "1 new stage" in html
    assert Moment.objects.count() == 3, "nothing is written by looking"
    done = bring(consultant, world, fields_in(html))
    assert done.status_code == 302
    assert names(world.cycle) == [
        "Find the shop",
        "Be greeted",
        "Aparcar en el sótano",
        "Esperar; sentado",
        "Queue at the till",
        "Recibir la señal",
    ]
    first = Moment.objects.get(name="Aparcar en el sótano")
    assert (first.channels, first.is_critical, first.emotion) == (["in_person", "web"], True, -1)
    assert (first.stage.name, first.position) == ("Arrive", 2)
    later = Stage.objects.get(cycle=world.cycle, name="Después")
    assert (later.position, later.colour) == (2, "c")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(separator):
    text = (
        separator.join(["Moment", '"Type, of; moment"']) + "\n" + separator.join(["Pay", "purchase"]) + "\n"
    )
    table = read_table(file_of(text))
    assert table.header == ["Moment", "Type, of; moment"]
    assert table.rows == [["Pay", "purchase"]]


def test_the_separator_may_be_said_in_the_first_line():
    table = read_table(file_of("sep=;\nMomento;Etapa\nPagar;Caja\n"))
    assert (table.header, table.lines) == (["Momento", "Etapa"], [3])


def test_line_numbers_are_those_of_the_file(world):
    table = read_table(file_of('\nMoment,Emotion\n"Pay\nhere",1\n\nWait,9\nGo,x\n'))
    assert table.lines == [3, 6, 7]
    with pytest.raises(FileFaultError) as failed:
        read_rows(table, mapping.guessed(table.header))
    assert failed.value.lines() == [
        "line 6, column Emotion: a whole number from −2 to 2 is expected",
        "line 7, column Emotion: a whole number from −2 to 2 is expected",
    ]


def test_one_wrong_row_and_nothing_comes(world, consultant):
    text = f"Stage,Moment,Type\nPay,Pay,purchase\nPay,{'x' * 121},wrong\nPay,,need\n"
    answer = look(consultant, world, text)
    html = unescape(answer.content.decode())
    assert "line 3, column Moment: 121 characters, and at most 120 fit" in html
    assert "line 3, column Type: “wrong” is none of these: Need, Research" in html
    assert "line 4: the moment has no name" in html
    assert bring(consultant, world, fields_in(answer.content.decode())).status_code == 422
    assert Moment.objects.count() == 3


def test_the_columns_are_chosen_by_the_person(world, consultant):
    answer = look(consultant, world, "Paso,Cosa\nPay,Sign the slip\n")
    html = answer.content.decode()
    assert "Say which column holds the moments." in html
    fields = {**fields_in(html), "column_0": "stage", "column_1": "name"}
    again = consultant.post(
        world.url(f"cycles/{world.cycle.pk}/moments/import/columns/"), fields, headers=HTMX
    ).content.decode()
    assert "<html" not in again
    assert "Import 1 moment" in again
    assert bring(consultant, world, fields).status_code == 302
    assert Moment.objects.get(name="Sign the slip").stage.name == "Pay"


def test_two_columns_cannot_hold_the_same(world, consultant):
    html = look(consultant, world, "Moment,Other\nPay,x\n").content.decode()
    answer = bring(consultant, world, {**fields_in(html), "column_1": "name"})
    assert answer.status_code == 422
    assert "Another column holds this already." in answer.content.decode()


def test_rows_without_a_stage_go_where_the_person_says(world, consultant):
    html = look(consultant, world, "Moment\nSign\nLeave\n").content.decode()
    first = Stage.objects.get(cycle=world.cycle, position=0)
    bring(consultant, world, {**fields_in(html), "stage": first.pk})
    assert names(world.cycle)[:4] == ["Find the shop", "Be greeted", "Sign", "Leave"]


def test_pressed_twice_is_once(world, consultant):
    fields = fields_in(look(consultant, world, "Moment\nSign\n").content.decode())
    assert bring(consultant, world, fields).status_code == 302
    again = bring(consultant, world, fields)
    assert again.status_code == 409
    assert "The cycle was changed meanwhile" in again.content.decode()
    assert names(world.cycle).count("Sign") == 1
    # Who still wants it looks at what came of it, and presses again.
    assert "1 has the name of a moment of the map" in again.content.decode()
    assert bring(consultant, world, fields_in(again.content.decode())).status_code == 302
    assert names(world.cycle).count("Sign") == 2


def test_a_cycle_keeps_its_twelve_stages(world, consultant):
    text = "Stage,Moment\n" + "".join(f"S{n},M{n}\n" for n in range(11))
    answer = look(consultant, world, text)
    assert "The cycle would have 13 stages; it may have 12." in answer.content.decode()
    assert bring(consultant, world, fields_in(answer.content.decode())).status_code == 422
    assert Stage.objects.filter(cycle=world.cycle).count() == 2


def test_a_stage_is_known_by_its_name_in_any_language_and_case(world, consultant):
    stage = Stage.objects.get(cycle=world.cycle, name="Pay")
    stage.translate("es", name="Págar")
    stage.save()
    bring(
        consultant,
        world,
        fields_in(look(consultant, world, "Etapa,Momento\nPAGAR,Firmar\n").content.decode()),
    )
    assert Moment.objects.get(name="Firmar").stage == stage


def test_a_table_of_another_cycle_or_made_up_is_refused(world, consultant):
    other = Cycle.objects.create(client=world.client, name="Other")
    Stage.objects.create(cycle=other, position=0, name="S")
    fields = fields_in(look(consultant, world, "Moment\nSign\n").content.decode())
    for cycle, table in ((other, fields["table"]), (world.cycle, "made up"), (world.cycle, "")):
        answer = consultant.post(
            world.url(f"cycles/{cycle.pk}/moments/import/columns/"), {**fields, "table": table, "import": "1"}
        )
        assert answer.status_code == 422
        assert "The file was not carried over. Choose it again." in answer.content.decode()
    assert Moment.objects.count() == 3


def test_without_a_file_a_sentence(world, consultant):
    answer = consultant.post(world.url(f"cycles/{world.cycle.pk}/moments/import/"))
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_who_may_not_edit_gets_files_but_brings_none(world, manager):
    html = manager.get(world.url(f"cycles/{world.cycle.pk}/files/")).content.decode()
    for name in ("export.csv", "export.xlsx", "export.json", "wheel.svg", "wheel.png"):
        assert f"/cycles/{world.cycle.pk}/{name}" in html
    assert 'type="file"' not in html
    assert look(manager, world, "Moment\nSign\n").status_code == 403


def test_what_yes_and_emotions_look_like():
    assert [yes_or_no(cell) for cell in ("Sí", "x", " TRUE ", "1", "", "No", "falso")] == [True] * 4 + [
        False
    ] * 3
    assert [emotion(cell) for cell in ("", "-2", "−1", "+2", "1.0", "0")] == [None, -2, -1, 2, 1, 0]
    for wrong in ("3", "1.5", "good", "--1"):
        with pytest.raises(CellError):
            emotion(wrong)
    with pytest.raises(CellError):
        yes_or_no("perhaps")


def test_headings_are_guessed_in_both_languages():
    header = [
        "ETAPA",
        "Momento de la verdad",
        "Canal (medio)",
        "Área responsable",
        "¿Crítico?",
        "Fecha",
        "Etapa 2",
    ]
    assert mapping.guessed(header) == ["stage", "name", "channels", "owner_area", "is_critical", "", ""]
    with override("es"):
        assert mapping.guessed(["Stage", "Touchpoint", "Type of moment"]) == ["stage", "name", "kind"]
    assert mapping.guessed(["Lo que sea"]) == ["name"], "a list of one column is a list of moments"


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


# --- Out and in again ----------------------------------------------------------------------------

line = st.text(
    st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\ufffe\uffff"), max_size=40
).map(str.strip)
named = line.filter(bool)
# What a table keeps of spaces: none around, and none doubled across lines.
lines = st.lists(named, max_size=3).map("\n".join)


def moments(name, text):
    return st.fixed_dictionaries(
        {"name": name},
        optional={
            "description": text,
            "owner_area": name,
            "kind": st.sampled_from(Kind.values),
            "channels": st.lists(st.sampled_from(Channel.values), unique=True),
            "mode": st.sampled_from(Mode.values),
            "is_critical": st.booleans(),
            "emotion": st.integers(-2, 2),
            "standard": text,
            "systems": text,
        },
    )


def stages(name, content, least=0):
    return st.lists(
        st.fixed_dictionaries(
            {
                "name": name,
                "colour": st.sampled_from(STAGE_COLOURS),
                "phase": st.sampled_from(["", *Phase.values]),
                "moments": st.lists(content, min_size=least, max_size=4),
            }
        ),
        min_size=1,
        max_size=4,
    )


def numbered(document):
    """With keys, and actions tied to what is there."""
    counts = dict.fromkeys("smrpa", 0)

    def key(letter, row):
        counts[letter] += 1
        return {"key": f"{letter}{counts[letter]}", **row}

    document = {"format": FORMAT, **document}
    document["stages"] = [
        key(
            "s",
            {
                **stage,
                "moments": [
                    key(
                        "m",
                        {**moment, "requirements": [key("r", one) for one in moment.get("requirements", [])]},
                    )
                    for moment in stage["moments"]
                ],
            },
        )
        for stage in document["stages"]
    ]
    ties = {"moments": [f"m{n}" for n in range(1, counts["m"] + 1)], "requirements": []}
    document["plans"] = [
        key(
            "p",
            {
                **plan,
                "actions": [
                    key("a", {**action, "number": number, **ties})
                    for number, action in enumerate(plan["actions"], 1)
                ],
            },
        )
        for plan in document["plans"]
    ]
    return document


requirements = st.fixed_dictionaries(
    {"name": named, "level": st.sampled_from(Level.values)},
    optional={
        "minimum": line,
        "dimension": st.sampled_from(Dimension.values),
        "vertex": st.sampled_from(Vertex.values),
        "translations": st.fixed_dictionaries({"en": st.fixed_dictionaries({"name": named})}),
    },
) | st.fixed_dictionaries(
    {
        "name": named,
        "target_bound": st.sampled_from(Bound.values),
        "target_value": st.decimals(-9999, 9999, places=2).map(str),
        "target_unit": line.map(lambda text: text[:24].strip()),
    }
)
actions = st.fixed_dictionaries(
    {"name": named, "status": st.sampled_from(ActionStatus.values)},
    optional={"due_on": st.dates().map(str), "effort": st.integers(1, 5), "owner": line},
)
cycles = st.fixed_dictionaries(
    {
        "name": named,
        "language": st.sampled_from(["es", "en"]),
        "stages": stages(
            named,
            st.builds(
                lambda moment, needs: {**moment, "requirements": needs},
                moments(named, lines),
                st.lists(requirements, max_size=3),
            ),
        ),
        "plans": st.lists(
            st.fixed_dictionaries({"name": named, "actions": st.lists(actions, max_size=3)}), max_size=2
        ),
    },
    optional={"persona": line, "description": lines},
).map(numbered)

MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


class RoundTrips(PropertyCase):
    """Each example in a transaction of its own."""

    @MANY
    @given(cycles)
    def test_json_carries_everything(self, document):
        world = make_world("alba")
        first = cycle_from(document, world.client)
        data = log_in(world.consultant).get(world.url(f"cycles/{first.pk}/export.json")).content
        url = world.url("cycles/import/")
        file = file_of(data, "cycle.json")
        answer = log_in(world.consultant).post(url, {"client": world.client.pk, "file": file})
        assert answer.status_code == 302, answer.content.decode()
        again = Cycle.objects.latest("pk")
        assert again.pk != first.pk
        assert document_of(again) == document_of(first)

    @MANY
    @given(
        stages(named, moments(named, lines)), st.sampled_from(["csv", "xlsx"]), st.sampled_from(["es", "en"])
    )
    def test_tables_carry_stages_and_moments(self, given_stages, kind, language):
        given_stages = list({folded(one["name"]): one for one in reversed(given_stages)}.values())[::-1]
        given_stages = [one for one in given_stages if folded(one["name"])]
        world = make_world("alba")
        blank = {"format": FORMAT, "name": "A", "plans": []}
        first = cycle_from(numbered({**blank, "stages": given_stages}), world.client)
        second = Cycle.objects.create(client=world.client, name="B")
        Stage.objects.create(cycle=second, position=0, name="\N{PILCROW SIGN} own")
        data = log_in(world.consultant, language).get(world.url(f"cycles/{first.pk}/export.{kind}")).content
        if not given_stages:
            return
        table = read_table(file_of(data, f"moments.{kind}"))
        rows = read_rows(table, mapping.guessed(table.header))
        bring_in(second, rows, stages_of(second)[0].pk, second.revision)
        said, came = document_of(first)["stages"], document_of(second)["stages"][1:]
        for one in [*said, *came]:
            for row in [one, *one["moments"]]:
                del row["key"]
        assert came == said


def test_a_ready_made_cycle_survives_every_way_out_and_in(world, consultant):
    cycle = library.create_cycle(world.client, "hotel_stay", language="es")
    data = consultant.get(world.url(f"cycles/{cycle.pk}/export.json")).content
    answer = consultant.post(
        world.url("cycles/import/"), {"new_client": "Hotel Mar", "file": file_of(data, "c.json")}
    )
    again = Cycle.objects.latest("pk")
    assert answer["Location"].endswith(f"cycles/{again.pk}/")
    assert again.client == Client.objects.get(name="Hotel Mar")
    assert document_of(again) == document_of(cycle)
    book = load_workbook(io.BytesIO(consultant.get(world.url(f"cycles/{cycle.pk}/export.xlsx")).content))
    assert book["Requirements"].max_row == 1 + Requirement.objects.filter(moment__stage__cycle=cycle).count()


# --- Files of a cycle ----------------------------------------------------------------------------


def refused(document):
    data = document if isinstance(document, bytes | str) else json.dumps(document)
    with pytest.raises(FileFaultError) as failed:
        read_document(file_of(data, "cycle.json"))
    return failed.value.lines()


def right(**more):
    stage = {"key": "s1", "name": "S", "moments": [{"key": "m1", "name": "M", "requirements": []}]}
    return {"format": FORMAT, "name": "C", "language": "es", "stages": [stage], "plans": [], **more}


def with_moment(**more):
    document = right()
    document["stages"][0]["moments"][0].update(more)
    return document


def test_a_right_file_is_taken():
    assert read_document(file_of(json.dumps(right()), "c.json")) == right()
    assert read_document(file_of("\ufeff" + json.dumps(right()), "c.json")) == right()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "The file is empty."),
        (b"not json", "not JSON"),
        (b"\xff\xfe\x00", "not JSON in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"format": NaN}', "a number that no cycle can hold"),
        (b'{"format": ' + b"9" * 9000 + b"}", "a number that no cycle can hold"),
        ([], "This is not a cycle of Cyclemap"),
        ({"format": "other/1"}, "This is not a cycle of Cyclemap"),
        (right(name=""), "cycle.name: this is empty"),
        (right(name=None), "cycle.name: a text is expected"),
        (right(name="x" * 121), "cycle.name: 121 characters, and at most 120 fit"),
        (right(name="a\x00b"), "cycle.name: a control character"),
        (right(language="xx"), "cycle.language: this is not a known value"),
        (right(stages=[]), "stages: a cycle needs at least one stage"),
        (right(stages={}), "stages: a list is expected"),
        (right(stages=[7]), "stages[0]: an object is expected"),
        (right(stages=[{"key": "s1", "name": "S"}] * 2), "stages[1].key: this key is used twice"),
        (right(stages=[{"name": "S"}]), "stages[0].key: every entry needs a key"),
        (right(stages=[{"key": f"s{n}", "name": "S"} for n in range(13)]), "there are more than 12 of these"),
        (right(translations=[]), "cycle.translations: an object is expected"),
        (right(translations={"en": {"name": "x" * 121}}), "cycle.translations.en.name: 121 characters"),
        (right(translations={"en": {"deleted_at": "now"}}), "this is not a text of it"),
        (with_moment(name="M" * 121), "stages[0].moments[0].name: 121 characters"),
        (with_moment(kind="other"), "stages[0].moments[0].kind: this is not a known value"),
        (with_moment(channels=["fax"]), "stages[0].moments[0].channels: this is not a known value"),
        (with_moment(channels=[["web"]]), "stages[0].moments[0].channels: a list of texts is expected"),
        (with_moment(channels="web"), "stages[0].moments[0].channels: this is not a known value"),
        (with_moment(is_critical="yes"), "stages[0].moments[0].is_critical: true or false is expected"),
        (with_moment(emotion=3), "stages[0].moments[0].emotion"),
        (with_moment(emotion="x"), "stages[0].moments[0].emotion: a whole number is expected"),
        (with_moment(emotion=True), "stages[0].moments[0].emotion: a whole number is expected"),
        (
            with_moment(requirements=[{"key": "r1", "name": "R", "target_bound": "at_most"}]),
            "a service level needs a bound and a value",
        ),
        (
            with_moment(
                requirements=[{"key": "r1", "name": "R", "target_bound": "at_most", "target_value": "x"}]
            ),
            "stages[0].moments[0].requirements[0].target_value",
        ),
        (
            right(
                plans=[
                    {
                        "key": "p",
                        "name": "P",
                        "actions": [{"key": "a", "number": 1, "name": "A", "moments": ["m9"]}],
                    }
                ]
            ),
            "plans[0].actions[0].moments: this names something that is not in the file",
        ),
        (
            right(plans=[{"key": "p", "name": "P", "actions": [{"key": "a", "name": "A"}]}]),
            "plans[0].actions[0].number: this is missing",
        ),
        (
            right(
                plans=[
                    {
                        "key": "p",
                        "name": "P",
                        "actions": [{"key": "a", "number": 1, "name": "A", "due_on": "soon"}],
                    }
                ]
            ),
            "plans[0].actions[0].due_on",
        ),
    ],
)
def test_a_wrong_file_says_where_and_why(document, said):
    assert said in " ".join(refused(document))


def test_a_wrong_file_leaves_nothing_behind(world, consultant):
    file = file_of(json.dumps(with_moment(emotion=9)), "c.json")
    answer = consultant.post(world.url("cycles/import/"), {"new_client": "New one", "file": file})
    assert answer.status_code == 422
    assert "stages[0].moments[0].emotion" in answer.content.decode()
    assert 'value="New one"' in answer.content.decode()
    assert not Client.objects.filter(name="New one").exists()
    assert Cycle.objects.count() == 1


def test_the_client_of_another_workspace_is_no_choice(world, stranger, consultant):
    file = file_of(json.dumps(right()), "c.json")
    answer = consultant.post(world.url("cycles/import/"), {"client": stranger.client.pk, "file": file})
    assert answer.status_code == 422
    assert Cycle.objects.filter(client=stranger.client).count() == 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "stages",
                        "moments",
                        "requirements",
                        "plans",
                        "actions",
                        "key",
                        "name",
                        "number",
                        "translations",
                        "channels",
                        "emotion",
                        "due_on",
                        "target_value",
                        "en",
                        "x",
                    ]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=25,
    ).filter(lambda given: isinstance(given, dict))
)
@settings(max_examples=150, deadline=None)
def test_no_file_breaks_the_reader(document):
    with suppress(FileFaultError):  # anything else is a fault of ours
        taken = read_document(file_of(json.dumps({**document, "format": FORMAT}), "c.json"))
        assert taken["stages"], "what is taken is a cycle"


def test_the_texts_of_a_property_are_those_a_form_takes():
    assert not unprintable("señal 🙂 ‏عربي")
