"""From queue to answer: how many got how far, and what that says in one sentence."""

import hashlib
from dataclasses import astuple, dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyclemap.rounding import whole_percent
from surveys import guard
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

    @property
    def is_trace(self) -> bool:
        """There are some, and too few for a whole percent."""
        return self.share == 0 and self.count > 0


@dataclass(frozen=True)
class Aside:
    """A count beside the way from queue to answer, and the filter of the list that shows who they are."""

    key: str
    label: str
    count: int
    note: str = ""


@dataclass(frozen=True)
class Funnel:
    """Counts of one wave. Numbers in, sentences out: `funnel_of` asks the database."""

    invited: int = 0
    waiting: int = 0
    sent: int = 0  # taken by a mail server, or invited by other means than our mail
    unconfirmed: int = 0
    doubtful: int = 0  # of the unconfirmed, those about which nobody has decided
    opened: int = 0
    begun: int = 0  # saved or sent something
    completed: int = 0
    refused: int = 0  # by a mail server, at once or afterwards
    bounced: int = 0  # of the refused, those that came back
    capped: int = 0  # another survey had asked them lately
    reminded: int = 0
    answered_reminded: int = 0
    reminders_waiting: int = 0
    opted_out: int = 0
    not_sent: int = 0  # cancelled, or opted out while waiting
    other_answers: int = 0  # answers that no invitation of this wave led to
    started: bool = False
    paused: bool = False
    held: bool = False  # all mail of the installation is
    closed: bool = False
    gathered: int = 0  # on the list, where nobody has been invited yet

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
        not_sent = _named(
            ngettext("%(n)s opted out or cancelled", "%(n)s opted out or cancelled", self.not_sent),
            self.not_sent,
        )
        steps = [
            self._step("queued", _("Invited"), self.invited, _joined(waiting, not_sent)),
            self._step("sent", _("Sent"), self.sent, refused),
            self._step("unconfirmed", _("Unconfirmed"), self.unconfirmed),
            self._step("opened", _("Opened the link"), self.opened),
            self._step("started", _("Started"), self.begun),
            self._step("completed", _("Completed"), self.completed),
        ]
        return [step for step in steps if step.count or step.key != "unconfirmed"]

    def _step(self, key: str, label: str, count: int, loss: str = "") -> Step:
        part = None if key == "queued" else share(count, self.reached)
        # Two of a thousand are still seen.
        width = max(int(count > 0), min(100, share(count, self.invited) or 0))
        return Step(key, label, count, width, part, loss)

    @property
    def asides(self) -> list[Aside]:
        after = ngettext("%(n)d of them answered", "%(n)d of them answered", self.answered_reminded)
        asides = [
            Aside("reminded", _("Reminded"), self.reminded, after % {"n": self.answered_reminded}),
            Aside("bounced", _("Bounced"), self.bounced),
            Aside("opted_out", _("Opted out"), self.opted_out),
            Aside("capped", _("Spared: asked lately"), self.capped),
        ]
        return [aside for aside in asides if aside.count]

    @property
    def moves(self) -> bool:
        """Mail is leaving, so that it is worth looking often."""
        return bool(self.waiting or self.reminders_waiting) and not (self.paused or self.held)

    @property
    def panel_sign(self) -> str:
        """Changes when what can be done changes: something waits, is in doubt, is spared, or paused."""
        waiting = bool(self.waiting or self.reminders_waiting)
        told = (waiting, self.doubtful, self.capped, self.started, self.paused, self.held)
        return "-".join(str(int(part)) for part in told)

    @property
    def sign(self) -> str:
        """Changes with every figure: an open page asks by it whether anything has moved."""
        figures = hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:12]
        return f"{self.panel_sign}.{figures}"

    @property
    def headline(self) -> str:
        return finding(self)[0]

    @property
    def evidence(self) -> list[str]:
        return finding(self)[1]


def _unsent(funnel: Funnel) -> str:
    if not funnel.gathered:
        return _("Add recipients, look at the message, and start sending.")
    return ngettext(
        "%(n)s customer is on the list. Look at the message and start sending.",
        "%(n)s customers are on the list. Look at the message and start sending.",
        funnel.gathered,
    ) % {"n": funnel.gathered}


def share(part: int, whole: int) -> int | None:
    return whole_percent(part / whole) if whole else None


