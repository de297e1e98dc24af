"""What customers see at a link for whoever comes by: on a counter, a receipt, a screen.

Nobody is asked by name here and nothing is remembered, so a page that was handed out, not a person,
answers once; the limits (surveys/limits.py) are what keeps one person from being many.
"""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation.trans_real import parse_accept_lang_header

from surveys import form_page, limits, links, page_marks
from surveys.answers import Reading
from surveys.form_cards import Typed
from surveys.form_page import End, Mode
from surveys.form_reader import Data, one, read_answers
from surveys.intake import Outcome, record_at
from surveys.languages import language_among, words_of
from surveys.models import OpenLink
from surveys.public_pages import (
    answer_form,
    busy,
    for_customers,
    is_from_our_page,
    not_open,
    notice,
    typed_in,
    wrong_link,
)
from surveys.questionnaire import Questionnaire, questionnaire_of
from surveys.wording import Words

# So long a kiosk shows its thanks.
THANKS_SECONDS = 8


@for_customers
def place(request: HttpRequest, token: str) -> HttpResponse:
    open_link = links.open_link_for(token)
    if open_link is None:
        return wrong_link(request, "wrong_place")
    say, survey = _words(request, open_link), open_link.wave.survey
    if open_link.revoked_at:
        return notice(say, survey, "revoked", text=say["wrong_place"], status=410)
    refusal = not_open(say, open_link.wave)
    if refusal is not None or request.method != "POST":
        return refusal or _draw(request, open_link, say, page_marks.open_page_mark(open_link))
    if not is_from_our_page(request):
        return notice(say, survey, "elsewhere", text=say["wrong_place"], status=403)
    if not limits.may_send_at(request, token):
        return busy(say, survey.brand)
    return _take(request, open_link, say)


def _take(request: HttpRequest, open_link: OpenLink, say: Words) -> HttpResponse:
    data: Data = typed_in(request)
    mark = one(data, "page")
    page = page_marks.open_page_of(open_link, mark)
    if not page:
        # Drawn moments go by the page: what was answered on an old one stays where it is asked again.
        mark = page_marks.open_page_mark(open_link)
        asked = _asked(open_link, mark)
        reading = read_answers(asked, data, say)
        return _draw(request, open_link, say, mark, Typed(data, reading, say["open_too_long"]), status=422)
    if "switch" in data:
        return _draw(request, open_link, say, mark, Typed(data))
    reading = read_answers(_asked(open_link, mark), data, say)
    fault = _fault(data, reading, say)
    if fault is not None:
        return _draw(request, open_link, say, mark, Typed(data, reading, fault), status=422)
    receipt = record_at(open_link, reading.answers, say.language, page)
    return _thank(open_link, say, is_new=receipt.outcome is not Outcome.ANSWERED_BEFORE)


def _fault(data: Data, reading: Reading, say: Words) -> str | None:
    """What stands above the form that is handed back; None: there is nothing to hand back."""
    if reading.answers.is_empty and not reading.faults:
        return say["nothing"]
    left_blank = one(data, "as_is") == "1" and reading.only_gaps and not reading.answers.is_empty
    return "" if reading.faults and not left_blank else None


def _thank(open_link: OpenLink, say: Words, *, is_new: bool) -> HttpResponse:
    """A kiosk goes back to the start by itself; a phone is the customer's own, and stays."""
    survey, start = open_link.wave.survey, _start(open_link)
    if not is_new:
        return notice(
            say, survey, "sent_before", is_done=True, back=start, back_label=say["again"], status=409
        )
    if not open_link.is_kiosk:
        return notice(say, survey, "thanks", text=say["open_thanks"], is_done=True)
    return notice(
        say,
        survey,
        "thanks",
        text=say["open_thanks"],
        is_done=True,
        back=start,
        back_label=say["next_person"],
        back_in=THANKS_SECONDS,
    )


def _draw(
    request: HttpRequest,
    open_link: OpenLink,
    say: Words,
    mark: str,
    typed: Typed | None = None,
    status: int = 200,
) -> HttpResponse:
    mode = Mode.KIOSK if open_link.is_kiosk else Mode.OPEN
    asked, start = _asked(open_link, mark), _start(open_link) if open_link.is_kiosk else ""
    end = form_page.draw_end(say, End(mark=mark), mode)
    if typed is None:
        return answer_form(request, say, form_page.drawn(asked, say.language, mode, start), end)
    page = form_page.draw(asked, say, end, typed, mode=mode, start=start)
    return answer_form(request, say, page, status=status)


def _asked(open_link: OpenLink, mark: str) -> Questionnaire:
    """Whose answer this will be nobody knows, so the page it stands on decides what is drawn."""
    asked = questionnaire_of(open_link.wave.survey)
    if asked.asks_contact:
        # Nobody knows who this is, so nobody could be contacted.
        asked = replace(asked, asks_contact=False)
    if asked.drawn is None:
        return asked
    return asked.drawn_for(links.open_draw_seed(open_link, page_marks.open_page_of(open_link, mark)))


def _start(open_link: OpenLink) -> str:
    return reverse("customers:open", args=[links.open_token_for(open_link)])


def _words(request: HttpRequest, open_link: OpenLink) -> Words:
    """The language chosen; on one's own phone the phone's, on a kiosk the survey's."""
    survey, chosen = open_link.wave.survey, request.GET.get("lang", "")
    told = "" if open_link.is_kiosk else request.headers.get("Accept-Language", "")
    phone = [code for code, _weight in parse_accept_lang_header(told.lower())]
    return words_of(survey, language_among(survey, chosen, *phone))
