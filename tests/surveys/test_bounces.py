"""Mail that comes back: read, matched to its row, and the address never written to again."""

import asyncio
import base64
import json
import threading
from email.message import EmailMessage
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from surveys import bounces, contact_import, delivery
from surveys.contact_import import keep
from surveys.models import Contact, MailState, OutgoingMail, Suppression, Why
from surveys.outbox import Reason
from surveys.suppression import is_suppressed, suppress
from surveys.tasks import read_bounces
from tests.surveys.asking import open_survey, queue


def report(mail_id: str, *, action="failed", status="5.1.1", recipient="carmen@example.org") -> bytes:
    """As Postfix writes it."""
    return f"""\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: cyclemap@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Sat, 21 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address rejected:
    User unknown
--b
Content-Type: text/rfc822-headers

From: Lunaria <cyclemap@localhost>
To: {recipient}
Message-ID: {mail_id}
Subject: How was it?
--b--
""".replace("\n", "\r\n").encode()


def complaint(mail_id: str) -> bytes:
    return f"""\
Subject: FW: How was it?
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1.0
Version: 1
Original-Rcpt-To: <carmen@example.org>
--b
Content-Type: message/rfc822

From: cyclemap@localhost
Message-ID: {mail_id}
Subject: How was it?

Hello
--b--
""".encode()


def test_a_delivery_report_is_read():
    [found] = bounces.read(report("<a@b.example>"))
    assert found == bounces.Report(
        bounces.What.FAILED,
        "<a@b.example>",
        "carmen@example.org",
        "5.1.1",
        "smtp; 550 5.1.1 <carmen@example.org>: Recipient address rejected: User unknown",
    )
    assert found.is_dead


@pytest.mark.parametrize("status", ["4.4.1", "5.2.2", "5.7.1"])
def test_a_full_mailbox_a_time_out_and_a_policy_do_not_make_an_address_dead(status):
    assert not bounces.read(report("<a@b.example>", status=status))[0].is_dead


def test_a_complaint_is_read():
    [found] = bounces.read(complaint("<a@b.example>"))
    assert (found.what, found.message_id) == (bounces.What.COMPLAINT, "<a@b.example>")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: Out of office\r\n\r\nBack on Monday",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nno parts",
        report("").replace(b"Message-ID: \r\n", b""),
        report("<a@b.example>").replace(b"Action: failed", b"Action: perhaps"),
        report("<a@b.example>")[:700],
    ],
)
def test_what_is_no_report_is_none(raw):
    assert bounces.read(raw) == []


@pytest.fixture
def mail(world) -> OutgoingMail:
    [mail] = queue(open_survey(world.cycle), "carmen@example.org")
    mail.state = MailState.SENT
    mail.save()
    return mail


def now(mail: OutgoingMail) -> tuple[str, bool, bool]:
    contact = Contact.objects.get(email="carmen@example.org")
    mail.refresh_from_db()
    return mail.state, contact.bounced_at is not None, contact.opted_out_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "before", "after"),
    [
        (report, MailState.SENT, (MailState.BOUNCED, True, False)),
        (report, MailState.UNCONFIRMED, (MailState.BOUNCED, True, False)),
        (lambda i: report(i, status="5.2.2"), MailState.SENT, (MailState.BOUNCED, False, False)),
        (lambda i: report(i, action="delayed"), MailState.UNCONFIRMED, (MailState.SENT, False, False)),
        (lambda i: report(i, action="delivered"), MailState.SENT, (MailState.SENT, False, False)),
        (complaint, MailState.SENT, (MailState.SENT, False, True)),
    ],
)
def test_a_report_settles_its_mail(mail, raw, before, after):
    OutgoingMail.objects.update(state=before)
    assert bounces.take(raw(mail.message_id)) == 1
    assert now(mail) == after
    bounces.take(raw(mail.message_id))
    assert now(mail) == after


@pytest.mark.django_db
def test_a_report_about_mail_that_is_not_ours_changes_nothing(mail):
    assert bounces.take(report("<foreign@b.example>")) == 0
    assert now(mail) == (MailState.SENT, False, False)


@pytest.mark.django_db
def test_a_dead_address_is_left_out_of_a_new_list_even_after_the_person_was_erased(mail, world):
    bounces.take(report(mail.message_id))
    Contact.objects.all().delete()
    wave = mail.campaign.wave
    kept = keep(wave, "email\nCarmen@Example.org\nana@example.org\n")
    shown = contact_import.preview(kept)
    assert [line.reason for line in shown.left_out] == ["Earlier mail to this address came back."]
    contact_import.import_kept(kept)
    assert [contact.email for contact in wave.recipients.all()] == ["ana@example.org"]


