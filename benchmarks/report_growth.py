"""Reports as they grow and side by side: seconds a table row at eight times the content, and two workers.

Growth: 320 moments, 480 actions and 640 requirements beside 40, 60 and 80, wheel and matrix enlarged too; the
CPU time of laying out, warm. Workers: two processes that render the same report again and again, beside one.
Printed beside: peak memory, seconds of the slides and of the workbook, one page at a time and by themselves.
"""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.harness import ROOT, Result, environment, fresh_database, interleaved

SMALL, LARGE = 40, 320
ACTIONS, REQUIREMENTS = 1.5, 2  # a moment
RESPONDENTS = 200
ROUNDS = 5
WORKING = 20  # seconds each of one and of two workers renders, in turns


def run() -> list[Result]:
    with fresh_database() as database, tempfile.TemporaryDirectory() as folder:
        env = environment(database, Path(folder)) | {"DJANGO_SETTINGS_MODULE": "cyclemap.settings"}
        found = json.loads(part(env, "growth"))
        two, one = interleaved(lambda: workers(env, 2), lambda: workers(env, 1), rounds=3)
    small, large = found["small"], found["large"]
    a_row = (large["seconds"] / large["rows"]) / (small["seconds"] / small["rows"])
    detail = (
        f"{small['rows']} rows {small['seconds']:.2f} s, {large['rows']} rows {large['seconds']:.2f} s; "
        f"peak {found['peak_mb']:.0f} MB; slides {small['slides']:.2f} s, workbook {small['sheet']:.2f} s "
        f"({large['slides']:.2f} s, {large['sheet']:.2f} s at eight times)"
    )
    said = f"{two:.0f} reports a minute with two workers, {one:.0f} with one"
    return [
        Result("report_growth", a_row, 1.15, "lower", detail),
        Result("report_two_workers", two / one, 1.8, "higher", said),
    ]


def part(env: dict[str, str], *arguments: str) -> bytes:
    command = [sys.executable, "-m", __name__, *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE).stdout


def workers(env: dict[str, str], n: int) -> float:
    """Reports a minute of so many worker processes, each warm before the clock starts."""
    command = [sys.executable, "-m", __name__, "work"]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(n)
    ]
    for process in started:
        assert process.stdout
        process.stdout.readline()
    for process in started:
        assert process.stdin
        process.stdin.write(b"go\n")
        process.stdin.close()
    rates = []
    for process in started:
        assert process.stdout
        rates.append(float(process.stdout.readline()))
        process.wait()
    return sum(rates)


# --- In a process of its own -----------------------------------------------------------------------


def ready() -> None:
    import django

    django.setup()


def filled(moments: int) -> Any:
    """A wave whose cycle has so many moments, answers, requirements and actions."""
    from django.utils import timezone

    from benchmarks.crowd import crowd, load, survey_for
    from cycles.models import Action, ActionPlan, Moment, Requirement

    wave = survey_for(moments, 5)
    load(wave, crowd(RESPONDENTS, moments, 5))
    cycle = wave.survey.cycle
    plan = ActionPlan.objects.create(cycle=cycle, name="Plan")
    known = list(Moment.objects.filter(stage__cycle=cycle).order_by("stage__position", "position"))
    for moment in known:
        for k in range(REQUIREMENTS):
            name = f"What is needed {k} at this moment of the service"
            Requirement.objects.create(moment=moment, position=k, name=name, minimum="At most 5 minutes")
    for n in range(round(ACTIONS * moments)):
        action = Action.objects.create(
            plan=plan,
            number=n + 1,
            name=f"Do something about it, number {n}",
            owner="Somebody",
            due_on=timezone.localdate(),
            effort=1 + n % 5,
            impact=5 - n % 5,
        )
        action.moments.add(known[n % len(known)])
    return wave


def typed(wave: Any) -> Callable[[], object]:
    """The whole task for one wave."""
    from django.utils import timezone

    from prioritization.reports.document import gather
    from prioritization.reports.pages import compose
    from prioritization.reports.pdf import typeset

    cycle = wave.survey.cycle
    return lambda: typeset(compose(gather(cycle, wave, "en", timezone.localdate())))


def cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def rows_of(wave: Any) -> int:
    from django.utils import timezone

    from prioritization.reports.document import gather
    from prioritization.reports.sections import sections

    document = gather(wave.survey.cycle, wave, "en", timezone.localdate())
    return sum(section.table.rows for section in sections(document) if section.table)


def beside(wave: Any) -> dict[str, float]:
    from django.utils import timezone

    from prioritization.reports.document import gather
    from prioritization.sheet import book
    from prioritization.slides import pages

    document = gather(wave.survey.cycle, wave, "en", timezone.localdate())
    makers: dict[str, Callable[[], object]] = {
        "slides": lambda: pages.written(document),
        "sheet": lambda: book.written(document),
    }
    return {name: median([cpu(make) for _ in range(ROUNDS)]) for name, make in makers.items()}


def growth() -> dict[str, Any]:
    ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, stdout=io.StringIO())
    waves = {"small": filled(SMALL), "large": filled(LARGE)}
    works = {name: typed(wave) for name, wave in waves.items()}
    for work in works.values():
        work()
    small, large = interleaved(lambda: cpu(works["small"]), lambda: cpu(works["large"]), rounds=ROUNDS)
    seconds = {"small": small, "large": large}
    found: dict[str, Any] = {
        name: {"seconds": seconds[name], "rows": rows_of(wave), **beside(wave)}
        for name, wave in waves.items()
    }
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def work() -> None:
    """Warm up, say so, wait for the start, render for some seconds, print how many a minute."""
    ready()
    from surveys.models import Wave

    wave = Wave.objects.select_related("survey__cycle").order_by("pk")[0]
    render = typed(wave)
    render()
    print("warm", flush=True)
    sys.stdin.readline()
    started, made = time.perf_counter(), 0
    while time.perf_counter() - started < WORKING:
        render()
        made += 1
    print(60 * made / (time.perf_counter() - started), flush=True)


if __name__ == "__main__":
    assert os.environ["DJANGO_SETTINGS_MODULE"]
    if sys.argv[1] == "growth":
        print(json.dumps(growth()))
    else:
        work()
