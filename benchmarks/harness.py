"""What every benchmark needs: a ratio against something run beside it, in interleaved rounds."""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from cyclemap.serving import web_command
from tools.setup import postgres as postgres_folder

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).parent / "results.json"
README = ROOT / "README.md"
ROUNDS = 5


@dataclass(frozen=True)
class Result:
    """A ratio measured in this run. `better` says which way is good."""

    name: str
    ratio: float
    goal: float
    better: str  # "lower" | "higher"
    detail: str

    @property
    def met(self) -> bool:
        return self.ratio <= self.goal if self.better == "lower" else self.ratio >= self.goal


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def interleaved(
    ours: Callable[[], float], beside: Callable[[], float], rounds: int = ROUNDS
) -> tuple[float, float]:
    """Medians of both figures; the two take turns, so that a busy minute hurts both alike."""
    pairs = [(ours(), beside()) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def kept() -> list[Result]:
    """What was measured last of each benchmark."""
    return [Result(**row) for row in json.loads(RESULTS.read_text())] if RESULTS.exists() else []


def write(results: list[Result]) -> None:
    """Keep the figures of benchmarks that did not run this time."""
    known = {result.name: result for result in [*kept(), *results]}
    rows = [asdict(result) for result in known.values()]
    RESULTS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    tell(list(known.values()))


def table(results: list[Result]) -> str:
    lines = [f"{'benchmark':<30}{'ratio':>10}{'goal':>12}   "]
    for r in results:
        sign = "<=" if r.better == "lower" else ">="
        lines.append(
            f"{r.name:<30}{r.ratio:>10.3f}{sign:>6}{r.goal:>6g}   {'ok' if r.met else 'MISSED':<7}{r.detail}"
        )
    return "\n".join(lines)


BEGIN, END = "<!-- what `make bench` measured -->", "<!-- end of it -->"


def readme_table(results: list[Result]) -> str:
    """What the README says: a row a benchmark, whether its goal was met or not."""
    lines = [
        "| what is measured | against what was run beside it | goal | in that run |",
        "|---|---|---|---|",
    ]
    for r in results:
        sign = "≤" if r.better == "lower" else "≥"
        missed = "" if r.met else " (missed)"
        lines.append(
            f"| `{r.name}` | {as_ratio(r, r.ratio)}{missed} | {sign} {as_ratio(r, r.goal)} | {r.detail} |"
        )
    return "\n".join(lines)


def as_ratio(result: Result, number: float) -> str:
    """What is small on purpose reads better as 1/500 than as 0.002."""
    return f"1/{1 / number:.3g}" if result.better == "lower" and number < 0.2 else f"{number:.3g}"


def tell(results: list[Result]) -> None:
    """Put the table of all figures known into the README."""
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n{readme_table(results)}\n{END}{after}")


# --- The parts of the product, started for a benchmark ------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def fresh_database() -> Iterator[str]:
    """DATABASE_URL of a new database on the PostgreSQL that `make bench` started; dropped after."""
    import psycopg

    url = os.environ["DATABASE_URL"]
    name = f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    base, _, query = url.partition("?")
    try:
        yield base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(database: str, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "CYCLEMAP_TRIAL": "1",
        "DATABASE_URL": database,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "a key of the benchmark, long enough to be one",
        "LOG_LEVEL": "ERROR",
    }


def manage(env: dict[str, str], *args: str, stdin: str | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"manage.py {' '.join(args)}:\n{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def web_server(env: dict[str, str]) -> Iterator[str]:
    """The web server as in production; its address."""
    port = free_port()
    program, *options = web_command(port)
    command = [str(Path(sys.executable).parent / program), *options]
    process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    try:
        until = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2):
                break
            if time.monotonic() > until:
                sys.exit("the web server did not start")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


# --- Load ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    per_second: float
    p99_ms: float
    errors: int


def wrk(url: str, script: Path, *, for_seconds: int = 5, connections: int = 16) -> Load:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{for_seconds}s", "--latency", "-s", str(script), url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", out)
    assert p99, out
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    assert rate, out
    return Load(float(rate[1]), float(p99[1]) * scale, int(errors[1]) if errors else 0)


def pgbench(database: str, script: Path, *, for_seconds: int = 5, clients: int = 16) -> float:
    """Transactions a second of a pgbench script with prepared statements."""
    folder = postgres_folder()
    assert folder
    command = [f"{folder}/pgbench", "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1"]
    command += [f"--time={for_seconds}", f"--file={script}", database]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"tps = ([\d.]+)", out)
    assert rate, out
    return float(rate[1])
