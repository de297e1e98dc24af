"""The history of a cycle as people read it: sentences, with old and new values under their labels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from cycles.choices import Channel
from cycles.history_words import KINDS, LANGUAGES, SENTENCES, SOMEBODY, TIES
from cycles.models import ActionPlan, Comment, Cycle, Indicator, Moment, Requirement, ServiceLevel, Stage
from cycles.trail import ADDED, MOVED, RESTORED, TOOK

PAGE = 50
NONE = "–"

# Said by the sentence, or of no interest to people.
UNSAID = {"deleted_at", "place", "number", "client_id", "language"}


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened."""

    kind: str
    pk: int  # of the row of history
    thing: int
    sentence: str
    author: str
    at: datetime
    changes: list[Change]
    may_go_back: bool  # whether there was a state before


@dataclass(frozen=True)
class Day:
    day: date
    entries: list[Entry]


@dataclass
class Wanted:
    """What the reader asks for."""

    kind: str = ""
    author: str = ""
    thing: int | None = None
    before: datetime | None = None
    query: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        kind = query.get("kind", "")
        wanted = cls(kind=kind if kind in KINDS else "", author=query.get("by", "")[:120])
        thing, before = number(query.get("thing")), number(query.get("before"))
        wanted.thing = thing if wanted.kind else None
        wanted.before = EPOCH + timedelta(microseconds=before) if before and before < LATEST else None
        asked = {"kind": wanted.kind, "by": wanted.author, "thing": str(wanted.thing or "")}
        wanted.query = {name: value for name, value in asked.items() if value}
        return wanted


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = 10**16  # microseconds: some three hundred years


def number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None


@dataclass(frozen=True)
class Page:
    days: list[Day]
    older: int | None  # the cursor of the next page


