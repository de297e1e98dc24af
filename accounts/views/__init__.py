"""People: the way in, one's own account, the members and clients of a workspace."""

from accounts.views.people import home, profile

__all__ = ["home", "profile"]
