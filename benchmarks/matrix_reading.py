"""Reading the matrix of a million answers, beside the fastest ways to ask the same of the same ratings.

BENCH_RESPONSES (1,000,000) is the size; BENCH_GROWTH (3,000,000) the size that `matrix_growth` holds
against 10,000 answers.
"""

import os
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

import numpy as np

from benchmarks.apart import hand_over, run_apart, say, set_up
from benchmarks.crowd import MOMENTS, SEGMENTS, Crowd, crowd, frame, load, survey_for
from benchmarks.harness import Result, interleaved, seconds

SIZE = int(os.environ.get("BENCH_RESPONSES", "1000000"))
GROWN = int(os.environ.get("BENCH_GROWTH", "3000000"))
SMALL = 10_000
ROUNDS = 7
FIRST, LAST = date(2025, 3, 1), date(2025, 8, 31)
REGION = 2
MONTHS = 2025 * 12 + 2, 2025 * 12 + 7
ASKED = (
    "count(*), avg(importance), avg(satisfaction), var_samp(importance), var_samp(satisfaction), "
    "covar_samp(importance, satisfaction), corr(satisfaction, overall)"
)


def run() -> list[Result]:
    return run_apart(__name__)


def often(work: Callable[[], object], times: int = 15) -> Callable[[], float]:
    return lambda: median(seconds(work) for _ in range(times))


def filled(answers: Crowd) -> Any:
    from prioritization.tallies import digest

    wave = survey_for()
    say(f"   {len(answers):,} answers loaded in {seconds(lambda: load(wave, answers)):.0f} s")
    say(f"   digested in {seconds(lambda: digest.digest_all(wave.pk)):.0f} s")
    return wave


def measure() -> list[Result]:
    from prioritization.matrix import refresh
    from prioritization.tallies.read import Filter

    answers = crowd(SIZE)
    wave = filled(answers)
    everybody = Filter()
    some = Filter((("region", f"region {REGION}"),), FIRST, LAST)
    refresh(wave)
    peers = Peers(frame(answers))
    peers.agree(question(wave, everybody)(), "")
    peers.agree(question(wave, some)(), peers.where)
    results = [
        against_duckdb("matrix_unfiltered_vs_duckdb", 1 / 50, wave, everybody, peers, ""),
        against_duckdb("matrix_filtered_vs_duckdb", 1 / 6, wave, some, peers, peers.where),
        page(wave),
        derived(wave, answers),
        disk(wave),
    ]
    del peers, answers
    return [*results, growth(wave, everybody, some)]


def question(wave: Any, wanted: Any) -> Callable[[], Any]:
    """From the database to means, variances, covariances: what the peers are asked, and more."""
    from prioritization.analysis.estimates import estimate
    from prioritization.tallies.digest import layout_of
    from prioritization.tallies.read import tally_of

    layout = layout_of(wave)
    return lambda: estimate(tally_of(wave.pk, layout, wanted))


class Peers:
    def __init__(self, columns: dict[str, np.ndarray]) -> None:
        import duckdb
        import pandas as pd
        import polars as pl

        self.pandas = pd.DataFrame(columns)
        self.polars = pl.DataFrame(columns)
        self.duckdb = duckdb.connect()
        frame = self.pandas  # noqa: F841 - DuckDB reads it by its name
        self.duckdb.execute("CREATE TABLE ratings AS SELECT * FROM frame")
        self.where = f"WHERE region = {REGION} AND month BETWEEN {MONTHS[0]} AND {MONTHS[1]}"

    def ask_duckdb(self, where: str) -> list[Any]:
        asked = f"SELECT moment, {ASKED} FROM ratings {where} GROUP BY moment ORDER BY moment"
        return self.duckdb.execute(asked).fetchall()

    def ask_polars(self, where: str) -> Any:
        import polars as pl

        table = self.polars.lazy()
        if where:
            table = table.filter((pl.col("region") == REGION) & pl.col("month").is_between(*MONTHS))
        i, s, o = pl.col("importance"), pl.col("satisfaction"), pl.col("overall")
        asked = [pl.len().alias("n"), i.mean().alias("i"), s.mean().alias("s"), i.var().alias("vi")]
        asked += [s.var().alias("vs"), pl.cov(i, s).alias("c"), pl.corr(s, o).alias("r")]
        return table.group_by("moment").agg(asked).collect()

    def ask_pandas(self, where: str) -> Any:
        table = self.pandas
        if where:
            table = table[(table["region"] == REGION) & table["month"].between(*MONTHS)]
        return table.groupby("moment")[["importance", "satisfaction", "overall"]].cov()

    def agree(self, ours: Any, where: str) -> None:
        """The same answers were asked: as many, with the same means."""
        theirs = self.ask_duckdb(where)
        np.testing.assert_array_equal(ours.n_satisfaction, [row[1] for row in theirs])
        np.testing.assert_allclose(ours.satisfaction, [row[3] for row in theirs], rtol=1e-12)


