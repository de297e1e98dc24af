"""Stages: add, change, move, delete."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cycles import ordering
from cycles.choices import STAGE_COLOURS
from cycles.forms import StageForm
from cycles.models import Cycle, Stage
from cycles.views.bench import Bench, Undo, changed, selected_in, show
from cycles.views.reached import number_in, the_cycle, the_stage

MOST_STAGES = 12


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def stage_add(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    stages = list(cycle.stages.all())
    stage = Stage(cycle=cycle, colour=next_colour(stages))
    form = StageForm(
        request.POST if request.method == "POST" else None, instance=stage, language=cycle.language
    )
    if form.is_bound and len(stages) >= MOST_STAGES:
        form.add_error(None, _("A cycle has at most %(n)d stages.") % {"n": MOST_STAGES})
    if form.is_bound and form.is_valid():
        ordering.insert_stage(form.save(commit=False))
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
        ordering.move_stage(stage, max(0, stage.position + step))
    elif place is not None:
        ordering.move_stage(stage, place)
    stage.refresh_from_db(fields=["position"])
    n = stage.cycle.stages.count()
    said = _("Stage “%(stage)s”, position %(position)d of %(n)d.") % {
        "stage": stage,
        "position": stage.position + 1,
        "n": n,
    }
    form = StageForm(instance=stage, language=stage.cycle.language)
    keep = {"form": form, "stage": stage, "n_stages": n, "n_moments": ordering.moments_in(stage.pk).count()}
    return changed(
        request, stage.cycle, Bench(selected_in(request), panel="stage_form", more=keep, live=said)
    )


@require_POST
def stage_delete(request: MemberRequest, stage_id: int) -> HttpResponse:
    """Its moments go to the stage before (after, for the first). The last stage stays."""
    stage = the_stage(request, stage_id)
    moving = ordering.moments_in(stage.pk).count()
    heir = ordering.remove_stage(stage)
    if heir is None:
        said = _("A cycle keeps at least one stage.")
    elif moving:
        said = ngettext(
            "Stage “%(stage)s” deleted. Its moment is now in “%(heir)s”.",
            "Stage “%(stage)s” deleted. Its %(n)d moments are now in “%(heir)s”.",
            moving,
        ) % {"stage": stage, "heir": heir, "n": moving}
    else:
        said = _("Stage “%(stage)s” deleted.") % {"stage": stage}
    return changed(request, stage.cycle, Bench(selected_in(request), live=said, undo=Undo(said)))


def show_form(request: MemberRequest, cycle: Cycle, form: StageForm) -> HttpResponse:
    stage = form.instance
    more = {
        "form": form,
        "stage": stage,
        "n_stages": cycle.stages.count(),
        "n_moments": ordering.moments_in(stage.pk).count() if stage.pk else 0,
    }
    bench = Bench(selected_in(request), panel="stage_form", more=more)
    return show(request, cycle, bench, "cycles/_panel.html", status=form.status)


def next_colour(stages: list[Stage]) -> str:
    """The first colour no stage has, else the one after the last stage's."""
    used = {stage.colour for stage in stages}
    free = [colour for colour in STAGE_COLOURS if colour not in used]
    return free[0] if free else STAGE_COLOURS[len(stages) % len(STAGE_COLOURS)]
