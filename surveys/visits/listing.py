"""Visits as tables: the list of a wave, and what one visit found, moment by moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import MemberRequest
from accounts.finding import Found, found_in
from accounts.models import Membership
from surveys import links
from surveys.models import Criterion, Item, Shopper, Visit, Wave
from surveys.visits.filing import items_of, scores_of
from surveys.visits.hidden import Told, visits_for
from surveys.visits.planning import letter
from surveys.visits.scores import VisitScores, weighted
from surveys.visits.weights import weights_of


@dataclass(frozen=True)
class VisitRow:
    """A line of the list, as this member may read it."""

    visit: Visit
    shopper: Shopper | None
    score: float | None
    link: str = ""
    letter: str = ""

    @property
    def is_begun(self) -> bool:
        return self.visit.is_planned and bool(self.visit.draft)


def found_visits(request: MemberRequest, wave: Wave) -> Found:
    """A page of them; by their place, and for editors by who went."""
    fields = ["place", "shopper__name", "shopper__email"] if request.membership.is_editor else ["place"]
    return found_in(request, visits_for(request.membership).filter(wave=wave), *fields)


def listed(membership: Membership, visits: Iterable[Visit], scores: VisitScores) -> list[VisitRow]:
    """Links stand only where an editor may hand them out."""
    is_editor = membership.is_editor
    rows = []
    for visit in visits:
        hands_out = is_editor and visit.is_planned and visit.revoked_at is None
        rows.append(
            VisitRow(
                visit,
                Told(visit, is_editor).shopper,
                scores.of_visit.get(visit.pk),
                links.visit_url(visit) if hands_out else "",
                letter(visit) if hands_out else "",
            )
        )
    return rows


@dataclass(frozen=True)
class Cell:
    criterion: Criterion
    text: str
    is_said: bool


@dataclass(frozen=True)
class MomentRow:
    item: Item
    cells: Sequence[Cell]
    score: float | None


def moments_of(visit: Visit) -> list[MomentRow]:
    """What the visit found. Where nothing was said of a moment it has no row."""
    weights, scores = weights_of(visit.wave.survey), scores_of(visit)
    rows = []
    for item in items_of(visit):
        told = {c: scores[item.pk, c] for c in Criterion.values if (item.pk, c) in scores}
        if told:
            rows.append(MomentRow(item, _cells(told), weighted(told, weights)))
    return rows


def _cells(told: Mapping[str, int | None]) -> list[Cell]:
    """Three things that are no low score: not applicable, no answer, and a moment not gone through."""
    return [
        Cell(
            criterion,
            pgettext("mystery criterion", "n/a")
            if criterion in told and told[criterion] is None
            else str(told[criterion])
            if criterion in told
            else "–",
            told.get(criterion) is not None,
        )
        for criterion in Criterion
    ]


def missing_words() -> str:
    return _("n/a: not applicable; –: no answer. Neither counts as a low score.")
