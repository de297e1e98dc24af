"""`manage.py serve`: web, worker, clock, broker and letter box in one command, stopped together."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cyclemap.broker import server_binary
from cyclemap.early import is_too_early
from cyclemap.serving import web_command

STOP_SECONDS = 20
FAMILY_SECONDS = 2
# A step that takes longer says what it is.
QUIET_SECONDS = 1.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def end_family(group: int) -> None:
    """A worker can end before its children have: whoever is left of its process group a moment later is
    killed. A group without anybody in it is what is wanted."""
    with contextlib.suppress(ProcessLookupError):
        for by in (0, signal.SIGKILL):
            until = time.monotonic() + FAMILY_SECONDS
            while time.monotonic() < until:
                os.killpg(group, by)
                time.sleep(0.02)


class Command(BaseCommand):
    help = (
        "Serve Cyclemap: web, worker and clock, with an embedded broker and letter box where none is given."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--no-example", action="store_true", help="do not load the example workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        port: int = options["port"]
        if is_taken(port):
            raise CommandError(f"Port {port} is taken. Choose another: make run PORT={port + 1}")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        # A shell that starts us in the background has us ignore Ctrl-C; take it back.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # A short path of its own: a unix socket's name has at most 107 bytes.
        scratch = tempfile.mkdtemp(prefix="cyclemap-", dir="/tmp")
        self.processes: list[tuple[str, subprocess.Popen[str]]] = []
        try:
            self.start(port, Path(scratch), example=not options["no_example"])
            self.watch()
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            self.stop()
            shutil.rmtree(scratch, ignore_errors=True)

    def start(self, port: int, scratch: Path, *, example: bool) -> None:
        started = time.monotonic()
        if is_too_early():
            raise CommandError(
                f"The data in {settings.DATA_DIR} is of an early version that cannot be brought up to date. "
                "Move the folder away and start again."
            )
        with self.told("Bringing the database up to date."):
            call_command("migrate", verbosity=0)
        self.env = {**os.environ, "PYTHONUNBUFFERED": "1", "SITE_URL": self.site_url(port)}
        # The reference machine runs as root; in production the images have a user of their own.
        self.env.setdefault("PYTHONWARNINGS", "ignore:You're running the worker")
        self.env.setdefault("SECRET_KEY", self.kept_secret())
        # The links that `demo` prints are made with the key and the address that the server will have.
        settings.SECRET_KEY = self.env["SECRET_KEY"]
        settings.LINK_KEYS = [settings.SECRET_KEY] if "LINK_KEYS" not in os.environ else settings.LINK_KEYS
        settings.SITE_URL = self.env["SITE_URL"]
        if "REDIS_URL" not in os.environ:
            self.start_broker(scratch)
        if "EMAIL_URL" not in os.environ:
            self.start_letterbox()
        if example:
            with self.told("Loading the example workspace."):
                call_command("demo", stdout=self.stdout)
        self.run("web", *web_command(port))
        self.run(
            "work",
            "celery",
            "--quiet",
            "--app=cyclemap",
            "worker",
            "--beat",
            "--concurrency=2",
            "--loglevel=WARNING",
            f"--schedule={scratch / 'beat'}",
            "--without-gossip",
            "--without-mingle",
        )  # fmt: skip
        with self.told("Waiting for the web server."):
            self.wait_for(port)
        took = time.monotonic() - started
        self.stdout.write(
            self.style.SUCCESS(
                f"\nCyclemap serves {self.env['SITE_URL']}/ after {took:.1f} s. Ctrl-C stops it.\n"
            )
        )

    @contextlib.contextmanager
    def told(self, step: str) -> Iterator[None]:
        """A line on the step that keeps somebody waiting, while they wait."""
        line = threading.Timer(QUIET_SECONDS, self.say, [step])
        line.daemon = True
        line.start()
        try:
            yield
        finally:
            line.cancel()

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def site_url(self, port: int) -> str:
        return os.environ.get("SITE_URL", f"http://127.0.0.1:{port}")

    def kept_secret(self) -> str:
        """A secret made at the first start and kept, so that log-ins and links outlive a restart."""
        path = Path(settings.DATA_DIR) / "secret_key"
        if not path.exists():
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text()

    def start_broker(self, scratch: Path) -> None:
        binary = server_binary()
        if binary is None:
            raise CommandError("No Redis here. Install redis-server or valkey-server, or set REDIS_URL.")
        path = scratch / "broker.sock"
        self.env["REDIS_URL"] = f"unix://{path}"
        self.run(
            "broker",
            binary,
            "--port",
            "0",
            "--unixsocket",
            str(path),
            "--unixsocketperm",
            "700",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(scratch),
            "--logfile",
            str(scratch / "broker.log"),
        )  # fmt: skip
        until = time.monotonic() + 10
        while not path.exists():
            if time.monotonic() > until:
                raise CommandError(
                    "The embedded broker did not start: " + (scratch / "broker.log").read_text()
                )
            time.sleep(0.02)

    def start_letterbox(self) -> None:
        from cyclemap import letterbox

        port = free_port()
        self.env["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        self.letterbox = letterbox.start(port)
        self.stdout.write(f"Mail is not sent; read it at {self.env['SITE_URL']}/letterbox/")

    def run(self, name: str, *command: str) -> None:
        found = Path(sys.executable).parent / command[0]
        line = [str(found) if found.exists() else command[0], *command[1:]]
        process = subprocess.Popen(
            line,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert process.stdout
        threading.Thread(target=self.relay, args=(name, process.stdout), daemon=True).start()
        self.processes.append((name, process))

    def relay(self, name: str, lines: IO[str]) -> None:
        for line in lines:
            self.stdout.write(f"{name:>6} | {line.rstrip()}")

    def wait_for(self, port: int) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5):
                return
            self.raise_if_dead()
            time.sleep(0.05)
        raise CommandError("The web server did not start within a minute.")

    def raise_if_dead(self) -> None:
        for name, process in self.processes:
            if process.poll() is not None:
                raise CommandError(f"{name} ended with {process.returncode}; its last lines are above.")

    def watch(self) -> None:
        while True:
            time.sleep(0.5)
            self.raise_if_dead()

    def stop(self) -> None:
        """Ask all to stop, the broker last; whoever does not within its time is killed."""
        for _name, process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(STOP_SECONDS)
            end_family(process.pid)
            process.wait()
        if hasattr(self, "letterbox"):
            self.letterbox.stop()
