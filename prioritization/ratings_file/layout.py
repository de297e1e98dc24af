"""Which of the three layouts a header announces, and which column is what."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from prioritization.ratings_file.cycle_file import CycleFile
from prioritization.ratings_file.faults import Faults, refuse

IDS = ("respondent_id", "respondent")
MOST_MOMENTS = 2000


class Layout(StrEnum):
    WIDE = "wide"
    LONG = "long"
    POINTS = "points"


@dataclass(frozen=True)
class Columns:
    """Places of columns from 0. `single` by name: respondent, wave, weight, overall, nps, moment,
    importance, satisfaction, n. Of the wide layout: by moment and by segment, and the picks."""

    layout: Layout
    header: tuple[str, ...]
    single: dict[str, int]
    moments: tuple[str, ...] = ()
    importance: dict[str, int] = field(default_factory=dict)
    satisfaction: dict[str, int] = field(default_factory=dict)
    segments: dict[str, int] = field(default_factory=dict)
    picks: tuple[int, ...] = ()
    ignored: tuple[str, ...] = ()


def read_header(header: list[str], line: int, cycle: CycleFile) -> Columns:
    """FileFaultError: no layout fits, a column twice, a moment that the cycle does not know."""
    faults = Faults()
    seen: set[str] = set()
    for name in header:
        if name and name.lower() in seen:
            faults.add(_("this column is there twice"), line, name)
        seen.add(name.lower())
    faults.check()
    single = {name.lower(): place for place, name in enumerate(header)}
    for name in IDS:
        if name in single:
            single["respondent"] = single[name]
    prefixes = {name.partition(":")[0].strip().lower() for name in header if ":" in name}
    if prefixes & {"sat", "imp"}:
        return _wide(header, line, cycle, single)
    if {"respondent", "moment"} <= single.keys():
        return _plain(Layout.LONG, header, line, single, {"wave", "weight"})
    if "moment" in single:
        return _plain(Layout.POINTS, header, line, single, {"n"})
    raise refuse(
        _(
            "unknown header; expected sat:<moment> or imp:<moment> columns, or respondent, moment, "
            "importance, satisfaction, or moment, importance, satisfaction"
        ),
        line,
    )


def _plain(layout: Layout, header: list[str], line: int, single: dict[str, int], more: set[str]) -> Columns:
    faults = Faults()
    for name in ("importance", "satisfaction"):
        if name not in single:
            faults.add(_("the column %s is missing") % name, line)
    faults.check()
    known = {"moment", "importance", "satisfaction", *more, *(IDS if layout is Layout.LONG else ())}
    return Columns(
        layout, tuple(header), single, ignored=tuple(name for name in header if name.lower() not in known)
    )


def _wide(header: list[str], line: int, cycle: CycleFile, single: dict[str, int]) -> Columns:
    faults = Faults()
    groups: dict[str, dict[str, int]] = {"imp": {}, "sat": {}, "seg": {}}
    picks: dict[int, int] = {}
    ignored: list[str] = []
    for place, name in enumerate(header):
        prefix, colon, rest = name.partition(":")
        prefix, rest = prefix.strip().lower(), rest.strip()
        number = name[4:]
        if colon and prefix in groups:
            if not rest:
                faults.add(_("expected a name after the colon"), line, name)
            elif rest in groups[prefix]:
                faults.add(_("this column is there twice"), line, name)
            else:
                groups[prefix][rest] = place
        elif name[:4].lower() == "pick" and number.isascii() and number.isdigit() and len(number) < 5:
            picks[int(number)] = place
        elif name.lower() not in {*IDS, "wave", "weight", "overall", "nps"}:
            ignored.append(name)
    named = list(dict.fromkeys([*groups["imp"], *groups["sat"]]))
    if cycle.moments:
        for moment in named:
            if moment not in cycle.moments:
                group = "sat" if moment in groups["sat"] else "imp"
                faults.add(_("the cycle file has no moment of this name"), line, f"{group}:{moment}")
        named = [moment for moment in cycle.moments if moment in named]
    if len(named) > MOST_MOMENTS:
        faults.add(
            _("%(found)d moments; at most %(most)d") % {"found": len(named), "most": MOST_MOMENTS}, line
        )
    faults.check()
    if not groups["sat"]:
        raise refuse(_("no sat:<moment> column: without satisfaction there is no matrix"), line)
    return Columns(
        Layout.WIDE,
        tuple(header),
        single,
        tuple(named),
        groups["imp"],
        groups["sat"],
        groups["seg"],
        tuple(picks[k] for k in sorted(picks)),
        tuple(ignored),
    )
