"""The mail of a campaign as one customer would get it, on the consultant's page and as a test."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from accounts.models import User
from surveys.campaigns import recipients_to_show, texts_of
from surveys.models import Campaign, Contact
from surveys.wording import OWN_NAMES


class NotSentError(ValueError):
    """The message is a sentence for the person who pressed the button."""


@dataclass(frozen=True)
class MailPreview:
    to: str
    sender: str
    subject: str
    body: SafeString
    language: str
    languages: list[tuple[str, str]]


def mail_preview(campaign: Campaign, language: str = "") -> MailPreview:
    contact = recipients_to_show(campaign.wave)
    known = texts_of(campaign)
    if language not in known:
        language = contact.language if contact.language in known else campaign.wave.survey.language
    return MailPreview(
        contact.name,
        campaign.sender_name,
        known[language]["subject"],
        SafeString(""),
        language,
        [(c, OWN_NAMES[c]) for c in known],
    )


def send_test(campaign: Campaign, user: User, language: str = "") -> None:
    raise NotSentError("")
