"""Mail through our lanes, beside a bare smtplib loop that sends one ready message again and again.

Both talk to the same local server in a process of its own; each rate is taken from when that server
accepted the first and the last mail. Durable commits: each of our mails is fenced and recorded.
"""

import os
import smtplib
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.harness import ROOT, ROUNDS, Result, environment, fresh_database, manage
from tests.smtp_sink import SmtpSink

MAILS = 1500
# For memory and for queueing: as many as the issue asks for.
MANY = int(os.environ.get("BENCH_INVITATIONS", "100000"))

WORLD = """
from accounts.models import Client, Workspace
from cycles.models import Cycle, Moment, Stage
from surveys.instrument import draft_survey, open_wave
client = Client.objects.create(workspace=Workspace.objects.create(name="W", slug="w"), name="C")
cycle = Cycle.objects.create(client=client, name="Cycle", language="en")
stage = Stage.objects.create(cycle=cycle, position=0, name="Stage")
for n in range(12):
    Moment.objects.create(stage=stage, position=n, name=f"Moment {n + 1}")
open_wave(draft_survey(cycle).waves.get())
"""
# A new round of recipients, and how long starting took.
START = """
import time
from accounts.models import Client
from surveys import campaigns
from surveys.models import Contact, OutgoingMail, Wave
wave, client = Wave.objects.get(), Client.objects.get()
through = Wave.recipients.through
before = Contact.objects.count()
for start in range(before, before + {mails}, 5000):
    contacts = Contact.objects.bulk_create(
        Contact(client=client, email=f"c{{n}}@bench.example", name=f"Customer {{n}}", language="en")
        for n in range(start, min(start + 5000, before + {mails})))
    through.objects.bulk_create(through(wave=wave, contact=contact) for contact in contacts)
began = time.perf_counter()
campaigns.start(wave.campaigns.get())
print(time.perf_counter() - began)
"""


def run() -> list[Result]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sink = stack.enter_context(SmtpSink(folder))
        database = stack.enter_context(fresh_database())
        env = environment(database, folder) | {"EMAIL_URL": f"smtp://{sink.host}:{sink.port}"}
        manage(env, "migrate", "--verbosity=0")
        manage(env, "shell", "-v0", "-c", WORLD)
        # The bare loop needs one of our mails to send.
        lanes(sink, env, 1)
        rates: dict[int, list[float]] = {0: [], 1: [], 2: [], 4: []}
        for _ in range(ROUNDS):
            for workers, found in rates.items():
                # The bare loop comes last in no round and first in none: it takes turns with the lanes.
                found.append(bare(sink) if workers == 0 else lanes(sink, env, workers))
        bare_rate = median(rates[0])
        ours = {workers: median(found) for workers, found in rates.items() if workers}
        queueing, first, last = many(sink, env)
    figures = ", ".join(f"{workers}: {rate:.0f}/s" for workers, rate in ours.items())
    detail = (
        f"workers {figures}; bare loop {bare_rate:.0f}/s; queue_100k: {MANY} in {queueing:.1f} s; "
        f"memory of a lane after 1,000 mails {first:.0f} MB, with {MANY} waiting {last:.0f} MB"
    )
    return [
        Result("delivery_vs_bare_smtp", ours[2] / bare_rate, 0.5, "higher", detail),
        Result("delivery_memory_100k", last / first, 1.1, "lower", "peak with 100,000 waiting / with 1,000"),
    ]


def rate(sink: SmtpSink, since: int) -> float:
    """Mails a second between the first and the last that were accepted."""
    times = [line["at"] for line in sink.lines()[since:]]
    return float((len(times) - 1) / (times[-1] - times[0]))


def bare(sink: SmtpSink) -> float:
    """One connection, and the first mail that we sent, again and again."""
    since = len(sink.lines())
    message = sink.lines()[0]["raw"].encode()
    with smtplib.SMTP(sink.host, sink.port) as smtp:
        for n in range(MAILS):
            smtp.sendmail("cyclemap@localhost", [f"c{n}@bench.example"], message)
    return rate(sink, since)


def lanes(sink: SmtpSink, env: dict[str, str], workers: int) -> float:
    since = len(sink.lines())
    manage(env, "shell", "-v0", "-c", START.format(mails=MAILS))
    send(env, workers)
    return rate(sink, since)


def send(env: dict[str, str], workers: int) -> None:
    command = [sys.executable, "manage.py", "mail_lane", "--once"]
    running = [subprocess.Popen(command, cwd=ROOT, env=env) for _ in range(workers)]
    for process in running:
        if process.wait():
            sys.exit("a lane failed")


def many(sink: SmtpSink, env: dict[str, str]) -> tuple[float, float, float]:
    """Seconds to queue 100,000; megabytes of a lane that has sent 1,000, alone and of so many."""
    manage(env, "shell", "-v0", "-c", START.format(mails=1000))
    first = peak(env)
    seconds = float(manage(env, "shell", "-v0", "-c", START.format(mails=MANY)))
    return seconds, first, peak(env)


def peak(env: dict[str, str]) -> float:
    """Peak memory of a lane that sends 1,000 mails."""
    code = (
        "from surveys import delivery\n"
        "lane = delivery.Lane(lambda: lane.tally['sent'] >= 1000, 600)\n"
        "lane.run()\n"
        # Not ru_maxrss, which a process inherits from whoever started it.
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    return float(manage(env, "shell", "-v0", "-c", code).split()[-1]) / 1024
