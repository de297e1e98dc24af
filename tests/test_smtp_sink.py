"""The processes that tests start end with the run, however it ends."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUN = """
import sys, time
from pathlib import Path
from tests.smtp_sink import SmtpSink
print(SmtpSink(Path(sys.argv[1])).start().port, flush=True)
time.sleep(600)
"""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="a parent's end is told to its children on Linux")
def test_a_sink_ends_with_the_run_that_is_killed(tmp_path):
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout
    port = int(run.stdout.readline())
    assert listens(port)
    run.kill()
    run.wait()
    run.stdout.close()
    until = time.monotonic() + 20
    while listens(port):
        assert time.monotonic() < until, "the sink outlives its run"
        time.sleep(0.05)
