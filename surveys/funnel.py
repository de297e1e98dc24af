"""From queue to answer: how many got how far, and what that says in one sentence."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.models import Campaign, Invitation, MailState, OutgoingMail, Response, SurveyStatus, Wave

ON_THE_WAY = (MailState.QUEUED, MailState.CLAIMED, MailState.TRANSMITTING, MailState.HELD)
REFUSED = (MailState.FAILED, MailState.BOUNCED)
NOT_SENT = (MailState.CANCELLED, MailState.SUPPRESSED)
# So many have to be asked before the losses mean anything.
ENOUGH_SENT = 20
LOW_RATE = 15


@dataclass(frozen=True)
class Step:
    """One bar: `percent` is the width, `share` the part of those sent, None where it makes no sense."""

    key: str
    label: str
    count: int
    percent: int
    share: int | None
    loss: str = ""


@dataclass(frozen=True)
class Funnel:
    """Counts of one wave. Numbers in, sentences out: `funnel_of` asks the database."""

    invited: int = 0
    waiting: int = 0
    sent: int = 0  # taken by a mail server, or invited by other means than our mail
    unconfirmed: int = 0
    doubtful: int = 0  # of the unconfirmed, those about which nobody has decided
    opened: int = 0
    completed: int = 0
    refused: int = 0
    opted_out: int = 0
    not_sent: int = 0  # cancelled, or opted out while waiting
    other_answers: int = 0  # answers that no invitation of this wave led to
    started: bool = False
    paused: bool = False
    closed: bool = False

    @property
    def reached(self) -> int:
        """Whom the answers are a share of: a mail in doubt may have arrived."""
        return self.sent + self.unconfirmed

    @property
    def answers(self) -> int:
        return self.completed + self.other_answers

    @property
    def response_rate(self) -> int | None:
        return share(self.completed, self.reached)

    @property
    def steps(self) -> list[Step]:
        refused = _named(ngettext("%(n)s refused", "%(n)s refused", self.refused), self.refused)
        waiting = _named(ngettext("%(n)s waiting", "%(n)s waiting", self.waiting), self.waiting)
        not_sent = _named(ngettext("%(n)s not sent", "%(n)s not sent", self.not_sent), self.not_sent)
        opted_out = _named(ngettext("%(n)s opted out", "%(n)s opted out", self.opted_out), self.opted_out)
        steps = [
            self._step("queued", _("Queued"), self.invited, _joined(waiting, not_sent)),
            self._step("sent", _("Sent"), self.sent, refused),
            self._step("unconfirmed", _("Unconfirmed"), self.unconfirmed),
            self._step("opened", _("Opened the link"), self.opened, opted_out),
            self._step("completed", _("Completed"), self.completed),
        ]
        return [step for step in steps if step.count or step.key != "unconfirmed"]

    def _step(self, key: str, label: str, count: int, loss: str = "") -> Step:
        part = None if key == "queued" else share(count, self.reached)
        # Two of a thousand are still seen.
        width = max(int(count > 0), min(100, share(count, self.invited) or 0))
        return Step(key, label, count, width, part, loss)

    @property
    def sign(self) -> str:
        """Changes when what can be done changes: something waits, something is in doubt."""
        return f"{int(bool(self.waiting))}-{self.doubtful}"

    @property
    def headline(self) -> str:
        return finding(self)[0]

    @property
    def evidence(self) -> list[str]:
        return finding(self)[1]


def share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _named(text: str, number: int) -> str:
    return text % {"n": number} if number else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def finding(funnel: Funnel) -> tuple[str, list[str]]:
    """The headline and what it rests on: the first rule that applies, what needs a hand first."""
    if not funnel.invited and not funnel.answers:
        return _("Nothing has been sent yet"), [_("Add recipients, look at the message, and start sending.")]
    if funnel.closed:
        return _finding_of_closed(funnel)
    if funnel.paused and funnel.waiting:
        return _("Sending is paused"), [_waiting(funnel)]
    if funnel.refused and funnel.refused * 20 >= funnel.invited:
        return _("Too many addresses are refused"), [_refused(funnel), _answered(funnel)]
    if funnel.doubtful:
        return _("Some mail is in doubt"), [_in_doubt(funnel), _answered(funnel)]
    if funnel.waiting:
        return _("Mail is on its way"), [_waiting(funnel), _answered(funnel)]
    if funnel.reached < ENOUGH_SENT:
        return _("Too few to judge yet"), [_answered(funnel)]
    return _finding_of_sent(funnel)


def _finding_of_closed(funnel: Funnel) -> tuple[str, list[str]]:
    rate = funnel.response_rate
    evidence = [_answered(funnel), *([_refused(funnel)] if funnel.refused else [])]
    if rate is None:
        return _("The survey is closed"), evidence
    return _("Of a hundred who were asked, %(n)d answered") % {"n": rate}, evidence


def _finding_of_sent(funnel: Funnel) -> tuple[str, list[str]]:
    finished = share(funnel.completed, funnel.opened) or 0
    if not funnel.answers:
        return _("Nobody has answered yet"), [_("Most people answer within two days.")]
    if finished < 70:
        return _("People begin and do not finish"), [
            _("Of a hundred who begin, %(n)d send their answers.") % {"n": finished},
            _("A shorter survey usually helps: leave moments out in the next one."),
        ]
    if (funnel.response_rate or 0) < LOW_RATE:
        return _("Few of those asked have answered"), [
            _answered(funnel),
            _("A subject that names the visit, and a sender whom customers know, help most."),
        ]
    return _("The survey is being answered"), [_answered(funnel)]


def _answered(funnel: Funnel) -> str:
    if funnel.response_rate is None:
        return ngettext("%(n)d answer so far.", "%(n)d answers so far.", funnel.answers) % {
            "n": funnel.answers
        }
    return ngettext(
        "%(n)d answer so far, %(rate)d of a hundred who were asked.",
        "%(n)d answers so far, %(rate)d of a hundred who were asked.",
        funnel.completed,
    ) % {"n": funnel.completed, "rate": funnel.response_rate}


def _waiting(funnel: Funnel) -> str:
    return ngettext(
        "%(n)d mail is waiting to be sent.", "%(n)d mails are waiting to be sent.", funnel.waiting
    ) % {"n": funnel.waiting}


def _refused(funnel: Funnel) -> str:
    return ngettext(
        "%(n)d address was refused by its mail server.",
        "%(n)d addresses were refused by their mail servers.",
        funnel.refused,
    ) % {"n": funnel.refused}


def _in_doubt(funnel: Funnel) -> str:
    return ngettext(
        "%(n)d mail may or may not have arrived: the server did not answer.",
        "%(n)d mails may or may not have arrived: the server did not answer.",
        funnel.doubtful,
    ) % {"n": funnel.doubtful}


def funnel_of(wave: Wave) -> Funnel:
    """The counts of a wave, in four statements whatever its size."""
    mails = OutgoingMail.objects.filter(invitation__wave=wave, round=0).aggregate(
        n=Count("pk"),
        waiting=Count("pk", filter=Q(state__in=ON_THE_WAY)),
        sent=Count("pk", filter=Q(state=MailState.SENT)),
        unconfirmed=Count("pk", filter=Q(state=MailState.UNCONFIRMED)),
        doubtful=Count("pk", filter=Q(state=MailState.UNCONFIRMED, settled_at=None)),
        refused=Count("pk", filter=Q(state__in=REFUSED)),
        not_sent=Count("pk", filter=Q(state__in=NOT_SENT)),
    )
    invited = Invitation.objects.filter(wave=wave).aggregate(
        n=Count("pk"),
        # Whoever answered has opened it, even where the hint was never noted.
        opened=Count("pk", filter=Q(opened_at__isnull=False) | Q(response__isnull=False)),
        opted_out=Count("pk", filter=Q(contact__opted_out_at__isnull=False)),
    )
    answers = Response.objects.filter(wave=wave).aggregate(
        completed=Count("pk", filter=Q(invitation__isnull=False)), n=Count("pk")
    )
    campaign = Campaign.objects.filter(wave=wave).last()
    return Funnel(
        invited=invited["n"],
        waiting=mails["waiting"],
        sent=mails["sent"] + max(0, invited["n"] - mails["n"]),
        unconfirmed=mails["unconfirmed"],
        doubtful=mails["doubtful"],
        opened=invited["opened"],
        completed=answers["completed"],
        refused=mails["refused"],
        opted_out=invited["opted_out"],
        not_sent=mails["not_sent"],
        other_answers=answers["n"] - answers["completed"],
        started=bool(campaign and campaign.started_at),
        paused=bool(campaign and campaign.paused_at),
        closed=wave.status == SurveyStatus.CLOSED,
    )
