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


def test_a_process_that_hears_nothing_does_not_hold_up_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "STOP_SECONDS", 1)
    port = free_port()
    program, *options = serving.web_command(port)
    env = {**os.environ, "CYCLEMAP_TRIAL": "1", "DATA_DIR": str(tmp_path), "LOG_LEVEL": "ERROR"}
    env["DATABASE_URL"] = f"sqlite:///{tmp_path}/none.sqlite3"
    command = [str(Path(sys.executable).parent / program), *options]
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
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
    finally:
        for left in [*children(server.pid), server.pid] if server.poll() is None else []:
            os.kill(left, signal.SIGKILL)
