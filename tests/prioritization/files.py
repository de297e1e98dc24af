"""Ratings written as files, for the tests of `prioritize`."""

import csv
from io import StringIO

import numpy as np

from prioritization.analysis.ratings import Ratings, State
from tests.prioritization.analysis.worlds import make_ratings

MOMENTS = [f"M{k}" for k in range(6)]


def cell(x: float) -> str:
    return "" if np.isnan(x) else str(int(x))


def wide_rows(ratings: Ratings, *, wave: str = "2025", start: int = 0) -> list[dict[str, str]]:
    rows = []
    for r in range(ratings.respondents):
        row = {"respondent_id": f"r{start + r}", "wave": wave, "seg:city": "north" if r % 3 else "south"}
        row["weight"] = "1" if ratings.weights is None else repr(float(ratings.weights[r]))
        row["overall"], row["nps"] = cell(ratings.overall[r]), cell(ratings.nps[r])
        for m, name in enumerate(MOMENTS[: ratings.moments]):
            row[f"imp:{name}"] = cell(ratings.importance[r, m])
            state = ratings.state[r, m]
            row[f"sat:{name}"] = "NE" if state == State.NOT_EXPERIENCED else cell(ratings.satisfaction[r, m])
        for k, picked in enumerate(np.flatnonzero(ratings.picks[r]).tolist(), start=1):
            row[f"pick{k}"] = MOMENTS[picked]
        rows.append(row)
    return rows


def as_csv(rows: list[dict[str, str]], *, delimiter: str = ",", without: str = "") -> str:
    names = [name for name in rows[0] if not (without and name.startswith(without))]
    out = StringIO()
    writer = csv.DictWriter(out, names, delimiter=delimiter, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


GOOD = make_ratings(300, seed=3)
TWO_WAVES = as_csv(
    wide_rows(GOOD, wave="2024") + wide_rows(make_ratings(320, seed=8, shift=0.8), wave="2025", start=100)
)
