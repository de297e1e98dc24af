"""Server time of the editor page of 17 moments against an authenticated page with nothing on it."""

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.harness import ROOT, Result, environment, fresh_database, seconds

ROUNDS = 60


def run() -> list[Result]:
    with fresh_database() as database, tempfile.TemporaryDirectory() as folder:
        env = environment(database, Path(folder)) | {"DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        # A process of its own, because each benchmark has settings and a database of its own.
        out = subprocess.run(
            [sys.executable, "-m", __name__], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
        ).stdout
    page, empty = json.loads(out)
    detail = f"cycle page {page * 1000:.1f} ms, empty page {empty * 1000:.1f} ms"
    return [Result("cycle_page_vs_empty", page / empty, 6, "lower", detail)]


def measure() -> tuple[float, float]:
    """Median seconds of both pages, asked for in turn through the whole stack."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import Membership, Role
    from cycles.models import Cycle

    call_command("migrate", verbosity=0)
    call_command("demo", stdout=io.StringIO())
    cycle = Cycle.objects.filter(surveys__isnull=False)[0]
    owner = Membership.objects.get(workspace=cycle.client.workspace, role=Role.OWNER).user
    browser = Client()
    browser.force_login(owner)
    workspace = f"/w/{cycle.client.workspace.slug}"
    page, empty = f"{workspace}/cycles/{cycle.pk}/", f"{workspace}/empty/"
    for address in (page, empty) * 3:
        answer = browser.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
    times = [(seconds(lambda: browser.get(page)), seconds(lambda: browser.get(empty))) for _ in range(ROUNDS)]
    return median(a for a, _ in times), median(b for _, b in times)


if __name__ == "__main__":
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "benchmarks.settings"
    print(json.dumps(measure()))