@pytest.mark.django_db(transaction=True)
def test_an_address_that_came_in_by_another_way_is_still_not_written_to(world, smtp_sink):
    [mail] = queue(open_survey(world.cycle), "carmen@example.org")
    contact = mail.invitation.contact
    suppress(contact, Why.OPTED_OUT)
    Contact.objects.update(opted_out_at=None)
    assert delivery.run() == {"suppressed": 1}
    mail.refresh_from_db()
    assert (mail.reason, smtp_sink.message_ids()) == (Reason.OPTED_OUT, [])


@pytest.mark.django_db
def test_suppression_is_each_clients_own_and_keeps_no_address(mail, world):
    suppress(mail.invitation.contact, Why.OPTED_OUT)
    assert is_suppressed(world.client.pk, " Carmen@example.ORG")
    assert not is_suppressed(world.client.pk + 1, "carmen@example.org")
    assert "carmen" not in str(Suppression.objects.values().get())


@pytest.mark.django_db
def test_files_and_mailboxes_are_read(mail, tmp_path):
    (tmp_path / "one.eml").write_bytes(report(mail.message_id))
    box = b"From MAILER-DAEMON Sat Nov 21 10:00:00 2026\n" + report("<other@b.example>").replace(
        b"\r\n", b"\n"
    )
    (tmp_path / "box").write_bytes(box + b"\n" + box)
    out = StringIO()
    call_command("bounces", str(tmp_path / "one.eml"), str(tmp_path / "box"), stdout=out)
    assert out.getvalue() == "1 of our mails were reported about\n"
    assert now(mail)[0] == MailState.BOUNCED
    with pytest.raises(CommandError, match="No such file"):
        call_command("bounces", str(tmp_path / "none"))
    with pytest.raises(CommandError, match="name a file"):
        call_command("bounces")


class ImapServer:
    """As much of an IMAP server as reading unread mail takes, on a port of its own."""

    def __init__(self, messages: list[bytes]) -> None:
        self.unread = dict(enumerate(messages, 1))
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self):
        self.thread.start()
        starting = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self.talk, "127.0.0.1", 0), self.loop
        )
        self.server = starting.result(10)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def talk(self, reader, writer):
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            writer.write(self.answer(rest.upper(), rest) + f"{tag} OK done\r\n".encode())
        writer.close()

    def answer(self, words: str, line: str) -> bytes:
        if words.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n"
        if words.startswith("LOGIN"):
            assert line == 'LOGIN bounces "pass word"'
        if words.startswith("SELECT"):
            return b"* 1 EXISTS\r\n"
        if words.startswith("UID SEARCH"):
            return b"* SEARCH " + " ".join(map(str, self.unread)).encode() + b"\r\n"
        if words.startswith("UID FETCH"):
            raw = self.unread[int(words.split()[2])]
            return b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%b)\r\n" % (len(raw), raw)
        if words.startswith("UID STORE"):
            del self.unread[int(words.split()[2])]
        return b"* BYE\r\n" if words == "LOGOUT" else b""


@pytest.mark.django_db
def test_the_mailbox_is_read_by_the_clock(mail, settings):
    other = EmailMessage()
    other["Subject"] = "Thank you"
    with ImapServer([other.as_bytes(), report(mail.message_id)]) as server:
        settings.BOUNCE_MAILBOX = f"imap://bounces:pass%20word@127.0.0.1:{server.port}/INBOX"
        read_bounces()
        assert server.unread == {}
    assert now(mail)[0] == MailState.BOUNCED


@pytest.mark.django_db
def test_a_mailbox_that_is_away_is_read_later(settings, smtp_sink):
    settings.BOUNCE_MAILBOX = "imap://a:b@127.0.0.1:1/INBOX"
    read_bounces()
    with pytest.raises(CommandError):
        call_command("bounces")


# --- Providers ------------------------------------------------------------------------------------


@pytest.fixture
def postmark(settings):
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:secret"}


EVENT = {
    "RecordType": "Bounce",
    "ID": 42,
    "Type": "HardBounce",
    "TypeCode": 1,
    "Email": "carmen@example.org",
    "MessageID": "ffffffff-0000",
    "BouncedAt": "2026-11-21T10:00:00Z",
    "Description": "The server was unable to deliver your message.",
}


def call(client, secret="user:secret"):
    key = base64.b64encode(secret.encode()).decode()
    return client.post(
        "/hooks/mail/",
        json.dumps(EVENT),
        content_type="application/json",
        headers={"authorization": f"Basic {key}"},
    )


@pytest.mark.django_db
def test_a_provider_tells_of_a_dead_address(mail, client, postmark):
    assert call(client).status_code == 200
    assert now(mail) == (MailState.BOUNCED, True, False)


@pytest.mark.django_db
def test_a_stranger_is_not_believed(mail, client, postmark):
    assert call(client, "user:guess").status_code == 400
    assert now(mail) == (MailState.SENT, False, False)


@pytest.mark.django_db
def test_without_a_provider_there_is_no_hook(client):
    assert call(client).status_code == 404
