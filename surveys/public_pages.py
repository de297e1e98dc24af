"""What all pages for customers have in common: who may show them, the calm ones, where a form came from."""

from collections.abc import Callable
from datetime import date
from functools import cached_property, lru_cache, wraps
from urllib.parse import unquote_plus, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys import limits
from surveys.form_page import Drawn, day, zipped
from surveys.languages import direction, offered
from surveys.models import Address, Survey, SurveyStatus, Wave
from surveys.wording import CATALOGUE, OWN_NAMES, Words, language_for, put, words

Page = Callable[[HttpRequest, str], HttpResponse]
RETRY_SECONDS = 60


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


def typed_in(request: HttpRequest) -> dict[str, list[str]]:
    """What was typed, as `dict(request.POST.lists())`. The way our pages send it is read at once, without
    QueryDict's steps for each of the many fields; with its limits and its leniency about characters."""
    if request.content_type != "application/x-www-form-urlencoded" or request.content_params:
        return dict(request.POST.lists())
    pairs = request.body.decode("latin-1").split("&")
    limit = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    if limit is not None and len(pairs) > limit:
        raise TooManyFieldsSent(f"more than {limit} fields")
    found: dict[str, list[str]] = {}
    for pair in pairs:
        if pair:
            name, _, value = pair.partition("=")
            # Nearly all are a letter, a number and an answer, with nothing in them to be read otherwise.
            if "%" in pair or "+" in pair:
                name, value = unquote_plus(name), unquote_plus(value)
            found.setdefault(name, []).append(value)
    return found


class Press:
    """One press on a button of a customer's page: its form is read once, and it counts once."""

    def __init__(self, request: HttpRequest, token: str) -> None:
        self.request = request
        self.token = token

    @cached_property
    def data(self) -> dict[str, list[str]]:
        return typed_in(self.request)

    @cached_property
    def is_within_limits(self) -> bool:
        return limits.may_send(self.request, self.token)


def answer(page: bytes, say: Words, status: int = 200) -> HttpResponse:
    return HttpResponse(page, status=status, headers={"Content-Language": say.language})


def takes_gzip(request: HttpRequest) -> bool:
    return "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")


def answer_form(
    request: HttpRequest, say: Words, page: Drawn | str, end: str = "", status: int = 200
) -> HttpResponse:
    """The page of questions, which is long: compressed for whoever reads that, on a phone far from town."""
    shrinks = takes_gzip(request)
    if isinstance(page, str):
        body = zipped(page.encode()) if shrinks else page.encode()
    else:
        body = page.zipped(end) if shrinks else page.plain(end)
    response = answer(body, say, status)
    if shrinks:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    return response


def notice(
    say: Words,
    survey: Survey,
    key: str,
    *,
    on: date | None = None,
    text: str = "",
    more: str = "",
    is_done: bool = False,
    back: str = "",
    back_label: str = "",
    back_in: int = 0,
    status: int = 200,
) -> HttpResponse:
    """A calm page: what is, and where to write. `back`: where to go on, by itself after `back_in` seconds."""
    title = say.texts.get(f"{key}_title") or say[key]
    values = {"brand": survey.brand, "date": day(on, say.language) if on else ""}
    draw = _notice_page if say.language in CATALOGUE else _notice_page.__wrapped__
    page = draw(
        Spoken(say, survey.address),
        survey.brand,
        tuple((code, name) for code, name in offered(survey) if code != say.language),
        put(title, values),
        put(text or say[key], values),
        more,
        survey.contact_address,
        back,
        back_label,
        back_in,
        is_done=is_done,
    )
    return answer(page, say, status)


class Spoken:
    """Words as part of a key: those that ship are told apart by language and form of address."""

    def __init__(self, say: Words, address: str) -> None:
        self.say = say
        self.key = (say.language, address)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spoken) and self.key == other.key


@lru_cache(maxsize=512)
def _notice_page(
    spoken: Spoken,
    brand: str,
    others: tuple[tuple[str, str], ...],
    title: str,
    text: str,
    more: str,
    contact_address: str,
    back: str,
    back_label: str,
    back_in: int,
    *,
    is_done: bool,
) -> bytes:
    """Of a survey everybody sees the same few: kept, like its questions."""
    context = {
        "title": title,
        "text": text,
        "more": more,
        "is_done": is_done,
        "contact_address": contact_address,
        "back": back,
        "back_label": back_label,
        "back_in": back_in,
    }
    return drawn("surveys/public/notice.html", spoken.say, brand, others, context)


def drawn(
    template: str,
    say: Words,
    brand: str,
    others: tuple[tuple[str, str], ...],
    context: dict[str, object],
) -> bytes:
    common = {"words": say, "dir": direction(say.language), "brand": brand, "others": others}
    return render_to_string(template, common | context).encode()


def wrong_link(request: HttpRequest, key: str = "wrong") -> HttpResponse:
    """Nobody known, so nobody's form of address and the visitor's language, or the one asked for."""
    wish = language_for(request.GET.get("lang", ""), translation.get_language() or "")
    say = words(wish, Address.USTED)
    if not limits.may_guess(request):
        return busy(say)
    context: dict[str, object] = {"title": say["wrong_title"], "text": say[key]}
    others = tuple((code, name) for code, name in OWN_NAMES.items() if code != say.language)
    return answer(drawn("surveys/public/notice.html", say, "", others, context), say, 404)


def busy(say: Words, brand: str = "") -> HttpResponse:
    """Too often in a minute. What was typed is still in the page that it was sent from."""
    context: dict[str, object] = {"title": say["busy_title"], "text": say["busy"]}
    response = answer(drawn("surveys/public/notice.html", say, brand, (), context), say, 429)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def not_open(say: Words, wave: Wave) -> HttpResponse | None:
    """Why the wave takes no answers, if so."""
    survey = wave.survey
    if wave.is_open:
        return None
    if wave.status == SurveyStatus.CLOSED:
        return notice(say, survey, "closed", status=410)
    if wave.opens_on and wave.opens_on > timezone.localdate():
        return notice(say, survey, "opens", on=wave.opens_on, text=say["early"])
    if wave.status == SurveyStatus.DRAFT:
        return notice(say, survey, "early")
    return notice(say, survey, "expired", on=wave.closes_on, text=say["closed"], status=410)


def is_from_our_page(request: HttpRequest) -> bool:
    """What the browser says of where the form was, when it says so.

    Our pages tell no address (no-referrer), and browsers then call their origin "null": so the origin
    counts only where Sec-Fetch-Site is not known. The mark in the page is checked in any case.
    """
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site:
        return site in ("same-origin", "none")
    origin = request.META.get("HTTP_ORIGIN")
    if not origin or origin == "null":
        return True
    return urlsplit(origin).netloc in (request.get_host(), urlsplit(settings.SITE_URL).netloc)
