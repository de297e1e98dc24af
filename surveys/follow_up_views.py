"""Two questions after a case was closed, at the customer's own link: no account, no cookie, no script."""

from datetime import date

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from surveys import limits, links, page_marks
from surveys.cases.mail import survey_of, words_for
from surveys.models import CaseStep, FollowUp, Survey, Why
from surveys.public_pages import answer, busy, drawn, for_customers, is_from_our_page, notice, wrong_link
from surveys.suppression import suppress
from surveys.wording import Words

MOST = 5


@for_customers
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    found = links.follow_up_for(token)
    if found is None:
        return wrong_link(request)
    survey = survey_of(found.case)
    say = words_for(found.case, survey)
    if found.answered_at is not None:
        return _done(say, survey, timezone.localdate(found.answered_at))
    if request.method != "POST":
        return _form(say, survey, found)
    if not is_from_our_page(request):
        return notice(say, survey, "elsewhere", status=403)
    if not limits.may_send(request, token):
        return busy(say, survey.brand)
    return _take(request, say, survey, found)


@for_customers
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The way out of more mail, by one press, also of a mail program (RFC 8058)."""
    found = links.follow_up_for(token)
    if found is None:
        return wrong_link(request)
    survey = survey_of(found.case)
    say = words_for(found.case, survey)
    if request.method != "POST":
        context: dict[str, object] = {"title": say.say("case_stop_title", brand=survey.brand)}
        return answer(drawn("surveys/public/unsubscribe.html", say, survey.brand, (), context), say)
    if found.case.contact is not None:
        suppress(found.case.contact, Why.OPTED_OUT)
    return notice(say, survey, "unsubscribed", is_done=True)


def _take(request: HttpRequest, say: Words, survey: Survey, found: FollowUp) -> HttpResponse:
    solved = {"y": True, "n": False}.get(request.POST.get("solved", ""))
    told = request.POST.get("satisfaction", "")
    satisfaction = int(told) if told in {str(n) for n in range(1, MOST + 1)} else None
    if not page_marks.is_follow_up_mark(found, request.POST.get("page", "")):
        return _form(say, survey, found, request, say["case_old"])
    if solved is None or satisfaction is None:
        return _form(say, survey, found, request, say["case_missing"])
    if not record(found, solved=solved, satisfaction=satisfaction):
        return _done(say, survey, timezone.localdate(), status=409)
    return notice(say, survey, "case_thanks", is_done=True)


@transaction.atomic
def record(found: FollowUp, *, solved: bool, satisfaction: int) -> bool:
    """Once: of two presses the first is kept, and the second learns so."""
    now = timezone.now()
    open_ = FollowUp.objects.filter(pk=found.pk, answered_at=None)
    if not open_.update(solved=solved, satisfaction=satisfaction, answered_at=now):
        return False
    CaseStep.objects.create(case_id=found.case_id, what=CaseStep.What.ANSWER, at=now)
    return True


def _done(say: Words, survey: Survey, on: date, status: int = 200) -> HttpResponse:
    return notice(say, survey, "case_done", on=on, is_done=True, status=status)


def _form(
    say: Words, survey: Survey, found: FollowUp, request: HttpRequest | None = None, fault: str = ""
) -> HttpResponse:
    typed = request.POST if request else {}
    spoken = say.spoken("case_words")
    chosen = str(typed.get("satisfaction", ""))
    context: dict[str, object] = {
        "title": say["case_title"],
        "fault": fault,
        "solved": [
            (v, say[key], typed.get("solved") == v) for v, key in (("y", "case_yes"), ("n", "case_no"))
        ],
        "numbers": [(str(n), spoken[n - 1], chosen == str(n)) for n in range(1, MOST + 1)],
        "ends": (spoken[0], spoken[-1]),
        "mark": page_marks.follow_up_mark(found),
        "privacy": say.say("case_privacy", brand=survey.brand),
    }
    page = drawn("surveys/public/follow_up.html", say, survey.brand, (), context)
    return answer(page, say, 422 if fault else 200)
