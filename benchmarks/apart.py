"""A measurement in a process of its own, because each has settings and a database of its own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.harness import ROOT, Result, environment, fresh_database


def run_apart(module: str) -> list[Result]:
    """`python -m module` on a fresh database; the results are the last line it prints."""
    with fresh_database() as database, tempfile.TemporaryDirectory() as folder:
        env = environment(database, Path(folder)) | {"DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=env, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"{module} failed")
    return [Result(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def set_up() -> None:
    import django

    assert os.environ["DJANGO_SETTINGS_MODULE"] == "benchmarks.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def hand_over(results: list[Result]) -> None:
    print(json.dumps([vars(result) for result in results]))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
