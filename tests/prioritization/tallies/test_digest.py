"""Each answer is digested exactly once: late commits, two workers, kills, erasures, restores."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from prioritization import tasks
from prioritization.models import Block, Cube, Digest
from prioritization.tallies import blocks, cubes, digest, proof
from prioritization.tallies.read import Filter, read
from surveys.erasing import answers_changed
from surveys.models import Rating, Response, Wave
from tests.conftest import World
from tests.prioritization.answers import erase_responses
from tests.prioritization.tallies.crowd import (
    answer_at_random,
    asked_wave,
    check_reads,
    layout,
    plain_tally,
    same,
)

pytestmark = pytest.mark.django_db(transaction=True)
postgres_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"
)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(20)


@pytest.fixture
def wave(world: World, monkeypatch: pytest.MonkeyPatch) -> Wave:
    monkeypatch.setattr(blocks, "SIZE", 64)
    return asked_wave(world.cycle)


def proved(wave: Wave, rng: random.Random) -> None:
    """All is digested, the sums are those of the rows, and so is what is read."""
    digest.digest_all(wave.pk)
    assert proof.differences(wave.pk) == []
    assert Digest.objects.get(wave=wave).n_responses == Response.objects.filter(wave=wave).count()
    check_reads(wave, rng)


@contextmanager
def meanwhile(*work: Callable[[], object]) -> Iterator[None]:
    failed: list[BaseException] = []

    def kept(one: Callable[[], object]) -> None:
        try:
            one()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=kept, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join(60)
    assert not failed, failed


@pytest.mark.parametrize("seed", range(5))
def test_batches_of_any_size_in_any_order_are_the_whole(wave, seed):
    rng = random.Random(seed)
    for _ in range(6):
        answer_at_random(wave, rng.choice((1, 2, 63, 64, 65, 130)), rng)
        digest.digest_all(wave.pk)
    proved(wave, rng)
    assert [b.n_responses for b in Block.objects.order_by("number")][:-1] == [64] * (
        Block.objects.count() - 1
    )


def test_digesting_again_adds_nothing(wave, rng):
    answer_at_random(wave, 30, rng)
    assert digest.digest_pending() == 30
    before = list(Cube.objects.order_by("pk").values_list("pk", "n_responses"))
    assert digest.pending() == []
    assert digest.digest(wave.pk) == 0
    assert list(Cube.objects.order_by("pk").values_list("pk", "n_responses")) == before


@postgres_only
def test_a_writer_that_commits_late_is_read_at_once_and_digested_once(wave, rng):
    """Its answer has a lower id and an older transaction than answers that are digested before it."""
    written, may_commit = Event(), Event()

    def late() -> None:
        with transaction.atomic():
            answer_at_random(wave, 5, random.Random(1))
            written.set()
            assert may_commit.wait(60)

    answer_at_random(wave, 10, rng)
    with meanwhile(late):
        assert written.wait(60)
        answer_at_random(wave, 7, rng)
        digest.digest_all(wave.pk)
        mark = Digest.objects.get(wave=wave)
        assert mark.n_responses == 10  # the seven came after the one that is not over
        check_reads(wave, rng)
        assert read(wave.pk, layout(wave), Filter()).n == 17
        may_commit.set()
    check_reads(wave, rng)
    assert read(wave.pk, layout(wave), Filter()).n == 22
    proved(wave, rng)


@postgres_only
def test_an_answer_given_up_is_never_counted(wave, rng):
    answer_at_random(wave, 3, rng)
    with transaction.atomic():
        answer_at_random(wave, 3, rng)
        transaction.set_rollback(True)
    proved(wave, rng)
    assert Digest.objects.get(wave=wave).n_responses == 3


def test_writers_workers_and_readers_at_once(wave, rng):
    """Readers see every answer that was committed before they asked, and none twice."""
    stop = Event()
    known = layout(wave)
    committed = [0]

    def writer() -> None:
        own = random.Random(2)
        for _ in range(25):
            answer_at_random(wave, 2, own)
            committed[0] += 2

    def worker() -> None:
        while not stop.is_set():
            digest.digest_all(wave.pk)
            stop.wait(0.02)

    def reader() -> None:
        while not stop.is_set():
            least = committed[0]
            found = read(wave.pk, known, Filter(), Filter((("city", "Lima"),)))
            everybody, lima = found.tallies
            assert found.n == everybody.respondents >= least
            assert lima.respondents == found.sizes.get("city", {}).get("Lima", 0)
            assert everybody.joint.n.sum() == everybody.respondents * known.moments

    with meanwhile(worker, worker, reader):
        with meanwhile(writer):
            pass
        stop.set()
    assert committed[0] == 50
    proved(wave, rng)


def this_database() -> str:
    """The very database of this test, for another process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    address, _, query = os.environ["DATABASE_URL"].partition("?")
    return f"{address.rpartition('/')[0]}/{name}?{query}"


