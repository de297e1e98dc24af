"""Run a command with a PostgreSQL and a Redis, and leave nothing running.

    python -m tools.services COMMAND...

DATABASE_URL and REDIS_URL win where they are set. Otherwise both are started privately, on unix
sockets in a folder of their own, and stopped and removed when the command ends, however it ends.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cyclemap.broker import server_binary
from tools.setup import postgres as postgres_folder

STARTUP_SECONDS = 60


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root runs it as somebody else."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    sys.exit("There is no user `postgres` or `nobody` to run PostgreSQL as.")


def wait_until(ready: Any, process: subprocess.Popen[bytes], what: str, log: Path) -> None:
    until = time.monotonic() + STARTUP_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            sys.exit(f"{what} did not start:\n{log.read_text()}")
        time.sleep(0.03)


@contextlib.contextmanager
def stopping(process: subprocess.Popen[bytes], by: signal.Signals) -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(by)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def private_postgres(root: Path) -> Iterator[str]:
    folder = postgres_folder()
    if folder is None:
        sys.exit(
            "No PostgreSQL server here. Install it (Debian: apt-get install postgresql) or set DATABASE_URL."
        )
    home, log = root / "pg", root / "pg.log"
    home.mkdir(mode=0o711)
    who = unprivileged()
    if who:
        os.chown(home, who["user"], who["group"])
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(home)}
    data = str(home / "data")
    init = [f"{folder}/initdb", "-D", data, "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(
        [*init, "--no-sync", "--no-instructions"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=home,
        env=clean,
        **who,
    )
    options = ["listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=60"]
    if os.environ.get("DURABLE"):
        options = ["listen_addresses=", "max_connections=60", "shared_buffers=1GB"]
    server = [f"{folder}/postgres", "-D", data, "-k", str(home)]
    for option in options:
        server += ["-c", option]
    with log.open("wb") as out:
        process = subprocess.Popen(
            server, stdout=out, stderr=out, cwd=home, env=clean, start_new_session=True, **who
        )
    with stopping(process, signal.SIGINT):
        ask = [f"{folder}/pg_isready", "-qh", str(home)]
        wait_until(lambda: subprocess.run(ask, check=False).returncode == 0, process, "PostgreSQL", log)
        yield f"postgres://app@/postgres?host={home}"


@contextlib.contextmanager
def private_redis(root: Path) -> Iterator[str]:
    binary = server_binary()
    if binary is None:
        sys.exit("No Redis server here. Install redis-server or valkey-server, or set REDIS_URL.")
    socket, log = root / "redis.sock", root / "redis.log"
    server = [binary, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    server += ["--save", "", "--appendonly", "no", "--dir", str(root)]
    with log.open("wb") as out:
        process = subprocess.Popen(server, stdout=out, stderr=out, start_new_session=True)
    with stopping(process, signal.SIGTERM):
        wait_until(socket.exists, process, "Redis", log)
        yield f"unix://{socket}"


def run(command: list[str]) -> int:
    with contextlib.ExitStack() as stack:
        # A short path: a unix socket's name has at most 107 bytes.
        root = Path(tempfile.mkdtemp(prefix="cyclemap-", dir="/tmp"))
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        root.chmod(0o711)
        env = dict(os.environ)
        if not env.get("DATABASE_URL"):
            env["DATABASE_URL"] = stack.enter_context(private_postgres(root))
        if not env.get("REDIS_URL"):
            env["REDIS_URL"] = stack.enter_context(private_redis(root))
        return subprocess.call(command, env=env)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(run(sys.argv[1:]))
