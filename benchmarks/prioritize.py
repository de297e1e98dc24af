"""`manage.py prioritize` on a file of 200,000 respondents x 12 moments, whole process, beside a bare
numpy process that parses and sums the rating columns of the same file."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.harness import ROOT, Result, interleaved, seconds

RESPONDENTS, MOMENTS = 200_000, 12

BARE = """
import sys
import numpy as np
ratings = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, usecols=range(2, 2 + 2 * int(sys.argv[2])))
print(ratings.sum(axis=0))
"""


def write_file(path: Path) -> None:
    """Ratings 1 to 5 with a halo, every respondent with every moment, so that numpy alone can read it."""
    rng = np.random.default_rng(12)
    halo = rng.normal(0, 0.8, (RESPONDENTS, 1))
    ratings = np.clip(np.rint(3.4 + halo + rng.normal(0, 0.9, (RESPONDENTS, 2 * MOMENTS))), 1, 5).astype(int)
    overall = np.clip(np.rint(3.4 + halo[:, 0] + rng.normal(0, 0.5, RESPONDENTS)), 1, 5).astype(int)
    names = [f"{axis}:M{n}" for n in range(1, MOMENTS + 1) for axis in ("imp", "sat")]
    table = np.column_stack([np.arange(1, RESPONDENTS + 1), overall, ratings])
    header = ",".join(["respondent_id", "overall", *names])
    np.savetxt(path, table, fmt="%d", delimiter=",", header=header, comments="")


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ratings.csv"
        write_file(path)

        def process(*command: str) -> float:
            done = lambda: subprocess.run(  # noqa: E731
                [sys.executable, *command],
                cwd=ROOT,
                env=dict(os.environ),
                check=True,
                stdout=subprocess.DEVNULL,
            )
            return seconds(done)

        ours, bare = interleaved(
            lambda: process("manage.py", "prioritize", str(path)),
            lambda: process("-c", BARE, str(path), str(MOMENTS)),
        )
    detail = f"{RESPONDENTS:,} x {MOMENTS}: prioritize {ours:.2f} s, numpy {bare:.2f} s"
    return [Result("prioritize_vs_numpy", ours / bare, 3, "lower", detail)]
