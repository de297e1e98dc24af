"""The map as a browser asks for it, whole or in parts."""

from cycles.models import Moment, Stage

HTMX = {"HX-Request": "true"}


def names(cycle):
    return list(
        Moment.objects.filter(stage__cycle=cycle, deleted_at=None)
        .order_by("stage__position", "position")
        .values_list("name", flat=True)
    )


def moment(world, name):
    return Moment.objects.get(stage__cycle=world.cycle, name=name)


def stage(world, position):
    return Stage.objects.get(cycle=world.cycle, position=position)


def map_url(world, query=""):
    return world.url(f"cycles/{world.cycle.pk}/{query}")


def htmx(target, world, query=""):
    return {**HTMX, "HX-Target": target, "HX-Current-URL": f"http://testserver{map_url(world, query)}"}
