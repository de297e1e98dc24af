"""The wheel as a picture to take away, and the curve under it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cyclemap.png import as_png
from cycles.outline import outline_of
from cycles.views.bench import emotion_context, linked_wheel, selected_in
from cycles.views.chosen import chosen_in
from cycles.views.reached import the_cycle
from cycles.views.rows import means_of
from cycles.wheel_file import as_svg, wheel_file


@require_safe
def wheel_svg(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return file(drawn(request, cycle_id), "image/svg+xml; charset=utf-8", f"wheel-{cycle_id}.svg")


@require_safe
def wheel_png(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return file(as_png(drawn(request, cycle_id)), "image/png", f"wheel-{cycle_id}.png")


def drawn(request: MemberRequest, cycle_id: int) -> str:
    """With the answers of the survey that the address names, else of the latest."""
    cycle = the_cycle(request, cycle_id)
    scores = chosen_in(request, cycle).scores
    return as_svg(wheel_file(cycle, scores, scores.wave))


def file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def emotion(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """A page asks for it after each change, so that no change has to wait for it.

    With `?wheel=1`, after a move, the wheel comes along and the means of the stages.
    """
    cycle = the_cycle(request, cycle_id)
    chosen = chosen_in(request, cycle)
    outline = outline_of(cycle, chosen.scores)
    context = {"cycle": cycle, **emotion_context(outline, chosen)}
    if "wheel" not in request.GET:
        return render(request, "cycles/_emotion.html", context)
    context["wheel"] = linked_wheel(outline, chosen, selected_in(request))
    context["means"] = means_of(outline)
    return render(request, "cycles/_redrawn.html", context)
