"""The web server ends when it is told to, whatever its processes are at."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from cyclemap import serving
from tests.test_trial import free_port

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.once


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """The server on a port, with time to stop and more of its environment."""
    started = []

    def serve(port: int, stop_seconds: int, **more: str) -> subprocess.Popen[bytes]:
        monkeypatch.setattr(serving, "STOP_SECONDS", stop_seconds)
        program, *options = serving.web_command(port)
        env = {**os.environ, "CYCLEMAP_TRIAL": "1", "DATA_DIR": str(tmp_path), "LOG_LEVEL": "ERROR", **more}
        env["DATABASE_URL"] = f"sqlite:///{tmp_path}/none.sqlite3"
        command = [str(Path(sys.executable).parent / program), *options]
        started.append(subprocess.Popen(command, cwd=ROOT, env=env))
        return started[0]

    yield serve
    for server in started:
        for left in [*children(server.pid), server.pid] if server.poll() is None else []:
            os.kill(left, signal.SIGKILL)


def test_a_process_that_hears_nothing_does_not_hold_up_the_end(serve):
    port = free_port()
    server = serve(port, 1)
    until = time.monotonic() + 60
    while True:
        try:
            assert urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2).status == 200
            break
        except OSError:
            assert server.poll() is None
            assert time.monotonic() < until, "the web server did not start"
            time.sleep(0.1)
    workers = children(server.pid)
    assert len(workers) >= serving.WORKERS
    deaf = workers[-1]
    os.kill(deaf, signal.SIGSTOP)
    server.terminate()
    server.wait(30)
    assert not is_alive(deaf)


SLOW_SETTINGS = """
import os, pathlib, time
pathlib.Path(__file__).with_name(f"begun-{os.getpid()}").touch()
time.sleep(2)
from cyclemap.settings import *
"""


def test_a_process_in_the_middle_of_its_start_hears_that_it_is_to_end(serve, tmp_path):
    """It has its parent's handlers then, and the server would wait for it."""
    (tmp_path / "slow_settings.py").write_text(SLOW_SETTINGS)
    more = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "DJANGO_SETTINGS_MODULE": "slow_settings"}
    server = serve(free_port(), 300, **more)
    until = time.monotonic() + 60
    while len(list(tmp_path.glob("begun-*"))) < serving.WORKERS:
        assert server.poll() is None
        assert time.monotonic() < until, "the processes did not begin to start"
        time.sleep(0.02)
    server.terminate()
    server.wait(60)
