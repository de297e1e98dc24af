"""What the tallies cost those who answer, and what those who answer cost the reader.

pgbench stores answers, each a response and twelve ratings in one durable transaction. BENCH_RESPONSES
is the number of answers that the reader's wave has to begin with.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.apart import hand_over, run_apart, say, set_up
from benchmarks.crowd import MOMENTS, crowd, left_empty, load, survey_for
from benchmarks.harness import ROOT, Result, interleaved, pgbench, postgres_folder, seconds

SIZE = int(os.environ.get("BENCH_RESPONSES", "1000000"))
ROUNDS, FOR_SECONDS, CLIENTS = 5, 4, 16
PER_SECOND = 500
WORKER = """
import django, time
django.setup()
from prioritization.tasks import digest_tallies
while True:
    started = time.monotonic()
    digest_tallies()
    time.sleep(max(0.0, 1.0 - (time.monotonic() - started)))
"""


def run() -> list[Result]:
    return run_apart(__name__)


def measure() -> list[Result]:
    wave = survey_for()
    load(wave, crowd(min(SIZE, 1_000_000)))
    from prioritization.tallies import digest

    digest.digest_all(wave.pk)
    with tempfile.TemporaryDirectory() as folder:
        answer = script(Path(folder), wave)
        tail = tail_read(wave, answer)
        worked = with_worker(answer)
        return [with_tallies(answer), worked, tail]


def script(folder: Path, wave: Any) -> Path:
    """One answer; `bench_old` are the same tables as they were before tallies."""
    items = list(wave.survey.items.values_list("pk", flat=True))
    ratings = ", ".join(f"(:id, {item}, :i, :s, true)" for item in items)
    rest = left_empty()
    empty = ", ".join(f"'{value}'" for value in rest.values())
    segments = """json_build_object('region', 'region ' || :r, 'channel', 'channel ' || :c)"""
    lines = [
        "\\set i random(1, 10)",
        "\\set s random(1, 10)",
        "\\set r random(0, 5)",
        "\\set c random(0, 3)",
        "BEGIN;",
        "INSERT INTO surveys_response"
        f" (wave_id, submitted_at, language, overall, nps, segments, {', '.join(rest)})"
        f" VALUES ({wave.pk}, now(), 'en', :s, :i, {segments}, {empty}) RETURNING id \\gset",
        "INSERT INTO surveys_rating (response_id, item_id, importance, satisfaction, experienced)"
        f" VALUES {ratings};",
        "COMMIT;",
    ]
    path = folder / "answer.sql"
    path.write_text("\n".join(lines) + "\n")
    assert len(items) == MOMENTS
    return path


def database() -> str:
    from django.db import connection

    return f"host={connection.settings_dict['OPTIONS'].get('host') or connection.settings_dict['HOST']} " + (
        f"user={connection.settings_dict['USER']} dbname={connection.settings_dict['NAME']}"
    )


def rate(answer: Path) -> float:
    return pgbench(database(), answer, for_seconds=FOR_SECONDS, clients=CLIENTS)


def with_tallies(answer: Path) -> Result:
    """The design costs a column and its index: there, and taken away."""
    from django.db import connection

    def without() -> float:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE surveys_response DROP COLUMN committed")
        try:
            return rate(answer)
        finally:
            with connection.cursor() as cursor:
                cursor.execute(
                    "ALTER TABLE surveys_response "
                    "ADD COLUMN committed xid8 NOT NULL DEFAULT pg_current_xact_id()"
                )
                cursor.execute(
                    "CREATE INDEX response_wave_committed ON surveys_response (wave_id, committed)"
                )

    ours, beside = interleaved(lambda: rate(answer), without, ROUNDS)
    detail = f"{ours:,.0f} answers/s with, {beside:,.0f} without"
    return Result("submit_with_tallies", ours / beside, 0.95, "higher", detail)


@contextmanager
def worker() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT)
    try:
        time.sleep(1.5)
        yield
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()


def with_worker(answer: Path) -> Result:
    def working() -> float:
        with worker():
            return rate(answer)

    ours, beside = interleaved(working, lambda: rate(answer), ROUNDS)
    detail = f"{CLIENTS} clients at saturation: {ours:,.0f} answers/s beside a worker, {beside:,.0f} without"
    return Result("submit_with_worker", ours / beside, 0.75, "higher", detail)


def tail_read(wave: Any, answer: Path) -> Result:
    """The matrix as the page computes it, from the database to the figures."""
    from prioritization.matrix import compute, read

    def look() -> None:
        compute(read(wave))

    look()
    rest, busy, tails = [], [], []
    command = [f"{postgres_folder()}/pgbench", "--no-vacuum", "--protocol=prepared", "--client=4", "--jobs=1"]
    command += [f"--rate={PER_SECOND}", "--time=6", f"--file={answer}", database()]
    with worker():
        for _ in range(ROUNDS):
            rest.append(median(seconds(look) for _ in range(25)))
            load_now = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(1.5)
            looks = []
            while load_now.poll() is None:
                looks.append(seconds(look))
                tails.append(tail_of(wave))
                time.sleep(0.02)
            busy.append(median(looks))
            time.sleep(2)
    ours, beside = median(busy), median(rest)
    detail = (
        f"{ours * 1000:.1f} ms at {PER_SECOND} answers/s (of which {median(tails):.0f} not digested), "
        f"{beside * 1000:.1f} ms at rest"
    )
    return Result("tail_read", ours / beside, 2, "lower", detail)


def tail_of(wave: Any) -> int:
    from prioritization.tallies.digest import layout_of
    from prioritization.tallies.read import Filter, read

    return read(wave.pk, layout_of(wave), Filter()).tail


if __name__ == "__main__":
    set_up()
    say("   answers by pgbench")
    hand_over(measure())
