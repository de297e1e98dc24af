"""A case in words: what it is about, without a word of whose it is."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from surveys.cases.rules import CONTACT, MOMENT, NPS, OVERALL
from surveys.models import Case, Item


def title_of(case: Case, *, as_written: bool = True) -> str:
    """As somebody wrote it; else, and for who is to see no person, what opened it and where."""
    if case.title and as_written:
        return case.title
    reason = next(iter(case.reasons), None)
    if reason is None:
        return str(case.moment) if case.moment else str(case.get_kind_display())
    told = _in_short(reason)
    return f"{case.moment}: {told}" if case.moment else told


def _in_short(reason: dict[str, object]) -> str:
    what, score = reason["what"], reason.get("score")
    if what == CONTACT:
        return _("asks to be contacted")
    if what == NPS:
        return _("recommendation %(score)s") % {"score": score}
    if what == OVERALL:
        return _("overall satisfaction %(score)s") % {"score": score}
    return _("satisfaction %(score)s") % {"score": score}


def reasons_of(case: Case, items: Iterable[Item], language: str) -> list[str]:
    """Everything in the answer that opened it; `items` by any order."""
    named = {item.pk: item.text(language) for item in items}
    said = []
    for reason in case.reasons:
        told = _in_short(reason)
        if reason["what"] == MOMENT:
            told = f"{named.get(int(reason['item']), '')}: {told}".removeprefix(": ")
        said.append(told[:1].upper() + told[1:])
    return said
