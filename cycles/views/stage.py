"""Stages: add, change, move, split, merge, delete, restore."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cycles import ordering, stages
from cycles.bench_forms import SplitForm
from cycles.choices import STAGE_COLOURS
from cycles.forms import StageForm
from cycles.models import Cycle, Moment, Stage
from cycles.views.bench import Bench, Undo, changed, selected_in, show
from cycles.views.reached import number_in, numbers_in, only_of, the_cycle, the_stage


def too_many() -> str:
    return _("A cycle has at most %(n)d stages.") % {"n": stages.MOST}


def too_few() -> str:
    return _("A cycle keeps at least %(n)d stages.") % {"n": stages.FEWEST}


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def stage_add(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    stage = Stage(cycle=cycle, colour=next_colour(list(cycle.stages.all())))
    form = StageForm(
        request.POST if request.method == "POST" else None, instance=stage, language=cycle.language
    )
    if form.is_valid():
        try:
            stages.insert_stage(form.save(commit=False))
        except stages.TooManyError:
            form.add_error(None, too_many())
        else:
            said = _("Stage “%(stage)s” added.") % {"stage": stage}
            return changed(request, cycle, Bench(selected_in(request), adding=stage.pk, live=said))
    return show_form(request, cycle, form)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def stage_edit(request: MemberRequest, stage_id: int) -> HttpResponse:
    stage = the_stage(request, stage_id)
    form = StageForm(
        request.POST if request.method == "POST" else None, instance=stage, language=stage.cycle.language
    )
    if form.saved():
        said = _("Stage “%(stage)s” saved.") % {"stage": stage}
        return changed(request, stage.cycle, Bench(selected_in(request), live=said))
    return show_form(request, the_stage(request, stage_id).cycle, form)


@require_POST
def stage_move(request: MemberRequest, stage_id: int) -> HttpResponse:
    stage = the_stage(request, stage_id)
    step = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    place = number_in(request.POST, "position")
    if step is not None:
        stages.move_stage(stage, max(0, (stage.position or 0) + step))
    elif place is not None:
        stages.move_stage(stage, place)
    stage.refresh_from_db(fields=["position"])
    said = _("Stage “%(stage)s”, position %(position)d of %(n)d.") % {
        "stage": stage,
        "position": (stage.position or 0) + 1,
        "n": stages.n_stages(stage.cycle),
    }
    form = StageForm(instance=stage, language=stage.cycle.language)
    keep = about(stage, form)
    return changed(
        request, stage.cycle, Bench(selected_in(request), panel="stage_form", more=keep, live=said)
    )


@require_POST
def stage_split(request: MemberRequest, stage_id: int) -> HttpResponse:
    """From a moment on, its moments become a stage of their own."""
    stage = the_stage(request, stage_id)
    cycle = stage.cycle
    only_of(Moment.objects.filter(stage__cycle=cycle), request.POST.getlist("moment"))
    form = SplitForm(request.POST, stage=stage)
    fault = ""
    if form.is_valid():
        colour = next_colour(list(cycle.stages.all()))
        new = Stage(cycle=cycle, name=form.cleaned_data["name"], phase=stage.phase, colour=colour)
        try:
            if stages.split_stage(stage, new, form.cleaned_data["moment"].pk):
                said = _("“%(stage)s” is split: “%(new)s” begins with “%(moment)s”.") % {
                    "stage": stage, "new": new, "moment": form.cleaned_data["moment"],
                }  # fmt: skip
                undo = Undo(said, request.membership.url("cycles:stage_merge", stage.pk))
                return changed(request, cycle, Bench(selected_in(request), undo=undo))
            fault = _("A split leaves a moment on each side.")
        except stages.TooManyError:
            fault = too_many()
    if fault:
        form.add_error(None, fault)
    return show_form(request, cycle, StageForm(instance=stage, language=cycle.language), split=form)


@require_POST
def stage_merge(request: MemberRequest, stage_id: int) -> HttpResponse:
    """With the next one, whose name goes into the bin."""
    stage = the_stage(request, stage_id)
    try:
        merged = stages.merge_stage(stage)
    except stages.TooFewError:
        return refused(request, stage, too_few())
    if merged is None:
        return refused(request, stage, _("There is no stage after this one."))
    other, moved = merged
    said = _("“%(other)s” is now part of “%(stage)s”.") % {"other": other, "stage": stage}
    url = request.membership.url("cycles:stage_restore", other.pk)
    undo = Undo(said, url, other.last_position, {"moments": ",".join(map(str, moved))})
    return changed(request, stage.cycle, Bench(selected_in(request), undo=undo))


@require_POST
def stage_delete(request: MemberRequest, stage_id: int) -> HttpResponse:
    """Into the bin with its moments; from there it comes back with them."""
    stage = the_stage(request, stage_id)
    n = ordering.moments_in(stage.pk).count()
    try:
        place = stages.remove_stage(stage)
    except stages.TooFewError:
        return refused(request, stage, too_few())
    said = (
        ngettext(
            "The stage “%(stage)s” and its moment are in the bin.",
            "The stage “%(stage)s” and its %(n)d moments are in the bin.",
            n,
        )
        if n
        else _("The stage “%(stage)s” is in the bin.")
    ) % {"stage": stage, "n": n}
    undo = Undo(said, request.membership.url("cycles:stage_restore", stage.pk), place)
    return changed(request, stage.cycle, Bench(selected_in(request), undo=undo, counted=True))


@require_POST
def stage_restore(request: MemberRequest, stage_id: int) -> HttpResponse:
    stage = the_stage(request, stage_id, binned=True)
    cycle = stage.cycle
    moved = numbers_in(request.POST.get("moments", ""))
    only_of(Moment.objects.filter(stage__cycle=cycle), map(str, moved))
    try:
        stages.restore_stage(stage, number_in(request.POST, "position"), moved)
    except stages.TooManyError:
        said = _("“%(stage)s” stays in the bin: a cycle has at most %(n)d stages.")
        undo = Undo(said % {"stage": stage, "n": stages.MOST})
    else:
        undo = Undo(_("“%(stage)s” is back.") % {"stage": stage})
    return changed(request, cycle, Bench(selected_in(request), undo=undo, counted=True))


def refused(request: MemberRequest, stage: Stage, fault: str) -> HttpResponse:
    """The form of the stage again, with the reason; nothing changed."""
    form = StageForm(instance=stage, language=stage.cycle.language)
    return show_form(request, stage.cycle, form, fault=fault)


def show_form(
    request: MemberRequest, cycle: Cycle, form: StageForm, *, split: SplitForm | None = None, fault: str = ""
) -> HttpResponse:
    more = {**about(form.instance, form), "fault": fault}
    if split is not None:
        more["split"] = split
    bench = Bench(selected_in(request), panel="stage_form", more=more)
    status = form.status if form.is_bound else 422 if split is not None or fault else 200
    return show(request, cycle, bench, "cycles/_panel.html", status=status)


def about(stage: Stage, form: StageForm) -> dict[str, Any]:
    """What the panel says of a stage."""
    in_order = list(stages.in_place(stage.cycle_id).order_by("position"))
    after = in_order[in_order.index(stage) + 1 :] if stage.pk else []
    return {
        "form": form,
        "stage": stage,
        "n_stages": len(in_order),
        "may_drop": len(in_order) > stages.FEWEST,
        "few": too_few(),
        "next_stage": after[0] if after else None,
        "split": SplitForm(stage=stage) if stage.pk else None,
        "n_moments": ordering.moments_in(stage.pk).count() if stage.pk else 0,
    }


def next_colour(present: list[Stage]) -> str:
    """The first colour no stage has, else the one after the last stage's."""
    used = {stage.colour for stage in present}
    free = [colour for colour in STAGE_COLOURS if colour not in used]
    return free[0] if free else STAGE_COLOURS[len(present) % len(STAGE_COLOURS)]
