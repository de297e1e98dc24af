"""What the database itself refuses, and what a role reaches."""

import pytest
from django.db import IntegrityError, transaction

from accounts.access import may
from accounts.models import Client, Membership, Role, User
from cycles.models import Cycle


def test_one_address_is_one_person_whatever_its_case(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=world.owner.email.upper())


def test_a_person_is_once_in_a_workspace(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=world.owner, workspace=world.workspace, role=Role.CONSULTANT)


@pytest.mark.parametrize("role", Role)
def test_client_goes_with_role(world, stranger, role):
    wrong = None if role in (Role.MANAGER, Role.VIEWER) else world.client
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=stranger.owner, workspace=world.workspace, role=role, client=wrong)


def test_a_client_name_is_once_in_a_workspace(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.create(workspace=world.workspace, name="CLIENT OF ALBA")


def test_editors_reach_the_workspace_and_clients_people_their_client(world, stranger):
    other = Client.objects.create(workspace=world.workspace, name="Other")
    Cycle.objects.create(client=other, name="Elsewhere")

    def reached(user: User, model: type) -> int:
        return user.memberships.get().reach(model).count()

    assert reached(world.owner, Cycle) == reached(world.consultant, Cycle) == 2
    assert reached(world.manager, Cycle) == reached(world.viewer, Cycle) == 1
    assert reached(world.owner, Client) == 2
    assert reached(world.viewer, Client) == 1


@pytest.mark.parametrize(
    ("name", "email", "initials"),
    [
        ("Ruth Adeyemi", "r@x.example", "RA"),
        ("Elena María Ferrer", "e@x.example", "EF"),
        ("Ana", "a@x.example", "A"),
        ("", "zoe@x.example", "Z"),
    ],
)
def test_initials(name, email, initials):
    assert User(name=name, email=email).initials == initials


def test_roles_to_give_are_never_above_ones_own(world):
    def given(user: User) -> set[str]:
        return set(user.memberships.get().roles_to_give)

    assert given(world.owner) == set(Role)
    assert given(world.consultant) == {Role.MANAGER, Role.VIEWER}
    assert given(world.manager) == given(world.viewer) == set()


def test_without_a_word_on_the_view_members_read_and_editors_write():
    def view() -> None: ...

    assert [may(view, "GET", role) for role in Role] == [True, True, True, True]
    assert [may(view, "POST", role) for role in Role] == [True, True, False, False]