def page_of(cycle: Cycle, wanted: Wanted) -> Page:
    """The newest first. One query a kind, and one for each kind of thing that the changes name."""
    rows = []
    for kind, model in KINDS.items():
        if wanted.kind in ("", kind):
            rows += [(kind, row) for row in rows_of(model, cycle, wanted)]
    rows.sort(key=lambda pair: (pair[1].history_date, pair[1].history_id), reverse=True)
    shown = PAGE
    while shown < len(rows) and rows[shown][1].history_date == rows[shown - 1][1].history_date:
        shown += 1  # what happened at one instant stays together
    names = names_in(cycle, [row for _, row in rows[:shown]])
    days: list[Day] = []
    for kind, row in rows[:shown]:
        entry = entry_of(kind, row, names)
        day = timezone.localtime(entry.at).date()
        if not days or days[-1].day != day:
            days.append(Day(day, []))
        days[-1].entries.append(entry)
    more = len(rows) > shown
    return Page(days, (rows[shown - 1][1].history_date - EPOCH) // MICROSECOND if more else None)


MICROSECOND = timedelta(microseconds=1)


def rows_of(model: Any, cycle: Cycle, wanted: Wanted) -> Iterable[Any]:
    rows = model.history.model.objects.filter(of_cycle=cycle)
    if wanted.author:
        rows = rows.filter(author="" if wanted.author == SOMEBODY else wanted.author)
    if wanted.thing is not None:
        rows = rows.filter(id=wanted.thing)
    if wanted.before is not None:
        rows = rows.filter(history_date__lt=wanted.before)
    found: Iterable[Any] = rows.order_by("-history_date", "-history_id")[: PAGE + 1]
    return found


def authors_of(cycle: Cycle) -> list[str]:
    """Whoever changed something of it, "" for what nobody signed; one query."""
    first, *others = (
        model.history.model.objects.filter(of_cycle=cycle).order_by().values_list("author", flat=True)
        for model in KINDS.values()
    )
    return sorted(set(first.union(*others)))


# --- Words ---------------------------------------------------------------------------------------

Names = dict[tuple[str, int], str]
OF_RESULTS = ("service_level", "indicator")


def names_in(cycle: Cycle, rows: Iterable[Any]) -> Names:
    """What the things are called that the changes point to."""
    wanted: dict[str, set[int]] = {tie: set() for tie in (*TIES.values(), *OF_RESULTS)}
    for row in rows:
        for kind in OF_RESULTS:  # a result is called by what it is a result of
            if key := getattr(row, f"{kind}_id", None):
                wanted[kind].add(key)
        for name, pair in row.delta.items():
            if tie := TIES.get(name):
                for value in pair:
                    wanted[tie].update(value if isinstance(value, list) else [value] if value else [])
    found: Names = {}
    sources: dict[str, models.QuerySet[Any]] = {
        "stage": Stage.everywhere.filter(cycle=cycle),
        "moment": Moment.objects.filter(stage__cycle=cycle),
        "requirement": Requirement.objects.filter(moment__stage__cycle=cycle),
        "service_level": ServiceLevel.objects.filter(cycle=cycle),
        "indicator": Indicator.objects.filter(cycle=cycle),
        "plan": ActionPlan.objects.filter(cycle=cycle),
        "person": User.objects.all(),
        "comment": Comment.objects.filter(cycle=cycle),
    }
    for kind, pks in wanted.items():
        # Asked of none, too: a page asks the same number of questions whatever it shows.
        for thing in sources[kind].filter(pk__in=pks or {0}).order_by():
            found[kind, thing.pk] = str(thing)
    return found


def entry_of(kind: str, row: Any, names: Names) -> Entry:
    reason = row.history_change_reason
    words = {"who": row.author or _("Somebody"), "name": name_of(row, names)}
    if reason == TOOK:
        n = len(row.delta["moments"][1])
        sentence = ngettext(
            "%(who)s moved %(n)d moment to the stage “%(name)s”.",
            "%(who)s moved %(n)d moments to the stage “%(name)s”.",
            n,
        )
        words["n"] = n
    else:
        sentence = str(SENTENCES[reason][kind])
    if reason == MOVED:
        before, after = row.delta.get("place", [NONE, NONE])
        words |= {"before": before, "after": after}
    return Entry(
        kind=kind,
        pk=row.history_id,
        thing=row.id,
        sentence=sentence % words,
        author=row.author,
        at=row.history_date,
        changes=[] if reason == ADDED else changes_of(row, KINDS[kind], names),
        may_go_back=reason not in (ADDED, RESTORED, TOOK) and not (kind == "cycle" and row.deleted_at),
    )


def name_of(row: Any, names: Names | None = None) -> str:
    """Of a thing, or of a row of its history."""
    if not hasattr(row, "name"):
        of = (names or {}).get(("service_level", row.service_level_id))
        of = of or (names or {}).get(("indicator", row.indicator_id))
        return ", ".join(filter(None, [of, date_format(row.day, "SHORT_DATE_FORMAT")]))
    language = (get_language() or "")[:2]
    name = str(row.translations.get(language, {}).get("name") or row.name)
    return f"A{row.number} {name}" if hasattr(row, "number") else name


def changes_of(row: Any, model: Any, names: Names) -> list[Change]:
    changes = []
    for name, (before, after) in row.delta.items():
        if name in UNSAID:
            continue
        if name == "translations":
            changes += translated(model, before or {}, after or {})
            continue
        one = model._meta.get_field(name.removesuffix("_id")) if name not in TIES else None
        label = capfirst(str(one.verbose_name)) if one is not None else tie_label(name)
        changes.append(Change(label, said(one, name, before, names), said(one, name, after, names)))
    return changes


def tie_label(name: str) -> str:
    return {
        "stage_id": _("Stage"),
        "moment_id": _("Moment"),
        "moments": _("Moments"),
        "requirements": _("Requirements"),
        "requirement_id": _("Requirement"),
        "above_id": _("Wider service level"),
        "plan_id": _("Action plan"),
        "owner_member_id": _("Responsible, a member"),
        "approved_by_id": _("Approved by"),
        "from_comment_id": _("Comment"),
    }[name]


def translated(model: Any, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Texts in the other languages, each under its own label."""
    changes = []
    for language in sorted({*before, *after}):
        old, new = before.get(language, {}), after.get(language, {})
        for name in sorted({*old, *new}):
            if old.get(name, "") != new.get(name, ""):
                label = _("%(field)s (%(language)s)") % {
                    "field": capfirst(str(model._meta.get_field(name).verbose_name)),
                    "language": LANGUAGES.get(language, language),
                }
                changes.append(Change(label, old.get(name) or NONE, new.get(name) or NONE))
    return changes


def said(one: Any, name: str, value: Any, names: Names) -> str:
    """A value as people read it."""
    if name in TIES:
        keys = value if isinstance(value, list) else [value] if value else []
        return ", ".join(names.get((TIES[name], key), NONE) for key in keys) or NONE
    if value is None or value in ("", []):
        return NONE
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == "channels":
        return ", ".join(str(Channel(key).label) for key in value if key in Channel.values)
    if one is not None and one.flatchoices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(one, models.DateField) and isinstance(value, str):
        return date_format(date.fromisoformat(value[:10]), "SHORT_DATE_FORMAT")
    if isinstance(one, models.DecimalField):
        value = one.to_python(value).normalize()
        return number_format(f"{value:f}")
    return str(value).replace("-", "\N{MINUS SIGN}") if isinstance(value, int) else str(value)
