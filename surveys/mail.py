"""What an invitation's mail says, and that nothing said in it can become anything else.

The consultant's text is plain text with a few placeholders; each part of the mail escapes it in its
own way. The finished bytes are read again as a receiver would before they are handed to anybody.
"""

import re
from dataclasses import dataclass

from django.conf import settings

from cyclemap.text import one_line, printable
from surveys import links, mail_html, wire
from surveys.form_page import day
from surveys.instrument import items_of
from surveys.languages import direction, language_among
from surveys.models import Campaign, Contact, Invitation, OutgoingMail, Survey
from surveys.questionnaire import questionnaire_of
from surveys.relay import envelope_sender
from surveys.wire import UnsendableError
from surveys.wording import PLACEHOLDERS, SPANISH_PLACEHOLDERS, Words
from surveys.wording_mail import mail_words

# A placeholder with the comma that goes with it: "Hola, {nombre}" and "{nombre}, ¿cómo…?" both read
# well when there is no name.
PLACEHOLDER = re.compile(r"(?P<before>,[ \t]*)?\{(?P<name>[a-z]+)\}(?P<after>,[ \t]*)?")
SUBJECT_LIMIT = 200


@dataclass(frozen=True)
class Score:
    """A question that can be answered by pressing a number in the mail; the page only marks it."""

    field: str
    question: str
    ends: str
    # Each number and how it is read aloud.
    numbers: tuple[tuple[str, str], ...]

    def before_number(self, survey_url: str) -> str:
        return f"{survey_url}{'&' if '?' in survey_url else '?'}{self.field}="


@dataclass(frozen=True)
class Letter:
    """A mail before it is put into parts: all plain text."""

    language: str
    sender_name: str
    reply_to: str
    subject: str
    hello: str
    paragraphs: tuple[str, ...]
    until: str
    privacy: str
    survey_url: str
    unsubscribe_url: str
    brand: str
    words: Words
    score: Score | None

    @property
    def html(self) -> str:
        say, score = self.words, self.score
        said = {
            "language": self.language,
            "direction": direction(self.language),
            "subject": self.subject,
            "brand": self.brand,
            "hello": self.hello,
            "question": score.question if score else "",
            "score_url": score.before_number(self.survey_url) if score else "",
            "ends": score.ends if score else "",
            "score_hint": say["mail_score_hint"],
            "survey_url": self.survey_url,
            "button": say["mail_button"],
            "until": self.until,
            "privacy": self.privacy,
            "copy": say["mail_link"],
            "unsubscribe_url": self.unsubscribe_url,
            "no_more": say["mail_no_more"],
        }
        return mail_html.html(said, self.paragraphs, score.numbers if score else ())

    @property
    def text(self) -> str:
        say = self.words
        parts = [
            self.hello,
            *self.paragraphs,
            f"{say['mail_answer_here']}\n{self.survey_url}",
            f"{self.until} {self.privacy}",
            f"{say['mail_no_more']}:\n{self.unsubscribe_url}",
            self.brand,
        ]
        return "\n\n".join(parts) + "\n"


def letter_for(campaign: Campaign, invitation: Invitation, round: int = 0) -> Letter:
    """In the contact's language, or the survey's. Round 0 invites, 1 and 2 remind."""
    return _letter(
        campaign,
        invitation.contact,
        "",
        round,
        links.survey_url(invitation),
        links.unsubscribe_url(invitation),
    )


def preview(campaign: Campaign, contact: Contact | None, language: str, round: int = 0) -> Letter:
    """The mail as that contact would get it, with links that lead nowhere."""
    nowhere = "0" * links.TOKEN_LENGTH
    site = settings.SITE_URL
    return _letter(campaign, contact, language, round, f"{site}/s/{nowhere}/", f"{site}/u/{nowhere}/")


def _letter(
    campaign: Campaign,
    contact: Contact | None,
    language: str,
    round: int,
    survey_url: str,
    unsubscribe_url: str,
) -> Letter:
    survey = campaign.wave.survey
    say = mail_words(survey, language_among(survey, language, contact.language if contact else ""))
    subject, body = words_of_round(campaign, say, round)
    values = _values(campaign, contact, say)
    closes_on = campaign.wave.closes_on
    filled = printable(fill(body.replace("\r\n", "\n"), values))
    return Letter(
        language=say.language,
        sender_name=one_line(campaign.sender_name),
        reply_to=campaign.reply_to,
        subject=one_line(fill(subject, values))[:SUBJECT_LIMIT],
        hello=say.say("mail_hello", name=values["name"]) if values["name"] else say["mail_hello_nobody"],
        paragraphs=tuple(part.strip() for part in re.split(r"\n\s*\n", filled) if part.strip()),
        until=say.say("until", date=day(closes_on, say.language)) if closes_on else say["yours"],
        privacy=privacy_of(survey, say),
        survey_url=survey_url,
        unsubscribe_url=unsubscribe_url,
        brand=one_line(survey.brand),
        words=say,
        score=score_of(survey, say),
    )


