"""Whom a wave's mail goes to and when, its reminders, and the funnel that keeps itself up to date."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest
from surveys import campaigns
from surveys import schedule as scheduling
from surveys.mail_forms import PlanForm, RemindersForm, ScheduleForm
from surveys.models import Campaign, Wave
from surveys.views import page
from surveys.views.waves import reached


def campaign_to_change(wave: Wave) -> Campaign:
    """Of a wave that was imported there is none yet."""
    campaign = campaigns.campaign_of(wave)
    if campaign.pk is None:
        campaign.save()
    return campaign


@require_safe
def funnel(request: MemberRequest, wave_id: int) -> HttpResponse:
    """What an open page asks every few seconds: 204 as long as nothing has moved."""
    wave = reached(request, wave_id)
    context = page.base(request, wave) | page.funnel_section(request, wave)
    found, was = context["funnel"], request.GET.get("was", "")
    if was == found.sign:
        return HttpResponse(status=204)
    has_panel = not (context["is_closed"] or context["is_draft"])
    if not was or not has_panel or was.partition(".")[0] == found.panel_sign:
        return render(request, "surveys/_funnel.html", context)
    # The last mail has left, one is in doubt, it paused: the panel that says what can be done follows.
    return render(request, "surveys/_funnel_moved.html", context | page.send_section(request, wave))


@require_POST
def plan(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    form = PlanForm(request.POST, instance=campaign_to_change(wave))
    if not form.is_valid():
        return page.answer(request, wave, "send", 422, plan_form=form)
    form.save()
    messages.success(request, _("Recipients saved."))
    return page.answer(request, wave, "send")


@require_POST
def schedule(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    campaign = campaign_to_change(wave)
    form = ScheduleForm(request.POST, campaign=campaign)
    if not form.is_valid():
        return page.answer(request, wave, "send", 422, schedule_form=form)
    if not scheduling.schedule(campaign, form.moment, form.cleaned_data["zone"]):
        return page.answer(request, wave, "send", 422, send_fault=_("Sending has begun already."))
    messages.success(request, _("Planned."))
    return page.answer(request, wave, "send", take_focus=True)


@require_POST
def unschedule(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    if not scheduling.unschedule(campaign_to_change(wave)):
        return page.answer(request, wave, "send", 422, send_fault=_("Sending has begun already."))
    messages.success(request, _("Called off. Nothing starts by itself."))
    return page.answer(request, wave, "send", take_focus=True)


@require_POST
def reminders(request: MemberRequest, wave_id: int) -> HttpResponse:
    wave = reached(request, wave_id)
    form = RemindersForm(request.POST, instance=campaign_to_change(wave))
    if not form.is_valid():
        return page.answer(request, wave, "reminders", 422, reminders_form=form)
    form.save()
    messages.success(request, _("Reminders saved."))
    return page.answer(request, wave, "reminders")


@require_POST
def capped(request: MemberRequest, wave_id: int) -> HttpResponse:
    """Send to those whom no other survey has asked lately any more."""
    wave = reached(request, wave_id)
    try:
        queued = campaigns.requeue_capped(campaign_to_change(wave))
    except campaigns.NotSendableError as error:
        return page.answer(request, wave, "survey", 422, fault=str(error))
    messages.success(request, ngettext("%(n)d mail queued.", "%(n)d mails queued.", queued) % {"n": queued})
    return page.answer(request, wave, "survey")
