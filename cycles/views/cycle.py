"""A cycle: its map, new, edit, delete, restore."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Client
from cycles import library
from cycles.forms import CycleForm, NewCycleForm
from cycles.models import Cycle, Moment, OwnTemplate, Stage
from cycles.moves import into_bin, out_of_bin
from cycles.own_templates import PREFIX, begin_from, templates_of
from cycles.views.bench import Bench, Undo, selected_in, show
from cycles.views.reached import number_in, the_cycle
from cycles.views.workspace import offered_templates


@require_safe
def cycle_map(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    bench = Bench(selected_in(request), adding=number_in(request.GET, "add"), undo=undo_in(request, cycle))
    return show(request, cycle, bench, "cycles/_moment_opened.html")


@require_safe
def cycle_list(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """The map as a list, with room for more; and the list as it is, for who leaves a name unchanged."""
    bench = Bench(selected_in(request), focus=number_in(request.GET, "focus"))
    fragment = "cycles/_list.html" if request.htmx.target == "list" else "cycles/_moment_opened.html"
    return show(request, the_cycle(request, cycle_id), bench, fragment)


def undo_in(request: MemberRequest, cycle: Cycle) -> Undo | None:
    """Without script a deleted moment comes back as `?deleted=`, so that it can be undone all the same."""
    binned = Moment.objects.filter(stage__cycle=cycle, deleted_at__isnull=False)
    gone = number_in(request.GET, "deleted")
    moment = binned.filter(pk=gone).first() if gone and request.membership.is_editor else None
    if moment is None:
        return None
    url = request.membership.url("cycles:moment_restore", moment.pk)
    said = _("“%(moment)s” is in the bin.") % {"moment": moment}
    return Undo(said, url, number_in(request.GET, "place"))


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def cycle_new(request: MemberRequest) -> HttpResponse:
    clients = request.membership.reach(Client)
    initial = {
        "template": request.GET.get("template", ""),
        "client": number_in(request.GET, "client"),
        "language": get_language(),
    }
    own = {f"{PREFIX}{one.pk}": one for one in templates_of(request.membership.workspace)}
    posted = request.POST if request.method == "POST" else None
    names = [(key, str(one)) for key, one in own.items()]
    form = NewCycleForm(posted, clients=clients, own=names, initial=initial)
    if form.is_valid():
        cycle = begin(request, form, own)
        return HttpResponseRedirect(request.membership.url("cycles:map", cycle.pk))
    context = {"form": form, "templates": offered_templates(), "own": own}
    return render(request, "cycles/new.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def begin(request: MemberRequest, form: NewCycleForm, own: Mapping[str, OwnTemplate]) -> Cycle:
    """A new cycle, from the template or blank with two stages; the client too, where it is new."""
    data = form.cleaned_data
    client = data["client"] or new_client(request, data["new_client"])
    if data["template"] in own:
        return begin_from(own[data["template"]], client, name=data["name"], persona=data["persona"])
    if data["template"]:
        return library.create_cycle(
            client,
            data["template"],
            language=data["language"],
            name=data["name"],
            persona=data["persona"],
        )
    cycle = Cycle.objects.create(
        client=client, name=data["name"], persona=data["persona"], language=data["language"]
    )
    with translation.override(cycle.language):  # the cycle's words, whoever begins it
        Stage.objects.create(cycle=cycle, position=0, name=_("First stage"), colour="a")
        Stage.objects.create(cycle=cycle, position=1, name=_("Second stage"), colour="b")
    return cycle


def new_client(request: MemberRequest, name: str) -> Client:
    workspace = request.membership.workspace
    try:
        with transaction.atomic():
            return Client.objects.create(workspace=workspace, name=name)
    except IntegrityError:  # somebody was faster
        return Client.objects.get(workspace=workspace, name__iexact=name)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def cycle_edit(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    form = CycleForm(
        request.POST if request.method == "POST" else None, instance=cycle, language=cycle.language
    )
    if form.saved():
        cycle.touch()
        return HttpResponseRedirect(request.membership.url("cycles:map", cycle.pk))
    shown = the_cycle(request, cycle_id)
    context = {"form": form, "cycle": shown}
    return render(request, "cycles/edit.html", context, status=form.status)


@require_POST
def cycle_delete(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Out of sight at once; the front page offers to undo it."""
    cycle = get_object_or_404(request.membership.reach(Cycle, binned=True), pk=cycle_id)
    into_bin(cycle)
    front = request.membership.url("workspace")
    return HttpResponseRedirect(f"{front}?deleted={cycle.pk}")


@require_POST
def cycle_restore(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = get_object_or_404(request.membership.reach(Cycle, binned=True), pk=cycle_id)
    out_of_bin(cycle)
    return HttpResponseRedirect(request.membership.url("workspace"))
