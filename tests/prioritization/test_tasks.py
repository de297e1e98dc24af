"""The tasks as the worker calls them."""

from prioritization.models import Matrix
from prioritization.tasks import refresh_matrices
from tests.prioritization.answers import answer, survey_of, wave_of


def test_every_stale_wave_is_refreshed(world, stranger):
    for one in (world, stranger):
        answer(wave_of(survey_of(one.cycle)), [(4, 2), (3, 3), (2, 4)], times=12)
    refresh_matrices()
    assert sorted(Matrix.objects.values_list("n_responses", flat=True)) == [12, 12]


def test_a_second_run_finds_nothing_to_do(world, django_assert_num_queries):
    answer(wave_of(survey_of(world.cycle)), [(4, 2), (3, 3), (2, 4)], times=12)
    refresh_matrices()
    with django_assert_num_queries(1):
        refresh_matrices()
