"""The mail that ends a case: what was done, and the way to two questions. It leaves by the outbox."""

import re

from django.conf import settings
from django.urls import reverse

from cyclemap.text import one_line, printable
from surveys import links
from surveys.languages import language_among
from surveys.mail import SUBJECT_LIMIT, Letter
from surveys.models import Address, Case, FollowUp, Survey, Told
from surveys.wording import Words
from surveys.wording_case import CATALOGUE, case_words
from surveys.wording_mail import mail_words

SENDER_LIMIT = 60


def survey_of(case: Case) -> Survey:
    """Whose brand and form of address the customer knows; of a case by hand those of the latest survey."""
    if case.response is not None:
        return case.response.wave.survey
    latest = Survey.objects.filter(cycle=case.cycle).exclude(frozen_at=None).first()
    if latest is not None:
        return latest
    brand = case.cycle.client.name[:SENDER_LIMIT]
    return Survey(cycle=case.cycle, brand=brand, language=case.cycle.language, address=Address.USTED)


def words_for(case: Case, survey: Survey) -> Words:
    contact = case.contact
    wished = case.language or (contact.language if contact else "") or survey.language
    return case_words(survey, wished[:2] if wished[:2] in CATALOGUE else language_among(survey, wished))


def follow_up_url(follow_up: FollowUp) -> str:
    path = reverse("customers:follow_up", args=[links.follow_up_token_for(follow_up)])
    return f"{settings.SITE_URL}{path}"


def stop_url(follow_up: FollowUp) -> str:
    path = reverse("customers:follow_up_stop", args=[links.follow_up_token_for(follow_up)])
    return f"{settings.SITE_URL}{path}"


def letter_about(case: Case) -> Letter:
    """In the customer's language; the notice first where it is given by this mail."""
    survey, contact = survey_of(case), case.contact
    say = words_for(case, survey)
    say = Words(say.language, {**mail_words(survey, say.language).texts, **say.texts})
    brand, name = one_line(survey.brand), one_line(contact.name) if contact else ""
    told = printable(case.notice_text.replace("\r\n", "\n")) if case.notice_channel == Told.MAIL else ""
    parts = [part.strip() for part in re.split(r"\n\s*\n", told) if part.strip()]
    parts = parts or [say.say("case_closed", brand=brand)]
    return Letter(
        language=say.language,
        sender_name=brand[:SENDER_LIMIT],
        reply_to=survey.contact_address,
        subject=say.say("case_subject", brand=brand)[:SUBJECT_LIMIT],
        hello=say.say("mail_hello", name=name) if name else say["mail_hello_nobody"],
        paragraphs=(*parts, say["case_ask"]),
        until=say["yours"],
        privacy=say.say("case_privacy", brand=brand),
        survey_url=follow_up_url(case.follow_up),
        unsubscribe_url=stop_url(case.follow_up),
        brand=brand,
        words=say,
        score=None,
    )
