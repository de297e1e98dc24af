"""The conversation with the mail server, step by step, so that each failure says how far it got.

`smtplib` does the words; the order and the meaning of each reply are here. Three kinds of failure:
Refused (the server said no: nothing was taken), Busy (not now, and not because of this mail), and
Lost (nobody said anything more). Only a Lost after the text was handed over leaves a doubt.
"""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from email.utils import parseaddr
from enum import IntEnum
from functools import lru_cache

from django.conf import settings

# RFC 5321, 4.5.3.2.6: the server may take ten minutes to say that it has the mail.
SECONDS_FOR_THE_LAST_REPLY = 600
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Stage(IntEnum):
    CONNECT = 1
    LOG_IN = 2
    SENDER = 3
    RECIPIENT = 4
    DATA = 5  # asked to hand over, nothing handed over yet
    TEXT = 6  # handed over, no answer yet


class RelayError(Exception):
    def __init__(self, stage: Stage, code: int = 0, text: str = "") -> None:
        super().__init__(f"{stage.name.lower()}: {code or ''} {text}".strip())
        self.stage = stage
        self.code = code
        self.text = f"{code} {text}".strip() if code else text


class Refused(RelayError):  # noqa: N818
    """A plain no. 4xx: try later. 5xx: never."""

    @property
    def is_final(self) -> bool:
        return self.code >= 500


class Busy(RelayError):  # noqa: N818
    """421 and 454: the server turns away whoever comes now. Slow down; the mail is not to blame."""


class Lost(RelayError):  # noqa: N818
    """The connection is gone, or nobody answers on it."""


def envelope_sender() -> str:
    return _address_in(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _address_in(sender: str) -> str:
    return parseaddr(sender)[1]


class Relay:
    """One connection, opened when it is needed and again when the server has closed it."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self.mails_on_connection = 0

    @property
    def is_open(self) -> bool:
        return self._smtp is not None

    def open(self) -> None:
        if self._smtp is not None:
            return
        try:
            self._smtp = self._connect()
            self.mails_on_connection = 0
        except smtplib.SMTPConnectError as error:
            raise self._no(Stage.CONNECT, error.smtp_code, error.smtp_error) from error
        except OSError as error:
            raise Lost(Stage.CONNECT, text=str(error)) from error
        try:
            self._greet(self._smtp)
        except smtplib.SMTPResponseException as error:
            self.close()
            raise self._no(Stage.LOG_IN, error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            # Asked to encrypt or to log in by our settings, and the server cannot: as final as a no.
            self.close()
            raise Refused(Stage.LOG_IN, 500, str(error)) from error
        except OSError as error:
            self.close()
            raise Lost(Stage.LOG_IN, text=str(error)) from error

    def _connect(self) -> smtplib.SMTP:
        timeout = settings.EMAIL_TIMEOUT
        if getattr(settings, "EMAIL_USE_SSL", False):
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(
                settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=timeout, context=context
            )
        return smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=timeout)

    def _greet(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if getattr(settings, "EMAIL_USE_TLS", False):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)

    def address(self, sender: str, recipient: str) -> None:
        """Say whom the mail is from and for. Until `hand_over` any failure means: not sent."""
        self._command(Stage.SENDER, f"MAIL FROM:<{sender}>", (250,))
        self._command(Stage.RECIPIENT, f"RCPT TO:<{recipient}>", (250, 251))

    def announce(self) -> None:
        """DATA, up to the server's "go ahead"."""
        self._command(Stage.DATA, "DATA", (354,))

    def hand_over(self, message: bytes, meanwhile: Callable[[], None] = lambda: None) -> str:
        """The text and the final dot; the server's words when it has taken them.

        `meanwhile` is done while the server works on the text; it must not fail.
        """
        assert self._smtp is not None
        assert self._smtp.sock is not None
        text = LEADING_DOT.sub(b"..", message)
        if not text.endswith(b"\r\n"):
            text += b"\r\n"
        try:
            self._smtp.send(text + b".\r\n")
            meanwhile()
            self._smtp.sock.settimeout(SECONDS_FOR_THE_LAST_REPLY)
            code, reply = self._smtp.getreply()
            if code != -1:
                self._smtp.sock.settimeout(settings.EMAIL_TIMEOUT)
        except OSError as error:
            self.close()
            raise Lost(Stage.TEXT, text=str(error)) from error
        if code >= 400:
            # 421 too: the server is closing, and says that it did not take this mail.
            if code == 421:
                self.close()
            raise Refused(Stage.TEXT, code, _words(reply))
        if not 200 <= code < 300:
            self.close()
            raise Lost(Stage.TEXT, text="no valid reply")
        self.mails_on_connection += 1
        return f"{code} {_words(reply)}"

    def reset(self) -> None:
        """Forget the mail begun; a connection that cannot even do that is no good any more."""
        if self._smtp is None:
            return
        try:
            code, _ = self._smtp.docmd("RSET")
        except OSError:
            code = -1
        if code != 250:
            self.close()

    def close(self) -> None:
        """Without ceremony: the connection may be dead."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def quit(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            # A server that does not say goodbye has all our mail nevertheless.
            with contextlib.suppress(OSError):
                if smtp.sock is not None:
                    smtp.sock.settimeout(5)
                smtp.quit()
            smtp.close()

    def _command(self, stage: Stage, line: str, good: tuple[int, ...]) -> None:
        assert self._smtp is not None
        try:
            code, reply = self._smtp.docmd(line)
        except OSError as error:
            self.close()
            raise Lost(stage, text=str(error)) from error
        if code == -1:
            self.close()
            raise Lost(stage, text="no valid reply")
        if code in good:
            return
        if code == 421:
            self.close()
        raise self._no(stage, code, reply)

    def _no(self, stage: Stage, code: int, reply: bytes | str) -> RelayError:
        words = _words(reply)
        if code in (421, 454):
            return Busy(stage, code, words)
        if code < 400:
            # A number that makes no sense here (a server out of step): start over on a new connection.
            self.close()
            return Lost(stage, code, words)
        return Refused(stage, code, words)


def _words(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:250]
