"""The matrix as a table: one row a moment, grouped by quadrant, most urgent first.

A stored or computed result says what was found; the outline of the cycle says how the moments are
called and numbered today.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from scipy.stats import t as student

from cycles.outline import Entry, Outline
from prioritization import figures
from prioritization.analysis.crosshair import Crosshair, Rule, quadrant
from prioritization.comparison import Change, key_of
from prioritization.quadrant_names import quadrant_name
from prioritization.shapes import LOOKS

# A gap of so many POMP points fills its bar.
FULL_BAR = 50.0
PLACES = {quadrant: place for place, quadrant in enumerate(LOOKS)}

SORTS = {
    "priority": lambda row: row.rank,
    "importance": lambda row: (-row.importance, row.rank),
    "satisfaction": lambda row: (row.satisfaction, row.rank),
    "gap": lambda row: (-(row.gap or 0), row.rank),
    "certainty": lambda row: (-(row.certainty or 0), row.rank),
}


@dataclass(frozen=True)
class Row:
    """One moment that may be shown."""

    key: str
    number: str
    name: str
    stage: str
    on_map: bool
    importance: float
    satisfaction: float
    se_importance: float | None
    se_satisfaction: float | None
    gap: float | None  # none where the importance is derived: a share is no rating
    gap_pomp: float | None
    n_importance: int
    n_satisfaction: int
    n_not_experienced: int
    n_no_answer: int
    reach: float | None
    indicative: bool
    on_line: bool
    quadrant: str
    p_quadrant: Mapping[str, float] | None
    verdict: str | None
    rank: int  # of all moments, by urgency (S5.1)
    ellipse: Mapping[str, Any] | None
    change: Change | None = None
    quadrant_before: str | None = None
    href: str = ""
    derived: bool = False  # or picked: importance is a share in percent
    picked: bool = False
    top: int = 5

    @property
    def place(self) -> int:
        """In the table: quadrant by quadrant, then by rank."""
        return PLACES[self.quadrant] * 1000 + self.rank

    @property
    def css(self) -> str:
        return LOOKS[self.quadrant].css

    @property
    def quadrant_name(self) -> str:
        return quadrant_name(self.quadrant)

    @property
    def n(self) -> int:
        return min(self.n_importance, self.n_satisfaction)

    @property
    def certainty(self) -> float | None:
        return self.p_quadrant[self.quadrant] if self.p_quadrant else None

    @property
    def uncertain(self) -> bool:
        return self.verdict in (None, "uncertain")

    @property
    def room(self) -> float:
        """How far the satisfaction is from the top, where there is no gap (S5.6)."""
        return self.top - self.satisfaction

    @property
    def moved(self) -> bool:
        return self.quadrant_before not in (None, self.quadrant)

    @property
    def gap_share(self) -> int:
        """Length of the gap bar, 0 to 100."""
        return min(100, round(100 * abs(self.gap_pomp or 0) / FULL_BAR))

    # As it is written

    @property
    def importance_text(self) -> str:
        return figures.percent(self.importance / 100) if self.derived else figures.decimal(self.importance)

    @property
    def satisfaction_text(self) -> str:
        return figures.decimal(self.satisfaction)

    @property
    def gap_text(self) -> str:
        return figures.signed(self.gap)

    @property
    def certainty_text(self) -> str:
        return figures.certainty(self.certainty)

    @property
    def before_text(self) -> str:
        return figures.decimal(self.change.satisfaction_before if self.change else None)

    @property
    def difference_text(self) -> str:
        return figures.decimal(abs(self.change.difference) if self.change else None)

    @property
    def quadrant_before_name(self) -> str:
        return quadrant_name(self.quadrant_before) if self.quadrant_before else ""

    @property
    def importance_range(self) -> str:
        if self.derived:
            low, high = self.importance - 1.96 * (se := self.se_importance or 0), self.importance + 1.96 * se
            said = {"low": figures.percent(max(low, 0) / 100), "high": figures.percent(min(high, 100) / 100)}
            return _("%(low)s to %(high)s") % said if se else ""
        return interval(self.importance, self.se_importance, self.n_importance)

    @property
    def satisfaction_range(self) -> str:
        return interval(self.satisfaction, self.se_satisfaction, self.n_satisfaction)

    @property
    def chances(self) -> list[tuple[str, float]]:
        """Of each quadrant, the likeliest first; what is next to impossible is not worth a word."""
        found = [(quadrant_name(q), p) for q, p in (self.p_quadrant or {}).items() if p >= 0.005]
        return sorted(found, key=lambda pair: -pair[1])

    @property
    def move(self) -> str:
        """Where a clear change led."""
        places = {"before": self.quadrant_before_name, "now": self.quadrant_name}
        if self.moved:
            return _("Moves from %(before)s to %(now)s.") % places
        return _("Stays in %(now)s.") % places

    @property
    def verdict_text(self) -> str:
        if self.verdict == "firm":
            return _("firm")
        return _("probable") if self.verdict == "probable" else _("uncertain")


def interval(mean: float, se: float | None, n: int) -> str:
    """Of a mean, by Student's t, 95 %; nothing where the spread is not known."""
    if not se or n < 2:
        return ""
    half = float(student.ppf(0.975, n - 1)) * se
    return _("%(low)s to %(high)s") % {
        "low": figures.decimal(mean - half, 2),
        "high": figures.decimal(mean + half, 2),
    }


