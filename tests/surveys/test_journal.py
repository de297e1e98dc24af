"""What the server said is not forgotten while the database is away, even if the lane dies then."""

import time

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from surveys import delivery, journal, outbox
from surveys.models import MailState, OutgoingMail
from surveys.outbox import Taken
from tests.surveys.asking import open_survey, queue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def path(settings, tmp_path):
    settings.SENDING_EPOCHS = tmp_path / "epochs"
    settings.SENDING_JOURNAL = tmp_path / "journal"
    return settings.SENDING_JOURNAL


@pytest.fixture
def mail(world) -> OutgoingMail:
    [mail] = queue(open_survey(world.cycle), "carmen@example.org")
    mail.state, mail.transmitting_at = MailState.TRANSMITTING, timezone.now()
    mail.save()
    return mail


class DyingError(BaseException):
    """Our own end, in the middle of waiting for the database."""


def test_a_lane_that_dies_while_the_database_is_away_leaves_a_note(world, smtp_sink, monkeypatch, path):
    [mail] = queue(open_survey(world.cycle), "carmen@example.org")

    def away(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and MailState.SENT in params:
            raise OperationalError("the server closed the connection")
        return execute(sql, params, many, context)

    def die(_):
        raise DyingError

    with monkeypatch.context() as fault, connection.execute_wrapper(away):
        fault.setattr(time, "sleep", die)
        with pytest.raises(DyingError):
            delivery.run()
    mail.refresh_from_db()
    assert mail.state == MailState.TRANSMITTING
    assert mail.message_id in path.read_text()
    assert delivery.run() == {}
    mail.refresh_from_db()
    assert (mail.state, mail.relay_reply) == (MailState.SENT, "250 2.0.0 taken")
    assert path.read_text() == ""
    assert len(smtp_sink.message_ids()) == 1


def test_a_note_settles_a_doubt_that_came_meanwhile(mail):
    journal.note(Taken(mail.pk, mail.message_id, "250 taken"))
    OutgoingMail.objects.update(state=MailState.UNCONFIRMED, reason=outbox.Reason.INTERRUPTED)
    assert journal.replay() == 1
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.SENT, "")


def test_a_note_changes_nothing_that_was_settled_otherwise(mail):
    journal.note(Taken(mail.pk, mail.message_id, "250 taken"))
    OutgoingMail.objects.update(state=MailState.BOUNCED)
    assert journal.replay() == 0
    assert journal.replay() == 0


def test_a_note_cut_short_by_a_crash_costs_only_itself_and_is_told(mail, path, caplog):
    path.write_text('{"message_id": "<half')
    journal.note(Taken(mail.pk, mail.message_id, "250 taken"))
    assert journal.replay() == 1
    assert [record.getMessage() for record in caplog.records if record.name == "surveys.journal"] == [
        "a note of a sent mail is cut short: 22 letters"
    ]
