"""Letters to members: what a mail server says decides what becomes of one, and its subject is one line."""

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend

from accounts.member_mail import LetterState, hand_over, letter


def written():
    return letter("a@example.org", "Hi", "accounts/mail/invitation", {"link": "https://x.example"})


def test_a_subject_is_one_line_and_means_nothing_but_itself():
    said = letter(
        "a@example.org", "Re:\r\nBcc: x\u202e =?utf-8?q?=0ABcc:_y?=", "accounts/mail/invitation", {}
    )
    assert said.subject == "Re: Bcc: x = ?utf-8?q?=0ABcc:_y?="


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (SMTPRecipientsRefused({"a@example.org": (550, b"no such user")}), LetterState.DROPPED),
        (SMTPRecipientsRefused({"a@example.org": (450, b"later")}), LetterState.WAITING),
        (SMTPDataError(554, b"not wanted"), LetterState.DROPPED),
        (SMTPDataError(451, b"later"), LetterState.WAITING),
        (SMTPServerDisconnected("after the text"), LetterState.DOUBTFUL),
        (TimeoutError("after the text"), LetterState.DOUBTFUL),
    ],
)
def test_what_the_server_says_decides(said, state, monkeypatch):
    def send(self, messages):
        raise said

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    assert hand_over(written, "a letter") == state


def test_what_the_server_takes_is_sent(mailoutbox):
    assert hand_over(written, "a letter") == LetterState.SENT
    assert [mail.to for mail in mailoutbox] == [["a@example.org"]]
