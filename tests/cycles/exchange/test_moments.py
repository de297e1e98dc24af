"""Moments come in from tables of any maker: looked at, columns chosen, brought in once."""

import re
from html import unescape

import pytest
from django.utils.translation import override

from cyclemap.faults import FileFaultError
from cycles.exchange import mapping
from cycles.exchange.columns import CellError, emotion, yes_or_no
from cycles.exchange.rows import read_rows
from cycles.exchange.table_file import read_table
from cycles.models import Cycle, Moment, Stage
from tests.cycles.exchange.tables import file_of, look

HTMX = {"HX-Request": "true"}


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
