"""The four elements every organisation needs, five levels of each in words, and two days compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cycles.assessments import ELEMENTS, Assessment
from cycles.models import Cycle

FORMAT = "cyclemap-maturity/1"

# Of the drawing of one element: a line from level 1 to level 5.
WIDTH, MARGIN = 200.0, 12.0


@dataclass(frozen=True)
class Element:
    """`levels` say what each of the five looks like, the lowest first."""

    key: str
    name: Any
    question: Any
    levels: tuple[Any, ...]


ELEMENTS_IN_WORDS: tuple[Element, ...] = (
    Element(
        "relationship",
        gettext_lazy("Close relationship"),
        gettext_lazy("Do we know what our customers need to solve, and do we stay near them?"),
        (
            gettext_lazy("We sell what we have. Nobody asks who the customer is or what it is for."),
            gettext_lazy("Some of us know our own customers; it is written nowhere and leaves with us."),
            gettext_lazy("What customers need is written down, and whoever serves them can read it."),
            gettext_lazy(
                "What we know of each customer shapes what we offer, and we keep in touch afterwards."
            ),
            gettext_lazy("Customers decide with us: their needs change what we sell, and we can show where."),
        ),
    ),
    Element(
        "doubts",
        gettext_lazy("Answers to doubts"),
        gettext_lazy("Does everybody who has a doubt get a good answer in time?"),
        (
            gettext_lazy("Doubts are answered when somebody has time, each time in another way."),
            gettext_lazy("There is somebody to ask, but customers are passed on and told different things."),
            gettext_lazy("Known channels and hours, and one agreed answer for what is asked most."),
            gettext_lazy("Every doubt is registered, answered within a promised time and checked."),
            gettext_lazy("We answer before they ask: what is asked most changes the product or the form."),
        ),
    ),
    Element(
        "value",
        gettext_lazy("Value"),
        gettext_lazy("Do customers gain with us something they would miss elsewhere?"),
        (
            gettext_lazy("We compete by price; what else the customer gains has no name."),
            gettext_lazy("We say what makes us different, but nobody has asked whether customers notice."),
            gettext_lazy("We know what customers value at each moment, and it is written as a requirement."),
            gettext_lazy("What they value most is measured and improved first; the rest costs us little."),
            gettext_lazy("Customers say by themselves what they gain, stay for it and recommend it."),
        ),
    ),
    Element(
        "experience",
        gettext_lazy("Positive experience"),
        gettext_lazy("Is it agreeable to deal with us, from the first contact to the last?"),
        (
            gettext_lazy("How it goes depends on who serves and on the day."),
            gettext_lazy("Some moments are cared for; waiting, paying or claiming are left to luck."),
            gettext_lazy("The whole path is mapped, and every moment has a minimum and a person in charge."),
            gettext_lazy("Each wave of answers changes the plan, and problems are solved as they appear."),
            gettext_lazy("Every moment is agreeable, and the figures show it wave after wave."),
        ),
    ),
)


def assessments_of(cycle: Cycle) -> list[Assessment]:
    """The oldest first. One query."""
    return list(Assessment.objects.filter(cycle=cycle, deleted_at=None).order_by("made_on", "pk"))


@dataclass(frozen=True)
class Row:
    """One element on two days; `before` None where there was one day only."""

    element: Element
    before: int | None
    now: int
    note: str

    @property
    def difference(self) -> int:
        return self.now - self.before if self.before is not None else 0

    @property
    def difference_text(self) -> str:
        if self.before is None:
            return "\N{EN DASH}"
        if not self.difference:
            return _("the same")
        sign = "+" if self.difference > 0 else "\N{MINUS SIGN}"
        return f"{sign}{abs(self.difference)}"

    @property
    def said(self) -> str:
        """What the level of now looks like."""
        return str(self.element.levels[self.now - 1])

    @property
    def x(self) -> float:
        return x_of(self.now)

    @property
    def x_before(self) -> float | None:
        return x_of(self.before) if self.before is not None and self.difference else None

    @property
    def ticks(self) -> list[float]:
        return [x_of(level) for level in range(1, 6)]

    @property
    def title(self) -> str:
        if self.before is None:
            return _("%(element)s: %(now)d of 5") % {"element": self.element.name, "now": self.now}
        said = {"element": self.element.name, "before": self.before, "now": self.now}
        return _("%(element)s: from %(before)d to %(now)d of 5") % said


def x_of(level: int) -> float:
    return round(MARGIN + (level - 1) / 4 * (WIDTH - 2 * MARGIN), 1)


@dataclass(frozen=True)
class Comparison:
    now: Assessment
    before: Assessment | None
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        risen = sum(row.difference > 0 for row in self.rows)
        fallen = sum(row.difference < 0 for row in self.rows)
        if self.before is None:
            lowest = min(self.rows, key=lambda row: row.now)
            said = {"element": str(lowest.element.name).lower(), "level": lowest.now}
            return _("Furthest to go: %(element)s, level %(level)d of 5") % said
        if not risen and not fallen:
            return _("All four elements are where they were")
        if not fallen:
            return _("%(risen)d of 4 elements rose, none fell") % {"risen": risen}
        if not risen:
            return _("None of the 4 elements rose, %(fallen)d fell") % {"fallen": fallen}
        return _("%(risen)d of 4 elements rose, %(fallen)d fell") % {"risen": risen, "fallen": fallen}


def comparison_of(
    rows: Sequence[Assessment], first: object = None, second: object = None
) -> Comparison | None:
    """The last against the first, or the two with these keys; None where nothing was assessed yet."""
    if not rows:
        return None
    known = {str(row.pk): row for row in rows}
    now = known.get(str(second), rows[-1])
    before = known.get(str(first), rows[0])
    if before == now:
        return Comparison(now, None, rows_of(now, None))
    return Comparison(now, before, rows_of(now, before))


def rows_of(now: Assessment, before: Assessment | None) -> tuple[Row, ...]:
    return tuple(
        Row(
            element,
            getattr(before, element.key) if before else None,
            getattr(now, element.key),
            getattr(now, f"{element.key}_note"),
        )
        for element in ELEMENTS_IN_WORDS
    )


def document_of(cycle: Cycle, rows: Sequence[Assessment]) -> dict[str, Any]:
    """As a file: levels and notes as they were given, and what the levels mean."""
    return {
        "format": FORMAT,
        "cycle": str(cycle),
        "elements": [
            {
                "key": element.key,
                "name": str(element.name),
                "question": str(element.question),
                "levels": [str(level) for level in element.levels],
            }
            for element in ELEMENTS_IN_WORDS
        ],
        "assessments": [
            {
                "occasion": str(row),
                "date": row.made_on.isoformat(),
                "made_by": row.made_by,
                "levels": {key: getattr(row, key) for key in ELEMENTS},
                "notes": {key: note for key in ELEMENTS if (note := getattr(row, f"{key}_note"))},
            }
            for row in rows
        ],
    }
