"""Indicators by category: the balanced cards, and their changes."""

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
from cycles.agreement_forms import IndicatorForm
from cycles.choices import Category
from cycles.forms import other_language
from cycles.indicators import Followed, balance_of, holes_in
from cycles.measured_page import small_series
from cycles.models import Cycle, Indicator, Stage
from cycles.moves import into_bin, out_of_bin
from cycles.outline import outline_of
from cycles.results import Result, with_gaps
from cycles.series import Series
from cycles.service_levels import LevelStanding, standing_of
from cycles.suggested_indicators import BY_KEY, Suggestion
from cycles.views.agreed import the_indicator
from cycles.views.bench import Undo
from cycles.views.measurement import show_measured
from cycles.views.reached import number_in, the_cycle, the_stage

PAGE, FRAGMENT = "cycles/indicators.html", "cycles/_indicators.html"


@require_safe
def indicators(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    context = context_of(request, cycle) | {"undo": undo_in(request, cycle)}
    return page_or_fragment(request, PAGE, FRAGMENT, context)


def context_of(request: MemberRequest, cycle: Cycle) -> dict[str, Any]:
    outline = outline_of(cycle, cycle.scores)
    standings = standing_of(cycle)
    cards = balance_of(outline, standings)
    drawn = {
        id(followed): series_of(followed, standings)
        for card in cards
        for cell in card.cells
        for followed in cell.followed
    }
    return {
        "cycle": cycle,
        "cards": [
            (card, [(cell, [(one, drawn[id(one)]) for one in cell.followed]) for cell in card.cells])
            for card in cards
        ],
        "holes": holes_in(cards),
        "categories": Category.choices,
        "may_edit": request.membership.is_editor,
        "tab": "indicators",
    }


def series_of(followed: Followed, standings: list[LevelStanding]) -> Series | None:
    thing = followed.thing
    standing = next((one for one in standings if one.level is thing), None)

    def kept(result: Result | None) -> bool | None:
        if standing:
            return standing.kept(result)
        return followed.kept(result) if result else None

    periods = with_gaps(followed.results[-12:], thing.every, timezone.localdate())
    return small_series(periods, thing, followed.unit, kept)


@require_safe
def indicator(request: MemberRequest, indicator_id: int) -> HttpResponse:
    return show_measured(request, the_indicator(request, indicator_id))


# --- Changes -------------------------------------------------------------------------------------


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def indicator_add(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    stage, category = number_in(request.GET, "stage"), request.GET.get("category", "")
    initial = {"where": f"s{stage}" if stage else "", "category": category}
    form = form_of(request, cycle, Indicator(), initial)
    if form.is_bound and form.is_valid():
        return saved(request, form.save())
    return show_form(request, cycle, form)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def indicator_edit(request: MemberRequest, indicator_id: int) -> HttpResponse:
    found = the_indicator(request, indicator_id)
    form = form_of(request, found.cycle, found, {})
    if form.saved():
        return saved(request, found)
    return show_form(request, found.cycle, form)


def form_of(request: MemberRequest, cycle: Cycle, found: Indicator, initial: dict[str, Any]) -> IndicatorForm:
    numbers = {entry.moment.pk: entry.number for entry in outline_of(cycle, cycle.scores)}
    data = request.POST if request.method == "POST" else None
    return IndicatorForm(data, instance=found, cycle=cycle, numbers=numbers, initial=initial)


def show_form(request: MemberRequest, cycle: Cycle, form: IndicatorForm) -> HttpResponse:
    found = form.instance if form.instance.pk else None
    context = {"cycle": cycle, "form": form, "indicator": found, "tab": "indicators"}
    return render(request, "cycles/indicator_form.html", context, status=form.status)


def saved(request: MemberRequest, found: Indicator) -> HttpResponse:
    found.cycle.touch()
    messages.success(request, _("Saved: %(indicator)s") % {"indicator": found})
    return HttpResponseRedirect(request.membership.url("cycles:indicator", found.pk))


@require_POST
def indicator_suggested(request: MemberRequest, stage_id: int) -> HttpResponse:
    """A suggested indicator by one click; a second one finds it there."""
    stage = the_stage(request, stage_id)
    known, cycle = BY_KEY.get(request.POST.get("suggestion", "")), stage.cycle
    if known is None:
        undo = Undo(_("There is no such suggestion. Choose one of the page."))
        context = context_of(request, cycle) | {"undo": undo, "news": True}
        return page_or_fragment(request, PAGE, FRAGMENT, context, 422)
    found = begun(stage, known)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:  # it is there already
        pass
    said = _("Added: %(indicator)s") % {"indicator": found}
    return changed(request, cycle, Undo(said))


def begun(stage: Stage, known: Suggestion) -> Indicator:
    """In the language of the cycle, and in the other."""
    cycle = stage.cycle
    language, other = cycle.language[:2], other_language(cycle.language)
    found = Indicator(
        cycle=cycle, stage=stage, category=known.category, bound=known.bound, suggested=known.key
    )
    found.name, found.unit = known.said(language), known.unit.get(language, known.unit["en"])
    found.translate(other, name=known.said(other), unit=known.unit.get(other, ""))
    return found


@require_POST
def indicator_delete(request: MemberRequest, indicator_id: int) -> HttpResponse:
    found = the_indicator(request, indicator_id)
    into_bin(found)
    return changed(request, found.cycle, undo_of(request, found), f"?deleted={found.pk}")


@require_POST
def indicator_restore(request: MemberRequest, indicator_id: int) -> HttpResponse:
    found = the_indicator(request, indicator_id, binned=True)
    try:
        with transaction.atomic():
            out_of_bin(found)
    except IntegrityError:
        undo = Undo(_("The stage has this indicator again already."))
        context = context_of(request, found.cycle) | {"undo": undo, "news": True}
        return page_or_fragment(request, PAGE, FRAGMENT, context, 422)
    return changed(request, found.cycle, Undo(_("“%(name)s” is back.") % {"name": found}))


def changed(request: MemberRequest, cycle: Cycle, undo: Undo, query: str = "") -> HttpResponse:
    cycle.touch()
    if not request.htmx:
        return HttpResponseRedirect(request.membership.url("cycles:indicators", cycle.pk) + query)
    context = context_of(request, cycle) | {"undo": undo, "news": True}
    return page_or_fragment(request, PAGE, FRAGMENT, context)


def undo_of(request: MemberRequest, found: Indicator) -> Undo:
    url = request.membership.url("cycles:indicator_restore", found.pk)
    return Undo(_("“%(name)s” is in the bin.") % {"name": found}, url)


def undo_in(request: MemberRequest, cycle: Cycle) -> Undo | None:
    gone = number_in(request.GET, "deleted")
    binned = Indicator.objects.filter(cycle=cycle, deleted_at__isnull=False)
    found = binned.filter(pk=gone).first() if gone and request.membership.is_editor else None
    return undo_of(request, found) if found else None
