"""What customers see: plain forms that need no script, no cookie and no account.

GET and HEAD change nothing whatsoever: mail scanners open every link, some of them many times. Not
even "opened" is noted then; a page that was answered was opened, and so was one whose answers we
handed back for completion, which is a POST and therefore a person.

What is fresh and what is kept in the process: the invitation with all that hangs on it is read on every
request, in one statement that is compiled once (`links._found`; what a page needs besides goes into its
select_related). The questions and their page are kept by survey and language (`questionnaire_of`,
`form_page.drawn`), the notices by their words (`_notice_page`). What is the customer's own is filled in
at the end of the kept page (`_end`); a page that shows answers is drawn for that request (`_hand_back`).
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys import form_page, links
from surveys.answers import Reading, read_answers
from surveys.form_page import Typed, day, other_languages
from surveys.intake import Outcome, record_response
from surveys.models import Address, Invitation, Item, Response, Survey, SurveyStatus, Why
from surveys.questionnaire import questionnaire_of
from surveys.suppression import suppress
from surveys.wording import CATALOGUE, Words, language_for, words

Page = Callable[[HttpRequest, str], HttpResponse]


def for_customers(view: Page) -> Page:
    """Never stored by a proxy or found by a search, and no address that we lead to learns the link."""

    @login_not_required
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


@for_customers
def survey(request: HttpRequest, token: str) -> HttpResponse:
    invitation = links.invitation_for(token)
    if invitation is None:
        return _wrong_link()
    say = _words(request, invitation)
    response: Response | None = getattr(invitation, "response", None)
    if request.method == "POST" and not invitation.revoked_at:
        if not _is_from_our_page(request):
            return _notice(say, invitation, "elsewhere", status=403)
        if response is not None or invitation.wave.is_open:
            return _take(request, invitation, say)
    refusal = _refusal(invitation, response, say)
    return refusal or _form(request, invitation, say)


@for_customers
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The way out. The link itself is the authority, so that a mail program can press the button
    (RFC 8058: no cookie, no redirect); opting out twice is opting out once."""
    invitation = links.invitation_to_unsubscribe(token)
    if invitation is None:
        return _wrong_link()
    say = _words(request, invitation)
    if request.method != "POST":
        title = say.say("unsubscribe_title", brand=invitation.wave.survey.brand)
        return _page("surveys/public/unsubscribe.html", say, invitation.wave.survey.brand, {"title": title})
    # Nobody is left to write to where the person was erased since.
    if invitation.contact is not None:
        suppress(invitation.contact, Why.OPTED_OUT)
    return _notice(say, invitation, "unsubscribed", is_done=True)


def render_form(
    survey: Survey, language: str, *, preview: bool = True, items: Sequence[Item] | None = None
) -> str:
    """The page as a customer would see it, to be looked at: it cannot be sent.

    Pass the unsaved items of a draft; an opened survey has its own.
    """
    asked = questionnaire_of(survey, items)
    say = words(language_for(language, survey.language), survey.address)
    return form_page.draw(asked, say, form_page.draw_end(say), is_preview=preview)


def _take(request: HttpRequest, invitation: Invitation, say: Words) -> HttpResponse:
    """Press on Send."""
    asked = questionnaire_of(invitation.wave.survey)
    reading = read_answers(asked, request.POST, say)  # type: ignore[arg-type]
    if not links.is_page_mark(invitation, request.POST.get("page", "")):
        return _hand_back(request, invitation, say, reading, say["open_too_long"])
    if reading.answers.is_empty and not reading.faults:
        return _hand_back(request, invitation, say, reading, say["nothing"])
    left_blank = request.POST.get("as_is") == "1" and reading.only_gaps and not reading.answers.is_empty
    if reading.faults and not left_blank:
        return _hand_back(request, invitation, say, reading)
    receipt = record_response(invitation, reading.answers, say.language)
    if receipt.outcome is Outcome.ANSWERED_BEFORE:
        return _answered(say, invitation, receipt.response, status=409)
    return _notice(say, invitation, "thanks", text=say["with_others"], is_done=True)


def _hand_back(
    request: HttpRequest, invitation: Invitation, say: Words, reading: Reading, notice: str = ""
) -> HttpResponse:
    """The same page with everything kept, and what is missing said at the top and at its place."""
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=timezone.now())
    typed = Typed(request.POST.dict(), reading, notice)
    asked = questionnaire_of(invitation.wave.survey)
    page = form_page.draw(asked, say, _end(invitation, say), typed)
    return _answer(page.encode(), say, status=422)


