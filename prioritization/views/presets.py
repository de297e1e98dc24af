"""Presets of the composer: save, keep what was changed, rename, delete, take back."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest
from cyclemap.text import clean_text
from cycles.models import Cycle
from prioritization.models import ReportPreset
from prioritization.reports import composer
from prioritization.reports.composer import Composition
from prioritization.views.composer import language_of, presets_of, show
from prioritization.views.reports import cycle_or_404

LONGEST_NAME = 80


def the_preset(request: MemberRequest, cycle: Cycle, pk: int, *, deleted: bool = False) -> ReportPreset:
    found = presets_of(request, cycle)
    return get_object_or_404(found if deleted else found.filter(deleted_at=None), pk=pk)


def back_to(request: MemberRequest, cycle: Cycle, query: str) -> HttpResponse:
    return redirect(f"{request.membership.url('prioritization:report_compose', cycle.pk)}?{query}")


def name_fault(cycle: Cycle, name: str, but: ReportPreset | None = None) -> str:
    """Why a preset cannot be called so; "" where it can."""
    if not name:
        return _("Give the preset a name.")
    if len(name) > LONGEST_NAME:
        return _("At most %(most)d characters.") % {"most": LONGEST_NAME}
    try:
        clean_text(name)
    except ValidationError as error:
        return str(error.message)
    client = but.client_id if but else cycle.client_id
    others = ReportPreset.objects.filter(client=client, name__iexact=name, deleted_at=None)
    if but:
        others = others.exclude(pk=but.pk)
    return _("There is a preset of that name already.") if others.exists() else ""


@require_POST
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def preset_save(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """What is composed, under a new name."""
    cycle = cycle_or_404(request, cycle_id)
    made = composer.typed(cycle, request.POST, language_of(request))
    name = request.POST.get("name", "").strip()
    said = name_fault(cycle, name)
    if not made.check() or said:
        return refused(request, made, said, name)
    try:
        with transaction.atomic():
            preset = ReportPreset.objects.create(
                client=cycle.client,
                name=name,
                for_all=request.POST.get("for_all") == "on",
                **kept(request, made),
            )
    except IntegrityError:
        return refused(request, made, _("There is a preset of that name already."), name)
    messages.success(request, _("“%(name)s” was saved.") % {"name": preset})
    return back_to(request, cycle, f"preset={preset.pk}")


def refused(request: MemberRequest, made: Composition, said: str, name: str) -> HttpResponse:
    if said:
        made.errors["name"] = said
    return show(request, made, 422, typed_name=name)


def kept(request: MemberRequest, made: Composition) -> dict[str, object]:
    choice = {key: value for key, value in made.choice.as_json().items() if key != "name"}
    return {"choice": choice, "language": made.language, "saved_at": timezone.now(), "saved_by": request.user}


@require_POST
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def preset_keep(request: MemberRequest, cycle_id: int, preset_id: int) -> HttpResponse:
    """What is composed now, under the name it had."""
    cycle = cycle_or_404(request, cycle_id)
    preset = the_preset(request, cycle, preset_id)
    made = composer.typed(cycle, request.POST, language_of(request))
    if not made.check():
        return show(request, made, 422, preset)
    ReportPreset.objects.filter(pk=preset.pk).update(**kept(request, made))
    messages.success(request, _("“%(name)s” was saved.") % {"name": preset})
    return back_to(request, cycle, f"preset={preset.pk}")


@require_POST
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def preset_rename(request: MemberRequest, cycle_id: int, preset_id: int) -> HttpResponse:
    cycle = cycle_or_404(request, cycle_id)
    preset = the_preset(request, cycle, preset_id)
    name = request.POST.get("new_name", "").strip()
    said = name_fault(cycle, name, preset)
    if not said:
        try:
            with transaction.atomic():
                ReportPreset.objects.filter(pk=preset.pk).update(name=name)
        except IntegrityError:
            said = _("There is a preset of that name already.")
    if said:
        made = composer.begun(cycle, language_of(request), preset)
        made.errors["new_name"] = said
        return show(request, made, 422, preset, typed_name=name)
    return back_to(request, cycle, f"preset={preset.pk}")


@require_POST
def preset_delete(request: MemberRequest, cycle_id: int, preset_id: int) -> HttpResponse:
    cycle = cycle_or_404(request, cycle_id)
    preset = the_preset(request, cycle, preset_id, deleted=True)
    ReportPreset.objects.filter(pk=preset.pk, deleted_at=None).update(deleted_at=timezone.now())
    return back_to(request, cycle, f"deleted={preset.pk}")


@require_POST
def preset_restore(request: MemberRequest, cycle_id: int, preset_id: int) -> HttpResponse:
    cycle = cycle_or_404(request, cycle_id)
    preset = the_preset(request, cycle, preset_id, deleted=True)
    try:
        with transaction.atomic():
            ReportPreset.objects.filter(pk=preset.pk).update(deleted_at=None)
    except IntegrityError:
        messages.error(request, _("There is a preset of that name already."))
        return back_to(request, cycle, f"deleted={preset.pk}")
    return back_to(request, cycle, f"preset={preset.pk}")
