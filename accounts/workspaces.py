"""A workspace from its founding on: its address, and that it never is without an owner."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.forms import MembershipForm
from accounts.models import Membership, Role, User, Workspace


def found(name: str, founder: User) -> Workspace:
    """A new workspace with `founder` as its owner."""
    stem = slugify(name)[:50].strip("-_") or "workspace"
    for slug in (stem, *(f"{stem}-{n}" for n in range(2, 10)), f"{stem}-{secrets.token_hex(4)}"):
        if Workspace.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                workspace = Workspace.objects.create(name=name, slug=slug)
                Membership.objects.create(user=founder, workspace=workspace, role=Role.OWNER)
                return workspace
        except IntegrityError:
            # Somebody took the address between the look and the write: the next one, then.
            continue
    raise RuntimeError("no free address for a workspace")


@contextmanager
def one_change_at_a_time(workspace: Workspace) -> Iterator[None]:
    """So that two owners cannot demote each other in the same moment."""
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        yield


def change_role(form: MembershipForm) -> bool:
    """Save the form unless it has a fault, among them taking the last owner away."""
    with one_change_at_a_time(form.instance.workspace):
        if form.is_valid():
            form.save()
            return True
    return False


def let_go(member: Membership) -> bool:
    """End a membership, unless it is the last owner's."""
    with one_change_at_a_time(member.workspace):
        if member.is_last_owner:
            return False
        member.delete()
        return True
