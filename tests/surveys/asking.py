"""Surveys, invitations and mails for the tests of asking."""

from typing import Any

from cycles.models import Cycle
from surveys import instrument, links
from surveys.models import Campaign, Contact, Invitation, OutgoingMail, Survey, Wave
from surveys.wording import default_texts


def open_survey(cycle: Cycle, **fields: Any) -> Wave:
    """An opened survey about every moment of the cycle."""
    survey = instrument.draft_survey(cycle)
    values = {"brand": "Lunaria", "language": "en", "contact_address": "care@lunaria.example", **fields}
    Survey.objects.filter(pk=survey.pk).update(**values)
    return instrument.open_wave(Wave.objects.get(survey=survey))


def invite(wave: Wave, email: str = "carmen@example.org", **fields: Any) -> Invitation:
    values = {"name": "Carmen", **fields}
    contact, _ = Contact.objects.get_or_create(client=wave.survey.cycle.client, email=email, defaults=values)
    return Invitation.objects.create(
        wave=wave, contact=contact, nonce=links.new_nonce(), key_version=links.current_key_version()
    )


def queue(wave: Wave, *emails: str, **fields: Any) -> list[OutgoingMail]:
    """A started campaign with one mail for each address, as `campaigns` would write them."""
    campaign = Campaign.objects.filter(wave=wave).latest("pk")
    campaign.texts = campaign.texts or default_texts(wave.survey.address)
    campaign.started_at = campaign.started_at or wave.opened_at
    campaign.save()
    return [
        OutgoingMail.objects.create(
            campaign=campaign,
            invitation=invite(wave, email),
            recipient=email,
            message_id=f"<{links.new_nonce().hex()}@test.example>",
            **fields,
        )
        for email in emails
    ]
