"""`python -m benchmarks [name...]`: run the benchmarks and print the ratios.

Needs DATABASE_URL of a durable PostgreSQL; `make bench` starts one.
"""

import importlib
import sys

from benchmarks.harness import Result, table, write

# Module -> what it measures; each has `run() -> list[Result]`.
MODULES = (
    "cycle_page",
    "cycle_move",
    "customers_page",
    "delivery",
    "report",
    "report_growth",
    "matrix_reading",
    "matrix_submits",
    "certainty",
    "prioritize",
)


def main() -> int:
    chosen = [m for m in MODULES if not sys.argv[1:] or m in sys.argv[1:]]
    results: list[Result] = []
    for name in chosen:
        print(f"== {name}", flush=True)
        results += importlib.import_module(f"benchmarks.{name}").run()
        print(table(results), flush=True)
        write(results)
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
