"""Every step of the method has its page."""

import pytest


@pytest.mark.parametrize(
    "page", ["", "requirements/", "plan/", "survey/", "overview/", "matrix/", "reports/"]
)
def test_each_page_of_a_cycle_opens(world, consultant, page):
    response = consultant.get(world.url(f"cycles/{world.cycle.pk}/{page}"))
    assert response.status_code == 200
    assert world.cycle.name in response.content.decode()


def test_a_stranger_finds_nothing(world, stranger):
    from tests.conftest import log_in

    assert log_in(stranger.owner).get(world.url(f"cycles/{world.cycle.pk}/")).status_code == 404
