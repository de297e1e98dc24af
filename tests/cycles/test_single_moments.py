"""The library of single moments: complete in both languages, found by any word, inserted whole."""

import json

import pytest
from django.utils.translation import override

from cycles.choices import Channel, Dimension, Kind, Level, Mode, Vertex
from cycles.hints import names_department
from cycles.models import Cycle, Moment, Requirement, Stage
from cycles.single_moments import FILE, insert, single_moments
from tests.conftest import log_in

ROWS = json.loads(FILE.read_text(encoding="utf-8"))["moments"]


def both(text):
    return set(text) == {"es", "en"} and all(value.strip() for value in text.values())


def test_there_are_many_and_each_once():
    assert len(ROWS) >= 20
    assert len({row["key"] for row in ROWS}) == len(ROWS)
    keys = {row["key"] for row in ROWS}
    assert {"phone_complaint", "billing", "return", "renewal", "trial", "last_contact"} <= keys


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_each_is_complete_and_known_to_the_model(row):
    assert both(row["name"])
    assert all(len(name) <= 120 for name in row["name"].values())
    assert not any(names_department(name) for name in row["name"].values())
    assert row["kind"] in Kind.values
    assert row["mode"] in Mode.values
    assert row["channels"]
    assert set(row["channels"]) <= set(Channel.values)
    assert row["emotion"] in range(-2, 3)
    assert len(row["requirements"]) >= 2
    for need in row["requirements"]:
        assert both(need["name"])
        assert both(need.get("minimum", {"es": "x", "en": "x"}))
        assert need["dimension"] in Dimension.values
        assert need["vertex"] in Vertex.values
        assert need["level"] in Level.values


def test_a_search_ignores_accents_capitals_and_language():
    for query in ("RECLAMAR telefono", "teléfono reclamar", "complain phone"):
        assert [one.key for one in single_moments(query)] == ["phone_complaint"], query
    assert single_moments("zzz") == []
    with override("es"):
        names = [one.moment.name() for one in single_moments()]
    assert names[0] == "Ampliar lo que ya tengo"


def test_the_page_finds_and_inserts(world, consultant):
    url = world.url(f"cycles/{world.cycle.pk}/library/")
    page = consultant.get(url + "?q=renew").content.decode()
    assert "Decide whether to renew" in page
    assert "Pay online" not in page
    fragment = consultant.get(url + "?q=zzz", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "No moment of the library" in fragment
    stage = Stage.objects.get(name="Pay")
    revision = world.cycle.revision
    answer = consultant.post(url + "insert/", {"stage": stage.pk, "key": "renewal"})
    assert answer.status_code == 302
    moment = Moment.objects.get(name="Decide whether to renew")
    assert (moment.stage, moment.position, moment.channels) == (stage, 1, ["email", "phone"])
    assert moment.requirements.count() == 2
    with override("es"):
        assert str(moment) == "Decidir si renuevo"
        assert str(moment.requirements.first()) == "Un aviso con tiempo, sin letra pequeña"
    assert Cycle.objects.get().revision > revision
    assert moment.history.get().history_change_reason == "added"


def test_in_a_spanish_cycle_it_is_written_in_spanish(world):
    Cycle.objects.update(language="es")
    browser = log_in(world.consultant, "es")
    data = {"stage": Stage.objects.first().pk, "key": "trial"}
    browser.post(world.url(f"cycles/{world.cycle.pk}/library/insert/"), data)
    assert Moment.objects.filter(name="Probar antes de comprar").exists()


@pytest.mark.parametrize(
    "data", [{}, {"key": "nothing"}, {"key": "trial", "stage": "999999"}, {"stage": "x"}]
)
def test_what_is_not_there_is_refused_in_words(world, consultant, data):
    data = {"stage": Stage.objects.first().pk, **data}
    answer = consultant.post(world.url(f"cycles/{world.cycle.pk}/library/insert/"), data)
    assert answer.status_code == 422
    assert "Choose a stage of the cycle and a moment of the library." in answer.content.decode()
    assert Moment.objects.count() == 3


def test_its_requirements_are_in_the_history(world, consultant):
    stage = Stage.objects.get(cycle=world.cycle, position=0)
    key = json.loads(FILE.read_text())["moments"][0]["key"]
    moment = insert(stage, key)
    rows = Requirement.history.filter(moment_id=moment.pk, history_change_reason="added")
    assert rows.count() == Requirement.objects.filter(moment=moment).count() >= 1
