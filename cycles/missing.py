"""What is missing, step by step. Nothing is blocked by it: each item leads to where it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from cycles.asked import asked_in
from cycles.choices import OPEN_ACTION
from cycles.models import Action, Cycle, Requirement
from cycles.outline import Entry, Outline
from cycles.service_levels import MET, standing_of

# As many of one kind are shown at once; the rest is one press away.
FIRST = 6


@dataclass(frozen=True)
class Item:
    text: str
    url: str
    # What is missing of it, where that is not the title of the list; and where it stands.
    note: str = ""


@dataclass(frozen=True)
class Lack:
    """One kind of thing that is missing in one step of the method."""

    title: str
    done: str  # said where nothing is missing
    items: list[Item]

    @property
    def first(self) -> list[Item]:
        return self.items[:FIRST]

    @property
    def rest(self) -> list[Item]:
        return self.items[FIRST:]


def missing_in(membership: Membership, cycle: Cycle, outline: Outline) -> list[Lack]:
    """Three queries beside the outline."""
    return [
        empty_stages(membership, cycle, outline),
        moments_without_requirement(membership, cycle, outline),
        levels_not_kept(membership, cycle),
        requirements_without_action(membership, cycle, outline),
        actions_unassigned(membership, cycle),
        moments_not_asked(membership, cycle, outline),
    ]


def empty_stages(membership: Membership, cycle: Cycle, outline: Outline) -> Lack:
    page = membership.url("cycles:map", cycle.pk)
    items = [
        Item(str(part.stage), f"{page}?add={part.stage.pk}") for part in outline.parts if not part.entries
    ]
    n = len(items)
    return Lack(
        ngettext("%(n)d stage without moments", "%(n)d stages without moments", n) % {"n": n},
        _("Every stage has its moments."),
        items,
    )


def moments_without_requirement(membership: Membership, cycle: Cycle, outline: Outline) -> Lack:
    page = membership.url("cycles:requirements", cycle.pk)
    items = list(of_moments([entry for entry in outline if not entry.requirements], page))
    n = len(items)
    return Lack(
        ngettext("%(n)d moment without a requirement", "%(n)d moments without a requirement", n) % {"n": n},
        _("Every moment has a requirement."),
        items,
    )


def of_moments(entries: list[Entry], page: str) -> Iterator[Item]:
    for entry in entries:
        note = _("critical moment") if entry.moment.is_critical else ""
        yield Item(f"{entry.number}. {entry.moment}", f"{page}?moment={entry.moment.pk}", note)


def levels_not_kept(membership: Membership, cycle: Cycle) -> Lack:
    """Those in force that missed their target in the last result, or have no result."""
    page = membership.urls("cycles:level")
    items = []
    for one in standing_of(cycle):
        if one.in_force and one.state != MET:
            said = {"result": one.last_text, "period": one.last_period}
            note = _("missed: %(result)s, %(period)s") % said if one.last else _("no result")
            items.append(Item(str(one.level), page(one.level.pk), note))
    n = len(items)
    return Lack(
        ngettext(
            "%(n)d service level missed or without a result",
            "%(n)d service levels missed or without a result",
            n,
        )
        % {"n": n},
        _("No service level is missed or without a result."),
        items,
    )


def requirements_without_action(membership: Membership, cycle: Cycle, outline: Outline) -> Lack:
    """Editors are led to a new action for it, others to the requirement."""
    alive = Requirement.objects.filter(moment__stage__cycle=cycle, deleted_at=None, moment__deleted_at=None)
    served = Action.objects.filter(plan__cycle=cycle, deleted_at=None, requirements__isnull=False)
    rows = alive.exclude(pk__in=served.values("requirements")).order_by(
        "moment__stage__position", "moment__position", "position"
    )
    numbers = {entry.moment.pk: entry for entry in outline}
    add = membership.url("cycles:action_add", cycle.pk)
    read = membership.url("cycles:requirements", cycle.pk)
    items = []
    for row in rows:
        entry = numbers.get(row.moment_id)
        url = (
            f"{add}?requirement={row.pk}&moment={row.moment_id}"
            if membership.is_editor
            else f"{read}?moment={row.moment_id}"
        )
        items.append(Item(str(row), url, f"{entry.number}. {entry.moment}" if entry else ""))
    n = len(items)
    return Lack(
        ngettext("%(n)d requirement without an action", "%(n)d requirements without an action", n) % {"n": n},
        _("Every requirement has an action."),
        items,
    )


def actions_unassigned(membership: Membership, cycle: Cycle) -> Lack:
    """What is done or dropped needs neither any more."""
    rows = Action.objects.filter(plan__cycle=cycle, deleted_at=None, status__in=OPEN_ACTION).filter(
        Q(owner="") | Q(due_on=None)
    )
    edit = membership.urls("cycles:action_edit")
    page = membership.urls("cycles:action")
    items = []
    for row in rows.order_by("plan", "number"):
        if row.owner:
            note = _("without a date")
        elif row.due_on:
            note = _("nobody is responsible")
        else:
            note = _("nobody is responsible, and no date")
        items.append(Item(str(row), edit(row.pk) if membership.is_editor else page(row.pk), note))
    n = len(items)
    return Lack(
        ngettext(
            "%(n)d open action without a responsible person or a date",
            "%(n)d open actions without a responsible person or a date",
            n,
        )
        % {"n": n},
        _("Every open action has a responsible person and a date."),
        items,
    )


def moments_not_asked(membership: Membership, cycle: Cycle, outline: Outline) -> Lack:
    asked = asked_in(cycle)
    page = membership.url("surveys:survey", cycle.pk)
    items = [
        Item(item.text, page, item.note)
        for item in of_moments([entry for entry in outline if entry.moment.pk not in asked], page)
    ]
    n = len(items)
    return Lack(
        ngettext(
            "%(n)d moment that no survey has asked about",
            "%(n)d moments that no survey has asked about",
            n,
        )
        % {"n": n},
        _("Every moment has been asked about."),
        items,
    )
