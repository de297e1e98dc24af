"""The survey of the example: one instrument, two waves, their customers, mail and answers."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from cyclemap.example.comments import COMMENTS
from cyclemap.example.customers import load_customers
from cyclemap.example.rounds import ROUNDS, Round, moment_of
from cyclemap.example.simulation import NUMBERS, Answers, simulate
from cycles.models import Cycle
from surveys import answers, instrument, links
from surveys.campaigns import INVITATION, new_message_id
from surveys.models import (
    Campaign,
    Contact,
    Invitation,
    Item,
    MailState,
    OutgoingMail,
    Rating,
    Response,
    Survey,
    SurveyStatus,
    Wave,
)
from surveys.wording import default_texts

SEED = 1977
BATCH = 2000


def load_survey(cycle: Cycle, today: date) -> Survey:
    rng = np.random.default_rng(SEED)
    survey = instrument.draft_survey(
        cycle, name="Encuesta de clientas", brand="Lunaria", contact_address="hola@lunaria.example"
    )
    asked = load_customers(rng, cycle, today)
    for number, (planned, contacts) in enumerate(zip(ROUNDS, asked, strict=True)):
        wave = _open(survey, planned, today)
        invitations = _invite(rng, wave, planned, contacts)
        _answer(rng, wave, number, planned, invitations)
    return survey


# --- Asking -------------------------------------------------------------------------------------


def _open(survey: Survey, planned: Round, today: date) -> Wave:
    """Opened by the same door as by hand, then moved to its days."""
    wave = instrument.open_wave(instrument.next_wave(survey))
    wave.name = planned.name
    wave.opened_at = moment_of(today, planned.opened, time(9, 30))
    wave.closes_on = today + timedelta(days=planned.closes)
    if planned.closes < 0:
        wave.status, wave.closed_at = SurveyStatus.CLOSED, moment_of(today, planned.closes, time(23, 59))
    wave.save()
    Survey.objects.filter(pk=survey.pk, frozen_at__gt=wave.opened_at).update(
        created_at=wave.opened_at - timedelta(days=6), frozen_at=wave.opened_at
    )
    campaign = Campaign.objects.get(wave=wave)
    campaign.sender_name = "Lunaria Plaza Mirador"
    campaign.reply_to = survey.contact_address
    campaign.texts = default_texts(survey.address)
    campaign.started_at = wave.opened_at + timedelta(minutes=20)
    campaign.save()
    return wave


def _invite(
    rng: np.random.Generator, wave: Wave, planned: Round, contacts: list[Contact]
) -> list[Invitation]:
    """Invitations and their mail. The lost ones are the last; whose mail arrived comes back."""
    wave.recipients.through.objects.bulk_create(
        [wave.recipients.through(wave=wave, contact=contact) for contact in contacts], batch_size=BATCH
    )
    campaign = Campaign.objects.get(wave=wave)
    assert campaign.started_at is not None
    started = campaign.started_at
    invitations = [
        Invitation(
            wave=wave,
            contact=contact,
            nonce=links.new_nonce(),
            key_version=links.current_key_version(),
            created_at=started,
        )
        for contact in contacts
    ]
    Invitation.objects.bulk_create(invitations, batch_size=BATCH)
    lost = [state for state, n in planned.lost.items() for _ in range(n)]
    states = [MailState.SENT] * (len(contacts) - len(lost)) + lost
    OutgoingMail.objects.bulk_create(
        [
            _mail(rng, campaign, invitation, state, started + timedelta(seconds=6 * k))
            for k, (invitation, state) in enumerate(zip(invitations, states, strict=True))
        ],
        batch_size=BATCH,
    )
    gone = [
        contact.pk for contact, state in zip(contacts, states, strict=True) if state == MailState.SUPPRESSED
    ]
    Contact.objects.filter(pk__in=gone).update(opted_out_at=started - timedelta(days=1))
    return invitations[: len(contacts) - len(lost)]


def _mail(
    rng: np.random.Generator, campaign: Campaign, invitation: Invitation, state: str, left_at: datetime
) -> OutgoingMail:
    was_handed_over = state != MailState.SUPPRESSED
    assert campaign.started_at is not None
    return OutgoingMail(
        campaign=campaign,
        invitation=invitation,
        kind=INVITATION,
        recipient=invitation.contact.email if invitation.contact else "",
        message_id=new_message_id(),
        state=state,
        attempts=int(was_handed_over),
        not_before=campaign.started_at,
        created_at=campaign.started_at,
        transmitting_at=left_at if was_handed_over else None,
        sent_at=left_at if state == MailState.SENT else None,
        # What was in doubt in a closed wave has been looked at.
        settled_at=invitation.wave.closed_at if state == MailState.UNCONFIRMED else None,
        relay_reply=_relay_reply(rng, state),
    )


def _relay_reply(rng: np.random.Generator, state: str) -> str:
    if state == MailState.SENT:
        return f"250 2.0.0 Ok: queued as {rng.bytes(5).hex().upper()}"
    return "550 5.1.1 No such user here" if state == MailState.FAILED else ""


# --- Answering ----------------------------------------------------------------------------------


def _answer(
    rng: np.random.Generator, wave: Wave, number: int, planned: Round, invitations: list[Invitation]
) -> None:
    """Some of the invited open the link, some of these answer; never the first, who is kept free."""
    opened = [invitations[k] for k in 1 + rng.permutation(len(invitations) - 1)[: planned.opened_link]]
    came = opened[: planned.answered]
    days = min(-planned.opened, planned.closes - planned.opened) - 1
    times = sorted(_times(rng, wave, days, len(came)))
    for invitation, at in zip(
        opened, [*times, *_times(rng, wave, days, len(opened) - len(came))], strict=True
    ):
        invitation.opened_at = at - timedelta(seconds=int(rng.integers(70, 300)))
    Invitation.objects.bulk_update(opened, ["opened_at"], batch_size=500)
    for invitation in opened[planned.answered :][: planned.opted_out]:
        Contact.objects.filter(pk=invitation.contact_id).update(opted_out_at=invitation.opened_at)

    contacts = [contact for invitation in came if (contact := invitation.contact) is not None]
    simulated = simulate(rng, number, [contact.attributes for contact in contacts])
    comments = _comments(rng, number, simulated, [contact.language for contact in contacts])
    items = list(Item.objects.filter(survey=wave.survey_id))
    given = [_given(simulated, row, items, comments.get(row, "")) for row in range(len(came))]
    _record(wave, came, contacts, times, given)


def _record(
    wave: Wave,
    came: list[Invitation],
    contacts: list[Contact],
    times: list[datetime],
    given: list[answers.Answers],
) -> None:
    responses = [
        Response(
            wave=wave,
            invitation=invitation,
            submitted_at=at,
            language=contact.language,
            overall=answer.overall,
            nps=answer.nps,
            comment=answer.comment,
            segments=contact.attributes,
            digest=answer.digest,
        )
        for invitation, contact, at, answer in zip(came, contacts, times, given, strict=True)
    ]
    Response.objects.bulk_create(responses, batch_size=BATCH)
    Rating.objects.bulk_create(
        [
            Rating(
                response_id=response.pk,
                item_id=rated.item_id,
                importance=rated.importance,
                satisfaction=rated.satisfaction,
                experienced=rated.experienced,
            )
            for response, answer in zip(responses, given, strict=True)
            for rated in answer.ratings
        ],
        batch_size=BATCH,
    )


def _times(rng: np.random.Generator, wave: Wave, days: int, n: int) -> list[datetime]:
    """Most answer in the first days, in waking hours, all of them before today."""
    assert wave.opened_at is not None
    day = np.minimum(rng.exponential(3.2, n).astype(int), days)
    seconds = rng.integers(0, 9 * 3600, n)
    afternoon = wave.opened_at.replace(hour=12, minute=40)
    return [afternoon + timedelta(days=int(d), seconds=int(s)) for d, s in zip(day, seconds, strict=True)]


def _given(simulated: Answers, row: int, items: list[Item], comment: str) -> answers.Answers:
    """The numbers of one customer as the survey page would have read them."""
    ratings: list[answers.Rated] = []
    for column, item in enumerate(items):
        lived = bool(simulated.experienced[row, column])
        importance, satisfaction = (
            int(cells[row, column]) or None for cells in (simulated.importance, simulated.satisfaction)
        )
        ratings.append(answers.Rated(item.pk, importance, satisfaction, lived))
    return answers.Answers(tuple(ratings), int(simulated.overall[row]), int(simulated.nps[row]), comment)


def _comments(
    rng: np.random.Generator, wave: int, simulated: Answers, languages: Sequence[str]
) -> dict[int, str]:
    """Each text of this wave goes to somebody of its language who rated that moment accordingly."""
    comments: dict[int, str] = {}
    half = np.arange(len(COMMENTS)) % 2
    for k in rng.permutation(len(COMMENTS)):
        comment = COMMENTS[k]
        if (half[k] if comment.wave is None else comment.wave) != wave:
            continue
        felt: Any = simulated.satisfaction[:, NUMBERS.index(comment.moment)]
        fits = felt >= 5 if comment.glad else (felt >= 1) & (felt <= 2)
        candidates = [
            row
            for row in np.flatnonzero(fits).tolist()
            if languages[row] == comment.language and row not in comments
        ]
        if candidates:
            comments[candidates[0]] = comment.text
    return comments
