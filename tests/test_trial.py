"""The trial: one command that serves, and a letter box instead of mail."""

import contextlib
import io
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from email.message import EmailMessage
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from cyclemap import letterbox
from cyclemap.management.commands import serve
from tests.conftest import log_in

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post(port: int, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message.set_content("Follow http://127.0.0.1/s/abc/ please.")
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(message)


def test_letters_are_kept_and_shown_the_newest_first(world, own_folder):
    port = free_port()
    controller = letterbox.start(port)
    try:
        post(port, "First")
        post(port, "Second «ñ»")
    finally:
        controller.stop()
    assert [letter.subject for letter in letterbox.letters()] == ["Second «ñ»", "First"]
    page = log_in(world.owner).get("/letterbox/").content.decode()
    assert page.index("Second «ñ»") < page.index("First")
    assert '<a href="http://127.0.0.1/s/abc/"' in page


def keep(folder, to: str, subject: str, name: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", to, subject
    message.set_content("Words.")
    box = folder / "mail"
    box.mkdir(exist_ok=True)
    (box / f"{name}.eml").write_bytes(message.as_bytes())


def test_letters_are_found_by_address_and_paged(world, own_folder):
    for number in range(30):
        keep(own_folder, f"customer{number:02}@example.org", "How did it go?", f"{number:02}")
    browser = log_in(world.owner)
    first = browser.get("/letterbox/").content.decode()
    assert "customer29@" in first
    assert "customer04@" not in first
    second = browser.get("/letterbox/?page=2").content.decode()
    assert "customer04@" in second
    assert "customer29@" not in second
    found = browser.get("/letterbox/?q=customer03+GO").content.decode()
    assert "customer03@" in found
    assert "customer29@" not in found
    assert "No letter is like that" in browser.get("/letterbox/?q=nobody").content.decode()


def test_who_has_no_workspace_yet_reads_their_own_letters(own_folder, db):
    newcomer = User.objects.create_user(email="new@example.org", password="long-enough-1", name="New")
    keep(own_folder, "new@example.org", "Confirm your address", "1")
    keep(own_folder, "other@example.org", "A secret of somebody", "2")
    browser = log_in(newcomer)
    page = browser.get("/letterbox/").content.decode()
    assert "Confirm your address" in page
    assert "A secret of somebody" not in page
    assert "/letterbox/" in browser.get("/").content.decode()


def test_an_empty_letter_box_says_what_will_be_there(world, own_folder):
    assert "No letters yet" in log_in(world.owner).get("/letterbox/").content.decode()


def test_a_taken_port_is_told_with_another(own_folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is taken.*PORT={port + 1}"):
            call_command("serve", port=port)


def test_a_step_that_takes_long_is_named_while_it_lasts(monkeypatch):
    out = io.StringIO()
    command = serve.Command(stdout=out)
    monkeypatch.setattr(serve, "QUIET_SECONDS", 0)
    with command.told("Loading the example workspace."):
        until = time.monotonic() + 20
        while out.getvalue() != "Loading the example workspace.\n":
            assert time.monotonic() < until, out.getvalue()
            time.sleep(0.01)
    monkeypatch.setattr(serve, "QUIET_SECONDS", 60)
    with command.told("Waiting for the web server."):
        assert "Waiting" not in out.getvalue()
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert all(timer.finished.is_set() for timer in timers)


def test_one_command_serves_everything_and_ends_everything(tmp_path):
    """Migrates, starts broker, web, worker and letter box; Ctrl-C leaves no process behind."""
    port = free_port()
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY")
    } | {"CYCLEMAP_TRIAL": "1", "DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "manage.py", "serve", "--no-example", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        serving = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
    until = time.monotonic() + 120
    try:
        while "Cyclemap serves" not in (tmp_path / "log").read_text():
            assert serving.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < until, (tmp_path / "log").read_text()
            time.sleep(0.2)
        with urlopen(f"http://127.0.0.1:{port}/health/ready") as answer:
            assert answer.status == 200
        assert len((tmp_path / "data" / "secret_key").read_text()) > 40
        children = set(started_by(tmp_path))
        assert len(children) >= 4, "web, its workers, the worker, the broker"
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(90)
    assert not started_by(tmp_path)


def started_by(folder: Path) -> list[int]:
    """Processes whose environment names the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(folder / "data").encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found
