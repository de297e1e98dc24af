"""What a load balancer asks, and what the logs never say."""

import json
import logging

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from cyclemap.logs import scrub


def test_live_needs_no_database(client):
    """pytest-django lets no test touch the database unless it says so: this one does not."""
    response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_migrated(client):
    assert client.get("/health/ready").json() == {"status": "ok"}


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client):
    [latest] = MigrationLoader(connection).graph.leaf_nodes("prioritization")
    MigrationRecorder(connection).record_unapplied(*latest)
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["migrations"]) == (503, "pending")


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_a_database(client, settings, monkeypatch):
    """A real failure: the connection leads to a folder in which no database can be."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/at/all")
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    try:
        response = client.get("/health/ready")
    finally:
        connection.close()
    assert (response.status_code, response.json()["database"]) == (503, "unreachable")


@pytest.mark.django_db
def test_every_answer_has_a_number_that_the_log_has_too(client, caplog):
    with caplog.at_level(logging.INFO, logger="cyclemap.request"):
        response = client.get("/accounts/login/")
    assert len(response["X-Request-ID"]) == 16
    assert "GET /accounts/login/ 200" in caplog.text


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("GET /s/AAAAAAAD8alXK_m-BFkWaNAe/ 200", "GET /s/***/ 200"),
        ("POST /u/AAAAAAAD8alXK_m-BFkWaNAe/ 200", "POST /u/***/ 200"),
        ("GET /join/abc-def_1/ 200", "GET /join/***/ 200"),
        ("/accounts/password/reset/key/1-c9f-abc/", "/accounts/password/reset/key/***/"),
        ("refused: carmen.rios+x@correo.example.org", "refused: ***@***"),
    ],
)
def test_links_and_addresses_stay_out_of_the_log(said, logged):
    assert scrub(said) == logged


def test_a_line_of_the_log_is_one_json_object_without_secrets(capsys):
    """Through the formatter of the settings, a traceback included."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    try:
        raise ValueError("no such person: ana@correo.example at /s/AAAAxyzAAAA/")
    except ValueError:
        logging.getLogger("cyclemap.test").exception("sending to %s failed", "ana@correo.example")
    line = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    assert line["event"] == "sending to ***@*** failed"
    assert "ana@" not in line["exception"]
    assert "AAAAxyz" not in line["exception"]
