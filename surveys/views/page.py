"""The page of a wave: what each of its sections shows, and how a change answers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts.access import MemberRequest
from surveys import brakes, campaigns, sending
from surveys.campaigns import campaign_of, cancelled, fresh, in_doubt
from surveys.choice import choices
from surveys.contact_forms import ContactListForm, MappingForm
from surveys.contact_import import preview
from surveys.contact_table import UnreadableError
from surveys.contacts import masked
from surveys.extra import DELETED
from surveys.extra import MOST as MOST_EXTRAS
from surveys.extra_form import ExtraForm
from surveys.forms import QuestionsForm, WaveForm
from surveys.funnel import funnel_of
from surveys.glance import glance
from surveys.instrument import items_of, moments_of
from surveys.instrument_forms import SettingsForm
from surveys.languages import offered
from surveys.mail_forms import MessageForm, PlanForm, RemindersForm, ScheduleForm
from surveys.mail_preview import mail_preview
from surveys.models import Contact, ContactFile, MailState, OutgoingMail, Segment, SurveyStatus, Wave
from surveys.questionnaire import Questionnaire, questionnaire_of
from surveys.recipient_list import Progress, recipient_list
from surveys.relay import envelope_sender
from surveys.sample import needed
from surveys.wave_list import wave_lines

Context = dict[str, Any]
# Mails in doubt that the page lists; there are rarely more than a handful.
DOUBTS = 50


def base(request: MemberRequest, wave: Wave) -> Context:
    survey = wave.survey
    waves = list(survey.waves.all())
    return {
        "cycle": survey.cycle,
        "survey": survey,
        "wave": wave,
        "waves": waves,
        "is_last": all(one.number <= wave.number for one in waves),
        "is_draft": wave.status == SurveyStatus.DRAFT,
        "is_closed": wave.status == SurveyStatus.CLOSED,
        "is_editor": request.membership.is_editor,
        "extent": lambda: extent(wave),
        "wave_lines": lambda: wave_lines(waves),
        "sample": lambda: needed(wave),
        "spoken": [name for _code, name in offered(survey)],
    }


def extent(wave: Wave) -> Questionnaire:
    """How much a customer is asked. Called by the templates that say it."""
    survey = wave.survey
    return questionnaire_of(survey, None if survey.frozen_at else items_of(survey))


def settings_section(request: MemberRequest, wave: Wave) -> Context:
    if wave.survey.frozen_at is None:
        return {"settings_form": SettingsForm(instance=wave.survey, wave=wave)}
    return {"wave_form": WaveForm(instance=wave)}


def questions_section(request: MemberRequest, wave: Wave) -> Context:
    survey = wave.survey
    items = items_of(survey)
    n_requirements = sum(item.is_requirement for item in items)
    shown = {"items": items, "n_requirements": n_requirements, "n_moments": len(items) - n_requirements}
    if survey.frozen_at is not None:
        return shown
    return {**shown, "choices": choices(survey, moments_of(survey.cycle))}


def extra_section(request: MemberRequest, wave: Wave) -> Context:
    """The extra questions, each with its form while it may change."""
    survey = wave.survey
    questions = list(survey.questions.select_related("shown_if"))
    if survey.frozen_at is not None or not request.membership.is_editor:
        return {"extras": [(question, None) for question in questions]}
    return {
        "extras": [(q, ExtraForm(instance=q, survey=survey, prefix=f"q{q.pk}")) for q in questions],
        "new_question": ExtraForm(survey=survey, prefix="new") if len(questions) < MOST_EXTRAS else None,
        "can_restore": str(survey.pk) in request.session.get(DELETED, {}),
    }


def questions_form(wave: Wave, data: Any = None) -> QuestionsForm:
    return QuestionsForm(data, survey=wave.survey, moments=moments_of(wave.survey.cycle))


def recipients_section(request: MemberRequest, wave: Wave) -> Context:
    return {
        **list_section(request, wave),
        "list_form": ContactListForm(),
        **segments_section(request, wave),
        "n_recipients": wave.recipients.count(),
        "n_ready": wave.recipients.filter(opted_out_at=None, bounced_at=None).count(),
        "has_last_wave": wave.number > 1,
        **preview_section(request, wave),
    }


def segments_section(request: MemberRequest, wave: Wave) -> Context:
    """Whom one can add without a list; nobody else has to know which segments there are."""
    if not request.membership.is_editor:
        return {}
    client = wave.survey.cycle.client
    return {
        "client": client,
        "segments": list(Segment.objects.filter(client=client, deleted_at=None)),
        "has_contacts": Contact.objects.filter(client=client).exists(),
    }


def list_section(request: MemberRequest, wave: Wave) -> Context:
    told = request.GET
    listed = recipient_list(
        wave,
        told.get("q", ""),
        told.get("state", ""),
        told.get("page", "1"),
        with_addresses=request.membership.is_editor,
    )
    return {"recipients": listed, "progresses": Progress.choices}


def preview_section(request: MemberRequest, wave: Wave) -> Context:
    kept = ContactFile.objects.select_related("wave__survey__cycle__client").filter(wave=wave).first()
    if kept is None or kept.imported_at is not None:
        return {"contact_file": kept}
    try:
        shown = preview(kept)
    except UnreadableError as error:
        return {"contact_file": kept, "contact_file_fault": str(error)}
    return {"contact_file": kept, "preview": shown, "mapping_form": MappingForm(look=shown)}


def message_section(request: MemberRequest, wave: Wave) -> Context:
    campaign = campaign_of(wave)
    return {"campaign": campaign, "message_form": MessageForm(instance=campaign)}


def mail_section(request: MemberRequest, wave: Wave) -> Context:
    campaign = campaign_of(wave)
    return {"campaign": campaign, "mail": mail_preview(campaign)}


def send_section(request: MemberRequest, wave: Wave) -> Context:
    campaign = campaign_of(wave)
    # An imported wave has never had a mail, nor a campaign.
    known = campaign.pk is not None
    doubts = in_doubt(campaign) if known else OutgoingMail.objects.none()
    n_doubts = doubts.count() if known else 0
    waiting = (MailState.QUEUED, MailState.HELD)
    n_waiting = campaign.mails.filter(state__in=waiting).count() if known else 0
    return {
        "campaign": campaign,
        "n_new": fresh(campaign).count(),
        "n_waiting": n_waiting,
        "n_cancelled": cancelled(campaign).count() if known else 0,
        "n_capped": campaigns.capped(campaign).count() if known else 0,
        "n_no_longer_capped": campaigns.no_longer_capped(campaign).count() if known else 0,
        "standing": sending.standing(campaign, n_waiting, brakes.rests(envelope_sender())),
        "plan_form": PlanForm(instance=campaign),
        "schedule_form": ScheduleForm(campaign=campaign),
        "n_doubts": n_doubts,
        "doubts": [(mail, _shown(request, mail.recipient)) for mail in doubts[:DOUBTS]] if n_doubts else [],
    }


def _shown(request: MemberRequest, address: str) -> str:
    """As much of an address as the reader may see."""
    return address if request.membership.is_editor else masked(address)


def reminders_section(request: MemberRequest, wave: Wave) -> Context:
    return {"reminders_form": RemindersForm(instance=campaign_of(wave))}


def funnel_section(request: MemberRequest, wave: Wave) -> Context:
    return {"funnel": funnel_of(wave)}


def results_section(request: MemberRequest, wave: Wave) -> Context:
    return {"glance": glance(wave)}


SECTIONS: dict[str, Callable[[MemberRequest, Wave], Context]] = {
    "settings": settings_section,
    "questions": questions_section,
    "extra": extra_section,
    "recipients": recipients_section,
    "message": message_section,
    "reminders": reminders_section,
    "mail": mail_section,
    "send": send_section,
    "funnel": funnel_section,
    "results": results_section,
}


def whole(request: MemberRequest, wave: Wave) -> Context:
    context = base(request, wave)
    for section in SECTIONS.values():
        context |= section(request, wave)
    return context


def answer(
    request: MemberRequest,
    wave: Wave,
    section: str,
    status: int = 200,
    *,
    take_focus: bool = False,
    **replaced: Any,
) -> HttpResponse:
    """After a change of one section: its fragment for htmx, else the page it stands on.

    A form that was refused is given as `replaced` with status 422, so that what was typed stays.
    `take_focus`: the button that was pressed is gone, so the heading of the section has the focus.
    """
    if not request.htmx:
        if status == 200:
            return HttpResponseRedirect(request.membership.url("surveys:wave", wave.pk) + f"#{section}")
        return render(request, "surveys/survey.html", whole(request, wave) | replaced, status=status)
    if section == "survey":
        context = whole(request, wave) | replaced | {"take_focus": True}
        return render(request, "surveys/_survey_changed.html", context, status=status)
    context = base(request, wave) | SECTIONS[section](request, wave) | send_section(request, wave) | replaced
    if section == "settings" and status == 200:
        # The usual words of the mails follow the form of address and the languages.
        context |= message_section(request, wave) | reminders_section(request, wave)
    shown = {
        "section": section,
        "section_template": f"surveys/_{section}.html",
        "section_ok": status == 200,
        "take_focus": take_focus,
    }
    response = render(request, "surveys/_section.html", context | shown, status=status)
    if status == 200:
        # The preview of the mail listens: it shows how many questions there are, for whom, and so on.
        response.headers["HX-Trigger-After-Settle"] = "survey-changed"
    return response
