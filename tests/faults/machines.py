"""A PostgreSQL, a Redis and Celery workers of a test's own, to be killed as often as it likes."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import TracebackType

import psycopg

from cyclemap.broker import server_binary
from tests.smtp_sink import SmtpSink
from tools.services import unprivileged
from tools.setup import postgres as postgres_folder

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 60


class Server:
    """One process that is killed and started again, on the same socket and data."""

    def __init__(self, command: list[str], log: Path, env: dict[str, str] | None = None, **who) -> None:
        self.command, self.log, self.env, self.who = command, log, env, who
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                stdout=out,
                stderr=out,
                cwd=ROOT,
                env=self.env,
                start_new_session=True,
                **self.who,
            )

    def end(self, number: int) -> int:
        """Of the process and of whatever it started, when it is killed."""
        assert self.process is not None
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        try:
            return self.process.wait(SECONDS)
        finally:
            self.process = None


class Installation:
    """Everything that sending takes, in a folder of its own; nothing of it is left afterwards."""

    def __init__(self) -> None:
        # A short path: a unix socket's name has at most 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="cyclemap-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.sink = SmtpSink(self.folder, "--lean")
        self.workers: list[Server] = []
        self.env = {
            **os.environ,
            "CYCLEMAP_TRIAL": "1",
            "DJANGO_SETTINGS_MODULE": "cyclemap.settings",
            "DATA_DIR": str(self.folder / "data"),
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATABASE_URL": f"postgres://app@/postgres?host={self.folder / 'pg'}",
            "REDIS_URL": f"unix://{self.folder / 'redis.sock'}",
            "MAIL_LANES": "4",
            "LOG_LEVEL": "WARNING",
        }

    def __enter__(self) -> "Installation":
        self.postgres = self._postgres()
        self.start_postgres()
        redis = [server_binary() or "", "--port", "0", "--unixsocket", str(self.folder / "redis.sock")]
        redis += ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.redis = Server(redis, self.folder / "redis.log")
        self.redis.start()
        self.sink.start()
        self.env["EMAIL_URL"] = f"smtp://{self.sink.host}:{self.sink.port}"
        self.manage("migrate", "--verbosity=0")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in [*self.workers, self.redis]:
            if server.process is not None:
                server.end(signal.SIGKILL)
        self.sink.kill()
        if self.postgres.process is not None:
            self.postgres.end(signal.SIGQUIT)
        if error is None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _postgres(self) -> Server:
        programs, who = postgres_folder(), unprivileged()
        home = self.folder / "pg"
        home.mkdir(mode=0o711)
        if who:
            os.chown(home, who["user"], who["group"])
        clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(home)}
        init = [f"{programs}/initdb", "-D", str(home / "data"), "-U", "app", "-A", "trust", "--no-sync"]
        subprocess.run(
            [*init, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, env=clean, cwd=home, **who
        )
        serve = [f"{programs}/postgres", "-D", str(home / "data"), "-k", str(home)]
        # Processes are killed here, never the machine: what the kernel has is not lost.
        for option in ("listen_addresses=", "fsync=off", "max_connections=80"):
            serve += ["-c", option]
        return Server(serve, self.folder / "pg.log", clean, **who)

    def start_postgres(self) -> None:
        self.postgres.start()
        until = time.monotonic() + SECONDS
        while True:
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.env["DATABASE_URL"]):
                return
            assert time.monotonic() < until, (self.folder / "pg.log").read_text()
            time.sleep(0.1)

    # --- Faults --------------------------------------------------------------------------------

    def postgres_dies(self) -> None:
        """As `pg_ctl stop -m immediate`: no goodbye to anybody, recovery at the next start."""
        self.postgres.end(signal.SIGQUIT)
        time.sleep(0.5)
        self.start_postgres()

    def redis_dies(self) -> None:
        self.redis.end(signal.SIGKILL)
        (self.folder / "redis.sock").unlink(missing_ok=True)
        time.sleep(0.5)
        self.redis.start()

    def mail_server_dies(self) -> None:
        self.sink.kill()
        time.sleep(0.5)
        self.sink.start()

    def worker_dies(self) -> None:
        self.workers.pop(0).end(signal.SIGKILL)
        self.start_worker()

    def start_worker(self) -> None:
        """Each with a clock: any number may run, for every task looks for rows."""
        number = len(list(self.folder.glob("worker-*.log")))
        celery = [sys.executable, "-m", "celery", "--app=cyclemap", "worker", "--beat", "--concurrency=2"]
        celery += ["--without-gossip", "--without-mingle", f"--hostname=w{number}@test"]
        celery += [f"--schedule={self.folder / f'beat-{number}'}", "--loglevel=WARNING"]
        worker = Server(celery, self.folder / f"worker-{number}.log", self.env)
        worker.start()
        self.workers.append(worker)

    # --- What it says --------------------------------------------------------------------------

    def manage(self, *words: str, stdin: str | None = None) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(statement).fetchall()

    def run(self, statement: str) -> None:
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(statement)

    def states(self) -> Counter[str]:
        return Counter(dict(self.rows("SELECT state, count(*) FROM surveys_outgoingmail GROUP BY state")))

    def hurry(self) -> None:
        """What waits for another try is due; pauses of the sender are over."""
        self.run("UPDATE surveys_senderpause SET until = now()")
        self.run(
            "UPDATE surveys_outgoingmail SET not_before = now() WHERE state = 'queued' AND not_before > now()"
        )

    def let_leases_run_out(self) -> None:
        """What the clock would do in a quarter of an hour, to the rows of dead lanes."""
        self.run(
            "UPDATE surveys_outgoingmail SET lease_until = now() - interval '1 min' WHERE state = 'claimed'"
        )
        self.run(
            "UPDATE surveys_outgoingmail SET transmitting_at = now() - interval '16 min' "
            "WHERE state = 'transmitting'"
        )