def words_of_round(campaign: Campaign, say: Words, round: int) -> tuple[str, str]:
    """Subject and text as written for this language, else the usual ones."""
    own = campaign.texts.get(say.language, {})
    keys = [f"{part}_{round}" if round else part for part in ("subject", "body")]
    subject, body = (own.get(key, say[f"mail_{key}"]) for key in keys)
    return subject, body


def privacy_of(survey: Survey, say: Words) -> str:
    """The same promise as on the page."""
    if survey.is_anonymous:
        return f"{say['anonymous']}. {say['anonymous_how']}"
    return say.say("nameless", brand=one_line(survey.brand))


def score_of(survey: Survey, say: Words) -> Score | None:
    """The one question that stands in the mail: overall satisfaction, else recommendation."""
    if survey.asks_overall:
        field, low, high, spoken = "overall", 1, survey.scale_max, say.spoken("satisfaction_words")
    elif survey.asks_nps:
        field, low, high, spoken = "nps", 0, 10, say.spoken("nps_words")
    else:
        return None
    numbers = tuple((str(n), say.say("mail_score", n=n, total=high)) for n in range(low, high + 1))
    question = say.say(field, brand=one_line(survey.brand))
    return Score(field, question, f"{low} = {spoken[0]} · {high} = {spoken[-1]}", numbers)


def _values(campaign: Campaign, contact: Contact | None, say: Words) -> dict[str, str]:
    survey = campaign.wave.survey
    # A draft is only previewed: its questions are those of the map as it stands.
    asked = questionnaire_of(survey, None if survey.frozen_at else items_of(survey))
    closes_on = campaign.wave.closes_on
    service_on = contact.service_on if contact else None
    return {
        "name": one_line(contact.name) if contact else "",
        "brand": one_line(asked.brand),
        "questions": say.count("questions", asked.length),
        "minutes": say.count("minutes", asked.minutes),
        "closes": day(closes_on, say.language) if closes_on else "",
        "date": day(service_on, say.language) if service_on else "",
    }


def fill(text: str, values: dict[str, str]) -> str:
    """Put values in the place of known placeholders, once; everything else stays the text it is.

    Not `str.format`, which would read attributes of whatever it is given.
    """

    def value(found: re.Match[str]) -> str | None:
        return values.get(SPANISH_PLACEHOLDERS.get(found["name"], found["name"]))

    def put(found: re.Match[str]) -> str:
        said = value(found)
        if said is None:
            return found[0]
        before, after = found["before"] or "", found["after"] or ""
        if said:
            return before + said + after
        # Without a value its comma goes too: the one before it, or at the beginning the one after it.
        return after if before else ""

    filled = PLACEHOLDER.sub(put, text)
    first = PLACEHOLDER.match(text)
    return filled[:1].upper() + filled[1:] if first and value(first) == "" else filled


def unknown_placeholders(text: str) -> list[str]:
    """What looks like a placeholder and is none: for a warning while writing."""
    known = PLACEHOLDERS.keys() | SPANISH_PLACEHOLDERS.keys()
    return [name for name in re.findall(r"\{([^{}\s]{1,30})\}", text) if name not in known]


def _letter_of(mail: OutgoingMail) -> Letter:
    if mail.case is not None:
        # It is made of the letter above, so that module needs this one first.
        from surveys.cases.mail import letter_about

        return letter_about(mail.case)
    assert mail.campaign is not None
    assert mail.invitation is not None
    return letter_for(mail.campaign, mail.invitation, mail.round)


def compose(mail: OutgoingMail) -> bytes:
    """The finished mail of one row of the outbox, ready for the wire."""
    letter = _letter_of(mail)
    sender = envelope_sender()
    headers = [
        wire.mailbox("From", letter.sender_name, sender),
        wire.mailbox("To", "", wire.envelope_recipient(mail.recipient)),
        wire.unstructured("Subject", letter.subject),
        wire.formatted_now(),
        wire.verbatim("Message-ID", mail.message_id),
        # RFC 2369 and RFC 8058: a mail program's own way out, by one press.
        wire.verbatim("List-Unsubscribe", f"<{letter.unsubscribe_url}>"),
        wire.verbatim("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        # RFC 3834, and what older programs go by: no automatic replies, please.
        wire.verbatim("Auto-Submitted", "auto-generated"),
        wire.verbatim("Precedence", "bulk"),
        wire.verbatim("X-Auto-Response-Suppress", "All"),
        wire.verbatim("Content-Language", letter.language),
    ]
    if letter.reply_to:
        headers.insert(2, wire.mailbox("Reply-To", letter.sender_name, letter.reply_to))
    try:
        return wire.whole(headers, letter.text, letter.html)
    except (ValueError, UnicodeError) as error:
        raise UnsendableError(str(error)[:200]) from error
