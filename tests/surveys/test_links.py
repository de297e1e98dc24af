"""Nothing but the right link opens an invitation, and nothing in the database makes one."""

import base64
import secrets
import time

import pytest

from surveys import links, page_marks
from surveys.models import Invitation
from tests.surveys.asking import invite, open_survey


@pytest.fixture
def invitation(world) -> Invitation:
    return invite(open_survey(world.cycle))


def test_a_link_leads_to_its_invitation_and_stays_the_same(invitation):
    token = links.token_for(invitation)
    assert links.invitation_for(token) == invitation
    assert links.token_for(Invitation.objects.get()) == token
    assert len(token) == 52
    assert links.survey_url(invitation).endswith(f"/s/{token}/")


def test_one_query_fetches_all_that_the_page_needs(invitation, django_assert_num_queries):
    token = links.token_for(invitation)
    with django_assert_num_queries(1):
        found = links.invitation_for(token)
        assert found
        assert found.wave.survey.brand
        assert found.contact
        assert found.contact.email
        assert not hasattr(found, "response")


@pytest.mark.parametrize("place", range(52))
def test_changing_any_character_closes_it(invitation, place):
    token = links.token_for(invitation)
    other = "A" if token[place] != "A" else "B"
    assert links.invitation_for(token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize(
    "token",
    ["", "a", "A" * 51, "A" * 53, "á" * 52, "+" * 52, "=" * 52, "A" * 51 + "\n", "\0" * 52, "A" * 5000],
)
def test_what_is_no_token_at_all(invitation, token):
    assert links.invitation_for(token) is None
    assert links.invitation_to_unsubscribe(token) is None


def test_no_guess_hits(invitation):
    pk = invitation.pk.to_bytes(links.ID_BYTES, "big")
    for _ in range(500):
        guess = base64.urlsafe_b64encode(pk + secrets.token_bytes(32)).decode()
        assert links.invitation_for(guess) is None
        assert links.invitation_for(secrets.token_urlsafe(39)) is None


def test_a_new_nonce_closes_the_old_link_but_not_the_way_out(invitation):
    token, out = links.token_for(invitation), links.unsubscribe_token_for(invitation)
    invitation.nonce = links.new_nonce()
    invitation.save()
    assert links.invitation_for(token) is None
    assert links.invitation_for(links.token_for(invitation)) == invitation
    assert links.invitation_to_unsubscribe(out) == invitation


def test_a_link_is_good_for_one_purpose_only(invitation):
    assert links.invitation_to_unsubscribe(links.token_for(invitation)) is None
    assert links.invitation_for(links.unsubscribe_token_for(invitation)) is None


def test_the_database_alone_opens_nothing(invitation, settings):
    token = links.token_for(invitation)
    settings.LINK_KEYS = ["another key than ours"]
    assert links.invitation_for(token) is None


def test_a_new_key_leaves_old_links_open_until_the_old_key_is_dropped(invitation, settings):
    token = links.token_for(invitation)
    settings.LINK_KEYS = [*settings.LINK_KEYS, "the next key"]
    assert links.invitation_for(token) == invitation
    invitation.key_version = links.current_key_version()
    invitation.save()
    assert links.invitation_for(token) is None
    newer = links.token_for(invitation)
    assert links.invitation_for(newer) == invitation
    settings.LINK_KEYS = settings.LINK_KEYS[:1]
    assert links.invitation_for(newer) is None


def test_the_mark_of_a_page_holds_for_its_link_and_for_a_while(invitation, world, monkeypatch):
    mark = page_marks.page_mark(invitation)
    assert page_marks.is_page_mark(invitation, mark)
    other = invite(invitation.wave, "other@example.org")
    assert not page_marks.is_page_mark(other, mark)
    mac, at, said = mark.split(".", 2)
    for forged in (
        "",
        "1",
        f"{mac}.{int(at) + 1}.{said}",
        f"{mac[:-1]}.{at}.{said}",
        f".{at}.{said}",
        f"{mac}.",
        f"{mac}.٣.{said}",
        f"ñ.{at}.{said}",
        f"{mark}x",
    ):
        assert not page_marks.is_page_mark(invitation, forged)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + page_marks.PAGE_SECONDS + 10)
    assert not page_marks.is_page_mark(invitation, mark)
    monkeypatch.setattr(time, "time", lambda: now - page_marks.CLOCK_SLACK_SECONDS - 10)
    assert not page_marks.is_page_mark(invitation, mark)
