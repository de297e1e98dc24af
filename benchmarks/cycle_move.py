"""Server time of a move on the map of 60 moments against an authenticated page with nothing on it.

The moment goes to and fro across the border of two stages: the longest of all moves.
"""

import io
from statistics import median

from benchmarks.apart import hand_over, run_apart, set_up
from benchmarks.harness import Result, seconds

ROUNDS = 80
MOMENTS, REQUIREMENTS = 60, 4


def run() -> list[Result]:
    return run_apart(__name__)


def measure() -> Result:
    """Medians of the whole stack, asked for in turn."""
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import Membership, Role
    from cycles.models import Cycle, Moment, Requirement, Stage

    call_command("demo", stdout=io.StringIO())
    cycle = Cycle.objects.filter(surveys__isnull=False)[0]
    stages = list(Stage.objects.filter(cycle=cycle).order_by("position"))
    while Moment.objects.filter(stage__cycle=cycle, deleted_at=None).count() < MOMENTS:
        for stage in stages:
            n = Moment.objects.filter(stage=stage, deleted_at=None).count()
            moment = Moment.objects.create(stage=stage, position=n, name=f"Ask for thing number {n}")
            for place in range(REQUIREMENTS):
                Requirement.objects.create(
                    moment=moment, position=place, name=f"Answered within {place} days"
                )
    owner = Membership.objects.get(workspace=cycle.client.workspace, role=Role.OWNER).user
    browser = Client()
    browser.force_login(owner)
    workspace = f"/w/{cycle.client.workspace.slug}"
    page, empty = f"{workspace}/cycles/{cycle.pk}/", f"{workspace}/empty/"
    moved = Moment.objects.filter(stage=stages[0], deleted_at=None).order_by("position").last()
    assert moved
    here = f"http://testserver{page}"
    headers = {"HX-Request": "true", "HX-Target": "list", "HX-Current-URL": here, "X-Order": "1"}
    sizes = []

    def move() -> None:
        for to in ("down", "up"):
            answer = browser.post(f"{workspace}/moments/{moved.pk}/move/", {"to": to}, headers=headers)
            assert answer.status_code == 200, answer.status_code
            sizes.append(len(answer.content))

    def open_empty() -> None:
        assert browser.get(empty).status_code == 200

    for _ in range(5):
        move()
        open_empty()
    times = [(seconds(move) / 2, seconds(open_empty)) for _ in range(ROUNDS)]
    moving, opening = median(a for a, _ in times), median(b for _, b in times)
    detail = f"move {moving * 1000:.1f} ms ({max(sizes) // 1024} KB), empty page {opening * 1000:.1f} ms"
    return Result("move_vs_empty", moving / opening, 3, "lower", detail)


if __name__ == "__main__":
    set_up()
    hand_over([measure()])
