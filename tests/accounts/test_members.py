"""Who belongs to a workspace, and who decides it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts import invitations
from accounts.models import MemberInvitation, Membership, Role, User
from tests.accounts.letters import found, key_in
from tests.conftest import World, log_in


@pytest.fixture
def owner(world):
    return log_in(world.owner)


def ask(browser, world, email="nora@new.example", role="viewer", **fields):
    typed = {"email": email, "role": role, "client": world.client.pk, **fields}
    return browser.post(world.url("members/invite/"), typed)


def member(world: World, user: User) -> Membership:
    return world.workspace.memberships.get(user=user)


def test_the_list_names_everybody_with_role_and_client(world, owner):
    page = owner.get(world.url("members/")).content.decode()
    for person in (world.owner, world.consultant, world.manager, world.viewer):
        assert person.email in page
    assert "Client of alba" in page
    assert world.url(f"members/{member(world, world.viewer).pk}/remove/") in page


def test_a_consultant_sees_the_list_without_the_owners_buttons(world, consultant):
    page = consultant.get(world.url("members/")).content.decode()
    assert world.viewer.email in page
    assert "/remove/" not in page


# --- Inviting ------------------------------------------------------------------------------------


def test_an_invitation_goes_out_by_mail_and_shows_in_the_list(world, owner, mailoutbox):
    response = ask(owner, world)
    assert response["Location"] == world.url("members/")
    letter: Any = mailoutbox[0]
    assert letter.to == ["nora@new.example"]
    assert letter.subject == "owner alba invites you to Alba"
    [html] = [content for content, kind in letter.alternatives if kind == "text/html"]
    link = found(r"http://\S+/join/\S+/", letter.body)
    assert link in html
    invitation = MemberInvitation.objects.get()
    assert (invitation.role, invitation.client) == (Role.VIEWER, world.client)
    assert invitation.sent_at
    page = owner.get(world.url("members/")).content.decode()
    assert "nora@new.example" in page
    assert "Invitation sent to nora@new.example." in page


def test_only_a_hash_of_the_key_is_kept(world, owner):
    ask(owner, world)
    key = key_in(mail.outbox[0].body)
    row = repr(MemberInvitation.objects.values().get())
    assert key not in row
    assert invitations.hash_of(key) in row


def test_a_consultant_invites_for_a_client_but_makes_no_colleague(world, consultant):
    assert ask(consultant, world, role="manager").status_code == 302
    response = ask(consultant, world, email="other@new.example", role="owner")
    assert response.status_code == 422
    assert not MemberInvitation.objects.filter(role=Role.OWNER).exists()
    page = consultant.get(world.url("members/invite/")).content.decode()
    assert 'value="owner"' not in page


def test_an_editor_has_no_client(world, owner):
    ask(owner, world, role="consultant")
    assert MemberInvitation.objects.get().client is None


def test_a_viewer_needs_a_client(world, owner):
    response = ask(owner, world, client="")
    assert response.status_code == 422
    page = response.content.decode()
    assert "Choose the client whose pages this person may see." in page
    assert "nora@new.example" in page, "what was typed is kept"
    assert not mail.outbox


def test_the_client_of_a_stranger_is_not_on_offer(world, stranger, owner):
    assert ask(owner, world, client=stranger.client.pk).status_code == 422
    assert not MemberInvitation.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "nora", "nora@", "a b@c.example", "nora@new.example\nBcc: all@x.example"]
)
def test_an_address_that_is_none_is_refused(world, owner, email):
    assert ask(owner, world, email=email).status_code == 422


def test_who_belongs_already_is_not_invited(world, owner):
    response = ask(owner, world, email=world.viewer.email.upper())
    assert response.status_code == 422
    assert "already belongs" in response.content.decode()


def test_twice_the_same_address_is_one_invitation_and_one_mail(world, owner):
    ask(owner, world)
    assert ask(owner, world, email="Nora@New.example").status_code == 422
    assert MemberInvitation.objects.count() == len(mail.outbox) == 1


def test_an_expired_invitation_makes_room_for_a_new_one(world, owner):
    ask(owner, world)
    MemberInvitation.objects.update(expires_at=timezone.now())
    assert "has expired" in owner.get(world.url("members/")).content.decode()
    assert ask(owner, world).status_code == 302
    assert MemberInvitation.objects.get().is_open


def test_without_a_mail_server_the_link_is_shown_this_once(world, owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = ask(owner, world)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    page = response.content.decode()
    assert "could not be sent" in page
    key = key_in(page)
    assert invitations.find(key) == MemberInvitation.objects.get()
    listed = owner.get(world.url("members/")).content.decode()
    assert key not in listed
    assert "the link was handed over" in listed


def test_sending_again_gives_a_new_key_and_ends_the_old(world, owner):
    ask(owner, world)
    MemberInvitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    pk = MemberInvitation.objects.get().pk
    assert owner.post(world.url(f"members/invitations/{pk}/resend/")).status_code == 302
    old, new = (key_in(letter.body) for letter in mail.outbox)
    assert invitations.find(old) is None
    assert invitations.find(new) == MemberInvitation.objects.get(pk=pk)


def test_two_presses_on_send_again_send_once(world, owner):
    ask(owner, world)
    pk = MemberInvitation.objects.get().pk
    owner.post(world.url(f"members/invitations/{pk}/resend/"))
    assert len(mail.outbox) == 1
    assert "a moment ago" in owner.get(world.url("members/")).content.decode()


def test_a_withdrawn_invitation_is_gone(world, owner):
    ask(owner, world)
    key = key_in(mail.outbox[0].body)
    pk = MemberInvitation.objects.get().pk
    assert owner.post(world.url(f"members/invitations/{pk}/revoke/")).status_code == 302
    assert owner.post(world.url(f"members/invitations/{pk}/revoke/")).status_code == 404
    assert owner.get(f"/join/{key}/").status_code == 404


def test_a_consultant_does_not_touch_an_invitation_above_their_own(world, owner, consultant):
    ask(owner, world, role="owner")
    pk = MemberInvitation.objects.get().pk
    assert consultant.post(world.url(f"members/invitations/{pk}/revoke/")).status_code == 403
    assert consultant.post(world.url(f"members/invitations/{pk}/resend/")).status_code == 403
    assert MemberInvitation.objects.filter(pk=pk).exists()


# --- Roles ---------------------------------------------------------------------------------------


def test_a_role_is_changed_by_an_owner(world, owner):
    row = member(world, world.viewer)
    response = owner.post(world.url(f"members/{row.pk}/"), {"role": "consultant", "client": world.client.pk})
    assert response["Location"] == world.url("members/")
    row.refresh_from_db()
    assert (row.role, row.client) == (Role.CONSULTANT, None)


def test_the_last_owner_is_neither_demoted_nor_removed(world, owner):
    row = member(world, world.owner)
    demoted = owner.post(world.url(f"members/{row.pk}/"), {"role": "consultant"})
    assert demoted.status_code == 422
    assert "A workspace needs an owner." in demoted.content.decode()
    removed = owner.post(world.url(f"members/{row.pk}/remove/"))
    assert removed.status_code == 422
    assert "is the only owner" in removed.content.decode()
    row.refresh_from_db()
    assert row.role == Role.OWNER


def test_with_a_second_owner_the_first_may_go(world, owner):
    Membership.objects.filter(user=world.consultant).update(role=Role.OWNER)
    row = member(world, world.owner)
    assert owner.post(world.url(f"members/{row.pk}/remove/"))["Location"] == "/"
    assert owner.get(world.url()).status_code == 404


def test_an_owner_who_steps_down_to_a_client_is_not_left_at_a_closed_door(world, owner):
    Membership.objects.filter(user=world.consultant).update(role=Role.OWNER)
    row = member(world, world.owner)
    response = owner.post(
        world.url(f"members/{row.pk}/"), {"role": "viewer", "client": world.client.pk}, follow=True
    )
    assert response.status_code == 200


def test_removing_asks_first(world, owner):
    row = member(world, world.viewer)
    page = owner.get(world.url(f"members/{row.pk}/remove/")).content.decode()
    assert "Remove viewer alba?" in page
    assert Membership.objects.filter(pk=row.pk).exists()
    assert owner.post(world.url(f"members/{row.pk}/remove/")).status_code == 302
    assert not Membership.objects.filter(pk=row.pk).exists()
    assert User.objects.filter(pk=world.viewer.pk).exists(), "the person stays, the membership goes"


def test_the_members_of_a_stranger_are_out_of_reach(world, stranger, owner):
    row = stranger.workspace.memberships.get(user=stranger.viewer)
    assert owner.post(world.url(f"members/{row.pk}/remove/")).status_code == 404
    assert owner.post(world.url(f"members/{row.pk}/"), {"role": "owner"}).status_code == 404
    row.refresh_from_db()
    assert row.role == Role.VIEWER


def test_a_long_list_of_people_is_searched_and_paged(world):
    owner = log_in(world.owner)
    people = [User(email=f"p{n:02}@alba.example", name=f"Álvaro {n:02}") for n in range(60)]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(workspace=world.workspace, user=one, role=Role.CONSULTANT) for one in people
    )
    found = owner.get(world.url("members/?q=alvaro+59")).content.decode()
    assert "Álvaro 59" in found
    assert "Álvaro 01" not in found
    assert world.manager.email in owner.get(world.url("members/?q=client+of+alba")).content.decode()
    assert "Nobody is called so." in owner.get(world.url("members/?q=zzz")).content.decode()
    assert "?page=2" in owner.get(world.url("members/")).content.decode()
