"""Who is responsible for an action: a member who reaches the client, or a name with an address."""

from accounts.models import User
from cycles.mentions import people_of
from cycles.models import Action

__all__ = ["assign", "gone", "people_of"]


def gone(action: Action, people: set[int]) -> bool:
    """The member it was given to reaches the client no more. `people`: keys of those who do."""
    return action.owner_member_id is not None and action.owner_member_id not in people


def assign(action: Action, member: User | None, name: str = "", email: str = "") -> None:
    """The name is kept beside the member, so that it stays when they leave."""
    action.owner_member = member
    action.owner = str(member)[:120] if member else name
    action.owner_email = "" if member else email
