"""What customers see at their own link: plain forms that need no script, no cookie and no account.

GET and HEAD change nothing whatsoever: mail scanners open every link, some of them many times. Not
even "opened" is noted then; a page that was answered was opened, and so was one whose answers we
handed back for completion, which is a POST and therefore a person.
"""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from surveys import as_told, form_page, links, page_marks
from surveys.anonymity import coarse
from surveys.answers import Reading
from surveys.drafts import kept_fields, save_draft
from surveys.form_cards import Typed
from surveys.form_page import End, Mode
from surveys.form_reader import Data, one, read_answers
from surveys.intake import Outcome, record_response
from surveys.languages import language_among, offered, words_of
from surveys.models import Invitation, Item, Response, Survey, Why
from surveys.public_pages import (
    Press,
    answer,
    answer_form,
    busy,
    drawn,
    for_customers,
    is_from_our_page,
    not_open,
    notice,
    wrong_link,
)
from surveys.questionnaire import Questionnaire, questionnaire_of
from surveys.suppression import suppress
from surveys.wording import Words


@for_customers
def survey(request: HttpRequest, token: str) -> HttpResponse:
    press = Press(request, token)
    stored = as_told.thanks(press) if request.method == "POST" else None
    if stored is not None:
        return stored
    invitation = links.invitation_for(token)
    if invitation is None:
        return wrong_link(request)
    say = _words(request, invitation)
    response: Response | None = getattr(invitation, "response", None)
    is_used = response is not None or invitation.answered_on is not None
    if request.method == "POST" and not invitation.revoked_at:
        if not is_from_our_page(request):
            return notice(say, invitation.wave.survey, "elsewhere", status=403)
        if not press.is_within_limits:
            return busy(say, invitation.wave.survey.brand)
        if is_used or invitation.wave.is_open:
            return _take(press, invitation, say, is_used=is_used)
    return _refusal(invitation, response, say) or _form(request, invitation, say)


