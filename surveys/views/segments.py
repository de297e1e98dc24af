"""Saved segments of a client's contacts: made, changed, deleted and taken back; and given to a wave."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Client
from surveys import segments
from surveys.contact_import import add_contacts
from surveys.models import Contact, Segment
from surveys.segment_forms import SegmentForm
from surveys.views import page
from surveys.views.contacts import client_or_404
from surveys.views.waves import reached


def segment_or_404(request: MemberRequest, segment_id: int, *, binned: bool = False) -> Segment:
    found = request.membership.reach(Segment, binned=binned).select_related("client")
    return get_object_or_404(found, pk=segment_id)


@allow(read=EDITORS)
@require_safe
def index(request: MemberRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    found = list(Segment.objects.filter(client=client, deleted_at=None))
    told = segments.counts(client, found)
    waves = {wave.pk: wave for wave in segments.waves_of(client)}
    rows = [(one, *told[one.pk], segments.in_words(one.rules, waves)) for one in found]
    context = {"client": client, "rows": rows, "undo": undo_in(request, client), "tab_here": "segments"}
    return render(request, "surveys/contacts/segments.html", context)


def undo_in(request: MemberRequest, client: Client) -> Segment | None:
    """The segment that was just deleted, as the address says."""
    told = request.GET.get("deleted", "")
    binned = Segment.objects.filter(client=client, deleted_at__isnull=False)
    return binned.filter(pk=int(told)).first() if told.isdecimal() and len(told) < 16 else None


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def new(request: MemberRequest, client_id: int) -> HttpResponse:
    return form_page(request, client_or_404(request, client_id), None)


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, segment_id: int) -> HttpResponse:
    segment = segment_or_404(request, segment_id)
    return form_page(request, segment.client, segment)


def form_page(request: MemberRequest, client: Client, segment: Segment | None) -> HttpResponse:
    """Show the form; save it. With `count` pressed only say how many it finds."""
    form = SegmentForm(client, segment, request.POST if request.method == "POST" else None)
    saving = request.method == "POST" and "count" not in request.POST
    if saving and form.is_valid() and save(client, segment, form):
        messages.success(request, _("The segment “%(name)s” was saved.") % {"name": form.name})
        return redirect(request.membership.url("surveys:segments", client.pk))
    n, ready = segments.count(client, form.rules)
    figures = {"n": n, "ready": ready, "tab_here": "segments"}
    context = {"client": client, "segment": segment, "form": form, **figures}
    template = "surveys/contacts/segment_form.html"
    return render(request, template, context, status=422 if form.errors else 200)


def save(client: Client, segment: Segment | None, form: SegmentForm) -> bool:
    segment = segment or Segment(client=client)
    segment.name, segment.rules = form.name, form.rules
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError:
        # Saved twice in the same moment.
        form.errors["name"] = _("There is a segment of that name already.")
        return False
    return True


@allow(read=EDITORS)
@require_safe
def count(request: MemberRequest, client_id: int) -> HttpResponse:
    """How many the form as it stands would find: asked while it is filled in."""
    client = client_or_404(request, client_id)
    n, ready = segments.count(client, SegmentForm(client, data=request.GET).rules)
    return render(request, "surveys/contacts/_count.html", {"n": n, "ready": ready})


@require_POST
def delete(request: MemberRequest, segment_id: int) -> HttpResponse:
    segment = segment_or_404(request, segment_id, binned=True)
    Segment.objects.filter(pk=segment.pk, deleted_at=None).update(deleted_at=timezone.now())
    url = request.membership.url("surveys:segments", segment.client_id)
    return redirect(f"{url}?deleted={segment.pk}")


@require_POST
def restore(request: MemberRequest, segment_id: int) -> HttpResponse:
    """Take back a deletion; where the name was given away meanwhile, under one that is free."""
    segment = segment_or_404(request, segment_id, binned=True)
    if segment.deleted_at is not None:
        segment.name = segments.free_name(segment)
        segment.deleted_at = None
        segment.save(update_fields=["name", "deleted_at"])
    messages.success(request, _("The segment “%(name)s” is back.") % {"name": segment})
    return redirect(request.membership.url("surveys:segments", segment.client_id))


@require_POST
def give(request: MemberRequest, wave_id: int) -> HttpResponse:
    """Make the contacts of a segment, or all of them, recipients of a wave."""
    wave = reached(request, wave_id)
    client = wave.survey.cycle.client
    told = request.POST.get("segment", "")
    if not told:
        return page.answer(request, wave, "recipients", 422, segment_fault=_("Choose a segment of the list."))
    if told == "all":
        chosen = Contact.objects.filter(client=client)
    else:
        pk = int(told) if told.isdecimal() and len(told) < 16 else 0
        segment = get_object_or_404(request.membership.reach(Segment), pk=pk, client=client)
        chosen = segments.contacts_of(segment)
    joined = add_contacts(wave, chosen)
    messages.success(
        request, ngettext("%(n)d recipient added.", "%(n)d recipients added.", joined) % {"n": joined}
    )
    return page.answer(request, wave, "recipients", take_focus=True)
