"""The mail of a campaign as one customer would get it: on the consultant's page, and as a test to oneself."""

from dataclasses import dataclass, replace
from email.utils import formataddr, parseaddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.translation import gettext as _

from accounts.models import Membership
from surveys.languages import offered
from surveys.mail import Letter, preview
from surveys.models import Campaign, Contact, Wave

# Somebody waits for the answer of this page.
SECONDS = 10


class NotSentError(ValueError):
    """The message is a sentence for the person who pressed the button."""


@dataclass(frozen=True)
class MailPreview:
    letter: Letter
    to: str
    languages: list[tuple[str, str]]
    round: int

    @property
    def rounds(self) -> list[tuple[int, str]]:
        """What can be looked at."""
        names = [_("Invitation"), _("First reminder"), _("Second reminder")]
        return list(enumerate(names))


def mail_preview(campaign: Campaign, language: str = "", round: str = "") -> MailPreview:
    """In the language told, else in that of the customer who is shown, else in the survey's."""
    contact = shown_contact(campaign.wave)
    names = offered(campaign.wave.survey)
    known = [code for code, _name in names]
    shown = int(round) if round in ("1", "2") else 0
    wishes = [language, contact.language if contact else "", campaign.wave.survey.language]
    language = next((wish for wish in wishes if wish in known), known[0])
    return MailPreview(
        letter=preview(campaign, contact, language, shown),
        to=contact.name if contact else "",
        languages=names,
        round=shown,
    )


def shown_contact(wave: Wave) -> Contact | None:
    """The first recipient with a name; without one, whoever is first."""
    recipients = wave.recipients.filter(opted_out_at=None).order_by("pk")
    return recipients.exclude(name="").first() or recipients.first()


def send_test(campaign: Campaign, membership: Membership, language: str = "", round: str = "") -> None:
    """The mail as saved, to the person who asks; its link leads to the preview of the survey."""
    shown = mail_preview(campaign, language, round).letter
    page = membership.url("surveys:preview", campaign.wave.survey_id)
    letter = replace(shown, survey_url=f"{settings.SITE_URL}{page}?lang={shown.language}")
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=formataddr((letter.sender_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[membership.user.email],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        connection=get_connection(timeout=SECONDS),
    )
    message.attach_alternative(letter.html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        raise NotSentError(_("The mail server did not take the test. Try again in a moment.")) from error