def ask_postgres(wave: Any, where: str) -> None:
    from django.db import connection

    sql = f"""SELECT t.item_id, {ASKED.replace("covar_samp", "regr_sxy")}
              FROM surveys_response r JOIN surveys_rating t ON t.response_id = r.id
              WHERE r.wave_id = %s AND t.satisfaction IS NOT NULL {where} GROUP BY t.item_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [wave.pk])
        cursor.fetchall()


def against_duckdb(name: str, goal: float, wave: Any, wanted: Any, peers: Peers, where: str) -> Result:
    ask = question(wave, wanted)
    in_rows = (
        f"AND r.segments->>'region' = 'region {REGION}' AND r.submitted_at >= '{FIRST}' "
        f"AND r.submitted_at < '{LAST}'::date + 1"
        if where
        else ""
    )
    ours, duckdb = interleaved(often(ask), often(lambda: peers.ask_duckdb(where), 3), ROUNDS)
    polars = median(seconds(lambda: peers.ask_polars(where)) for _ in range(5))
    pandas = median(seconds(lambda: peers.ask_pandas(where)) for _ in range(3))
    rows = median(seconds(lambda: ask_postgres(wave, in_rows)) for _ in range(2))
    detail = (
        f"{SIZE:,} answers: ours {ours * 1000:.2f} ms, DuckDB {duckdb * 1000:.1f}, polars "
        f"{polars * 1000:.0f}, pandas {pandas * 1000:.0f}, SQL over the rows {rows * 1000:.0f} ms"
    )
    return Result(name, ours / duckdb, goal, "lower", detail)


def page(wave: Any) -> Result:
    """The whole page through Django, everybody and a segment, against an authenticated empty page."""
    from django.test import Client

    from accounts.models import User

    browser = Client()
    browser.force_login(User.objects.order_by("pk")[0])
    cycle = wave.survey.cycle_id
    matrix, empty = f"/w/bench/cycles/{cycle}/matrix/", "/w/bench/empty/"
    for address in (matrix, empty) * 3:
        response = browser.get(address)
        assert response.status_code == 200, (address, response.status_code)
    assert '<svg class="mx"' in browser.get(matrix).content.decode()
    full, bare = interleaved(
        often(lambda: browser.get(matrix), 5), often(lambda: browser.get(empty), 5), ROUNDS
    )
    region = f"{matrix}?segment=region%3Dregion+{REGION}"
    assert browser.get(region).status_code == 200
    part = often(lambda: browser.get(region), 9)()
    detail = f"page {full * 1000:.1f} ms, of a segment {part * 1000:.1f} ms, empty page {bare * 1000:.1f} ms"
    return Result("matrix_page_vs_empty", full / bare, 6, "lower", detail)


def derived(wave: Any, answers: Crowd) -> Result:
    """Correlations of every moment with overall and with each other, pair by pair."""
    import pandas as pd

    from prioritization.analysis.correlation import pearson
    from prioritization.tallies.digest import layout_of
    from prioritization.tallies.read import Filter, tally_of

    layout = layout_of(wave)
    some = slice(MOMENTS, 2 * MOMENTS + 1)
    columns = np.column_stack([answers.satisfaction, answers.overall]).astype(np.float64)
    columns[:, :MOMENTS][answers.satisfaction == 0] = np.nan
    table = pd.DataFrame(columns)
    found: dict[str, np.ndarray] = {}

    def ours() -> None:
        found["ours"] = pearson(tally_of(wave.pk, layout, Filter()).cross)[some, some]

    def theirs() -> None:
        found["theirs"] = table.corr().to_numpy()

    mine, pandas = interleaved(often(ours), lambda: seconds(theirs), 5)
    off = float(np.abs(found["ours"] - found["theirs"]).max())
    assert off < 1e-9, off
    detail = f"ours {mine * 1000:.2f} ms, pandas {pandas * 1000:.0f} ms, largest difference {off:.1e}"
    return Result("derived_vs_pandas", mine / pandas, 1 / 20, "lower", detail)


def disk(wave: Any) -> Result:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('prioritization_block'), "
            "pg_total_relation_size('surveys_rating'), pg_total_relation_size('prioritization_cube')"
        )
        blocks, rows, cubes = cursor.fetchone()
    detail = f"blocks {blocks / 2**20:.1f} MB, rows {rows / 2**20:.0f} MB (cubes {cubes / 2**20:.1f} MB)"
    return Result("packed_blocks_disk", blocks / rows, 1 / 15, "lower", detail)


def growth(wave: Any, everybody: Any, some: Any) -> Result:
    small = filled(crowd(SMALL, seed=10))
    large = wave if GROWN <= SIZE else filled(crowd(GROWN, seed=11))
    ratios = []
    for wanted in (everybody, some):
        ours, beside = interleaved(often(question(large, wanted)), often(question(small, wanted)), ROUNDS)
        ratios.append((ours / beside, ours, beside))
    worst = max(ratios)
    n = max(GROWN, SIZE) if large is not wave else SIZE
    detail = f"{n:,} answers {worst[1] * 1000:.2f} ms, {SMALL:,} answers {worst[2] * 1000:.2f} ms"
    if n < 3_000_000:
        detail += " (smaller than the official 3,000,000: set BENCH_GROWTH)"
    return Result("matrix_growth", worst[0], 2, "lower", detail)


if __name__ == "__main__":
    assert SEGMENTS
    set_up()
    hand_over(measure())
