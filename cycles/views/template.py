"""Templates of the workspace, made of its own cycles; and single moments to insert."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.forms import TidyForm
from cyclemap.htmx import page_or_fragment
from cycles.models import Cycle, OwnTemplate, Stage
from cycles.own_templates import save_as_template, templates_of
from cycles.single_moments import insert, single_moment, single_moments
from cycles.versions import fingerprint_of
from cycles.views.bench import Undo
from cycles.views.reached import number_in, the_cycle
from cycles.views.version import sizes_of


class TemplateForm(TidyForm, forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the template"), max_length=120)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def template_save(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    posted = request.POST if request.method == "POST" else None
    form = TemplateForm(posted, initial={"name": str(cycle)})
    if form.is_valid():
        workspace = request.membership.workspace
        template = save_as_template(cycle, workspace, form.cleaned_data["name"], request.user)
        said = _("“%(template)s” is a template now: it is offered where a cycle begins.")
        messages.success(request, said % {"template": template})
        return HttpResponseRedirect(request.membership.url("cycles:templates"))
    context = {"cycle": cycle, "form": form}
    return render(request, "cycles/template_save.html", context, status=422 if form.is_bound else 200)


@allow(read=EDITORS)
@require_safe
def templates(request: MemberRequest) -> HttpResponse:
    return show(request)


def show(request: MemberRequest, renamed: TemplateForm | None = None, at: int = 0) -> HttpResponse:
    rows = []
    for template in templates_of(request.membership.workspace):
        own = TemplateForm(initial={"name": template.name}, auto_id=f"id_%s_{template.pk}")
        rows.append(
            (template, sizes_of(template.document), renamed if renamed and template.pk == at else own)
        )
    context = {"rows": rows, "undo": undo_in(request)}
    return render(request, "cycles/templates.html", context, status=422 if renamed else 200)


def the_template(request: MemberRequest, pk: int, *, binned: bool = False) -> OwnTemplate:
    rows = request.membership.workspace.templates.all()
    return get_object_or_404(rows if binned else rows.filter(deleted_at=None), pk=pk)


@require_POST
def template_rename(request: MemberRequest, template_id: int) -> HttpResponse:
    template = the_template(request, template_id)
    form = TemplateForm(request.POST, auto_id=f"id_%s_{template.pk}")
    if not form.is_valid():
        return show(request, form, template.pk)
    template.name = form.cleaned_data["name"]
    fingerprint = fingerprint_of(template.name, template.document)
    others = templates_of(request.membership.workspace).exclude(pk=template.pk)
    if others.filter(fingerprint=fingerprint).exists():
        form.add_error("name", _("There is the same template of that name already."))
        return show(request, form, template.pk)
    template.fingerprint = fingerprint
    template.save(update_fields=["name", "fingerprint"])
    messages.success(request, _("Saved: %(template)s") % {"template": template})
    return HttpResponseRedirect(request.membership.url("cycles:templates"))


@require_POST
def template_delete(request: MemberRequest, template_id: int) -> HttpResponse:
    template = the_template(request, template_id, binned=True)
    if template.deleted_at is None:
        template.deleted_at = timezone.now()
        template.save(update_fields=["deleted_at"])
    return HttpResponseRedirect(request.membership.url("cycles:templates") + f"?deleted={template.pk}")


@require_POST
def template_restore(request: MemberRequest, template_id: int) -> HttpResponse:
    template = the_template(request, template_id, binned=True)
    same = templates_of(request.membership.workspace).filter(fingerprint=template.fingerprint)
    if not same.exists():  # the same may have been saved again since
        template.deleted_at = None
        template.save(update_fields=["deleted_at"])
    return HttpResponseRedirect(request.membership.url("cycles:templates"))


def undo_in(request: MemberRequest) -> Undo | None:
    gone = number_in(request.GET, "deleted")
    binned = request.membership.workspace.templates.filter(deleted_at__isnull=False)
    template = binned.filter(pk=gone).first() if gone else None
    if template is None:
        return None
    said = _("Template “%(template)s” has been deleted.") % {"template": template}
    return Undo(said, request.membership.url("cycles:template_restore", template.pk))


# --- Single moments ------------------------------------------------------------------------------


class InsertForm(forms.Form):
    key = forms.CharField()
    stage = forms.ModelChoiceField(Stage.objects.none())

    def __init__(self, *args: object, cycle: Cycle, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["stage"].queryset = Stage.objects.filter(cycle=cycle)  # type: ignore[attr-defined]

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if single_moment(key) is None:
            raise forms.ValidationError(_("This moment is not in the library."))
        return key


@allow(read=EDITORS)
@require_safe
def moments_library(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return show_library(request, the_cycle(request, cycle_id))


def show_library(request: MemberRequest, cycle: Cycle, fault: str = "") -> HttpResponse:
    query = request.GET.get("q", "")[:200]
    context = {
        "cycle": cycle,
        "query": query,
        "found": single_moments(query),
        "stages": Stage.objects.filter(cycle=cycle),
        "stage": number_in(request.GET, "stage"),
        "fault": fault,
    }
    status = 422 if fault else 200
    return page_or_fragment(request, "cycles/moments_library.html", "cycles/_found.html", context, status)


@require_POST
def moment_insert(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """A moment of the library at the end of a stage; its page opens."""
    cycle = the_cycle(request, cycle_id)
    form = InsertForm(request.POST, cycle=cycle)
    if not form.is_valid():
        return show_library(request, cycle, _("Choose a stage of the cycle and a moment of the library."))
    moment = insert(form.cleaned_data["stage"], form.cleaned_data["key"])
    cycle.touch()
    messages.success(request, _("Added: %(moment)s.") % {"moment": moment})
    url = request.membership.url("cycles:moments_library", cycle.pk)
    return HttpResponseRedirect(f"{url}?stage={moment.stage_id}")
