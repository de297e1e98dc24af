"""Visits to be made: one by hand, or a pasted list of places and days; and the links to hand out."""

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from cyclemap.text import unprintable
from surveys import links
from surveys.models import Shopper, Visit, Wave
from surveys.visits.hidden import without_shopper

MOST_ROWS = 500
SEPARATORS = ";\t,"
HEADINGS = {"place", "lugar", "sitio", "tienda", "sede", "shop", "store"}


@dataclass(frozen=True)
class Row:
    place: str
    day: date
    scenario: str = ""


class RowsError(ValueError):
    """What is wrong with a pasted list, line by line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def read_rows(text: str) -> list[Row]:
    """A line a visit: place, day, and if wanted what to do there. RowsError names every line at fault."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = next((mark for mark in SEPARATORS if any(mark in line for line in lines)), ";")
    rows, faults = [], []
    for number, cells in enumerate(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator), 1):
        cells = [cell.strip() for cell in cells]
        if not any(cells) or (number == 1 and cells[0].casefold() in HEADINGS):
            continue
        found = _row(cells)
        if isinstance(found, Row):
            rows.append(found)
        else:
            faults.append(_("Line %(n)d: %(fault)s") % {"n": number, "fault": found})
    if len(rows) > MOST_ROWS:
        faults = [_("At most %(n)d visits at a time.") % {"n": MOST_ROWS}]
    if not rows and not faults:
        faults = [_("Paste a line for each visit: place; day.")]
    if faults:
        raise RowsError(faults[:20])
    return rows


def _row(cells: list[str]) -> Row | str:
    place, day_typed, scenario = [*cells, "", ""][:3]
    place = " ".join(place.split())
    if not place:
        return _("the place is missing.")
    if unprintable(place) or unprintable(scenario, lines=True):
        return _("it has a control character in it.")
    if len(place) > 80:
        return _("the name of the place is longer than 80 characters.")
    if len(scenario) > 2000:
        return _("what is to be done there is longer than 2,000 characters.")
    day = day_of(day_typed)
    if day is None:
        return _("“%(day)s” is no day. Write it as 2026-03-31.") % {"day": day_typed}
    return Row(place, day, scenario)


def day_of(typed: str) -> date | None:
    """2026-03-31, or as the reader's language writes it: 31/03/2026."""
    for pattern in ("%Y-%m-%d", *formats.get_format("DATE_INPUT_FORMATS")):
        with suppress(ValueError):
            return datetime.strptime(typed, pattern).date()
    return None


@transaction.atomic
def plan_rows(wave: Wave, rows: list[Row]) -> list[Visit]:
    """Those that are not planned yet: the same list pasted twice is pasted once."""
    Wave.objects.select_for_update().get(pk=wave.pk)
    known = set(Visit.objects.filter(wave=wave).values_list("place", "day"))
    new = [row for row in dict.fromkeys(rows) if (row.place, row.day) not in known]
    visits = [Visit(wave=wave, place=row.place, day=row.day, scenario=row.scenario) for row in new]
    for visit in visits:
        with_link(visit)
    return Visit.objects.bulk_create(visits)


def with_link(visit: Visit) -> Visit:
    """A link of its own, not saved yet. A visit that has one gets another, and the old one is dead."""
    visit.nonce, visit.key_version = links.new_nonce(), links.current_key_version()
    visit.revoked_at = None
    return visit


def hand_over(visit: Visit, shopper: Shopper | None) -> None:
    """Somebody else goes, or went. What the first one wrote of themselves leaves with them. Not saved."""
    if visit.shopper_id != (shopper.pk if shopper else None):
        visit.notes = without_shopper(visit.notes, visit.shopper)
    visit.shopper = shopper


def letter(visit: Visit) -> str:
    """A mail in the consultant's own program, with the link in it: a mailto address."""
    subject = _("Visit to %(place)s") % {"place": visit.place}
    body = _("This is the page of the visit. It is only for you:") + "\n\n" + links.visit_url(visit) + "\n"
    to = visit.shopper.email if visit.shopper else ""
    return f"mailto:{quote(to)}?subject={quote(subject)}&body={quote(body)}"
