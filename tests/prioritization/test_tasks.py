"""The tasks as the worker calls them."""

import time
from threading import Barrier, Thread

import pytest
from django.db import connection

from prioritization import matrix, tasks
from prioritization.models import Digest, Matrix
from prioritization.tasks import refresh_matrices
from tests.conftest import make_world
from tests.prioritization.answers import answer, survey_of, wave_of


def test_every_stale_wave_is_refreshed(world, stranger):
    for one in (world, stranger):
        answer(wave_of(survey_of(one.cycle)), [(4, 2), (3, 3), (2, 4)], times=12)
    refresh_matrices()
    assert sorted(Matrix.objects.values_list("n_responses", flat=True)) == [12, 12]


def test_a_second_run_finds_nothing_to_do(world, django_assert_num_queries):
    answer(wave_of(survey_of(world.cycle)), [(4, 2), (3, 3), (2, 4)], times=12)
    refresh_matrices()
    with django_assert_num_queries(2):  # the matrices, and how far the answers are
        refresh_matrices()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("at_a_time", "looks"), [(3, tasks.LOOKS), (5, 1)])
def test_in_a_rush_of_answers_the_worker_looks_less_often(world, monkeypatch, at_a_time, looks):
    """While it pauses, as many come again."""
    wave, pauses = wave_of(survey_of(world.cycle)), []

    def come(seconds: float = 0) -> None:
        pauses.append(seconds)
        answer(wave, [(4, 2), (3, 3), (2, 4)], times=at_a_time)

    monkeypatch.setattr(tasks, "RUSH", 5)
    monkeypatch.setattr(time, "sleep", come)
    come()
    tasks.digest_tallies()
    assert len(pauses) == looks
    assert Digest.objects.get().n_responses == at_a_time * looks, "nothing is left behind"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
def test_of_two_workers_at_once_one_computes_and_neither_fails():
    wave = wave_of(survey_of(make_world("alba").cycle))
    answer(wave, [(4, 2), (3, 3), (2, 4)], times=40)
    start, done = Barrier(4), []

    def work() -> None:
        start.wait()
        try:
            done.append(matrix.refresh(wave))
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done) == [False, False, False, True]
    assert Matrix.objects.get().n_responses == 40
