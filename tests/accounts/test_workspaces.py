"""A workspace from its founding on."""

import threading

import pytest
from django.db import connection, connections

from accounts.forms import MembershipForm
from accounts.models import Membership, Role, User, Workspace
from accounts.workspaces import change_role, found, let_go
from tests.conftest import make_world


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ferrer Consultores", "ferrer-consultores"),
        ("Ñandú & Cía.", "nandu-cia"),
        ("服务", "workspace"),
        ("—", "workspace"),
    ],
)
def test_a_name_becomes_an_address(world, name, slug):
    assert found(name, world.owner).slug == slug


def test_an_address_is_given_once(world):
    slugs = [found("Studio", world.owner).slug for _ in range(12)]
    assert slugs[:3] == ["studio", "studio-2", "studio-3"]
    assert len(set(slugs)) == 12


def test_a_long_name_fits(world):
    found("x" * 120, world.owner)
    assert len(found("x" * 120, world.owner).slug) <= 60


def test_the_founder_is_the_owner(world):
    workspace = found("Studio", world.viewer)
    assert workspace.memberships.get().user == world.viewer
    assert workspace.memberships.get().is_last_owner


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time anyhow")
def test_two_owners_who_leave_in_the_same_moment_do_not_both_leave():
    world = make_world("alba")
    Membership.objects.filter(user=world.consultant).update(role=Role.OWNER)
    owners = list(world.workspace.memberships.filter(role=Role.OWNER).select_related("workspace"))
    together = threading.Barrier(2)
    left = []

    def leave(member: Membership) -> None:
        together.wait()
        left.append(let_go(member))
        connections.close_all()

    threads = [threading.Thread(target=leave, args=[member]) for member in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(left) == [False, True]
    assert Workspace.objects.get().memberships.filter(role=Role.OWNER).count() == 1


def test_a_stale_page_does_not_take_the_last_owner(world):
    """Both pages were opened while there were two owners."""
    Membership.objects.filter(user=world.consultant).update(role=Role.OWNER)
    first, second = world.workspace.memberships.filter(role=Role.OWNER)
    assert change_role(MembershipForm({"role": "consultant"}, instance=first))
    form = MembershipForm({"role": "consultant"}, instance=second)
    assert not change_role(form)
    assert "needs an owner" in str(form.errors["role"])
    assert User.objects.get(pk=second.user_id).memberships.get().role == Role.OWNER