KILLED_WORKER = """
import django, sys, time
django.setup()
from prioritization.tallies import cubes, digest
grow = cubes.grow
def grown_and_then(*args):
    grow(*args)
    print("in the middle", flush=True)
    time.sleep(120)
cubes.grow = grown_and_then
digest.digest_all(int(sys.argv[1]))
"""


def test_a_worker_killed_in_the_middle_leaves_nothing_behind(wave, rng, tmp_path):
    answer_at_random(wave, 70, rng)
    digest.digest_all(wave.pk)
    answer_at_random(wave, 40, rng)
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": this_database()}
    env["DATA_DIR"] = str(tmp_path)
    connection.close()
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED_WORKER, str(wave.pk)],
        cwd=settings.BASE_DIR,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout
        assert worker.stdout.readline() == "in the middle\n"
        check_reads(wave, rng)  # it holds its lock, and nobody waits for it
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    assert Digest.objects.get(wave=wave).n_responses == 70
    check_reads(wave, rng)
    proved(wave, rng)


# --- Answers that go or change ------------------------------------------------------------------


def test_an_erased_answer_is_gone_from_the_next_look_on(wave, rng):
    answer_at_random(wave, 100, rng)
    digest.digest_all(wave.pk)
    assert erase_responses(Response.objects.filter(segments__city="Lima")) > 5
    assert not Rating.objects.exclude(response__in=Response.objects.all()).exists()
    check_reads(wave, rng)  # from rows, until a worker has counted again
    assert digest.pending() == [wave.pk]
    proved(wave, rng)
    assert digest.pending() == []
    assert not Cube.objects.filter(value="Lima").exists()


def test_an_edited_answer_counts_as_it_is_now(wave, rng):
    answer_at_random(wave, 20, rng)
    digest.digest_all(wave.pk)
    with transaction.atomic():
        Rating.objects.filter(response__wave=wave, satisfaction=1).update(satisfaction=5)
        answers_changed([wave.pk])
    check_reads(wave, rng)
    proved(wave, rng)


def test_erasing_everything_leaves_an_empty_wave(wave, rng):
    answer_at_random(wave, 20, rng)
    digest.digest_all(wave.pk)
    erase_responses(Response.objects.all())
    proved(wave, rng)
    assert not Cube.objects.exists()
    assert not Block.objects.exists()


@postgres_only
def test_an_erasure_while_a_worker_is_at_it_is_not_lost(wave, rng, monkeypatch):
    """The rows are read, then the erasure commits, then the sums are stored: they are known to be wrong."""
    answer_at_random(wave, 20, rng)
    first = Response.objects.order_by("pk").first()
    grow = cubes.grow

    def erased_before(*args):
        with meanwhile(lambda: erase_responses(Response.objects.filter(pk=first.pk))):
            pass
        grow(*args)

    monkeypatch.setattr(cubes, "grow", erased_before)
    digest.digest(wave.pk)
    monkeypatch.setattr(cubes, "grow", grow)
    assert Digest.objects.get(wave=wave).n_responses == 20
    check_reads(wave, rng)
    proved(wave, rng)


