"""The letter and its key."""

from email.header import decode_header, make_header

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts import invitations
from accounts.models import MemberInvitation, Role


def invitation_to(world, email="nora@new.example", **fields) -> MemberInvitation:
    values = {"role": Role.CONSULTANT, "invited_by": world.owner, **fields}
    return MemberInvitation(workspace=world.workspace, email=email, **values)


def opened(key: str) -> MemberInvitation:
    invitation = invitations.find(key)
    assert invitation
    return invitation


@pytest.mark.parametrize(
    "name", ["Ana\r\nBcc: all@x.example", "Ana\x0bRíos", "Ana\x1cRíos", "Ana\u2028Ríos", "Ana\x85"]
)
def test_a_hostile_name_stays_in_the_subject(world, mailoutbox, name):
    """Django lets some line breaks through that cut the header block of a mail."""
    world.workspace.name = name
    invitation = invitation_to(world)
    assert invitations.deliver(invitation, invitations.issue(invitation))
    message = mailoutbox[0].message()
    assert str(make_header(decode_header(message["Subject"]))).startswith("owner alba invites you to Ana")
    assert message["To"] == "nora@new.example"
    assert message["Bcc"] is None
    assert "\n" not in mailoutbox[0].subject
    assert mailoutbox[0].subject.isprintable()


def test_the_letter_escapes_names_in_html_and_not_in_text(world, mailoutbox):
    world.workspace.name = "Ruiz & <b>Hijos</b>"
    invitation = invitation_to(world)
    invitations.deliver(invitation, invitations.issue(invitation))
    [letter] = mailoutbox
    assert "Ruiz & <b>Hijos</b>" in letter.body
    html = letter.alternatives[0][0]
    assert "Ruiz &amp; &lt;b&gt;Hijos&lt;/b&gt;" in html
    assert "<b>Hijos" not in html


def test_the_letter_is_in_the_inviters_language(world, mailoutbox):
    for language in ("es", "en"):
        invitation = invitation_to(world, f"{language}@new.example")
        with translation.override(language):
            invitations.deliver(invitation, invitations.issue(invitation))
    assert [
        f'lang="{language}"' in letter.alternatives[0][0]
        for language, letter in zip(("es", "en"), mailoutbox, strict=True)
    ] == [True, True]


def test_the_link_is_that_of_the_site_not_of_the_request(world, mailoutbox, settings):
    settings.SITE_URL = "https://maps.example"
    invitation = invitation_to(world)
    invitations.deliver(invitation, invitations.issue(invitation))
    assert "https://maps.example/join/" in mailoutbox[0].body


def test_keys_are_long_and_never_the_same(world):
    keys = {invitations.issue(invitation_to(world, f"p{n}@new.example")) for n in range(20)}
    assert len(keys) == 20
    assert min(map(len, keys)) >= 43


def test_used_once_even_when_two_accept_at_once(world):
    """Both read the open invitation; the second write finds nothing left to accept."""
    invitation = invitation_to(world, world.viewer.email)
    key = invitations.issue(invitation)
    first, second = opened(key), opened(key)
    assert invitations.accept(first, world.viewer)
    assert invitations.accept(second, world.manager) is None


def test_a_key_replaced_meanwhile_accepts_nothing(world, stranger):
    invitation = invitation_to(world)
    stale = opened(invitations.issue(invitation))
    invitations.give_key(invitation)
    assert invitations.accept(stale, stranger.owner) is None


def test_a_new_person_who_comes_too_late_is_not_half_made(world):
    invitation = invitation_to(world)
    stale = opened(invitations.issue(invitation))
    MemberInvitation.objects.update(accepted_at=timezone.now())
    assert invitations.accept_as_new(stale, "Nora", "correct horse battery", "es") is None
    assert not world.workspace.memberships.filter(user__name="Nora").exists()
    assert not type(world.owner).objects.filter(name="Nora").exists()


def test_the_database_holds_one_open_invitation_an_address(world):
    invitations.issue(invitation_to(world, "nora@new.example"))
    with pytest.raises(IntegrityError), transaction.atomic():
        invitations.give_key(invitation_to(world, "NORA@new.example"))


def test_the_database_holds_that_client_goes_with_role(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        invitations.give_key(invitation_to(world, role=Role.VIEWER))
    with pytest.raises(IntegrityError), transaction.atomic():
        invitations.give_key(invitation_to(world, role=Role.OWNER, client=world.client))
