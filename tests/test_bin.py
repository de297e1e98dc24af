"""A cycle in the bin is nowhere to be found, but where it can be taken out again."""

import pytest
from django.test import Client as Browser
from django.utils import timezone

from cycles.models import Cycle
from tests.conftest import make_world
from tests.furniture import furnish
from tests.site_map import routes

# These say where the cycle is to lie, so that asking twice is asking once.
OPEN = {"cycles:restore", "cycles:delete"}
# A client's own things, and people's: they stay when a cycle goes.
NOT_OF_A_CYCLE = {
    "client_id",
    "kept_id",
    "list_id",
    "segment_id",
    "member_id",
    "member_invitation_id",
    "contact_id",
    "shopper_id",
    "template_id",
}


@pytest.mark.django_db
def test_every_address_below_a_deleted_cycle_is_404():
    furnished = furnish(make_world("alba"))
    browser = Browser(raise_request_exception=False)
    browser.force_login(furnished.world.owner)
    below = [
        route
        for route in routes()
        if route.is_of_workspace and set(route.objects) - NOT_OF_A_CYCLE and route.name not in OPEN
    ]
    assert len(below) > 40
    Cycle.objects.update(deleted_at=timezone.now())
    faults = []
    for route in below:
        url = route.url(furnished)
        answers = {browser.get(url).status_code, browser.post(url).status_code}
        if not answers <= {404, 405}:
            faults.append(f"{route.name}: {answers}")
    assert not faults, "\n".join(faults)


def test_deleting_and_restoring_twice_is_once(world, consultant):
    url = world.url(f"cycles/{world.cycle.pk}/")
    for _ in range(2):
        assert consultant.post(f"{url}delete/").status_code == 302
    assert consultant.get(url).status_code == 404
    for _ in range(2):
        assert consultant.post(f"{url}restore/").status_code == 302
    assert consultant.get(url).status_code == 200
