"""What people say about the map: who may, what is escaped and kept, who is called by mail and how often."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import member_mail
from accounts.member_mail import LetterState
from cycles.discussion import new_key
from cycles.mentions import mentioned, with_names
from cycles.models import Action, ActionPlan, Comment, Mention, Moment, Requirement
from cycles.tasks import mail_mentions
from tests.conftest import log_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def moment(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Find the shop")


@pytest.fixture
def url(world, moment):
    return world.url(f"moments/{moment.pk}/comments/")


def say(browser, url, text, **more):
    return browser.post(url, {"text": text, "key": new_key(), **more})


def due(minutes=5):
    Mention.objects.filter(state="waiting").update(due_at=timezone.now() - timedelta(minutes=minutes))


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "without script"])
def test_a_comment_stands_on_its_page_and_in_the_panel(world, consultant, url, moment, headers):
    answer = consultant.post(
        url, {"text": "Is it <b>far</b>?\nhttp://x.example", "key": new_key()}, headers=headers
    )
    assert answer.status_code == (200 if headers else 302)
    for page in (url, world.url(f"cycles/{world.cycle.pk}/?moment={moment.pk}")):
        text = consultant.get(page).content.decode()
        assert "Is it &lt;b&gt;far&lt;/b&gt;?<br>http://x.example" in text
        assert "consultant alba" in text
    assert 'href="http://x.example' not in text, "what somebody writes is never a link"


def test_requirements_and_actions_have_threads_and_badges_too(world, consultant, moment):
    need = Requirement.objects.create(moment=moment, position=0, name="Signs")
    action = Action.objects.create(
        plan=ActionPlan.objects.create(cycle=world.cycle, name="Plan"), number=1, name="Put up signs"
    )
    say(consultant, world.url(f"requirements/{need.pk}/comments/"), "Which signs")
    say(consultant, world.url(f"actions/{action.pk}/comments/"), "When")
    say(consultant, world.url(f"moments/{moment.pk}/comments/"), "Where")
    cycle = world.cycle.pk
    # Alone on a page, a thread belongs to the step of what it is about, and leads back to it.
    for path, step in ((f"requirements/{need.pk}", "requirements/"), (f"actions/{action.pk}", "plan/")):
        alone = consultant.get(world.url(f"{path}/comments/")).content.decode()
        here = re.search(r'<a[^>]*href="([^"]*)"[^>]*aria-current="(?:page|step|true)"', alone)[1]
        assert here == world.url(f"cycles/{cycle}/{step}")
        assert "Back to the cycle" not in alone
    for page, said in [
        (f"requirements/{need.pk}/", "Which signs"),
        (f"actions/{action.pk}/", "When"),
    ]:
        assert said in consultant.get(world.url(page)).content.decode()
    for page in (
        f"cycles/{cycle}/",
        f"cycles/{cycle}/requirements/?moment={moment.pk}",
        f"cycles/{cycle}/plan/",
    ):
        assert "Open comments: </span>1</" in consultant.get(world.url(page)).content.decode(), page


def test_the_same_form_sent_twice_is_one_comment(consultant, url):
    form = {"text": "Once", "key": new_key()}
    consultant.post(url, form)
    consultant.post(url, form)
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "nul\x00"])
def test_a_comment_that_cannot_be_is_refused_in_words(consultant, url, text):
    answer = consultant.post(url, {"text": text, "key": new_key()}, headers=HTMX)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not Comment.objects.exists()


def test_answer_resolve_and_reopen(world, consultant, manager, url):
    say(consultant, url, "Is it far?")
    first = Comment.objects.get()
    say(manager, url, "No", reply_to=first.pk)
    reply = Comment.objects.exclude(pk=first.pk).get()
    assert reply.reply_to == first
    manager.post(world.url(f"comments/{first.pk}/resolve/"))
    first.refresh_from_db()
    assert first.resolved_by == world.manager
    text = consultant.get(url).content.decode()
    assert "Resolved by manager alba." in text
    consultant.post(world.url(f"comments/{first.pk}/reopen/"))
    first.refresh_from_db()
    assert first.resolved_at is None
    manager.post(world.url(f"comments/{first.pk}/resolve/"))
    say(consultant, url, "It is", reply_to=first.pk)
    first.refresh_from_db()
    assert first.resolved_at is None, "who answers has not done with it"


def test_only_who_wrote_it_changes_it(world, consultant, manager, url):
    say(consultant, url, "Is it far?")
    comment = Comment.objects.get()
    path = world.url(f"comments/{comment.pk}/")
    assert manager.post(path, {"text": "No"}).status_code == 422
    assert (
        "Only consultant alba may change this comment." in manager.post(path, {"text": "No"}).content.decode()
    )
    assert manager.post(f"{path}delete/").status_code == 422
    assert "Is it far?</textarea>" in consultant.get(path).content.decode()
    assert consultant.post(path, {"text": "Is it near?"}).status_code == 302
    comment.refresh_from_db()
    assert (comment.text, comment.deleted_at) == ("Is it near?", None)
    assert "edited" in consultant.get(url).content.decode()


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "without script"])
def test_a_deleted_comment_comes_back(world, consultant, url, headers):
    say(consultant, url, "Is it far?")
    comment = Comment.objects.get()
    answer = consultant.post(world.url(f"comments/{comment.pk}/delete/"), headers=headers, follow=True)
    text = answer.content.decode()
    assert "Is it far?" not in text
    assert f"comments/{comment.pk}/restore/" in text
    consultant.post(world.url(f"comments/{comment.pk}/restore/"))
    assert "Is it far?" in consultant.get(url).content.decode()


def test_viewers_read(world, consultant, url):
    say(consultant, url, "Is it far?")
    viewer = log_in(world.viewer)
    text = viewer.get(url).content.decode()
    assert "Is it far?" in text
    assert "<textarea" not in text
    assert viewer.post(url, {"text": "No"}).status_code == 403


def test_the_comments_of_a_member_who_left_keep_the_name(world, consultant, url):
    say(consultant, url, "Is it far?")
    world.consultant.delete()
    assert "consultant alba" in log_in(world.owner).get(url).content.decode()


def test_a_comment_moves_open_pages(world, consultant, url):
    before = world.cycle.revision
    say(consultant, url, "Is it far?")
    world.cycle.refresh_from_db()
    assert world.cycle.revision == before + 1


def test_queries_do_not_grow_with_the_comments(consultant, url):
    say(consultant, url, "One @manager alba")
    with CaptureQueriesContext(connection) as few:
        consultant.get(url)
    for n in range(8):
        say(consultant, url, f"{n} @manager alba")
    with CaptureQueriesContext(connection) as many:
        consultant.get(url)
    assert len(few) == len(many)


# --- Who is called -------------------------------------------------------------------------------


def names(world, text):
    people = [world.owner, world.consultant, world.manager, world.viewer]
    return [person.name for person in mentioned(text, people)]


def test_who_is_meant(world):
    world.manager.name, world.viewer.name = "Lucía Peña", "Lucía Peña Ruiz"
    assert names(world, "@lucia pena, please") == ["Lucía Peña"]
    assert names(world, "@Lucía Peña Ruiz and @owner alba") == ["Lucía Peña Ruiz", "owner alba"]
    assert names(world, "@Lucía") == [], "two have that first name"
    assert names(world, "(@owner) and @owner alba") == ["owner alba"]
    assert names(world, "me@owner.example, x@owner, @owneralba, @@owner, @nobody") == []


def test_who_is_called_is_set_off_and_all_is_escaped(world):
    html = with_names("<i>@owner alba</i>\n& more", [world.owner])
    assert html == '<p>&lt;i&gt;<b class="at">@owner alba</b>&lt;/i&gt;<br>&amp; more</p>'


# --- Mail ----------------------------------------------------------------------------------------


def test_all_mentions_of_some_minutes_are_one_mail(world, consultant, url):
    world.manager.language = "en"
    world.manager.save()
    say(consultant, url, "@manager alba is it far?")
    mail_mentions()
    assert mail.outbox == [], "more may follow"
    say(consultant, url, "And how wide, @Manager Alba?")
    due()
    mail_mentions()
    mail_mentions()
    (letter,) = mail.outbox
    assert letter.to == [world.manager.email]
    assert letter.subject == "2 comments mention you"
    assert "is it far?" in letter.body
    assert "how wide" in letter.body
    first = Comment.objects.first()
    assert f"{url}#c{first.pk}" in letter.body
    assert set(Mention.objects.values_list("state", flat=True)) == {"sent"}


def test_the_mail_speaks_the_language_of_who_reads_it(world, consultant, url):
    world.manager.language = "es"
    world.manager.save()
    say(consultant, url, "@manager alba ¿lejos?")
    due()
    mail_mentions()
    assert "menciona" in mail.outbox[0].subject


def test_nobody_is_told_of_what_they_wrote_themselves_or_twice_of_one_comment(world, consultant, url):
    say(consultant, url, "@consultant alba note to self, @manager alba and @manager alba")
    comment = Comment.objects.get()
    consultant.post(world.url(f"comments/{comment.pk}/"), {"text": "@manager alba, again"})
    assert Mention.objects.count() == 1


def test_who_may_no_longer_see_it_gets_no_mail(world, consultant, url):
    say(consultant, url, "@manager alba is it far?")
    world.manager.memberships.all().delete()
    due()
    mail_mentions()
    assert mail.outbox == []
    assert Mention.objects.get().state == LetterState.DROPPED


def test_a_comment_deleted_in_time_is_not_mailed(world, consultant, url):
    say(consultant, url, "@manager alba, sorry")
    consultant.post(world.url(f"comments/{Comment.objects.get().pk}/delete/"))
    due()
    mail_mentions()
    assert mail.outbox == []


def test_people_of_another_workspace_are_never_called(world, stranger, consultant, url):
    stranger.owner.name = "Zoe Sand"
    stranger.owner.save()
    say(consultant, url, f"@Zoe Sand and @{stranger.manager.email}")
    assert not Mention.objects.exists()


def test_a_mail_server_that_is_away_delays_the_mail(world, consultant, url, smtp_sink, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    say(consultant, url, "@manager alba is it far?")
    due()
    mail_mentions()
    mention = Mention.objects.get()
    assert mention.state == LetterState.WAITING
    assert mention.due_at > timezone.now()
    settings.EMAIL_PORT = port
    due()
    mail_mentions()
    mail_mentions()
    assert len(smtp_sink.lines()) == 1
    assert Mention.objects.get().state == LetterState.SENT


def test_what_may_have_gone_out_is_never_sent_again(consultant, url, monkeypatch):
    say(consultant, url, "@manager alba is it far?")
    due()

    def cut_off(self, messages):
        raise SMTPServerDisconnected("after the data")

    monkeypatch.setattr(EmailBackend, "send_messages", cut_off)
    mail_mentions()
    assert Mention.objects.get().state == LetterState.DOUBTFUL
    monkeypatch.undo()
    mail_mentions()
    assert mail.outbox == []


def test_the_mail_of_a_dead_worker_is_in_doubt(consultant, url):
    say(consultant, url, "@manager alba is it far?")
    due()
    Mention.objects.update(state="sending", claim="x", claimed_at=timezone.now() - 2 * member_mail.LEASE)
    mail_mentions()
    assert mail.outbox == []
    assert Mention.objects.get().state == LetterState.DOUBTFUL
