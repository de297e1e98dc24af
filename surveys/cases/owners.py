"""Who may be responsible for a case: those who may work on it, as long as they are there."""

from django.db.models import Q, QuerySet

from accounts.models import EDITORS, Client, Role, User


def owners_of(client: Client) -> QuerySet[User]:
    """Those who work for the whole workspace, and the managers of this client."""
    own = Q(memberships__role__in=sorted(EDITORS)) | Q(
        memberships__role=Role.MANAGER, memberships__client=client.pk
    )
    found = User.objects.filter(own, memberships__workspace=client.workspace_id, is_active=True)
    return found.order_by("name", "email").distinct()


def may_own(client: Client, person: User) -> bool:
    return owners_of(client).filter(pk=person.pk).exists()
