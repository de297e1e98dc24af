"""Who may do what, decided once. Views carry the exceptions as data; the middleware enforces.

The rule: every page below /w/<workspace>/ is for members; any member reads (GET, HEAD), editors
(owner, consultant) change. `allow` names who else may change, or who alone may read.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from accounts.models import EDITORS, Membership, Role, User

V = TypeVar("V", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
EVERYONE = frozenset(Role)

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django_htmx.middleware import HtmxDetails

    class MemberRequest(HttpRequest):
        """A request below /w/<workspace>/, as it leaves WorkspaceMiddleware."""

        membership: Membership
        user: User
        htmx: HtmxDetails
else:
    from django.http import HttpRequest as MemberRequest  # noqa: F401


def allow(
    *, read: frozenset[Role] | set[Role] = EVERYONE, write: frozenset[Role] | set[Role] = EDITORS
) -> Callable[[V], V]:
    """Say on a view which roles may read it and which may change by it."""

    def mark(view: V) -> V:
        view.roles_that_read = frozenset(read)  # type: ignore[attr-defined]
        view.roles_that_write = frozenset(write)  # type: ignore[attr-defined]
        return view

    return mark


def may(view: Callable[..., Any], method: str, role: str) -> bool:
    """Whether a member of that role may call that view by that method."""
    if method in SAFE_METHODS:
        return role in getattr(view, "roles_that_read", EVERYONE)
    return role in getattr(view, "roles_that_write", EDITORS)
