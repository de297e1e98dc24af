"""The front page of a workspace: its clients, their cycles; or how to begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from accounts.finding import found_in
from accounts.models import Client
from cycles import library
from cycles.arcs import StageOf
from cycles.drawing import wheel_of
from cycles.glances import Glance, glances_of
from cycles.models import Cycle
from cycles.outline import outlines_of
from cycles.scores import scores_of_all
from cycles.views.bench import Undo
from cycles.views.reached import number_in
from cycles.wheel import MomentOf, Wheel, draw_wheel


@dataclass(frozen=True)
class Card:
    cycle: Cycle
    wheel: Wheel
    n_stages: int
    n_moments: int
    n_requirements: int
    glances: Sequence[Glance] = ()


@dataclass(frozen=True)
class Offer:
    template: library.Template
    wheel: Wheel


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    mine = request.membership.reach(Cycle).select_related("client")
    found = found_in(
        request, mine, "name", "persona", "client__name", "client__place", translations="translations"
    )
    clients = cards_by_client(request, list(found.page))
    if not found.query and not found.page.has_next():
        clients |= {client: [] for client in clients_without_cycles(request)}
    context = {
        "clients": clients.items(),
        "found": found,
        "any_cycle": found.n_all > 0,
        "may_edit": request.membership.is_editor,
        "templates": [] if found.n_all else offered_templates(),
        "any_deleted": not found.n_all and request.membership.reach(Cycle, binned=True).exists(),
        "undo": undo_in(request),
    }
    return render(request, "cycles/index.html", context)


def clients_without_cycles(request: MemberRequest) -> QuerySet[Client]:
    mapped = request.membership.reach(Cycle).values("client")
    return request.membership.reach(Client).exclude(pk__in=mapped)


def cards_by_client(request: MemberRequest, cycles: list[Cycle]) -> dict[Client, list[Card]]:
    """A few queries, however many cycles there are. What was changed last comes first."""
    cards: dict[Client, list[Card]] = {cycle.client: [] for cycle in cycles}
    glances = glances_of(cycles, request.membership)
    for outline in outlines_of(cycles, scores_of_all(cycles)):
        wheel = wheel_of(
            outline.cycle,
            scores=outline.scores,
            outline=outline,
            mini=True,
            ident=f"wheel-{outline.cycle.pk}",
        )
        cards[outline.cycle.client].append(
            Card(
                outline.cycle,
                wheel,
                len(outline.parts),
                len(outline),
                outline.requirements,
                glances.get(outline.cycle.pk, ()),
            )
        )
    return cards


def offered_templates() -> list[Offer]:
    return [Offer(template, template_wheel(template)) for template in library.templates()]


def template_wheel(template: library.Template) -> Wheel:
    moments = [
        MomentOf(number, number, moment.name(), critical=moment.is_critical)
        for number, moment in enumerate(template.moments, 1)
    ]
    stages = [StageOf(stage.name(), stage.colour, len(stage.moments)) for stage in template.stages]
    return draw_wheel(stages, moments, title=template.name(), mini=True, ident=f"template-{template.key}")


def undo_in(request: MemberRequest) -> Undo | None:
    """A cycle just deleted, which can come back."""
    gone = number_in(request.GET, "deleted")
    cycles = request.membership.reach(Cycle, binned=True).filter(deleted_at__isnull=False)
    cycle = cycles.filter(pk=gone).first() if gone and request.membership.is_editor else None
    if cycle is None:
        return None
    return Undo(
        _("“%(cycle)s” has been deleted.") % {"cycle": cycle},
        request.membership.url("cycles:restore", cycle.pk),
    )