@for_customers
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The way out. The link itself is the authority, so that a mail program can press the button
    (RFC 8058: no cookie, no redirect); opting out twice is opting out once."""
    invitation = links.invitation_to_unsubscribe(token)
    if invitation is None:
        return wrong_link(request)
    say, asked = _words(request, invitation), invitation.wave.survey
    if request.method != "POST":
        others = tuple(pair for pair in offered(asked) if pair[0] != say.language)
        context: dict[str, object] = {"title": say.say("unsubscribe_title", brand=asked.brand)}
        return answer(drawn("surveys/public/unsubscribe.html", say, asked.brand, others, context), say)
    # Nobody is left to write to where the person was erased since.
    if invitation.contact is not None:
        suppress(invitation.contact, Why.OPTED_OUT)
    return notice(say, asked, "unsubscribed", is_done=True)


def render_form(
    survey: Survey,
    language: str,
    *,
    preview: bool = True,
    items: Sequence[Item] | None = None,
    seed: bytes = b"preview",
) -> str:
    """The page as a customer would see it, to be looked at: it cannot be sent.

    Pass the unsaved items of a draft; an opened survey has its own. Where moments are drawn, it shows
    those of some customer, who is the `seed`.
    """
    asked = questionnaire_of(survey, items).drawn_for(seed)
    say = words_of(survey, language_among(survey, language))
    mode = Mode.ANONYMOUS if survey.is_anonymous else Mode.NAMED
    return form_page.draw(asked, say, form_page.draw_end(say, End(), mode), mode=mode, is_preview=preview)


def _take(press: Press, invitation: Invitation, say: Words, *, is_used: bool) -> HttpResponse:
    """A button of the form was pressed: another language, save, send."""
    asked = _asked(invitation)
    request, data = press.request, press.data
    is_ours = page_marks.is_page_mark(invitation, one(data, "page"))
    if "switch" in data and not is_used:
        return _draw(request, invitation, say, Typed(data))
    if "save" in data and is_ours:
        return _save(request, invitation, say, asked, data)
    reading = read_answers(asked, data, say)
    if not is_ours:
        return _hand_back(request, invitation, say, data, reading, say["open_too_long"])
    if reading.answers.is_empty and not reading.faults:
        return _hand_back(request, invitation, say, data, reading, say["nothing"])
    left_blank = one(data, "as_is") == "1" and reading.only_gaps and not reading.answers.is_empty
    if reading.faults and not left_blank:
        return _hand_back(request, invitation, say, data, reading)
    receipt = record_response(invitation, reading.answers, say.language)
    if receipt.outcome is Outcome.ANSWERED_BEFORE:
        return _answered(say, invitation, receipt.response, status=409)
    as_told.remember(invitation.wave)
    # Of an anonymous survey nobody can tell the same answers again from others: the page fits both.
    text = say["anonymous_thanks" if invitation.wave.survey.is_anonymous else "with_others"]
    return notice(say, invitation.wave.survey, "thanks", text=text, is_done=True)


def _save(
    request: HttpRequest, invitation: Invitation, say: Words, asked: Questionnaire, data: Data
) -> HttpResponse:
    fields = kept_fields(asked, data)
    if not fields:
        return _hand_back(request, invitation, say, data, None, say["nothing"])
    if not save_draft(invitation, fields):
        return _answered(say, invitation, None, status=409)
    if "quietly" in data:
        return HttpResponse(status=204)
    survey = invitation.wave.survey
    more = say["saved_nameless"] if survey.is_anonymous else ""
    back = f"?lang={say.language}"
    return notice(say, survey, "saved", more=more, back=back, back_label=say["go_on"])


def _hand_back(
    request: HttpRequest,
    invitation: Invitation,
    say: Words,
    data: Data,
    reading: Reading | None,
    notice: str = "",
) -> HttpResponse:
    """The same page with everything kept, and what is missing said at the top and at its place."""
    now = coarse() if invitation.wave.survey.is_anonymous else timezone.now()
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now)
    return _draw(request, invitation, say, Typed(data, reading, notice), status=422)


def _form(request: HttpRequest, invitation: Invitation, say: Words) -> HttpResponse:
    typed = _begun(request, invitation, say)
    if typed is not None:
        return _draw(request, invitation, say, typed)
    page = form_page.drawn(_asked(invitation), say.language, _mode(invitation))
    return answer_form(request, say, page, _end(invitation, say))


def _begun(request: HttpRequest, invitation: Invitation, say: Words) -> Typed | None:
    """What was saved before, and the score clicked in the mail: chosen on the page, stored nowhere."""
    draft = getattr(invitation, "draft", None)
    fields = {name: [request.GET[name]] for name in ("overall", "nps", "effort") if name in request.GET}
    if draft is None:
        return Typed(fields, from_mail=tuple(fields)) if fields else None
    return Typed({**draft.data, **fields}, None, say["welcome_back"], is_calm=True, from_mail=tuple(fields))


def _draw(
    request: HttpRequest, invitation: Invitation, say: Words, typed: Typed, status: int = 200
) -> HttpResponse:
    page = form_page.draw(_asked(invitation), say, _end(invitation, say), typed, mode=_mode(invitation))
    return answer_form(request, say, page, status=status)


def _asked(invitation: Invitation) -> Questionnaire:
    asked = questionnaire_of(invitation.wave.survey)
    return asked if asked.drawn is None else asked.drawn_for(links.draw_seed(invitation))


def _mode(invitation: Invitation) -> Mode:
    return Mode.ANONYMOUS if invitation.wave.survey.is_anonymous else Mode.NAMED


def _end(invitation: Invitation, say: Words) -> str:
    own = End(
        mark=page_marks.page_mark(invitation),
        no_more_path=links.unsubscribe_path(invitation),
        closes_on=invitation.wave.closes_on,
    )
    return form_page.draw_end(say, own, _mode(invitation))


def _refusal(invitation: Invitation, response: Response | None, say: Words) -> HttpResponse | None:
    """Why there is nothing to answer at this link, if so."""
    if invitation.revoked_at:
        return notice(say, invitation.wave.survey, "revoked", status=410)
    if response is not None or invitation.answered_on is not None:
        return _answered(say, invitation, response)
    return not_open(say, invitation.wave)


def _answered(
    say: Words, invitation: Invitation, response: Response | None, status: int = 200
) -> HttpResponse:
    on = timezone.localdate(response.submitted_at) if response else invitation.answered_on
    # Answered while this was being saved: today, that is.
    on = on or timezone.localdate()
    return notice(say, invitation.wave.survey, "answered", on=on, is_done=True, status=status)


def _words(request: HttpRequest, invitation: Invitation) -> Words:
    """The language that the customer switched to, else the contact's, else the survey's."""
    asked, contact = invitation.wave.survey, invitation.contact
    chosen = request.GET.get("lang", "")
    return words_of(asked, language_among(asked, chosen, contact.language if contact else ""))
