"""What mail providers tell by webhook, in anymail's one shape for all of them.

A provider may name a mail by its own id. Then the newest mail to that address is meant.
"""

from datetime import timedelta
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from surveys.bounces import ON_THE_WAY, Report, What, settle
from surveys.models import MailState, OutgoingMail

LATELY = timedelta(days=7)
VIEWS = {
    "amazon_ses": "AmazonSESTrackingWebhookView",
    "brevo": "BrevoTrackingWebhookView",
    "mailersend": "MailerSendTrackingWebhookView",
    "mailgun": "MailgunTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "mandrill": "MandrillCombinedWebhookView",
    "postal": "PostalTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "resend": "ResendTrackingWebhookView",
    "sendgrid": "SendGridTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
}
MEANING = {
    EventType.BOUNCED: What.FAILED,
    EventType.REJECTED: What.FAILED,
    EventType.FAILED: What.FAILED,
    EventType.COMPLAINED: What.COMPLAINT,
    EventType.UNSUBSCRIBED: What.COMPLAINT,
    EventType.DELIVERED: What.DELIVERED,
    EventType.DEFERRED: What.DELAYED,
}


@csrf_exempt
@login_not_required
def webhook(request: HttpRequest) -> HttpResponseBase:
    """For the provider named by MAIL_PROVIDER; anymail checks its secret or signature."""
    provider = settings.MAIL_PROVIDER
    if provider not in VIEWS:
        raise Http404
    view = import_string(f"anymail.webhooks.{provider}.{VIEWS[provider]}")
    answer: HttpResponseBase = view.as_view()(request)
    return answer


def take_event(sender: Any, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    what = MEANING.get(event.event_type)
    mail = _mail_of(event)
    if what is None or mail is None:
        return
    is_dead = event.event_type == EventType.BOUNCED and event.reject_reason in (
        RejectReason.INVALID,
        RejectReason.BOUNCED,
    )
    words = f"{esp_name}: {event.mta_response or event.description or ''}".strip(": ")[:250]
    settle(mail, Report(what, mail.message_id, mail.recipient, "5.1.1" if is_dead else "", words))


def _mail_of(event: AnymailTrackingEvent) -> OutgoingMail | None:
    mails = OutgoingMail.objects.select_related("invitation__contact", "case__contact")
    named = (event.message_id or "").strip("<>")
    if named and (mail := mails.filter(message_id=f"<{named}>").first()):
        return mail
    if not event.recipient:
        return None
    lately = mails.filter(
        recipient__iexact=event.recipient,
        state__in=[*ON_THE_WAY, MailState.BOUNCED],
        created_at__gt=Now() - LATELY,
    )
    return lately.order_by("-pk").first()


tracking.connect(take_event)