def test_another_instrument_is_counted_from_the_start(wave, rng):
    answer_at_random(wave, 20, rng)
    digest.digest_all(wave.pk)
    type(wave.survey).objects.update(asks_nps=False)
    wave.survey.refresh_from_db()
    check_reads(wave, rng)
    answer_at_random(wave, 1, rng)
    proved(wave, rng)


@postgres_only
def test_after_a_restore_into_a_younger_server_all_is_counted_again(wave, rng):
    """Marks and stamps of the old server lie far in the future of the new one."""
    answer_at_random(wave, 20, rng)
    digest.digest_all(wave.pk)
    answer_at_random(wave, 4, rng)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE surveys_response SET committed = (committed::text::bigint + 10^9)::text::xid8")
    Digest.objects.update(mark=Digest.objects.get().mark + 10**9)
    answer_at_random(wave, 3, rng)
    check_reads(wave, rng)
    assert digest.pending() == [wave.pk]
    proved(wave, rng)
    assert digest.pending() == []
    assert read(wave.pk, layout(wave), Filter()).tail == 0


# --- The command and the nightly proof ----------------------------------------------------------


def spoil(wave: Wave) -> None:
    cube = Cube.objects.get(wave=wave, name="", month=0)
    counts = bytearray(cube.counts)
    counts[1] += 1
    Cube.objects.filter(pk=cube.pk).update(counts=bytes(counts))


def test_rebuild_makes_the_same_sums(wave, rng, capsys):
    answer_at_random(wave, 90, rng)
    digest.digest_all(wave.pk)
    spoil(wave)
    call_command("rebuild_tallies", "--survey", wave.survey_id)
    assert capsys.readouterr().out.splitlines() == [
        f"wave {wave.pk}: 90 answers counted",
        f"wave {wave.pk}: equal",
    ]
    proved(wave, rng)


def test_check_tells_a_difference_and_changes_nothing(wave, rng, capsys):
    answer_at_random(wave, 30, rng)
    digest.digest_all(wave.pk)
    call_command("rebuild_tallies", "--check")
    assert capsys.readouterr().out == f"wave {wave.pk}: equal\n"
    spoil(wave)
    before = bytes(Cube.objects.get(name="", month=0).counts)
    with pytest.raises(CommandError) as raised:
        call_command("rebuild_tallies", "--check")
    assert raised.value.returncode == 1
    assert "differs" in capsys.readouterr().err
    assert bytes(Cube.objects.get(name="", month=0).counts) == before


def test_check_tells_an_answer_that_vanished_by_the_back_door(wave, rng, capsys):
    answer_at_random(wave, 30, rng)
    digest.digest_all(wave.pk)
    Response.objects.order_by("pk").first().delete()
    with pytest.raises(CommandError):
        call_command("rebuild_tallies", "--check")
    assert "30 answers digested, 29 in the rows" in capsys.readouterr().err


def test_a_survey_that_is_not_there(db):
    with pytest.raises(CommandError, match="no opened survey 99"):
        call_command("rebuild_tallies", "--survey", 99)


def test_the_night_mends_and_reports(wave, rng, caplog):
    answer_at_random(wave, 30, rng)
    tasks.digest_tallies()
    tasks.prove_tallies()
    assert not caplog.records
    spoil(wave)
    tasks.prove_tallies()
    assert f"the tallies of wave {wave.pk} differ" in caplog.text
    proved(wave, rng)


def test_a_wave_that_cannot_be_counted_holds_up_no_other(wave, world, rng, caplog):
    other = asked_wave(world.cycle)
    answer_at_random(wave, 3, rng)
    answer_at_random(other, 3, rng)
    Rating.objects.filter(response__wave=wave, satisfaction__isnull=False).update(satisfaction=9)
    assert digest.digest_pending() == 3
    assert f"the answers of wave {wave.pk} could not be digested" in caplog.text
    same(read(other.pk, layout(other), Filter()).tallies[0], plain_tally(other))
