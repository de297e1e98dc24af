"""Where an invitation leads."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone

from accounts import invitations
from accounts.models import MemberInvitation, Membership, Role, User
from tests.accounts.letters import found
from tests.conftest import log_in


@pytest.fixture
def invitation(world) -> MemberInvitation:
    return MemberInvitation(
        workspace=world.workspace,
        email="nora@new.example",
        role=Role.MANAGER,
        client=world.client,
        invited_by=world.owner,
    )


@pytest.fixture
def path(invitation) -> str:
    """The address of the invitation, as the mail has it."""
    key = invitations.issue(invitation)
    assert invitations.deliver(invitation, key)
    return found(r"/join/[^/\s]+/", mail.outbox[0].body)


def typed(**fields: str) -> dict[str, str]:
    return {"name": "Nora Vega", "password": "correct horse battery", **fields}


def test_a_look_shows_who_invites_and_changes_nothing(world, path, customer):
    for _ in range(3):
        response = customer.get(path)
    page = response.content.decode()
    assert response.status_code == 200
    assert "owner alba" in page
    assert "nora@new.example" in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert MemberInvitation.objects.get().accepted_at is None
    assert not User.objects.filter(email="nora@new.example").exists()


def test_a_new_person_joins_with_name_and_password(world, path, customer):
    response = customer.post(path, typed())
    assert response["Location"] == world.url()
    assert customer.get(world.url()).status_code == 200
    nora = User.objects.get(email="nora@new.example")
    assert nora.name == "Nora Vega"
    assert nora.language == "en"
    membership = nora.memberships.get()
    assert (membership.role, membership.client) == (Role.MANAGER, world.client)
    assert EmailAddress.objects.get(user=nora).verified
    log_in_again = Browser().post(
        "/accounts/login/", {"login": "nora@new.example", "password": "correct horse battery"}
    )
    assert log_in_again.status_code == 302


def test_the_address_comes_from_the_invitation_not_from_the_form(path, customer):
    customer.post(path, typed(email="else@new.example", role="owner"))
    assert User.objects.get(name="Nora Vega").email == "nora@new.example"
    assert Membership.objects.get(user__name="Nora Vega").role == Role.MANAGER


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"password": ""}, {"password": "short"}, {"password": "password12"}, {"name": "a\x00"}],
)
def test_a_fault_is_said_at_the_field_and_nobody_joins(path, customer, fields):
    response = customer.post(path, typed(**fields))
    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert not User.objects.filter(email="nora@new.example").exists()


def test_two_presses_on_the_button_are_one_and_end_in_the_same_place(world, path, customer):
    first, second = customer.post(path, typed()), customer.post(path, typed())
    assert first["Location"] == second["Location"] == world.url()
    assert User.objects.filter(email="nora@new.example").count() == 1
    assert Membership.objects.filter(user__email="nora@new.example").count() == 1


def test_a_used_invitation_opens_nothing_for_the_next(world, path, customer):
    customer.post(path, typed())
    somebody = Browser(headers={"accept-language": "en"})
    assert somebody.get(path).status_code == 410
    assert "no longer works" in somebody.get(path).content.decode()
    assert somebody.post(path, typed(name="Mallory")).status_code == 410
    assert not User.objects.filter(name="Mallory").exists()


def test_an_expired_and_a_wrong_key_get_the_calm_page(world, path, customer):
    MemberInvitation.objects.update(expires_at=timezone.now())
    assert customer.post(path, typed()).status_code == 410
    wrong = customer.get("/join/" + "x" * 43 + "/")
    assert wrong.status_code == 404
    assert "no longer works" in wrong.content.decode()
    assert not User.objects.filter(email="nora@new.example").exists()


def test_who_has_an_account_logs_in_and_comes_back_to_accept(world, path, customer):
    nora = User.objects.create_user("Nora@New.example", "a long password", name="Nora")
    page = customer.get(path).content.decode()
    way = found(r"/accounts/login/\?next=[^\"]+", page)
    assert "password" not in page.split("<main")[1].split("</main")[0].replace("/accounts/password", "")
    assert customer.post(path, typed()).status_code == 200
    assert not nora.memberships.exists(), "a key alone does not act for an account"
    response = customer.post(way, {"login": nora.email, "password": "a long password", "next": path})
    assert response["Location"] == path
    assert customer.get(path).status_code == 200
    assert not nora.memberships.exists(), "a look accepts nothing"
    assert customer.post(path)["Location"] == world.url()
    assert nora.memberships.get().role == Role.MANAGER


def test_somebody_else_who_is_logged_in_cannot_accept(world, stranger, path):
    browser = log_in(stranger.viewer)
    response = browser.post(path)
    page = response.content.decode()
    assert stranger.viewer.email in page
    assert "log in as nora@new.example" in page
    assert not Membership.objects.filter(user=stranger.viewer, workspace=world.workspace).exists()


def test_joining_twice_by_two_invitations_keeps_the_first_role(world, path, customer, invitation):
    customer.post(path, typed())
    nora = User.objects.get(email="nora@new.example")
    second = MemberInvitation(
        workspace=world.workspace, email=nora.email, role=Role.CONSULTANT, invited_by=world.owner
    )
    key = invitations.issue(second)
    customer.post(f"/join/{key}/")
    assert nora.memberships.get().role == Role.MANAGER


def test_a_handed_over_link_proves_no_mailbox(world, invitation, customer):
    """Two-step log-in asks for a proven address: a link that went from hand to hand proves none."""
    key = invitations.issue(invitation)
    customer.post(f"/join/{key}/", typed())
    assert not EmailAddress.objects.get(user__email="nora@new.example").verified


def test_the_way_back_after_log_in_is_kept_by_the_log_out_button(world, stranger, path):
    browser = log_in(stranger.viewer)
    assert browser.post("/accounts/logout/", {"next": path})["Location"] == path