def _form(request: HttpRequest, invitation: Invitation, say: Words) -> HttpResponse:
    drawn = form_page.drawn(questionnaire_of(invitation.wave.survey), say.language)
    end = _end(invitation, say)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = _answer(drawn.zipped(end), say)
        response["Content-Encoding"] = "gzip"
    else:
        response = _answer(drawn.plain(end), say)
    response["Vary"] = "Accept-Encoding"
    return response


def _end(invitation: Invitation, say: Words) -> str:
    token = links.unsubscribe_token_for(invitation)
    return form_page.draw_end(
        say,
        mark=links.page_mark(invitation),
        no_more_path=reverse("customers:unsubscribe", args=[token]),
        closes_on=invitation.wave.closes_on,
    )


def _refusal(invitation: Invitation, response: Response | None, say: Words) -> HttpResponse | None:
    """Why there is nothing to answer at this link, if so."""
    wave = invitation.wave
    if invitation.revoked_at:
        return _notice(say, invitation, "revoked", status=410)
    if response is not None:
        return _answered(say, invitation, response)
    if wave.status == SurveyStatus.DRAFT:
        return _notice(say, invitation, "early")
    if wave.is_open:
        return None
    if wave.status == SurveyStatus.OPEN and wave.closes_on:
        return _notice(say, invitation, "expired", on=wave.closes_on, text=say["closed"], status=410)
    return _notice(say, invitation, "closed", status=410)


def _answered(say: Words, invitation: Invitation, response: Response, status: int = 200) -> HttpResponse:
    on = timezone.localdate(response.submitted_at)
    return _notice(say, invitation, "answered", on=on, is_done=True, status=status)


def _notice(
    say: Words,
    invitation: Invitation,
    key: str,
    *,
    on: date | None = None,
    text: str = "",
    is_done: bool = False,
    status: int = 200,
) -> HttpResponse:
    """A calm page: what is, and where to write."""
    asked = invitation.wave.survey
    title = say.texts.get(f"{key}_title") or say[key]
    values = {"brand": asked.brand, "date": day(on, say.language) if on else ""}
    page = _notice_page(
        say.language,
        asked.address,
        asked.brand,
        title.format_map(values),
        (text or say[key]).format_map(values),
        asked.contact_address,
        is_done=is_done,
    )
    return _answer(page, say, status)


@lru_cache(maxsize=512)
def _notice_page(
    language: str,
    address: str,
    brand: str,
    title: str,
    text: str,
    contact_address: str,
    *,
    is_done: bool,
) -> bytes:
    """Of a survey everybody sees the same few: kept, like its questions."""
    context = {"title": title, "text": text, "is_done": is_done, "contact_address": contact_address}
    return _drawn("surveys/public/notice.html", words(language, address), brand, context)


def _wrong_link() -> HttpResponse:
    """Nobody known, so nobody's form of address and the visitor's language."""
    say = words(language_for(translation.get_language() or ""), Address.USTED)
    context: dict[str, object] = {"title": say["wrong_title"], "text": say["wrong"]}
    return _page("surveys/public/notice.html", say, "", context, status=404)


def _page(
    template: str, say: Words, brand: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    return _answer(_drawn(template, say, brand, context), say, status)


def _drawn(template: str, say: Words, brand: str, context: dict[str, object]) -> bytes:
    others = other_languages(say.language) if brand else []
    return render_to_string(template, {"words": say, "brand": brand, "others": others, **context}).encode()


def _answer(page: bytes, say: Words, status: int = 200) -> HttpResponse:
    return HttpResponse(page, status=status, headers={"Content-Language": say.language})


def _words(request: HttpRequest, invitation: Invitation) -> Words:
    """The language that the customer switched to, else the contact's, else the survey's."""
    asked, contact = invitation.wave.survey, invitation.contact
    chosen = request.GET.get("lang", "")
    if chosen not in CATALOGUE:
        chosen = language_for(contact.language if contact else "", asked.language)
    return words(chosen, asked.address)


def _is_from_our_page(request: HttpRequest) -> bool:
    """What the browser says of where the form was, when it says so.

    Our pages tell no address (no-referrer), and browsers then call their origin "null": so the origin
    counts only where Sec-Fetch-Site is not known. The mark in the page is checked in any case.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if not origin or origin == "null":
        return True
    return urlsplit(origin).netloc in (request.get_host(), urlsplit(settings.SITE_URL).netloc)
