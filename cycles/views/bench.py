"""The workbench: wheel, list and panel of a cycle, and the answer to every change made on it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.request import QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django_htmx.http import trigger_client_event

from accounts.access import MemberRequest
from cycles import evidence
from cycles.drawing import emotion_in_words, emotion_of, wheel_of
from cycles.dumbbell import draw_dumbbell
from cycles.facts import facts_of
from cycles.forms import MomentNameForm, NewMomentForm
from cycles.hints import names_department
from cycles.models import Action, Attachment, Cycle, Requirement
from cycles.outline import Entry, Outline, outline_of
from cycles.views.chosen import Chosen, chosen_in
from cycles.views.reached import number_in
from cycles.views.rearranged import place_of
from cycles.views.rows import add_rows, head_rows, moment_rows
from cycles.wheel import Wheel


@dataclass(frozen=True)
class Undo:
    """What a toast says and offers to take back."""

    text: str
    url: str = ""
    place: int | None = None
    more: dict[str, str] = field(default_factory=dict)  # what else the undoing needs to know


@dataclass
class Bench:
    """What the page shows beside the cycle itself."""

    selected: int | None = None
    panel: str = ""  # "moment_form", "stage_form", ...; else the selected moment, or what to do first
    more: dict[str, Any] = field(default_factory=dict)  # for that panel
    adding: int | None = None  # the stage whose form is open
    add_form: NewMomentForm | None = None
    renaming: tuple[int, MomentNameForm] | None = None  # a moment and its name, edited in the list
    counted: bool = False  # the number of moments changed, so the steps above do too
    focus: int | None = None  # the moment whose row gets the keyboard
    live: str = ""  # news for those who do not see the list move
    placed: tuple[int, str] | None = None  # a moment, and the news that name its place
    undo: Undo | None = None
    chosen: Chosen | None = None  # the survey and the view that are shown


def context_of(request: MemberRequest, cycle: Cycle, bench: Bench) -> dict[str, Any]:
    chosen = bench.chosen = chosen_in(request, cycle)
    outline = outline_of(cycle, chosen.scores)
    entry = outline.entry(bench.selected)
    if not len(outline) and bench.adding is None:
        bench.adding = outline.parts[0].stage.pk  # nothing to do here but begin
    if bench.placed and (placed := outline.entry(bench.placed[0])):
        place = place_of(placed.number, len(outline))
        bench.live = bench.placed[1] % {"moment": placed.moment, "place": place}
    url = request.membership.url("cycles:map", cycle.pk)
    context = {
        "cycle": cycle,
        "chosen": chosen,
        "outline": outline,
        "entry": entry,
        "bench": bench,
        "map_url": url,
        "may_edit": request.membership.is_editor,
        # With nothing open the panel says the same as before, unless the first moment came or the last went.
        "panel_changed": bool(entry or bench.panel or bench.counted),
        "stages": stages_of(request, outline, bench, chosen),
        "wheel": linked_wheel(outline, chosen, bench.selected) if chosen.view == "map" else None,
        "panel_template": f"cycles/_panel_{bench.panel or ('moment' if entry else 'start')}.html",
        **bench.more,
    }
    if entry and not bench.panel:
        context |= moment_context(outline, entry)
        context["facts"] = facts_of(entry.moment, bench.more.get("attribute_form"))
        context["accept"] = evidence.ACCEPT
    return context


def linked_wheel(outline: Outline, chosen: Chosen, selected: int | None) -> Wheel:
    """The wheel by which moments are opened."""
    return wheel_of(
        outline.cycle,
        scores=outline.scores,
        outline=outline,
        selected=selected,
        link=lambda moment: chosen.link(moment.pk),
    )


def stages_of(
    request: MemberRequest, outline: Outline, bench: Bench, chosen: Chosen
) -> list[tuple[Any, ...]]:
    """For the list: each part of the cycle with its rows, and with its form for who may add."""
    forms: dict[int, str] = {}
    if bench.renaming:
        pk, form = bench.renaming
        said = {
            "pk": pk,
            "form": form,
            "cycle": outline.cycle,
            "map_url": chosen.url,
            "selected": bench.selected,
        }
        forms[pk] = render_to_string("cycles/_row_name.html", said, request)
    rows = moment_rows(outline, bench.selected, bench.focus, forms, chosen)
    adds = add_rows(request, outline, bench.adding, bench.add_form) if request.membership.is_editor else {}
    heads = head_rows(request, outline)
    keys = [part.stage.pk for part in outline.parts]
    return [
        (part, [heads[pk]], rows[pk], [adds[pk]] if adds else [])
        for pk, part in zip(keys, outline.parts, strict=True)
    ]


def moment_context(outline: Outline, entry: Entry) -> dict[str, Any]:
    """What the panel says about a moment."""
    moment, scale = entry.moment, outline.scores.scale
    known = entry.importance is not None and entry.satisfaction is not None
    return {
        "requirements": list(Requirement.objects.filter(moment=moment, deleted_at=None)),
        "actions": list(Action.objects.filter(moments=moment, deleted_at=None).order_by("number")),
        "dumbbell": draw_dumbbell(entry.importance, entry.satisfaction, scale) if known else None,  # type: ignore[arg-type]
        "attachments": list(Attachment.objects.filter(moment=moment, deleted_at=None)),
        "department": names_department(str(moment)),
    }


def emotion_context(outline: Outline, chosen: Chosen) -> dict[str, Any]:
    """The curve under the wheel. A change does not print it: the page asks for it again by itself."""
    return {
        "emotion": emotion_of(outline),
        "emotion_words": emotion_in_words(outline),
        "list_url": chosen.address(view="list"),
    }


def selected_in(request: MemberRequest) -> int | None:
    """The moment that is open: said by the address, or by the address of the page that asks."""
    if "moment" in request.GET:
        return number_in(request.GET, "moment")
    query = urlsplit(request.htmx.current_url or "").query
    return number_in({name: values[-1] for name, values in parse_qs(query).items()}, "moment")


def show(
    request: MemberRequest, cycle: Cycle, bench: Bench, fragment: str, status: int = 200
) -> HttpResponse:
    """The whole bench, or the fragment that was asked for."""
    htmx = request.htmx
    partial = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    if partial and htmx.target == "bench":  # another survey was chosen: all of it is coloured anew
        fragment = "cycles/_bench.html"
    template = fragment if partial else "cycles/map.html"
    context = context_of(request, cycle, bench)
    if context["wheel"] and template in ("cycles/map.html", "cycles/_bench.html"):
        context |= emotion_context(context["outline"], context["chosen"])
    if context["chosen"].unknown and status == 200:
        status = 422
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def changed(request: MemberRequest, cycle: Cycle, bench: Bench, *, told: bool = False) -> HttpResponse:
    """Answer a change: the list with wheel, panel and news out of band; without htmx the page again.

    `told`: whatever changed has touched the cycle already.
    """
    if not told:
        cycle.touch()
    url = request.membership.url("cycles:map", cycle.pk)
    if request.htmx:
        response = show(request, cycle, bench, "cycles/_bench_changed.html")
        if bench.selected != selected_in(request):
            assert bench.chosen
            response["HX-Replace-Url"] = bench.chosen.address(bench.selected)
        return trigger_client_event(response, "cycle-changed", after="settle")
    query = QueryDict(mutable=True)
    if wave := number_in(dict(parse_qsl(urlsplit(request.headers.get("Referer", "")).query)), "wave"):
        query["wave"] = str(wave)  # the survey the page showed
    if bench.selected:
        query["moment"] = str(bench.selected)
    if bench.adding:
        query["add"] = str(bench.adding)
    if bench.undo and bench.undo.url and "deleted" in bench.more:
        query["deleted"] = str(bench.more["deleted"])
        query["place"] = str(bench.undo.place or 0)
    elif bench.undo:
        messages.info(request, bench.undo.text)
    anchor = f"#m{bench.selected}" if bench.selected else ""
    return HttpResponseRedirect(f"{url}?{query.urlencode()}{anchor}" if query else url)
