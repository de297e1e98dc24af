"""What the drawing of the matrix says in the reader's language, without asking a database."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from prioritization import figures
from prioritization.chart import Words
from prioritization.quadrant_names import quadrant_name
from prioritization.shapes import LOOKS


def words(importance: str = "", crosshair: str = "") -> Words:
    """`importance`: the name of that axis; `crosshair`: of its rule, the mean unless it is said."""
    act, protect, watch, ease = (quadrant_name(quadrant) for quadrant in LOOKS)
    return Words(
        satisfaction=_("Satisfaction"),
        importance=importance or _("Importance"),
        iso=_("satisfaction = importance"),
        crosshair=crosshair or pgettext("crosshair", "mean"),
        names=(act, protect, watch, ease),
        remarks=(
            _("matters much, satisfies little"),
            _("matters much, satisfies"),
            _("matters less, satisfies little"),
            _("matters less, satisfies"),
        ),
        number=figures.decimal,
    )
