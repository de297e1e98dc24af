"""Service levels: the page, and its changes."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.htmx import page_or_fragment
from cycles import level_sheet
from cycles.agreement_forms import LevelForm
from cycles.choices import Category
from cycles.felt import felt_not_met, line_of, met_not_felt
from cycles.measured_page import small_series
from cycles.models import Cycle, Requirement, ServiceLevel
from cycles.moves import into_bin, out_of_bin
from cycles.outline import Entry, Outline, outline_of
from cycles.results import with_gaps
from cycles.series import Series
from cycles.service_levels import BREACHED, MET, NOT_MEASURED, LevelStanding, settle, standing_of
from cycles.views.agreed import the_level
from cycles.views.bench import Undo
from cycles.views.measurement import show_measured
from cycles.views.reached import number_in, the_cycle, the_moment, the_requirement

PAGE, FRAGMENT = "cycles/service_levels.html", "cycles/_service_levels.html"


@require_safe
def service_levels(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    context = context_of(request, cycle) | {"undo": undo_in(request, cycle)}
    return page_or_fragment(request, PAGE, FRAGMENT, context)


@dataclass(frozen=True)
class Row:
    standing: LevelStanding
    entry: Entry | None
    series: Series | None

    @property
    def level(self) -> ServiceLevel:
        return self.standing.level


def context_of(request: MemberRequest, cycle: Cycle) -> dict[str, Any]:
    outline = outline_of(cycle, cycle.scores)
    standings = standing_of(cycle)
    return {
        "cycle": cycle,
        "outline": outline,
        "groups": groups_of(outline, standings),
        "n": len(standings),
        "counts": [(state, sum(one.state == state for one in standings)) for state in STATES],
        "line": line_of(outline),
        "not_felt": met_not_felt(standings, outline),
        "not_met": felt_not_met(standings, outline),
        "rated": any(entry.satisfaction is not None for entry in outline),
        "bare": bare_targets(cycle, standings),
        "may_edit": request.membership.is_editor,
        "tab": "levels",
    }


STATES = (BREACHED, MET, NOT_MEASURED)


def groups_of(outline: Outline, standings: list[LevelStanding]) -> list[tuple[Any, list[Row]]]:
    """By stage, what holds for the whole cycle first (None)."""
    entries = {entry.moment.pk: entry for entry in outline}
    groups: list[tuple[Any, list[Row]]] = [(None, []), *((part.stage, []) for part in outline.parts)]
    for standing in standings:
        level = standing.level
        stage_id = level.moment.stage_id if level.moment else None
        row = Row(standing, entries.get(level.moment_id or 0), series_of(standing))
        next(rows for stage, rows in groups if (stage.pk if stage else None) == stage_id).append(row)
    return [(stage, rows) for stage, rows in groups if rows]


def series_of(standing: LevelStanding) -> Series | None:
    periods = with_gaps([one for one, _kept in standing.judged], standing.level.every, standing.today)
    return small_series(periods, standing.level, standing.unit, standing.kept)


def bare_targets(cycle: Cycle, standings: list[LevelStanding]) -> list[Requirement]:
    """Requirements with a number of their own that nobody has made a service level of."""
    taken = {standing.level.requirement_id for standing in standings}
    rows = Requirement.objects.filter(
        moment__stage__cycle=cycle, deleted_at=None, moment__deleted_at=None, target_value__isnull=False
    )
    ordered = rows.select_related("moment").order_by(
        "moment__stage__position", "moment__position", "position"
    )
    return [row for row in ordered if row.pk not in taken]


@require_safe
def level(request: MemberRequest, level_id: int) -> HttpResponse:
    return show_measured(request, the_level(request, level_id))


@require_safe
def moment_levels(request: MemberRequest, moment_id: int) -> HttpResponse:
    """What the panel of the moment says of its service levels; asked for when it is opened."""
    moment = the_moment(request, moment_id)
    standings = [one for one in standing_of(moment.stage.cycle) if one.level.moment_id in (moment.pk, None)]
    context = {
        "cycle": moment.stage.cycle,
        "moment": moment,
        "standings": [one for one in standings if one.level.moment_id],
        "wide": [one for one in standings if not one.level.moment_id],
        "may_edit": request.membership.is_editor,
    }
    return page_or_fragment(request, "cycles/moment_levels.html", "cycles/_moment_levels.html", context)


# --- Changes -------------------------------------------------------------------------------------


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def level_add(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    outline = outline_of(cycle, cycle.scores)
    moment = number_in(request.GET, "moment")
    above = number_in(request.GET, "above")
    initial: dict[str, Any] = {"customer": str(cycle.client)}
    initial |= {name: value for name, value in (("moment", moment), ("above", above)) if value}
    form = form_of(request, outline, ServiceLevel(), initial)
    if form.is_bound and form.is_valid():
        return saved(request, form.save())
    return show_form(request, cycle, form)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def level_edit(request: MemberRequest, level_id: int) -> HttpResponse:
    found = the_level(request, level_id)
    cycle, version = found.cycle, found.version
    form = form_of(request, outline_of(cycle, cycle.scores), found, {})
    if form.saved():
        return saved(request, found, anew=found.version > version)
    return show_form(request, cycle, form)


def form_of(
    request: MemberRequest, outline: Outline, level: ServiceLevel, initial: dict[str, Any]
) -> LevelForm:
    numbers = {entry.moment.pk: entry.number for entry in outline}
    data = request.POST if request.method == "POST" else None
    return LevelForm(data, instance=level, cycle=outline.cycle, numbers=numbers, initial=initial)


def show_form(request: MemberRequest, cycle: Cycle, form: LevelForm) -> HttpResponse:
    context = {
        "cycle": cycle,
        "form": form,
        "level": form.instance if form.instance.pk else None,
        "tab": "levels",
    }
    return render(request, "cycles/service_level_form.html", context, status=form.status)


def saved(request: MemberRequest, level: ServiceLevel, *, anew: bool = False) -> HttpResponse:
    level.cycle.touch()
    settle(level.cycle)
    said = _("Saved: %(level)s") % {"level": level}
    if anew:
        said = _(
            "Saved as version %(version)d. What both had accepted has changed, so it waits to be accepted."
        ) % {"version": level.version}
    messages.success(request, said)
    return HttpResponseRedirect(request.membership.url("cycles:level", level.pk))


@require_POST
def level_from_requirement(request: MemberRequest, requirement_id: int) -> HttpResponse:
    """The number stays with the requirement; the service level takes it from there. Twice is once."""
    need = the_requirement(request, requirement_id)
    cycle = need.moment.stage.cycle
    known = ServiceLevel.objects.filter(requirement=need, target_value=None, above=None, deleted_at=None)
    if need.target_value is None:
        return changed(request, cycle, Undo(_("This requirement has no number yet.")), status=422)
    made = known.first()
    if made is None:
        made = ServiceLevel(
            cycle=cycle, moment=need.moment, requirement=need, category=category_of(need), name=name_of(need)
        )
        made.customer = str(cycle.client)
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:  # the other click was faster
            made = known.get()
    cycle.touch()
    settle(cycle)
    return HttpResponseRedirect(request.membership.url("cycles:level", made.pk))


def name_of(need: Requirement) -> str:
    return (need.measure or need.name)[:160]


def category_of(need: Requirement) -> str:
    return Category.RESPONSIVENESS if need.dimension == "responsiveness" else Category.QUALITY


@require_POST
def level_delete(request: MemberRequest, level_id: int) -> HttpResponse:
    found = the_level(request, level_id)
    into_bin(found)
    return changed(request, found.cycle, undo_of(request, found), f"?deleted={found.pk}")


@require_POST
def level_restore(request: MemberRequest, level_id: int) -> HttpResponse:
    found = the_level(request, level_id, binned=True)
    try:
        with transaction.atomic():
            out_of_bin(found)
    except IntegrityError:
        return changed(
            request, found.cycle, Undo(_("Its requirement has another service level by now.")), status=422
        )
    return changed(request, found.cycle, Undo(_("“%(name)s” is back.") % {"name": found}))


def changed(
    request: MemberRequest, cycle: Cycle, undo: Undo, query: str = "", status: int = 200
) -> HttpResponse:
    if status == 200:
        cycle.touch()
        settle(cycle)
        if not request.htmx:
            return HttpResponseRedirect(request.membership.url("cycles:service_levels", cycle.pk) + query)
    context = context_of(request, cycle) | {"undo": undo, "news": True}
    return page_or_fragment(request, PAGE, FRAGMENT, context, status)


def undo_of(request: MemberRequest, level: ServiceLevel) -> Undo:
    url = request.membership.url("cycles:level_restore", level.pk)
    return Undo(_("“%(name)s” is in the bin.") % {"name": level}, url)


def undo_in(request: MemberRequest, cycle: Cycle) -> Undo | None:
    gone = number_in(request.GET, "deleted")
    binned = ServiceLevel.objects.filter(cycle=cycle, deleted_at__isnull=False)
    found = binned.filter(pk=gone).first() if gone and request.membership.is_editor else None
    return undo_of(request, found) if found else None


# --- The sheet -----------------------------------------------------------------------------------


@require_safe
def sheet(request: MemberRequest, level_id: int) -> HttpResponse:
    """One page to print and sign."""
    found = the_level(request, level_id)
    context = level_sheet.context_of(found, timezone.localdate())
    return render(request, "cycles/level_sheet.html", context)
