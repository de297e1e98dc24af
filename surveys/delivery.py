"""The sending lane: claim, make, hand over, record (docs/adr/0003).

Exactly once does not exist over SMTP: between our last byte and the server's answer nobody can know.
What is promised: never two by our doing, nothing lost in silence, and every doubt listed by name.

No transaction is open while the mail server is being talked to. What it took is recorded by the same
commit that fences the next mail, as long as it answers at once: a lane still leaves one doubt at most.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError

from surveys import brakes, guard, journal, obstacles, outbox
from surveys.mail import compose
from surveys.models import MailState, OutgoingMail
from surveys.outbox import Reason, Taken
from surveys.relay import Busy, Lost, Refused, Relay, RelayError, Stage, envelope_sender
from surveys.wire import UnsendableError, envelope_recipient

log = logging.getLogger(__name__)

# A lane that stood still longer than this after its fence (a frozen machine) hands nothing over.
FENCE_SECONDS = 2.0
GO_AHEAD_SECONDS = 60.0
RENEW_SECONDS = 30.0
# A batch that a slow server takes longer over is read again: what a mail says is not older than this.
FRESH_SECONDS = 2.0
NOT_READ = float("-inf")
LOST_IN_A_ROW = 3
# A server that takes longer over an address is not left alone with a mail that it took and we have not
# yet recorded.
BRISK_SECONDS = 0.02
# However slow the pace: shorter than a lease, and than a worker's patience at shutdown.
LONGEST_WAIT_SECONDS = 10.0
# Whom the failure is about, when a server says no before any address was named.
ABOUT_THE_SENDER = (Stage.CONNECT, Stage.LOG_IN, Stage.SENDER)


def run(stop: Callable[[], bool] = lambda: False, seconds: float = float("inf")) -> Counter[str]:
    """Send what is due, until there is nothing more, or `stop` says so, or the time is up; count by outcome.

    The mail being sent when it is to stop is finished; what was claimed and not begun is given back.
    """
    return Lane(stop, seconds).run()


@dataclass(frozen=True)
class Made:
    """A mail made for the wire, or why it could not be."""

    mail: OutgoingMail
    message: bytes = b""
    recipient: str = ""
    fault: Exception | None = None


class SenderTurnedAwayError(Exception):
    def __init__(self, error: RelayError) -> None:
        super().__init__(str(error))
        self.error = error


class Lane:
    def __init__(self, stop: Callable[[], bool], seconds: float) -> None:
        self.me = uuid4()
        self.relay = Relay()
        self.sender = envelope_sender()
        self.tally: Counter[str] = Counter()
        self.deadline = time.monotonic() + seconds
        self.asked_to_stop = stop
        self.lost_in_a_row = 0
        self.sender_was_well = False
        self.next_at = 0.0
        self.is_brisk = False
        self.read_at = NOT_READ
        self.taken: Taken | None = None
        self.following: OutgoingMail | None = None
        self.ahead: Made | None = None

    def run(self) -> Counter[str]:
        outbox.make_durable()
        journal.replay()
        try:
            while not self.is_over() and not brakes.rests(self.sender) and guard.may_send():
                claimed = outbox.claim(self.me)
                if not claimed:
                    break
                guard.remember(guard.state())
                self.deliver(claimed)
        except SenderTurnedAwayError as turned_away:
            error = turned_away.error
            log.warning("the mail server turns us away: %s", error)
            brakes.rest(self.sender, error.text[:300], is_final=isinstance(error, Refused) and error.is_final)
        finally:
            self.record()
            self.relay.quit()
            outbox.release(self.me)
        if self.tally:
            log.info("mail lane: %s", {str(state): n for state, n in self.tally.items()})
        return self.tally

    def is_over(self) -> bool:
        return self.asked_to_stop() or time.monotonic() > self.deadline

    def deliver(self, keys: list[int]) -> None:
        renewed = self.read_at = time.monotonic()
        mails = outbox.load(keys, self.me)
        for place, key in enumerate(keys):
            if self.is_over():
                break
            if time.monotonic() - self.read_at > FRESH_SECONDS:
                mails, self.read_at = outbox.load(keys[place:], self.me), time.monotonic()
            if time.monotonic() - renewed > RENEW_SECONDS:
                outbox.renew(self.me)
                renewed = time.monotonic()
            self.following = mails.get(keys[place + 1]) if place + 1 < len(keys) else None
            if mail := mails.get(key):
                self.tally[self.one(mail)] += 1
                if not self.is_brisk or settings.MAIL_PER_MINUTE:
                    self.record()
                self.keep_pace()
        self.record()

    def record(self) -> None:
        """Write down what the server took last, if that is not yet done."""
        taken, self.taken = self.taken, None
        if taken is not None:
            journal.surely(
                lambda: outbox.sent(taken.pk, self.me, taken.reply), if_away=lambda: journal.note(taken)
            )

    def keep_pace(self) -> None:
        """As many a minute as were asked for, of all lanes together."""
        if settings.MAIL_PER_MINUTE:
            now = time.monotonic()
            self.next_at = max(now, self.next_at) + 60 * settings.MAIL_LANES / settings.MAIL_PER_MINUTE
            time.sleep(min(self.next_at - now, LONGEST_WAIT_SECONDS))

    def one(self, mail: OutgoingMail) -> str:
        """Bring one mail to where it belongs; say where that is."""
        if aside := self.set_aside(mail):
            return aside
        made = self.ahead if self.ahead and self.ahead.mail is mail else self.make(mail)
        if isinstance(made.fault, UnsendableError):
            outbox.give_up(mail.pk, self.me, MailState.FAILED, Reason.UNSENDABLE, str(made.fault))
            return MailState.FAILED
        if made.fault is not None:
            # A fault of ours: this mail waits for the repair, the others go.
            log.error("mail %s cannot be made", mail.pk, exc_info=made.fault)
            outbox.put_off(mail, self.me, "")
            return MailState.QUEUED
        try:
            self.address(made.recipient)
        except RelayError as error:
            return self.not_taken(mail, error)
        return self.hand_over(mail, made.message)

    def make(self, mail: OutgoingMail) -> Made:
        """A fault is kept with the mail until it is its turn."""
        try:
            return Made(mail, compose(mail), envelope_recipient(settings.MAIL_ONLY_TO or mail.recipient))
        except Exception as fault:
            return Made(mail, fault=fault)

    def make_ahead(self) -> None:
        """The following mail, while the server works on this one."""
        self.ahead = self.make(self.following) if self.following else None

    def set_aside(self, mail: OutgoingMail, *, anew: bool = False) -> str | None:
        """Where a mail belongs that may not go, or not yet; None if nothing in its row stands in the way.

        `anew`: with what only the fence looks at, of all mail, because it is seldom so.
        """
        if obstacles.waits(mail) or (anew and brakes.is_stopped()):
            outbox.put_back(mail.pk, self.me, timedelta(seconds=5))
            return MailState.QUEUED
        why = obstacles.in_its_row(mail) or (obstacles.elsewhere(mail) if anew else None)
        if why is None:
            return None
        state, reason = why
        outbox.give_up(mail.pk, self.me, state, reason)
        return state

    def address(self, recipient: str) -> None:
        """On a connection that was open already a server may have had enough: then once more on a new one."""
        was_open = self.relay.is_open
        if not was_open:
            self.record()
        began = time.monotonic()
        try:
            self.relay.open()
            self.relay.address(self.sender, recipient)
            self.is_brisk = time.monotonic() - began < BRISK_SECONDS
        except (Lost, Busy):
            self.is_brisk = False
            self.record()
            self.relay.close()
            if not was_open:
                raise
            self.relay.open()
            self.relay.address(self.sender, recipient)

    def hand_over(self, mail: OutgoingMail, message: bytes) -> str:
        began = time.monotonic()
        if not self.fence(mail):
            self.relay.reset()
            return self.look_again(mail.pk)
        if time.monotonic() - began > FENCE_SECONDS:
            return self.stood_still(mail)
        try:
            self.relay.announce()
            if time.monotonic() - began > GO_AHEAD_SECONDS:
                return self.stood_still(mail)
            reply = self.relay.hand_over(message, self.make_ahead)
        except Lost as error:
            if error.stage is not Stage.TEXT:
                return self.not_taken(mail, error)
            words = error.text[:300]
            journal.surely(lambda: outbox.doubt(mail.pk, self.me, words))
            return MailState.UNCONFIRMED
        except RelayError as error:
            return self.not_taken(mail, error)
        self.taken = Taken(mail.pk, mail.message_id, reply)
        self.goes_well()
        return MailState.SENT

    def fence(self, mail: OutgoingMail) -> bool:
        """From here the mail may have left; what left before it is recorded with that."""
        try:
            held = outbox.fence(mail, self.me, self.taken)
        except (OperationalError, InterfaceError):
            self.record()
            # Whether the fence was set nobody knows. Nothing was handed over, so it is taken away again.
            journal.surely(lambda: outbox.put_back(mail.pk, self.me))
            return False
        self.taken = None
        return held

    def look_again(self, key: int) -> str:
        """The fence was not set: an obstacle came up since the mail was read, or it is not ours any more."""
        mail = outbox.load([key], self.me).get(key)
        if mail is None:
            return MailState.QUEUED
        aside = self.set_aside(mail, anew=True)
        if aside is None:
            # The obstacle is gone again.
            outbox.put_back(key, self.me)
            return MailState.QUEUED
        return aside

    def stood_still(self, mail: OutgoingMail) -> str:
        """Too long ago to trust what we knew; nothing was handed over, and nothing will be."""
        self.relay.close()
        outbox.put_back(mail.pk, self.me)
        return MailState.QUEUED

    def not_taken(self, mail: OutgoingMail, error: RelayError) -> str:
        """The server has not taken it: whose turn is it now?"""
        # What is refused never comes to the fence, which would find that its campaign was paused meanwhile.
        self.read_at = NOT_READ
        if isinstance(error, Busy) or error.stage in ABOUT_THE_SENDER:
            self.relay.close()
            journal.surely(lambda: outbox.put_back(mail.pk, self.me))
            raise SenderTurnedAwayError(error)
        reply = error.text[:300]
        if isinstance(error, Refused):
            self.lost_in_a_row = 0
            if error.stage is not Stage.TEXT:
                self.relay.reset()
            if error.is_final:
                journal.surely(
                    lambda: outbox.give_up(mail.pk, self.me, MailState.FAILED, Reason.REFUSED, reply)
                )
                if mail.campaign_id and brakes.brake(mail.campaign_id):
                    log.warning("campaign %s pauses: too many addresses are refused", mail.campaign_id)
                return MailState.FAILED
        else:
            self.lost_in_a_row += 1
            if self.lost_in_a_row >= LOST_IN_A_ROW:
                journal.surely(lambda: outbox.put_back(mail.pk, self.me))
                raise SenderTurnedAwayError(error)
        journal.surely(lambda: outbox.put_off(mail, self.me, reply))
        return MailState.QUEUED

    def goes_well(self) -> None:
        self.lost_in_a_row = 0
        if not self.sender_was_well:
            brakes.rested(self.sender)
            self.sender_was_well = True
