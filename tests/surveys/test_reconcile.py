"""Mail in doubt is settled by the relay's own log."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from surveys import reconcile
from surveys.models import MailState, OutgoingMail
from surveys.outbox import Reason
from tests.surveys.asking import open_survey, queue

POSTFIX = """\
Nov 21 10:00:01 mx postfix/smtpd[811]: 4Zk1Q: client=app[10.0.0.2]
Nov 21 10:00:01 mx postfix/cleanup[812]: 4Zk1Q: message-id=<one@test.example>
Nov 21 10:00:01 mx postfix/qmgr[800]: 4Zk1Q: from=<a@b.example>, size=2104, nrcpt=1 (queue active)
Nov 21 10:00:02 mx postfix/smtp[815]: 4Zk1Q: to=<c@d.example>, relay=d[1.2.3.4]:25, status=sent (250 ok)
Nov 21 10:00:03 mx postfix/submission/cleanup[812]: 4Zk2R: message-id=<refused@test.example>
Nov 21 10:00:03 mx postfix/cleanup[812]: 4Zk2R: milter-reject: END-OF-MESSAGE from app: 5.7.1
"""
EXIM = """\
2026-11-21 10:00:01 1vMq8X-000001-2A <= a@b.example H=app [10.0.0.2] P=esmtp S=2104 id=two@test.example
2026-11-21 10:00:02 1vMq8X-000001-2A => c@d.example R=dnslookup T=remote_smtp
2026-11-21 10:00:03 H=app [10.0.0.2] rejected after DATA: id=refused@test.example
"""


def test_what_logs_show_as_taken():
    assert reconcile.accepted(POSTFIX.splitlines(keepends=True)) == {"<one@test.example>"}
    assert reconcile.accepted(EXIM.splitlines(keepends=True)) == {"<two@test.example>"}
    assert reconcile.accepted(["<three@test.example>\n", "\n", "nothing of the kind\n"]) == {
        "<three@test.example>"
    }


@pytest.fixture
def mails(world) -> dict[str, OutgoingMail]:
    wave = open_survey(world.cycle)
    names = ("one", "two", "three", "young", "restored")
    mails = dict(zip(names, queue(wave, *(f"{name}@example.org" for name in names)), strict=True))
    for name, mail in mails.items():
        mail.message_id = f"<{name}@test.example>"
        mail.state = MailState.UNCONFIRMED
        mail.reason = Reason.INTERRUPTED
        mail.transmitting_at = timezone.now() - timedelta(minutes=1 if name == "young" else 60)
        mail.save()
    OutgoingMail.objects.filter(pk=mails["restored"].pk).update(state=MailState.HELD, reason=Reason.RESTORED)
    return mails


def state(mail: OutgoingMail) -> str:
    mail.refresh_from_db()
    return mail.state


@pytest.mark.django_db
def test_the_command_settles_by_logs(mails, tmp_path):
    (tmp_path / "postfix.log").write_text(POSTFIX)
    (tmp_path / "exim.log").write_text(EXIM)
    out = StringIO()
    call_command(
        "sending", "reconcile", str(tmp_path / "postfix.log"), str(tmp_path / "exim.log"), stdout=out
    )
    assert "2 mails in the logs; sent: 2, queued again: 0, still in doubt or held: 3" in out.getvalue()
    assert [state(mail) for mail in mails.values()] == ["sent", "sent", "unconfirmed", "unconfirmed", "held"]


@pytest.mark.django_db
def test_what_a_whole_log_does_not_show_is_sent_again_but_for_what_may_still_come(mails):
    done = reconcile.apply({"<one@test.example>", "<restored@test.example>"}, send_missing=True)
    assert (done.sent, done.queued, done.left) == (2, 2, 1)
    assert [state(mail) for mail in mails.values()] == ["sent", "queued", "queued", "unconfirmed", "sent"]


@pytest.mark.django_db
def test_a_log_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("sending", "reconcile", str(tmp_path / "none.log"))
