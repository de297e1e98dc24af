"""Workers, Redis, PostgreSQL and the mail server die while invitations leave: nothing is lost, nothing
is sent twice, every doubt is listed, and the relay's log settles every doubt."""

import signal
import time
from collections import Counter

import pytest
from django.db import connection

from tests.faults.machines import Installation

pytestmark = pytest.mark.faults

CAMPAIGN = """
import time
from accounts.models import Client, Workspace
from cycles.models import Cycle, Moment, Stage
from surveys import campaigns, instrument
from surveys.models import Contact, Wave
workspace = Workspace.objects.create(name="Faults", slug="faults")
client = Client.objects.create(workspace=workspace, name="Alba")
cycle = Cycle.objects.create(client=client, name="Pay", language="en")
stage = Stage.objects.create(cycle=cycle, position=0, name="Pay")
Moment.objects.create(stage=stage, position=0, name="Queue at the till")
survey = instrument.draft_survey(cycle)
wave = instrument.open_wave(survey.waves.get())
through = Wave.recipients.through
for start in range(0, {mails}, 5000):
    contacts = Contact.objects.bulk_create(
        Contact(client=client, email=f"c{{n}}@faults.example", name=f"Customer {{n}}")
        for n in range(start, min(start + 5000, {mails}))
    )
    through.objects.bulk_create(through(wave=wave, contact=contact) for contact in contacts)
began = time.perf_counter()
campaigns.start(wave.campaigns.get())
print(time.perf_counter() - began)
"""
# Over the whole campaign, in this order again and again.
SHORT = ["worker", "redis", "worker", "postgres", "worker", "mail server"]
LONG = ["worker", "worker", "postgres", "worker", "worker", "redis", "worker", "worker", "mail server"]


def plan(faults: dict[str, int], order: list[str]) -> list[str]:
    """All of them, mixed as `order` mixes them."""
    left, mixed = Counter(faults), []
    while left.total():
        for what in order:
            if left[what]:
                left[what] -= 1
                mixed.append(what)
    return mixed


@pytest.mark.parametrize(
    ("mails", "workers", "faults", "order"),
    [
        pytest.param(
            2000,
            2,
            {"worker": 3, "redis": 1, "postgres": 1, "mail server": 1},
            SHORT,
            id="short",
        ),
        pytest.param(
            100_000,
            4,
            {"worker": 20, "redis": 3, "postgres": 3, "mail server": 2},
            LONG,
            id="long",
            marks=pytest.mark.long,
        ),
    ],
)
def test_everything_dies(mails, workers, faults, order):
    if connection.vendor == "sqlite":
        pytest.skip("brings its own PostgreSQL: once is enough")
    with Installation() as place:
        queueing = float(place.manage("shell", "-v0", "-c", CAMPAIGN.format(mails=mails)))
        for _ in range(workers):
            place.start_worker()
        began = time.monotonic()
        coming = plan(faults, order)
        marks = [(number + 1) * mails // (len(coming) + 2) for number in range(len(coming))]
        for mark, what in zip(marks, coming, strict=True):
            wait_for(place, lambda states, mark=mark: states["sent"] >= mark, mails)
            strike(place, what)
        wait_for(place, is_over, mails)
        seconds = time.monotonic() - began
        doubtful = check_the_promise(place, mails)
        most = faults["worker"] * 2 + (faults["postgres"] + faults["mail server"]) * workers * 2
        assert doubtful <= most, "as many as lanes were cut off, at most"
        settle(place)
        print(
            f"\n{mails} mails, {faults}: queued in {queueing:.1f} s, sent in {seconds:.0f} s "
            f"({mails / seconds:.0f}/s), {doubtful} in doubt before the log was asked; 0 lost, 0 twice"
        )
        for worker in place.workers:
            assert worker.process is not None
            assert worker.end(signal.SIGTERM) in (0, -signal.SIGTERM)


def strike(place: Installation, what: str) -> None:
    {
        "worker": place.worker_dies,
        "redis": place.redis_dies,
        "postgres": place.postgres_dies,
        "mail server": place.mail_server_dies,
    }[what]()


def is_over(states: Counter[str]) -> bool:
    return set(states) <= {"sent", "unconfirmed"}


def wait_for(place: Installation, condition, mails: int) -> None:
    """Nothing here may take a whole minute without any progress, whatever was killed before."""
    best, since = -1, time.monotonic()
    while not condition(states := place.states()):
        moved = states["sent"] + states["unconfirmed"]
        if moved > best:
            best, since = moved, time.monotonic()
        elif time.monotonic() - since > 10:
            # Only what dead lanes hold is left: let their time run out.
            place.let_leases_run_out()
        assert time.monotonic() - since < 90, (states, mails)
        place.hurry()
        time.sleep(0.3)


def check_the_promise(place: Installation, mails: int) -> int:
    """Nothing twice, nothing lost, every doubt named; say how many doubts."""
    accepted = Counter(place.sink.message_ids())
    rows = dict(place.rows("SELECT message_id, state FROM surveys_outgoingmail"))
    assert len(rows) == mails
    twice = [key for key, times in accepted.items() if times > 1]
    assert not twice, f"{len(twice)} mails were sent twice"
    sent = {key for key, state in rows.items() if state == "sent"}
    assert sent <= accepted.keys(), "a mail counts as sent that never arrived"
    assert accepted.keys() <= rows.keys()
    unnamed = place.rows(
        "SELECT count(*) FROM surveys_outgoingmail WHERE state = 'unconfirmed' AND reason = ''"
    )
    assert unnamed == [(0,)]
    return mails - len(sent)


def settle(place: Installation) -> None:
    """The relay's log says of each doubt whether it arrived; what did not is sent then, and only that."""
    place.run(
        "UPDATE surveys_outgoingmail SET transmitting_at = now() - interval '16 min' "
        "WHERE state = 'unconfirmed'"
    )
    log = place.folder / "relay.log"
    log.write_text("".join(f"{key}\n" for key in place.sink.message_ids()))
    place.manage("sending", "reconcile", str(log), "--send-missing")
    wait_for(place, lambda states: set(states) == {"sent"}, 0)
    accepted = Counter(place.sink.message_ids())
    rows = {key for (key,) in place.rows("SELECT message_id FROM surveys_outgoingmail")}
    assert accepted.keys() == rows, "nothing is lost"
    assert max(accepted.values()) == 1, "nothing is sent twice"
