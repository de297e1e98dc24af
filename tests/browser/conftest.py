"""The whole product as it runs in production: granian, a Celery worker with its clock, PostgreSQL,
Redis and an SMTP server, each a process of its own; and Chromium before it."""

import contextlib
import functools
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cyclemap.serving import web_command
from tests.smtp_sink import SmtpSink, end_with_parent
from tools.setup import chromium

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


# What takes longest comes first, so that two runs that share the files end at about the same time.
LONGEST_FIRST = [
    "test_pages", "test_crowded", "test_closed_loop", "test_survey", "test_loop", "test_workbench",
]  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker(pytest.mark.browser)
    if "BROWSER_QUEUE" in os.environ:
        rank = {name: place for place, name in enumerate(LONGEST_FIRST)}
        items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """True: nothing to do here, the run beside this one has taken the file."""
    return None if is_ours(item.path.stem) else True


@functools.cache
def is_ours(file: str) -> bool:
    """BROWSER_QUEUE=folder: runs side by side share the files of this folder; who is free takes the next."""
    queue = os.environ.get("BROWSER_QUEUE")
    if queue:
        try:
            (Path(queue) / file).touch(exist_ok=False)
        except FileExistsError:
            return False
    return True


@dataclass
class Product:
    """The running product, and what was started for it."""

    url: str
    env: dict[str, str]
    sink: SmtpSink
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def manage(self, *args: str, stdin: str | None = None) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT, env=self.env, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, name: str, *command: str) -> None:
        program = str(Path(sys.executable).parent / command[0])
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            [program, *command[1:]], cwd=ROOT, env=self.env, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=end_with_parent,
        )  # fmt: skip

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def own_database(url: str) -> Iterator[str]:
    """A fresh database on the given server; on SQLite the file of the run's data folder."""
    if not url.startswith("postgres"):
        yield ""
        return
    name = f"cyclemap_e2e_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    base, _, query = url.partition("?")
    yield base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    port = free_port()
    with (
        own_database(os.environ.get("DATABASE_URL", "")) as database,
        SmtpSink(folder) as sink,
    ):
        env = {
            **os.environ,
            "CYCLEMAP_TRIAL": "1",
            "DJANGO_SETTINGS_MODULE": "cyclemap.settings",
            "DATA_DIR": str(folder / "data"),
            "SECRET_KEY": secrets.token_urlsafe(48),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "PYTHONUNBUFFERED": "1",
        }
        if database:
            env["DATABASE_URL"] = database
        else:
            env.pop("DATABASE_URL", None)
        running = Product(f"http://127.0.0.1:{port}", env, sink, folder)
        running.manage("migrate", "--verbosity=0")
        running.start("web", *web_command(port))
        running.start(
            "work", "celery", "--app=cyclemap", "worker", "--beat", "--concurrency=2", "--loglevel=INFO",
            f"--schedule={folder / 'beat'}", "--without-gossip", "--without-mingle",
        )  # fmt: skip
        try:
            until = time.monotonic() + 60
            while True:
                with contextlib.suppress(OSError), urlopen(f"{running.url}/health/ready", timeout=5):
                    break
                assert time.monotonic() < until, running.logs()
                time.sleep(0.1)
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    path = chromium()
    assert path, "Chromium is missing: `make setup` installs it on Debian"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A browser window that remembers what went wrong in it."""

    page: Page
    faults: list[str] = field(default_factory=list)


def open_window(chrome: Browser, **options: object) -> Watched:
    context: BrowserContext = chrome.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    watched = Watched(page)
    page.on("pageerror", lambda error: watched.faults.append(f"script: {error}"))
    page.on(
        "console",
        lambda line: (
            watched.faults.append(f"console: {line.text}") if "Content Security Policy" in line.text else None
        ),
    )
    page.on("response", lambda r: watched.faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)
    return watched
