"""How the requirements of a cycle are spread over the ten dimensions and the service triangle."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cycles.choices import Dimension, Vertex
from cycles.models import Cycle, Requirement
from cycles.triangle import Triangle, draw_triangle


@dataclass(frozen=True)
class Share:
    label: str
    count: int
    percent: int  # of the largest, for the bar


@dataclass(frozen=True)
class Coverage:
    total: int
    dimensions: list[Share]
    triangle: Triangle
    without_vertex: int
    thin: str  # the vertex with the fewest, where that is worth saying
    thin_count: int

    @property
    def thin_says(self) -> str:
        if not self.thin_count:
            return _("%(vertex)s: none.") % {"vertex": self.thin}
        words = ngettext("Only %(n)s concerns %(vertex)s.", "Only %(n)s concern %(vertex)s.", self.thin_count)
        return words % {"vertex": self.thin.lower(), "n": self.thin_count}

    @property
    def holes(self) -> list[str]:
        return [share.label for share in self.dimensions if not share.count]


def coverage_of(cycle: Cycle) -> Coverage:
    """One query."""
    rows = Requirement.objects.filter(moment__stage__cycle=cycle, deleted_at=None, moment__deleted_at=None)
    counts = list(rows.order_by().values_list("dimension", "vertex").annotate(n=Count("pk")))
    by_dimension: dict[str, int] = {}
    by_vertex: dict[str, int] = {}
    for dimension, vertex, n in counts:
        by_dimension[dimension] = by_dimension.get(dimension, 0) + n
        by_vertex[vertex] = by_vertex.get(vertex, 0) + n
    most = max([by_dimension.get(value, 0) for value in Dimension.values] + [1])
    corners = [(str(vertex.label), by_vertex.get(vertex.value, 0)) for vertex in Vertex]
    thin, thin_count = min(corners, key=lambda corner: corner[1])
    total = sum(n for _d, _v, n in counts)
    return Coverage(
        total=total,
        dimensions=[
            Share(
                str(dimension.label),
                by_dimension.get(dimension.value, 0),
                round(100 * by_dimension.get(dimension.value, 0) / most),
            )
            for dimension in Dimension
        ],
        triangle=draw_triangle([name for name, _n in corners], [n for _name, n in corners], _("Customer")),
        without_vertex=by_vertex.get("", 0),
        thin=thin if thin_count < total / 4 else "",
        thin_count=thin_count,
    )
