"""Where the service levels of a cycle stand: what is agreed, from whom it comes, whether it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from cyclemap.compiled import ByKey
from cycles.agreements import period_name
from cycles.choices import Bound, Every
from cycles.models import Cycle, ServiceLevel
from cycles.results import WINDOW, Result, keeps, preceding, results_of, window_start, with_gaps
from cycles.units import with_unit

MET, BREACHED, NOT_MEASURED = "met", "breached", "not_measured"
STATES: dict[str, Promise | str] = {
    MET: pgettext_lazy("service level", "Met"),
    BREACHED: pgettext_lazy("service level", "Missed"),
    NOT_MEASURED: pgettext_lazy("service level", "Not measured"),
}
# A result older than so many periods says nothing of today.
STALE = 2


@dataclass(frozen=True)
class Target:
    """What holds, from the narrowest that says something."""

    bound: str
    value: Decimal
    unit: str
    source: str  # "own", "requirement", "above"
    of: ServiceLevel | None = None  # the wider level it was inherited from
    # The wider targets whose place it takes, the nearest first.
    overrides: tuple[tuple[ServiceLevel, str], ...] = ()

    @property
    def text(self) -> str:
        return target_text(self.bound, self.value, self.unit)

    def keeps(self, value: Decimal) -> bool:
        return keeps(self.bound, self.value, value)


def target_text(bound: str, value: Decimal, unit: str) -> str:
    return f"{Bound(bound).label} {with_unit(value, unit)}"


def chain_of(level: ServiceLevel, known: Mapping[int, ServiceLevel]) -> list[ServiceLevel]:
    """The level itself and what is above it, up to the widest."""
    chain, seen = [level], {level.pk}
    while (above := known.get(chain[-1].above_id or 0)) and above.pk not in seen:
        chain.append(above)
        seen.add(above.pk)
    return chain


def said_by(level: ServiceLevel) -> tuple[str, Decimal, str, str] | None:
    """What this level says itself, or the requirement it is about."""
    if level.target_value is not None:
        return level.bound, level.target_value, level.text("unit"), "own"
    need = level.requirement
    if need is not None and need.deleted_at is None and need.target_value is not None:
        return need.target_bound, need.target_value, need.text("target_unit"), "requirement"
    return None


def target_of(level: ServiceLevel, known: Mapping[int, ServiceLevel]) -> Target | None:
    """Customer before department before corporate."""
    found: Target | None = None
    overrides: list[tuple[ServiceLevel, str]] = []
    for one in chain_of(level, known):
        if said := said_by(one):
            bound, value, unit, source = said
            if found is None:
                inherited = one is not level
                found = Target(
                    bound, value, unit, "above" if inherited else source, one if inherited else None
                )
            else:
                overrides.append((one, target_text(bound, value, unit)))
    if found is None:
        return None
    return Target(found.bound, found.value, found.unit, found.source, found.of, tuple(overrides))


@dataclass(frozen=True)
class LevelStanding:
    level: ServiceLevel
    target: Target | None
    results: list[Result]
    today: date
    overridden_by: tuple[ServiceLevel, ...] = ()

    @property
    def moment_id(self) -> int | None:
        return self.level.moment_id

    @property
    def unit(self) -> str:
        return self.target.unit if self.target else self.level.text("unit")

    def kept(self, result: Result | None) -> bool | None:
        """None where nothing was agreed for that period."""
        if result is None or self.target is None or not self.counts(result.day):
            return None
        return self.target.keeps(result.value)

    def counts(self, day: date) -> bool:
        """A period counts when the agreement held on any of its days."""
        start = self.level.valid_from
        end = self.level.valid_until
        return (start is None or self.level.period(start) <= day) and (end is None or day <= end)

    @cached_property
    def judged(self) -> list[tuple[Result, bool]]:
        """The results of the last twelve months, or thirty days, that an agreement held for."""
        since = window_start(self.level.every, self.today)
        found = [(one, self.kept(one)) for one in self.results if one.day >= since]
        return [(one, kept) for one, kept in found if kept is not None][-WINDOW[self.level.every] :]

    @property
    def last(self) -> Result | None:
        return self.judged[-1][0] if self.judged else None

    @property
    def state(self) -> str:
        if not self.judged:
            return NOT_MEASURED
        return MET if self.judged[-1][1] else BREACHED

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])

    @property
    def in_force(self) -> bool:
        return self.level.in_force(self.today)

    @property
    def n(self) -> int:
        return len(self.judged)

    @property
    def n_kept(self) -> int:
        return sum(kept for _result, kept in self.judged)

    @property
    def words(self) -> str:
        """As "5 of 6 months"; "" where nothing is measured."""
        if not self.n:
            return ""
        said = {"kept": self.n_kept, "n": self.n}
        if self.level.every == Every.DAY:
            return ngettext("%(kept)d of %(n)d day", "%(kept)d of %(n)d days", self.n) % said
        return ngettext("%(kept)d of %(n)d month", "%(kept)d of %(n)d months", self.n) % said

    @property
    def gaps(self) -> int:
        """Periods without a result since the first one of those that are counted."""
        counted = [result for result, _kept in self.judged]
        return sum(one is None for _day, one in with_gaps(counted, self.level.every, self.today))

    @property
    def is_stale(self) -> bool:
        """Whether its last result is too old to speak for today."""
        if self.last is None:
            return False
        day = self.level.period(self.today)
        for _step in range(STALE):
            day = preceding(day, self.level.every)
        return self.last.day < day

    @property
    def last_text(self) -> str:
        return with_unit(self.last.value, self.unit) if self.last else "–"

    @property
    def last_period(self) -> str:
        if self.last is None:
            return ""
        period = period_name(self.last.day, self.level.every)
        going_on = self.last.day == self.level.period(self.today)
        return _("%(period)s so far") % {"period": period} if going_on else period

    @property
    def from_words(self) -> str:
        """Where the target comes from, and what it overrides."""
        if self.target is None:
            return ""
        parts = []
        if self.target.source == "requirement":
            parts.append(_("From the requirement “%(name)s”.") % {"name": self.level.requirement})
        elif self.target.of is not None:
            said = {"tier": lowered(self.target.of.get_tier_display()), "name": self.target.of}
            parts.append(_("From the %(tier)s level “%(name)s”.") % said)
        for wider, text in self.target.overrides:
            said = {"tier": lowered(wider.get_tier_display()), "target": lowered(text)}
            parts.append(_("Overrides the %(tier)s target, %(target)s.") % said)
        return " ".join(parts)


def lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def standing_of(cycle: Cycle, today: date | None = None, *, whole: bool = False) -> list[LevelStanding]:
    """In the order of the map, what is of the whole cycle first. Two queries, one more where cases are timed.

    `whole`: with every result there is, not only those that are counted.
    """
    today = today or timezone.localdate()
    levels = LEVELS_OF_CYCLE.all(cycle.pk)
    known = {level.pk: level for level in levels}
    below: dict[int, list[ServiceLevel]] = {}
    for level in levels:
        level.cycle = cycle
        if level.above_id:
            below.setdefault(level.above_id, []).append(level)
    since = None if whole else window_start(Every.MONTH, today)
    results = results_of(cycle, levels, since) if levels else {}
    return [
        LevelStanding(
            level,
            target_of(level, known),
            results["level", level.pk],
            today,
            tuple(one for one in below.get(level.pk, []) if said_by(one)),
        )
        for level in levels
    ]


def levels_of(cycle: Cycle | int) -> QuerySet[ServiceLevel]:
    """Those in place: neither in the bin nor of a moment that is."""
    in_place = Q(moment=None) | Q(moment__deleted_at=None)
    return (
        ServiceLevel.objects.filter(in_place, cycle=cycle, deleted_at=None)
        .select_related("moment__stage", "requirement")
        .order_by(
            F("moment__stage__position").asc(nulls_first=True),
            F("moment__position").asc(nulls_first=True),
            "pk",
        )
    )


LEVELS_OF_CYCLE = ByKey(levels_of)


def breaches_of(cycle: Cycle, today: date | None = None) -> list[LevelStanding]:
    """What asks for attention: in force, and missed in its last result."""
    return [one for one in standing_of(cycle, today) if one.state == BREACHED and one.in_force]


def settle(cycle: Cycle, today: date | None = None) -> None:
    """Note on the levels which of them are missed, so that the map need not ask. After every change."""
    standings = standing_of(cycle, today)
    for missed in (True, False):
        keys = [
            one.level.pk
            for one in standings
            if (one.state == BREACHED and one.in_force) is missed and one.level.is_missed is not missed
        ]
        if keys:
            ServiceLevel.objects.filter(pk__in=keys).update(is_missed=missed)


def settle_all(today: date | None = None) -> int:
    """Once a day: agreements begin and end, and cases go on without anybody opening a page."""
    cycles = Cycle.objects.filter(deleted_at=None, service_levels__deleted_at=None).distinct()
    n = 0
    for cycle in cycles.filter(service_levels__isnull=False):
        settle(cycle, today)
        n += 1
    return n
