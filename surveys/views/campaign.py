"""A wave's mail: its words, a test of it, starting, pausing, giving up, mail in doubt."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest
from surveys import campaigns
from surveys.mail_forms import MessageForm
from surveys.mail_preview import NotSentError, mail_preview, send_test
from surveys.models import OutgoingMail, Wave
from surveys.views import page
from surveys.views.waves import reached


@require_POST
def message(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    form = MessageForm(request.POST, instance=campaigns.campaign_of(wave))
    if not form.is_valid():
        return page.answer(request, wave, "message", 422, message_form=form)
    form.save()
    messages.success(request, _("Message saved."))
    return page.answer(request, wave, "message")


@require_POST
def message_preview(request: MemberRequest, wave_id: int) -> HttpResponse:
    """The mail as typed, before it is saved; faults are told when it is."""
    wave = reached(request, wave_id)
    campaign = campaigns.campaign_of(wave)
    form = MessageForm(request.POST, instance=campaign)
    if form.is_valid():
        campaign.texts = form.texts()
    shown = mail_preview(campaign, request.POST.get("shown", ""), request.POST.get("round", ""))
    context = page.base(request, wave) | {"campaign": campaign, "mail": shown, "unsaved": form.has_changed()}
    return render(request, "surveys/_mail.html", context)


@require_POST
def test(request: MemberRequest, wave_id: int) -> HttpResponse:
    """Send the saved message to oneself."""
    wave = reached(request, wave_id)
    try:
        told = (request.POST.get("shown", ""), request.POST.get("round", ""))
        send_test(campaigns.campaign_of(wave), request.membership, *told)
    except NotSentError as error:
        return page.answer(request, wave, "mail", 422, mail_fault=str(error))
    messages.success(request, _("A test is on its way to %(email)s.") % {"email": request.user.email})
    return page.answer(request, wave, "mail")


@require_POST
def start(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    campaign = campaigns.campaign_of(wave)
    if campaign.pk is None:
        campaign.save()
    try:
        queued = campaigns.start(campaign)
    except campaigns.NotSendableError as error:
        return page.answer(request, wave, "survey", 422, fault=str(error))
    messages.success(request, ngettext("%(n)d mail queued.", "%(n)d mails queued.", queued) % {"n": queued})
    return page.answer(request, wave, "survey")


@require_POST
def pause(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    campaigns.pause(campaigns.campaign_of(wave))
    return page.answer(request, wave, "survey")


@require_POST
def resume(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    campaigns.resume(campaigns.campaign_of(wave))
    return page.answer(request, wave, "survey")


@require_POST
def cancel(request: MemberRequest, wave_id: int) -> HttpResponse:
    """Give up what has not left yet."""
    wave = reached(request, wave_id)
    given_up = campaigns.cancel_rest(campaigns.campaign_of(wave))
    messages.success(
        request, ngettext("%(n)d mail cancelled.", "%(n)d mails cancelled.", given_up) % {"n": given_up}
    )
    return page.answer(request, wave, "survey")


@require_POST
def requeue(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    try:
        queued = campaigns.requeue_cancelled(campaigns.campaign_of(wave))
    except campaigns.NotSendableError as error:
        return page.answer(request, wave, "survey", 422, fault=str(error))
    messages.success(request, ngettext("%(n)d mail queued.", "%(n)d mails queued.", queued) % {"n": queued})
    return page.answer(request, wave, "survey")


@require_POST
def mail_again(request: MemberRequest, mail_id: int) -> HttpResponse:
    mail, wave = mailed(request, mail_id)
    campaigns.send_again(mail)
    return page.answer(request, wave, "send", take_focus=True)


@require_POST
def mail_leave(request: MemberRequest, mail_id: int) -> HttpResponse:
    mail, wave = mailed(request, mail_id)
    campaigns.leave(mail)
    return page.answer(request, wave, "send", take_focus=True)


def mailed(request: MemberRequest, mail_id: int) -> tuple[OutgoingMail, Wave]:
    """A mail of a campaign: the way to the client leads through it."""
    mail = get_object_or_404(request.membership.reach(OutgoingMail).select_related("campaign"), pk=mail_id)
    assert mail.campaign is not None
    return mail, reached(request, mail.campaign.wave_id)
