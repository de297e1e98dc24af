"""What is done to a case: each change has its own address, names the version it was decided on, and of two at
the same time one wins; the other gets 409 and what happened meanwhile."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from surveys import campaigns
from surveys.case_forms import CausesForm, CloseForm, FactsForm, NoteForm, OwnerForm, SpokeForm
from surveys.cases import closing, moving
from surveys.cases.lines import WORKERS
from surveys.models import ENDED, Case, CaseStatus, OutgoingMail
from surveys.views.cases import show_board, show_case, the_case

View = Callable[..., HttpResponse]


def told_of_others(view: View) -> View:
    """What somebody else did meanwhile, in words, beside the case as it is now."""

    @wraps(view)
    def inner(request: MemberRequest, case_id: int) -> HttpResponse:
        try:
            return view(request, case_id)
        except moving.MovedMeanwhileError as error:
            return refused(request, error.case, meanwhile(error.case), 409)
        except moving.CannotMoveError as error:
            return refused(request, the_case(request, case_id), str(error), 422)

    return inner


def meanwhile(case: Case) -> str:
    last = case.steps.exclude(who_name="").last()
    if last is None:
        return _("The case was changed meanwhile, and is now “%(status)s”. Nothing of yours was saved.") % {
            "status": case.get_status_display()
        }
    return _(
        "%(who)s changed the case meanwhile: it is now “%(status)s”, and %(owner)s is responsible. "
        "Nothing of yours was saved."
    ) % {
        "who": last.who_name,
        "status": case.get_status_display(),
        "owner": case.owner_name or _("nobody"),
    }


def version_in(request: MemberRequest, case: Case) -> int:
    """As the page had it; a page that says none has seen the case as it is."""
    told = request.POST.get("version", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else case.version


def answered(request: MemberRequest, case: Case, said: str) -> HttpResponse:
    on_board = request.POST.get("at") == "board"
    if not request.htmx:
        name, key = ("surveys:cases", case.cycle_id) if on_board else ("surveys:case", case.pk)
        return HttpResponseRedirect(request.membership.url(name, key))
    if on_board:
        return show_board(request, case.cycle, live=said, moved=case.pk, news=True)
    return show_case(request, the_case(request, case.pk), live=said, news=True)


def refused(request: MemberRequest, case: Case, fault: str, status: int, **more: Any) -> HttpResponse:
    if request.POST.get("at") == "board":
        return show_board(request, the_case(request, case.pk).cycle, status, fault=fault)
    return show_case(request, the_case(request, case.pk), status, fault=fault, **more)


@allow(write=WORKERS)
@require_POST
@told_of_others
def status(request: MemberRequest, case_id: int) -> HttpResponse:
    case = the_case(request, case_id)
    wanted = request.POST.get("status", "")
    if wanted not in CaseStatus.values:
        return refused(request, case, _("Choose one of the statuses."), 422)
    if wanted in ENDED and case.is_open and request.POST.get("at") == "board":
        fault = _("%(code)s is closed on its own page: say there how and when the customer was told.")
        return show_board(request, case.cycle, 422, fault=fault % {"code": case.code}, to_close=case)
    moving.move(case, wanted, request.user, version_in(request, case))
    said = _("%(code)s is now “%(status)s”.") % {"code": case.code, "status": case.get_status_display()}
    return answered(request, case, said)


@allow(read=WORKERS, write=WORKERS)
@require_http_methods(["GET", "POST"])
@told_of_others
def close(request: MemberRequest, case_id: int) -> HttpResponse:
    case = the_case(request, case_id)
    if request.method != "POST" or not case.is_open:
        return show_case(request, case, closing=True)
    form = CloseForm(request.POST, case=case)
    why = ""
    if form.is_valid():
        told = form.cleaned_data
        why = closing.refusal(case, told["channel"], told["on"], told["text"])
    elif "channel" in form.errors:
        why = _("A case is closed when the customer has been told: say how, and on which day.")
    if not form.is_valid() or why:
        return show_case(request, case, 422, close_form=form, closing=True, close_fault=why)
    closing.close(case, request.user, version_in(request, case), **told)
    return answered(request, case, _("%(code)s is closed.") % {"code": case.code})


@allow(write=WORKERS)
@require_POST
@told_of_others
def owner(request: MemberRequest, case_id: int) -> HttpResponse:
    case = the_case(request, case_id)
    form = OwnerForm(request.POST, case=case)
    if not form.is_valid():
        return show_case(request, case, 422, owner_form=form)
    moving.assign(case, form.cleaned_data["owner"], request.user, version_in(request, case))
    return answered(request, case, _("%(who)s is responsible.") % {"who": case.owner_name or _("Nobody")})


@allow(write=WORKERS)
@require_POST
def note(request: MemberRequest, case_id: int) -> HttpResponse:
    case = the_case(request, case_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, 422, note_form=form)
    moving.remark(case, request.user, form.cleaned_data["text"], key_in(request))
    return answered(request, case, _("The note was added."))


@allow(write=WORKERS)
@require_POST
def spoke(request: MemberRequest, case_id: int) -> HttpResponse:
    case = the_case(request, case_id)
    form = SpokeForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, 422, spoke_form=form)
    told = form.cleaned_data
    moving.spoke(case, request.user, told["channel"], told["said"], key_in(request))
    return answered(request, case, _("The contact was noted."))


def key_in(request: MemberRequest) -> str:
    key = request.POST.get("key", "")
    return key if key.isascii() and key.isalnum() and len(key) <= 32 else ""


@allow(write=WORKERS)
@require_POST
@told_of_others
def delete(request: MemberRequest, case_id: int) -> HttpResponse:
    """A slip; whatever the customer has heard of stays."""
    case = the_case(request, case_id)
    moving.delete(case, version_in(request, case))
    messages.success(request, _("%(code)s is deleted.") % {"code": case.code})
    return HttpResponseRedirect(request.membership.url("surveys:cases", case.cycle_id))


@allow(write=WORKERS)
@require_POST
@told_of_others
def facts(request: MemberRequest, case_id: int) -> HttpResponse:
    case = the_case(request, case_id)
    form = FactsForm(request.POST, instance=case, cycle=case.cycle, prefix="facts")
    if not form.is_valid():
        case.refresh_from_db()
        return show_case(request, case, 422, facts_form=form)
    case = the_case(request, case_id)
    moving.classify(case, version_in(request, case), **form.cleaned_data)
    return answered(request, case, _("Saved."))


@allow(write=WORKERS)
@require_POST
def causes(request: MemberRequest, case_id: int) -> HttpResponse:
    case = the_case(request, case_id)
    form = CausesForm(request.POST, case=case)
    if not form.is_valid():
        return show_case(request, case, 422, causes_form=form)
    form.save()
    return answered(request, case, _("Saved."))


@allow(write=WORKERS)
@require_POST
def mail_decided(request: MemberRequest, case_id: int) -> HttpResponse:
    """Of a mail in doubt a person says: once more, or leave it."""
    case = the_case(request, case_id)
    mail = OutgoingMail.objects.filter(case=case).order_by("-round").first()
    if mail is not None:
        decide = campaigns.send_again if request.POST.get("decision") == "again" else campaigns.leave
        decide(mail)
    return answered(request, case, _("Saved."))
