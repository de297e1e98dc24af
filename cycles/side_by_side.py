"""Two versions laid side by side, in words: what the page of a comparison shows."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cycles.document import Document
from cycles.history import Change, said, tie_label, translated
from cycles.history_words import KIND_LABELS, KINDS
from cycles.versions import ADDED, CHANGED, MOVED, REMOVED, Difference, compare, walk
from cycles.versions import KINDS as THINGS

TIED = {"moments": "moment", "requirements": "requirement"}
# What a service level or an indicator belongs to: one key.
BOUND = ("stage", "moment", "requirement", "above")


@dataclass(frozen=True)
class Line:
    key: str
    name: str
    number: str
    marks: list[tuple[str, str]]  # what happened, and its word
    where: str  # of what moved
    changes: list[Change]


@dataclass(frozen=True)
class Section:
    kind: str
    label: str
    lines: list[Line]
    same: int


@dataclass(frozen=True)
class SideBySide:
    sections: list[Section]
    counts: list[tuple[int, str]]

    @property
    def equal(self) -> bool:
        return not any(section.lines for section in self.sections)


def side_by_side(before: Document, after: Document) -> SideBySide:
    found = compare(before, after)
    names = {**names_of(before), **names_of(after)}
    sections = []
    for kind in ("cycle", "moment", "stage", "requirement", "action", "service_level", "indicator"):
        lines = [line_of(one, names) for one in found[kind]]
        total = sum(1 for _ in walk(after, kind)) if kind != "cycle" else 1
        same = total - sum(one.after is not None for one in found[kind])
        if lines or kind == "moment":
            sections.append(Section(kind, str(KIND_LABELS[kind]), lines, same))
    return SideBySide(sections, counts_of(found["moment"]))


def counts_of(moments: list[Difference]) -> list[tuple[int, str]]:
    n = {what: sum(what in one.what for one in moments) for what in (ADDED, REMOVED, MOVED, CHANGED)}
    return [
        (n[ADDED], ngettext("moment added", "moments added", n[ADDED])),
        (n[REMOVED], ngettext("moment removed", "moments removed", n[REMOVED])),
        (n[MOVED], ngettext("moment moved", "moments moved", n[MOVED])),
        (n[CHANGED], ngettext("moment changed", "moments changed", n[CHANGED])),
    ]


def names_of(document: Document) -> dict[str, str]:
    return {entry["key"]: name_in(entry) for kind in THINGS for _, _, entry in walk(document, kind)}


def name_in(entry: Document) -> str:
    language = (get_language() or "")[:2]
    name = str(entry.get("translations", {}).get(language, {}).get("name") or entry.get("name", ""))
    return f"A{entry['number']} {name}" if "number" in entry else name


def line_of(one: Difference, names: dict[str, str]) -> Line:
    words = {ADDED: _("Added"), REMOVED: _("Removed"), MOVED: _("Moved"), CHANGED: _("Changed")}
    number = one.number[1] or one.number[0]
    return Line(
        key=one.key,
        name=name_in(one.entry),
        number=str(number) if one.kind in ("moment", "stage") else "",
        marks=[(what, words[what]) for what in one.what],
        where=where_of(one, names),
        changes=changes_of(one, names),
    )


def where_of(one: Difference, names: dict[str, str]) -> str:
    if MOVED in one.what:
        places = {"before": one.number[0], "after": one.number[1]}
        if one.home[0] == one.home[1]:
            return _("From place %(before)d to %(after)d.") % places
        homes = {"from": names.get(one.home[0], "–"), "to": names.get(one.home[1], "–")}
        return _("From place %(before)d in “%(from)s” to %(after)d in “%(to)s”.") % {**places, **homes}
    home = names.get(one.home[1] or one.home[0], "")
    return _("In “%(home)s”.") % {"home": home} if home else ""


def changes_of(one: Difference, names: dict[str, str]) -> list[Change]:
    model: Any = KINDS[one.kind]
    changes = []
    for field in one.fields:
        if field.name == "translations":
            changes += translated(model, field.before or {}, field.after or {})
        elif field.name in TIED:
            before, after = (
                ", ".join(names.get(key, "–") for key in keys or []) or "–"
                for keys in (field.before, field.after)
            )
            changes.append(Change(tie_label(field.name), before, after))
        elif field.name in BOUND:
            before, after = (names.get(key or "", "–") for key in (field.before, field.after))
            changes.append(Change(tie_label(f"{field.name}_id"), before, after))
        else:
            known = model._meta.get_field(field.name)
            default = known.get_default()
            before, after = (
                said(known, field.name, default if value is None else value, {})
                for value in (field.before, field.after)
            )
            changes.append(Change(capfirst(str(known.verbose_name)), before, after))
    return changes
