"""The visits of a wave as a table: a row a visit and moment. Who went stands in it for editors alone."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import Membership
from cyclemap.sheets import inert
from surveys.models import Criterion, Visit, VisitScore, Wave
from surveys.visits.hidden import Told, visits_for
from surveys.visits.scores import weighted
from surveys.visits.weights import weights_of

NOT_APPLICABLE = "na"


def csv_of(membership: Membership, wave: Wave) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(header(is_editor=membership.is_editor))
    for row in rows(membership, wave):
        writer.writerow([inert(cell) for cell in row])
    return out.getvalue()


def header(*, is_editor: bool) -> list[str]:
    who = [_("Shopper"), _("Shopper’s e-mail"), _("Arrived"), _("Left")] if is_editor else []
    return [
        _("Visit"),
        _("Place"),
        _("Day"),
        _("Minutes"),
        pgettext("column", "State"),
        *who,
        _("Moment"),
        *(str(criterion.label) for criterion in Criterion),
        _("Score"),
        _("Notes"),
    ]


def rows(membership: Membership, wave: Wave) -> Iterator[list[str]]:
    """A visit without scores has a row as well."""
    weights, language = weights_of(wave.survey), get_language() or ""
    items = list(wave.survey.items.filter(is_requirement=False))
    visits = list(visits_for(membership).filter(wave=wave))
    told: dict[tuple[int, int], dict[str, int | None]] = {}
    scores = VisitScore.objects.filter(visit__in=visits)
    for key, item_key, criterion, value in scores.values_list("visit", "item", "criterion", "value"):
        told.setdefault((key, item_key), {})[criterion] = value
    for visit in visits:
        begin, end = _visit(visit, membership), [Told(visit, membership.is_editor).notes]
        there = [item for item in items if (visit.pk, item.pk) in told]
        for item in there:
            found = told[visit.pk, item.pk]
            score = weighted(found, weights)
            written = "" if score is None else f"{score:.2f}"
            yield [*begin, item.text(language), *(_value(found, c) for c in Criterion.values), written, *end]
        if not there:
            yield [*begin, "", *("" for _criterion in Criterion), "", *end]


def _visit(visit: Visit, membership: Membership) -> list[str]:
    minutes = "" if visit.minutes is None else str(visit.minutes)
    known = [str(visit.pk), visit.place, visit.day.isoformat(), minutes, visit.get_state_display()]
    if not membership.is_editor:
        return known
    shopper = visit.shopper
    times = [f"{at:%H:%M}" if at else "" for at in (visit.arrived_at, visit.left_at)]
    return [*known, shopper.name if shopper else "", shopper.email if shopper else "", *times]


def _value(found: dict[str, int | None], criterion: str) -> str:
    if criterion not in found:
        return ""
    value = found[criterion]
    return NOT_APPLICABLE if value is None else str(value)