@dataclass(frozen=True)
class Hidden:
    """A moment too few people rated: only its name is shown."""

    number: str
    name: str
    n: int


@dataclass(frozen=True)
class Group:
    quadrant: str
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        return quadrant_name(self.quadrant)

    @property
    def css(self) -> str:
        return LOOKS[self.quadrant].css


@dataclass(frozen=True)
class Board:
    n_respondents: int
    scale: tuple[int, int]
    cross: Crosshair | None
    rows: tuple[Row, ...]  # in order of priority: quadrant by quadrant, most urgent first
    hidden: tuple[Hidden, ...]
    sort: str = "priority"
    chosen: str = ""  # the key of the moment that is looked at closely

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        found = []
        for name in LOOKS:
            rows = sorted((row for row in self.rows if row.quadrant == name), key=SORTS[self.sort])
            if rows:
                found.append(Group(name, tuple(rows)))
        return tuple(found)

    @cached_property
    def to_act(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.quadrant == "concentrate_here")

    @cached_property
    def changed(self) -> tuple[Row, ...]:
        """Clear changes, the largest rise first, falls last."""
        rows = [row for row in self.rows if row.change and row.change.clear]
        return tuple(sorted(rows, key=lambda row: -row.change.difference if row.change else 0))

    @cached_property
    def compared(self) -> int:
        return sum(row.change is not None for row in self.rows)

    @property
    def unclear(self) -> int:
        return self.compared - len(self.changed)

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)


def board_of(
    result: Mapping[str, Any],
    outline: Outline,
    scale_max: int,
    *,
    stage_id: int | None = None,
    channel: str = "",
    changes: Mapping[str, Change] | None = None,
    sort: str = "priority",
    chosen: str = "",
    href: Callable[[str], str] = lambda key: "",
) -> Board:
    """`stage_id` and `channel` narrow the rows, never the crosshair.

    `href` tells where the detail of a key is.
    """
    places = {entry.moment.pk: entry for entry in outline}
    gone = [m for m in result["moments"] if m["id"] not in places]
    numbers = {key_of(m): str(len(outline) + k) for k, m in enumerate(gone, 1)}
    crosshair = crosshair_in(result)
    source = result.get("source")
    rows, hidden = [], []
    for m in result["moments"]:
        entry, key = places.get(m["id"]), key_of(m)
        if not is_of(entry, stage_id, channel):
            continue
        number = str(entry.number) if entry else numbers[key]
        name = str(entry.moment) if entry else worded(m["label"])
        if m["suppressed"]:
            hidden.append(Hidden(number, name, min(m["n_importance"], m["n_satisfaction"])))
            continue
        change = (changes or {}).get(key)
        rows.append(
            Row(
                key,
                number,
                name,
                str(entry.stage) if entry else "",
                on_map=entry is not None,
                change=change,
                quadrant_before=stood_in(change, crosshair),
                href=href(key),
                top=scale_max,
                derived=source in ("derived", "picks"),
                picked=source == "picks",
                **{field: m[field] for field in COPIED},
            )
        )
    rows.sort(key=lambda row: row.place)
    return Board(result["n_respondents"], (1, scale_max), crosshair, tuple(rows), tuple(hidden), sort, chosen)


def crosshair_in(result: Mapping[str, Any]) -> Crosshair | None:
    cross = result["crosshair"]
    return Crosshair(Rule(cross["rule"]), cross["importance"], cross["satisfaction"]) if cross else None


def is_of(entry: Entry | None, stage_id: int | None, channel: str) -> bool:
    """Whether a moment is of this stage and channel; what left the map is of none."""
    if entry is None:
        return stage_id is None and not channel
    return stage_id in (None, entry.stage.pk) and (not channel or channel in entry.moment.channels)


def stood_in(change: Change | None, crosshair: Crosshair | None) -> str | None:
    """The quadrant of the wave before, by the crosshair of this one."""
    if change is None or crosshair is None:
        return None
    return quadrant(change.importance_before, change.satisfaction_before, crosshair).value


COPIED: Sequence[str] = (
    "importance",
    "satisfaction",
    "se_importance",
    "se_satisfaction",
    "gap",
    "gap_pomp",
    "n_importance",
    "n_satisfaction",
    "n_not_experienced",
    "n_no_answer",
    "reach",
    "indicative",
    "on_line",
    "quadrant",
    "p_quadrant",
    "verdict",
    "rank",
    "ellipse",
)


def worded(label: Mapping[str, str]) -> str:
    """The words of a question whose moment left the map, in the reader's language if it has them."""
    return label.get((get_language() or "")[:2]) or next(iter(label.values()), "?")
