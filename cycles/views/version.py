"""Versions of a cycle: freeze, copy, compare, delete with undo."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest
from cyclemap.forms import TidyForm
from cyclemap.htmx import page_or_fragment
from cycles.document import Document, document_of, rooted
from cycles.models import Cycle, Version
from cycles.side_by_side import side_by_side
from cycles.versions import copied, freeze
from cycles.views.bench import Undo
from cycles.views.reached import number_in, the_cycle

NOW = "now"


class VersionForm(TidyForm, forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the version"),
        max_length=80,
        help_text=gettext_lazy("For example: As-is, March."),
    )


class CopyForm(TidyForm, forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the new cycle"), max_length=120)


@require_safe
def versions(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    return show(request, cycle, undo=undo_in(request, cycle))


def show(request: MemberRequest, cycle: Cycle, status: int = 200, **more: Any) -> HttpResponse:
    rows = Version.objects.filter(cycle=cycle, deleted_at=None)
    context = {
        "cycle": cycle,
        "versions": [(row, sizes_of(row.document)) for row in rows],
        "form": VersionForm(),
        "copy_form": CopyForm(auto_id="copy_%s", initial={"name": to_be(cycle)}),
        "may_edit": request.membership.is_editor,
        **more,
    }
    return render(request, "cycles/versions.html", context, status=status)


def sizes_of(document: Document) -> tuple[int, int]:
    """How many moments and requirements."""
    moments = [moment for stage in document.get("stages", []) for moment in stage.get("moments", [])]
    return len(moments), sum(len(moment.get("requirements", [])) for moment in moments)


def to_be(cycle: Cycle) -> str:
    return (_("%(cycle)s (to be)") % {"cycle": cycle})[:120]


@require_POST
def version_add(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return show(request, cycle, 422, form=form)
    version = freeze(cycle, form.cleaned_data["name"], request.user)
    messages.success(request, _("Version “%(version)s” is kept.") % {"version": version})
    return back(request, cycle)


def back(request: MemberRequest, cycle: Cycle, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(request.membership.url("cycles:versions", cycle.pk) + query)


# --- Copies --------------------------------------------------------------------------------------


@require_POST
def cycle_copy(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The cycle as it is now, as a new cycle: the to-be beside the as-is."""
    cycle = the_cycle(request, cycle_id)
    return copy(request, cycle, document_of(cycle, rooted()))


@require_POST
def version_copy(request: MemberRequest, version_id: int) -> HttpResponse:
    version = the_version(request, version_id)
    return copy(request, version.cycle, version.document)


def copy(request: MemberRequest, cycle: Cycle, document: Document) -> HttpResponse:
    form = CopyForm(request.POST, auto_id="copy_%s")
    if form.is_valid():
        name = form.cleaned_data["name"]
        same = request.membership.reach(Cycle).filter(client=cycle.client, name__iexact=name)
        if (twin := same.first()) is None:
            twin = copied(cycle, document, name)
        elif not is_copy(twin, document):
            form.add_error("name", _("There is a cycle of that name already."))
            return show(request, cycle, 422, copy_form=form)
        return HttpResponseRedirect(request.membership.url("cycles:map", twin.pk))
    return show(request, cycle, 422, copy_form=form)


def is_copy(cycle: Cycle, document: Document) -> bool:
    """Whether the same was asked before, and nothing has been done to it since."""
    apart = {"name", "translations"}
    mine, theirs = document_of(cycle, rooted()), document
    first = cycle.stages.first()
    copied_once = first is not None and first.copied_from is not None
    return copied_once and all(mine.get(k) == theirs.get(k) for k in {*mine, *theirs} - apart)


def the_version(request: MemberRequest, pk: int, *, binned: bool = False) -> Version:
    rows = request.membership.reach(Version).select_related("cycle__client")
    return get_object_or_404(rows if binned else rows.filter(deleted_at=None), pk=pk)


# --- Compare -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    ref: str
    name: str


@require_safe
def compare(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    sides = sides_of(request, cycle)
    known = {side.ref: side for side in sides}
    newest = next((side.ref for side in sides if side.ref.startswith("v")), NOW)
    first = known.get(request.GET.get("a", ""), known[newest])
    second = known.get(request.GET.get("b", ""), known[NOW])
    before, after = (document_at(request, cycle, side.ref) for side in (first, second))
    context = {
        "cycle": cycle,
        "sides": sides,
        "first": first,
        "second": second,
        "found": side_by_side(before, after),
    }
    return page_or_fragment(request, "cycles/compare.html", "cycles/_compare.html", context)


def sides_of(request: MemberRequest, cycle: Cycle) -> list[Side]:
    """What can be compared: the cycle now, its versions, the other cycles of the client."""
    versions = Version.objects.filter(cycle=cycle, deleted_at=None).defer("document")
    others = request.membership.reach(Cycle).filter(client=cycle.client).exclude(pk=cycle.pk)
    return [
        Side(NOW, _("%(cycle)s, now") % {"cycle": cycle}),
        *(Side(f"v{version.pk}", _("Version “%(version)s”") % {"version": version}) for version in versions),
        *(Side(f"c{other.pk}", _("%(cycle)s, now") % {"cycle": other}) for other in others),
    ]


def document_at(request: MemberRequest, cycle: Cycle, ref: str) -> Document:
    if ref == NOW:
        return document_of(cycle, rooted())
    if ref.startswith("v"):
        document: Document = the_version(request, int(ref[1:])).document
        return document
    return document_of(the_cycle(request, int(ref[1:])), rooted())


# --- Delete --------------------------------------------------------------------------------------


@require_POST
def version_delete(request: MemberRequest, version_id: int) -> HttpResponse:
    version = the_version(request, version_id, binned=True)
    if version.deleted_at is None:
        version.deleted_at = timezone.now()
        version.save(update_fields=["deleted_at"])
    return back(request, version.cycle, f"?deleted={version.pk}")


@require_POST
def version_restore(request: MemberRequest, version_id: int) -> HttpResponse:
    version = the_version(request, version_id, binned=True)
    twin = Version.objects.filter(cycle=version.cycle, fingerprint=version.fingerprint, deleted_at=None)
    if not twin.exists():  # the same may have been frozen again since
        version.deleted_at = None
        version.save(update_fields=["deleted_at"])
    return back(request, version.cycle)


def undo_in(request: MemberRequest, cycle: Cycle) -> Undo | None:
    gone = number_in(request.GET, "deleted")
    binned = Version.objects.filter(cycle=cycle, deleted_at__isnull=False)
    version = binned.filter(pk=gone).first() if gone and request.membership.is_editor else None
    if version is None:
        return None
    said = _("Version “%(version)s” has been deleted.") % {"version": version}
    return Undo(said, request.membership.url("cycles:version_restore", version.pk))
