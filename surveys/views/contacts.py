"""The contacts of a client: found, added, changed, opted out, erased. For editors only: they are personal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Client
from cyclemap.htmx import page_or_fragment
from surveys import contacts, erasing
from surveys.contact_forms import ContactForm, EraseForm
from surveys.models import Contact, Response, Segment, Why
from surveys.suppression import suppress


def client_or_404(request: MemberRequest, client_id: int) -> Client:
    return get_object_or_404(request.membership.reach(Client), pk=client_id)


def contact_or_404(request: MemberRequest, contact_id: int) -> Contact:
    return get_object_or_404(request.membership.reach(Contact).select_related("client"), pk=contact_id)


@allow(read=EDITORS)
@require_safe
def index(request: MemberRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    told = request.GET
    segments = list(Segment.objects.filter(client=client, deleted_at=None))
    wanted = next((one for one in segments if str(one.pk) == told.get("segment")), None)
    found = contacts.contact_list(
        client, told.get("q", ""), told.get("state", ""), wanted, told.get("sort", ""), told.get("page", "1")
    )
    context = {
        "client": client,
        "found": found,
        "segments": segments,
        "states": contacts.ContactState.choices,
        "figures": contacts.figures(client),
        "tab_here": "contacts",
    }
    return page_or_fragment(
        request, "surveys/contacts/contacts.html", "surveys/contacts/_contacts.html", context
    )


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def add(request: MemberRequest, client_id: int) -> HttpResponse:
    client = client_or_404(request, client_id)
    form = ContactForm(request.POST if request.method == "POST" else None, client=client)
    if not form.is_valid():
        return form_page(request, client, form)
    contact = form.save()
    messages.success(request, _("%(contact)s was added.") % {"contact": contact})
    return redirect(request.membership.url("surveys:contacts", client.pk))


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, contact_id: int) -> HttpResponse:
    contact = contact_or_404(request, contact_id)
    name = str(contact)
    form = ContactForm(
        request.POST if request.method == "POST" else None, instance=contact, client=contact.client
    )
    if not form.is_valid():
        return form_page(request, contact.client, form, name)
    form.save()
    messages.success(request, _("%(contact)s was saved.") % {"contact": contact})
    return redirect(request.membership.url("surveys:contacts", contact.client_id))


def form_page(request: MemberRequest, client: Client, form: ContactForm, name: str = "") -> HttpResponse:
    contact = form.instance
    context = {
        "client": client,
        "form": form,
        "name": name,
        "contact": contact if contact.pk else None,
        "state": contacts.state_of(contact),
        "asked": contact.invitations.select_related("wave__survey") if contact.pk else [],
        "tab_here": "contacts",
    }
    status = 422 if form.is_bound else 200
    return render(request, "surveys/contacts/contact_form.html", context, status=status)


@require_POST
def opt_out(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Somebody asked by phone or in the shop for no more mail. Saying it twice is saying it once."""
    contact = contact_or_404(request, contact_id)
    suppress(contact, Why.OPTED_OUT)
    messages.success(request, _("%(contact)s will get no more mail.") % {"contact": contact})
    return redirect(request.membership.url("surveys:contact", contact.pk))


@allow(read=EDITORS)
@require_http_methods(["GET", "POST"])
def erase(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Show what an erasure takes with it; with both boxes read and pressed, do it."""
    contact = contact_or_404(request, contact_id)
    client = contact.client
    form = EraseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        answers = Response.objects.filter(invitation__contact=contact).select_related("wave__survey")
        context = {"client": client, "contact": contact, "form": form, "about": erasing.about(contact)}
        context |= {"answers": answers, "tab_here": "contacts"}
        return render(request, "surveys/contacts/erase.html", context, status=422 if form.is_bound else 200)
    erased = erasing.erase_person(contact, keep_comments=form.cleaned_data["keep_comments"])
    messages.success(request, said(erased))
    return redirect(request.membership.url("surveys:contacts", client.pk))


def said(erased: erasing.Erased) -> str:
    """Without a name: it is gone."""
    parts = [_("The person was erased.")]
    if erased.answers:
        parts.append(
            ngettext(
                "%(n)d answer stays, without a name.", "%(n)d answers stay, without a name.", erased.answers
            )
            % {"n": erased.answers}
        )
    if erased.lists:
        parts.append(
            ngettext(
                "%(n)d list that held the address and was not imported yet was thrown away.",
                "%(n)d lists that held the address and were not imported yet were thrown away.",
                erased.lists,
            )
            % {"n": erased.lists}
        )
    return " ".join(parts)
