"""What an invitation's mail says, and that nothing said in it can become anything else.

The consultant's text is plain text with a few placeholders; each part of the mail escapes it in its
own way. The finished bytes are read again as a receiver would before they are handed to anybody.
"""

import re
import unicodedata
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from surveys import links
from surveys.form_page import day
from surveys.instrument import items_of
from surveys.models import Campaign, Contact, Invitation, OutgoingMail
from surveys.questionnaire import questionnaire_of
from surveys.wording import (
    PLACEHOLDERS,
    SPANISH_PLACEHOLDERS,
    Words,
    default_texts,
    language_for,
    words,
)

# A placeholder with the comma that goes with it: "Hola, {nombre}" and "{nombre}, ¿cómo…?" both read
# well when there is no name.
PLACEHOLDER = re.compile(r"(?P<before>,[ \t]*)?\{(?P<name>[a-z]+)\}(?P<after>,[ \t]*)?")
# Turn the reading direction around, so that an address or a subject reads as another.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SUBJECT_LIMIT = 200


class Wire(policy.EmailPolicy):
    """What goes over SMTP. A mail program must be able to read the address in List-Unsubscribe, and
    Python folds what is long and has no space into encoded words: so that one header is never folded.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"linesep": "\r\n", "raise_on_defect": False, **settings})

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name == "List-Unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


class UnsendableError(ValueError):
    """This mail cannot be made, now or later; the message says why."""


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
    survey_url: str
    unsubscribe_url: str
    brand: str
    words: Words

    @property
    def html(self) -> str:
        return render_to_string("surveys/mail/invitation.html", {"letter": self, "words": self.words})

    @property
    def text(self) -> str:
        say = self.words
        parts = [
            self.hello,
            *self.paragraphs,
            f"{say['mail_answer_here']}\n{self.survey_url}",
            f"{self.until} {say['nameless']}",
            f"{say['mail_no_more']}:\n{self.unsubscribe_url}",
            self.brand,
        ]
        return "\n\n".join(parts) + "\n"


def letter_for(campaign: Campaign, invitation: Invitation, language: str = "") -> Letter:
    """In the contact's language, or the survey's, unless told."""
    contact = invitation.contact
    return _letter(
        campaign,
        contact,
        language or language_for(contact.language if contact else "", campaign.wave.survey.language),
        links.survey_url(invitation),
        links.unsubscribe_url(invitation),
    )


def preview(campaign: Campaign, contact: Contact | None, language: str) -> Letter:
    """The mail as that contact would get it, with links that lead nowhere."""
    nowhere = "0" * links.TOKEN_LENGTH
    return _letter(
        campaign, contact, language, f"{settings.SITE_URL}/s/{nowhere}/", f"{settings.SITE_URL}/u/{nowhere}/"
    )


def preview_html(campaign: Campaign, contact: Contact | None, language: str) -> str:
    return preview(campaign, contact, language).html


def _letter(
    campaign: Campaign, contact: Contact | None, language: str, survey_url: str, unsubscribe_url: str
) -> Letter:
    survey = campaign.wave.survey
    say = words(language_for(language, survey.language), survey.address)
    texts = default_texts(survey.address)[say.language] | campaign.texts.get(say.language, {})
    values = _values(campaign, contact, say)
    closes_on = campaign.wave.closes_on
    body = fill(texts["body"].replace("\r\n", "\n"), values)
    return Letter(
        language=say.language,
        sender_name=one_line(campaign.sender_name),
        reply_to=campaign.reply_to,
        subject=one_line(fill(texts["subject"], values))[:SUBJECT_LIMIT],
        hello=say.say("mail_hello", name=values["name"]) if values["name"] else say["mail_hello_nobody"],
        paragraphs=tuple(part.strip() for part in re.split(r"\n\s*\n", printable(body)) if part.strip()),
        until=say.say("until", date=day(closes_on, say.language)) if closes_on else say["yours"],
        survey_url=survey_url,
        unsubscribe_url=unsubscribe_url,
        brand=one_line(survey.brand),
        words=say,
    )


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


def printable(text: str) -> str:
    """Without control characters, lone surrogates and marks that turn the direction around."""
    kept = (c for c in text if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp")))
    return "".join(c for c in kept if c not in DIRECTION_MARKS)


def one_line(text: str) -> str:
    """For a header: what could end a line becomes a space.

    So does the beginning of an encoded word: `email` would decode it, line breaks and all, while it
    writes the header.
    """
    line = re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).replace("=?", "= ?")
    return " ".join(printable(line).split())


def compose(mail: OutgoingMail) -> bytes:
    """The finished mail of one row of the outbox, ready for the wire."""
    letter = letter_for(mail.campaign, mail.invitation)
    try:
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        message = EmailMessage(policy=Wire())
        message["From"] = Address(letter.sender_name, addr_spec=sender)
        message["To"] = Address(addr_spec=envelope_recipient(mail.recipient))
        if letter.reply_to:
            message["Reply-To"] = Address(letter.sender_name, addr_spec=letter.reply_to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(timezone.now())
        message["Message-ID"] = mail.message_id
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        # After the parts, which clear every Content- header.
        message["Content-Language"] = letter.language
        raw = message.as_bytes()
    except (ValueError, UnicodeError, MessageError, IndexError) as error:
        raise UnsendableError(f"{type(error).__name__}: {error}"[:200]) from error
    _read_again(raw, mail, letter)
    return raw


def envelope_recipient(address: str) -> str:
    """The address as mail servers without SMTPUTF8 take it: the domain in its ASCII spelling."""
    local, at, domain = address.rpartition("@")
    if not at or not local.isascii() or address != one_line(address) or re.search(r"[\s<>]", address):
        raise UnsendableError("the address cannot be written to")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise UnsendableError("the address cannot be written to") from error


def _read_again(raw: bytes, mail: OutgoingMail, letter: Letter) -> None:
    """As the receiver will: one of each header, saying what we meant, and both parts whole."""
    read = BytesParser(policy=policy.default).parsebytes(raw)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"):
        if len(read.get_all(name, [])) != 1:
            raise UnsendableError(f"{name} does not stand once")
    to, sender = read["To"].addresses, read["From"].addresses
    if len(to) != 1 or len(sender) != 1:
        raise UnsendableError("From or To is not one address")
    meant = {
        "To": (to[0].addr_spec, envelope_recipient(mail.recipient)),
        "From": (sender[0].display_name, letter.sender_name),
        "Subject": (str(read["Subject"]), letter.subject),
        "Message-ID": (str(read["Message-ID"]), mail.message_id),
        "List-Unsubscribe": (str(read["List-Unsubscribe"]), f"<{letter.unsubscribe_url}>"),
    }
    # Without spaces: where a long line is folded, Python's writer and reader lose or add one.
    wrong = [name for name, (one, other) in meant.items() if "".join(one.split()) != "".join(other.split())]
    if wrong:
        raise UnsendableError(f"{wrong[0]} does not say what was meant")
    if read.defects or [part.get_content_type() for part in read.iter_parts()] != ["text/plain", "text/html"]:
        raise UnsendableError("the mail is not whole")