def _named(text: str, number: int) -> str:
    return text % {"n": number} if number else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def finding(funnel: Funnel) -> tuple[str, list[str]]:
    """The headline and what it rests on: the first rule that applies, what needs a hand first."""
    if not funnel.invited and not funnel.answers:
        return _("Nothing has been sent yet"), [_unsent(funnel)]
    if funnel.closed:
        return _finding_of_closed(funnel)
    if funnel.held and funnel.waiting:
        return _("All sending is held"), [_waiting(funnel)]
    if funnel.paused and funnel.waiting:
        return _("Sending is paused"), [_waiting(funnel)]
    if funnel.refused and funnel.refused * 20 >= funnel.invited:
        return _("Too many addresses are refused"), [_refused(funnel), _answered(funnel)]
    if funnel.doubtful:
        return _("Some mail is in doubt"), [_in_doubt(funnel), _answered(funnel)]
    if funnel.waiting:
        return _("Mail is on its way"), [_waiting(funnel), _answered(funnel)]
    if not funnel.invited:
        return _("Answers come without invitations"), [_answered(funnel)]
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
        "%(n)d answer so far, %(rate)d of a hundred whom the mail reached.",
        "%(n)d answers so far, %(rate)d of a hundred whom the mail reached.",
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
    """The counts of a wave, in a handful of statements whatever its size."""
    mails = _mails(wave)
    invited = _invited(wave)
    answers = Response.objects.filter(wave=wave).count()
    campaign = Campaign.objects.filter(wave=wave).last()
    sending = guard.seen()
    return Funnel(
        invited=invited["n"],
        waiting=mails["waiting"],
        sent=mails["sent"] + max(0, invited["n"] - mails["n"]),
        unconfirmed=mails["unconfirmed"],
        doubtful=mails["doubtful"],
        opened=invited["opened"],
        begun=invited["begun"],
        completed=invited["completed"],
        refused=mails["refused"],
        bounced=mails["bounced"],
        capped=mails["capped"],
        reminded=mails["reminded"],
        answered_reminded=invited["answered_reminded"],
        reminders_waiting=mails["reminders_waiting"],
        opted_out=invited["opted_out"],
        not_sent=mails["not_sent"],
        other_answers=max(0, answers - invited["completed"]),
        started=bool(campaign and campaign.started_at),
        paused=bool(campaign and campaign.paused_at),
        held=sending.held_at is not None or sending.paused_at is not None,
        closed=wave.status == SurveyStatus.CLOSED,
        gathered=0 if invited["n"] else wave.recipients.count(),
    )


def _mails(wave: Wave) -> dict[str, int]:
    first, later = Q(round=0), Q(round__gt=0)
    doubtful = Q(state=MailState.UNCONFIRMED, settled_at=None)
    had = Q(state__in=[MailState.SENT, MailState.UNCONFIRMED])
    reminded = Count("invitation", filter=later & had, distinct=True)
    return OutgoingMail.objects.filter(invitation__wave=wave).aggregate(
        n=Count("pk", filter=first),
        waiting=Count("pk", filter=first & Q(state__in=ON_THE_WAY)),
        sent=Count("pk", filter=first & Q(state=MailState.SENT)),
        unconfirmed=Count("pk", filter=first & Q(state=MailState.UNCONFIRMED)),
        doubtful=Count("pk", filter=doubtful),
        refused=Count("pk", filter=first & Q(state__in=REFUSED)),
        bounced=Count("pk", filter=first & Q(state=MailState.BOUNCED)),
        not_sent=Count("pk", filter=first & Q(state__in=NOT_SENT)),
        capped=Count("pk", filter=first & Q(state=MailState.CAPPED)),
        reminded=reminded,
        reminders_waiting=Count("pk", filter=later & Q(state__in=ON_THE_WAY)),
    )


def _invited(wave: Wave) -> dict[str, int]:
    # Of an anonymous survey only that somebody has answered is known.
    answered = Q(response__isnull=False) | Q(answered_on__isnull=False)
    begun = answered | Q(started_at__isnull=False)
    had = OutgoingMail.objects.filter(
        invitation=OuterRef("pk"), round__gt=0, state__in=[MailState.SENT, MailState.UNCONFIRMED]
    )
    return Invitation.objects.filter(wave=wave).aggregate(
        n=Count("pk"),
        # Whoever answered has opened it, even where the hint was never noted.
        opened=Count("pk", filter=begun | Q(opened_at__isnull=False)),
        begun=Count("pk", filter=begun),
        completed=Count("pk", filter=answered),
        answered_reminded=Count("pk", filter=answered & Exists(had)),
        opted_out=Count("pk", filter=Q(contact__opted_out_at__isnull=False)),
    )
