"""Recipients of a wave: a list is given, looked at, imported; one is taken out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest
from cyclemap.uploads import is_cut_off
from surveys import contact_import
from surveys.contact_forms import ContactListForm, MappingForm
from surveys.contact_import import add_contacts
from surveys.contact_table import TooLongError, UnreadableError, too_large
from surveys.models import Contact, ContactFile, Invitation, Wave
from surveys.views import contact_lists, page
from surveys.views.waves import reached


@require_POST
def give(request: MemberRequest, wave_id: int) -> HttpResponse:
    """Take a file or a pasted list and show what is in it; nothing is imported yet. A long one has a page."""
    wave = reached(request, wave_id)
    form = ContactListForm(request.POST, request.FILES)
    if is_cut_off(request):
        form.add_error("file", too_large())
    elif form.is_valid():
        try:
            if kept_here(wave, form):
                return page.answer(request, wave, "recipients", take_focus=True)
            client = wave.survey.cycle.client
            return contact_lists.taken(request, contact_lists.keep(request, client, form, wave))
        except UnreadableError as error:
            form.refuse(str(error))
    return page.answer(request, wave, "recipients", 422, list_form=form)


def kept_here(wave: Wave, form: ContactListForm) -> bool:
    """Whether the list is short enough to be shown in the page of the wave."""
    if form.text is None:
        return False
    try:
        contact_import.keep(wave, form.text, form.name)
    except TooLongError:
        return False
    return True


@require_POST
def mapping(request: MemberRequest, wave_id: int) -> HttpResponse:
    """Say what the columns hold; with `import` pressed, import at once what they hold now."""
    wave = reached(request, wave_id)
    kept = get_object_or_404(ContactFile, wave=wave)
    if kept.imported_at is not None:
        return page.answer(request, wave, "recipients", take_focus=True)
    form = MappingForm(request.POST, look=contact_import.preview(kept))
    if not form.is_valid():
        return page.answer(request, wave, "recipients", 422, mapping_form=form)
    ContactFile.objects.filter(pk=kept.pk, imported_at=None).update(mapping=form.mapping)
    look = contact_import.preview(contact_file(wave))
    if "import" not in request.POST or (look.differing and not form.wins):
        shown = MappingForm(look=look, wins=form.wins)
        return page.answer(request, wave, "recipients", mapping_form=shown, wins=form.wins)
    try:
        done = contact_import.import_kept(kept, form.wins)
    except UnreadableError as error:
        form.add_error(None, str(error))
        return page.answer(request, wave, "recipients", 422, mapping_form=form)
    messages.success(request, imported(done))
    return page.answer(request, wave, "recipients", take_focus=True)


def contact_file(wave: Wave) -> ContactFile:
    return ContactFile.objects.select_related("wave__survey__cycle__client").get(wave=wave)


def imported(kept: ContactFile) -> str:
    joined = kept.summary["joined"]
    if not joined:
        return _("Nothing new in the list: everybody in it was a recipient already.")
    return ngettext("%(n)d recipient added.", "%(n)d recipients added.", joined) % {"n": joined}


@require_POST
def discard(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    ContactFile.objects.filter(wave=wave).delete()
    return page.answer(request, wave, "recipients", take_focus=True)


@require_POST
def again(request: MemberRequest, wave_id: int) -> HttpResponse:
    """Ask those of the last wave once more."""
    wave = reached(request, wave_id)
    joined = contact_import.add_last_wave(wave)
    messages.success(
        request, ngettext("%(n)d recipient added.", "%(n)d recipients added.", joined) % {"n": joined}
    )
    return page.answer(request, wave, "recipients", take_focus=True)


@require_POST
def remove(request: MemberRequest, wave_id: int, contact_id: int) -> HttpResponse:
    """Take out a recipient; one that was invited stays, as the mail has gone."""
    wave = reached(request, wave_id)
    contact = get_object_or_404(request.membership.reach(Contact), pk=contact_id)
    if Invitation.objects.filter(wave=wave, contact=contact).exists():
        return page.answer(request, wave, "recipients", take_focus=True)
    wave.recipients.remove(contact)
    return page.answer(request, wave, "recipients", take_focus=True, taken_out=contact)


@require_POST
def restore(request: MemberRequest, wave_id: int, contact_id: int) -> HttpResponse:
    """Who was taken out by mistake is a recipient again."""
    wave = reached(request, wave_id)
    contact = get_object_or_404(request.membership.reach(Contact), pk=contact_id)
    add_contacts(wave, Contact.objects.filter(pk=contact.pk, client=wave.survey.cycle.client_id))
    return page.answer(request, wave, "recipients", take_focus=True)
