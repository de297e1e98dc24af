"""Service levels and indicators of a file: what a cycle cannot hold is said before anything is written."""

from typing import Any

from django.utils.translation import gettext as _

from cycles.choices import Agreed
from cycles.document_agreed import INDICATOR_LINKS, LEVEL_LINKS
from cycles.models import Indicator, ServiceLevel

Document = dict[str, Any]
LISTS = {"moment": "moments", "requirement": "requirements", "above": "service_levels", "stage": "stages"}


def check_agreed(check: Any, document: Document) -> None:
    """`check`: a cycles.exchange.cycle_file.Check that has looked at the map already."""
    levels = list(check.entries(document, "service_levels", ""))
    needs: set[str] = set()
    for level, at in levels:
        check.values(ServiceLevel, level, at)
        links(check, level, LEVEL_LINKS, at)
        rules_of_level(check, level, at, needs)
    seen: set[tuple[str, str]] = set()
    for one, at in check.entries(document, "indicators", ""):
        check.values(Indicator, one, at)
        links(check, one, INDICATOR_LINKS, at)
        rules_of_indicator(check, one, at, seen)


def links(check: Any, row: Document, names: Any, at: str) -> None:
    for name in names:
        key = row.get(name)
        if key is None:
            continue
        if not isinstance(key, str) or key not in check.keys[LISTS[name]]:
            check.say(f"{at}.{name}", _("this names something that is not in the file"))
        elif key == row.get("key"):
            check.say(f"{at}.{name}", _("a service level is not wider than itself"))


def rules_of_level(check: Any, row: Document, at: str, needs: set[str]) -> None:
    has_tier = bool(row.get("tier"))
    if has_tier != (row.get("kind") == Agreed.MULTILEVEL):
        check.say(f"{at}.tier", _("a multilevel service level has a tier, and no other has"))
    if (row.get("target_value") is not None) != bool(row.get("bound")):
        check.say(f"{at}.target_value", _("a service level needs a bound and a value"))
    first, last = row.get("valid_from"), row.get("valid_until")
    if isinstance(first, str) and isinstance(last, str) and last < first:
        check.say(f"{at}.valid_until", _("it ends before it begins"))
    need = row.get("requirement")
    if isinstance(need, str) and row.get("target_value") is None and not row.get("above"):
        if need in needs:
            check.say(f"{at}.requirement", _("this requirement has a service level already"))
        needs.add(need)


def rules_of_indicator(check: Any, row: Document, at: str, seen: set[tuple[str, str]]) -> None:
    if bool(row.get("stage")) == bool(row.get("moment")):
        check.say(at, _("an indicator is of a stage or of a moment"))
    if row.get("target_value") is not None and not row.get("bound"):
        check.say(f"{at}.bound", _("a target needs a direction"))
    stage, key = row.get("stage"), row.get("suggested")
    if isinstance(stage, str) and isinstance(key, str) and key:
        if (stage, key) in seen:
            check.say(f"{at}.suggested", _("this stage has it already"))
        seen.add((stage, key))
