"""The matrix of a standing, in the reader's language, as `chart.scatter` wants it."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from prioritization import figures
from prioritization.chart import Scatter, Words, scatter
from prioritization.shapes import Point
from prioritization.standing import ORDER, Row, Standing, quadrant_name


def words() -> Words:
    names = tuple(quadrant_name(quadrant) for quadrant in ORDER)
    return Words(
        satisfaction=_("Satisfaction"),
        importance=_("Importance"),
        iso=_("satisfaction = importance"),
        crosshair=pgettext("crosshair", "mean"),
        names=(names[0], names[1], names[2], names[3]),
        remarks=(
            _("matters much, satisfies little"),
            _("matters much, satisfies"),
            _("matters less, satisfies little"),
            _("matters less, satisfies"),
        ),
        number=figures.decimal,
    )


def scatter_of(standing: Standing) -> Scatter:
    """Without links; the moments to act on carry their names."""
    assert standing.cross is not None
    return scatter([point(row) for row in standing.shown], standing.cross, standing.scale, words())


def point(row: Row) -> Point:
    assert row.importance is not None
    assert row.satisfaction is not None
    assert row.quadrant is not None
    return Point(
        number=row.number,
        name=row.name,
        importance=row.importance,
        satisfaction=row.satisfaction,
        quadrant=row.quadrant,
        rank=row.rank,
        uncertain=row.weak,
        named=row.quadrant == "concentrate_here",
        title=_("%(number)s, %(moment)s: importance %(i)s, satisfaction %(s)s")
        % {
            "number": row.number,
            "moment": row.name,
            "i": figures.decimal(row.importance),
            "s": figures.decimal(row.satisfaction),
        },
        spread=row.spread,
    )
