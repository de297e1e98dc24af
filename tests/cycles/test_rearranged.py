"""A move on a page that puts its rows in order by itself: a small answer, the drawing asked for after it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cycles.models import Cycle, Moment, Stage
from cycles.ordering import insert_moment


def ask(world, person, name, **data):
    moment = Moment.objects.get(stage__cycle=world.cycle, name=name)
    headers = {
        "HX-Request": "true",
        "HX-Target": "list",
        "HX-Current-URL": f"http://testserver{world.url(f'cycles/{world.cycle.pk}/')}",
        "X-Order": "1",
    }
    return person.post(world.url(f"moments/{moment.pk}/move/"), data, headers=headers)


def order(world):
    """What the database says, as the answer says it."""
    return [
        (
            str(stage.pk),
            " ".join(
                map(
                    str,
                    stage.moments.filter(deleted_at=None).order_by("position").values_list("pk", flat=True),
                )
            ),
        )
        for stage in Stage.objects.filter(cycle=world.cycle).order_by("position")
    ]


def said(answer):
    return re.findall(r'data-of="(\d+)" data-keys="([\d ]*)"', answer.content.decode())


@pytest.mark.parametrize("to", ["down", "up"])
def test_the_order_is_said_whole_and_nothing_is_drawn(world, consultant, to):
    revision = Cycle.objects.get(pk=world.cycle.pk).revision
    answer = ask(world, consultant, "Be greeted", to=to)
    assert answer.status_code == 200
    assert answer["HX-Reswap"] == "none"
    assert "moments-moved" in answer["HX-Trigger-After-Swap"]
    assert said(answer) == order(world)
    text = answer.content.decode()
    assert "Be greeted: Position " in text
    assert "<svg" not in text
    assert 'class="mo' not in text
    assert Cycle.objects.get(pk=world.cycle.pk).revision == revision + 1


def test_an_emptied_stage_is_named_too(world, consultant):
    ask(world, consultant, "Queue at the till", to="up")
    answer = ask(world, consultant, "Queue at the till", to="up")
    assert said(answer) == order(world)
    assert said(answer)[-1][1] == ""


def test_at_the_end_nothing_moves_and_the_list_is_answered(world, consultant):
    revision = Cycle.objects.get(pk=world.cycle.pk).revision
    answer = ask(world, consultant, "Queue at the till", to="down")
    assert 'id="moments"' in answer.content.decode()
    assert Cycle.objects.get(pk=world.cycle.pk).revision == revision


def test_a_place_that_is_none_is_refused_in_words(world, consultant):
    answer = ask(world, consultant, "Queue at the till", position="2")
    assert answer.status_code == 422
    assert 'id="move-error"' in answer.content.decode()


def test_a_move_costs_the_same_however_many_moments_there_are(world, consultant):
    counted = []
    for extra in (0, 40):
        for n in range(extra):
            stage = Stage.objects.filter(cycle=world.cycle).order_by("position")[n % 2]
            insert_moment(Moment(stage=stage, name=f"Wait for number {n}"))
        with CaptureQueriesContext(connection) as queries:
            answer = ask(world, consultant, "Be greeted", to="up" if extra else "down")
        assert answer["HX-Reswap"] == "none" or extra
        counted.append(len(queries))
    assert counted[1] <= counted[0] <= 20


def test_the_drawing_comes_with_the_curve(world, consultant):
    queue = Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")
    page = world.url(f"cycles/{world.cycle.pk}/")
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}?moment={queue.pk}"}
    text = consultant.get(f"{page}emotion/?wheel=1", headers=headers).content.decode()
    assert text.count('class="w-node') == 3
    assert "w-halo" in text  # the open moment stays marked
    assert 'id="wheel-chart"' in text
    for stage in Stage.objects.filter(cycle=world.cycle):
        assert f'id="mean-{stage.pk}" hx-swap-oob="true"' in text
    whole = consultant.get(page).content.decode()
    assert re.findall(r'id="mean-(\d+)"', whole) == re.findall(r'id="mean-(\d+)"', text)
    assert "js/order" in whole
    assert 'id="order" hidden' in whole
