"""Users, workspaces, clients, memberships: the four things that decide who may see what."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.colours import readable

M = TypeVar("M", bound=models.Model)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class Theme(models.TextChoices):
    AUTO = "auto", pgettext_lazy("theme", "As the device says")
    LIGHT = "light", pgettext_lazy("theme", "Light")
    DARK = "dark", pgettext_lazy("theme", "Dark")


class User(AbstractUser):
    """A person with an account. Customers who answer surveys have none."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True, choices=settings.LANGUAGES)
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, default=Theme.AUTO)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_ignoring_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @property
    def may_found(self) -> bool:
        """Whoever works for a workspace, or has none yet, may open another; a client's people may not."""
        roles = set(self.memberships.values_list("role", flat=True))
        return not roles or bool(roles & EDITORS)


class Workspace(models.Model):
    """A consulting firm or an in-house team: the tenant."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True, max_length=60)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def pending_invitations(self) -> "models.QuerySet[MemberInvitation]":
        return self.member_invitations.filter(accepted_at=None)


class Client(models.Model):
    """The company whose service is studied. Here, not in `cycles`, because access is granted by it."""

    client_path: ClassVar[str] = ""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="clients")
    name = models.CharField(_("name"), max_length=120)
    place = models.CharField(_("place"), max_length=120, blank=True)
    # As accounts/logos.py wrote it, under a random name. Handed out by a view that asks who wants it.
    logo = models.FileField(_("logo"), upload_to="logos/", blank=True)
    # As it was chosen, #RRGGBB; "": none. On paper as accounts/colours.py can read it.
    accent = models.CharField(_("colour"), max_length=7, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                F("workspace"),
                Lower("name"),
                name="client_name_once_a_workspace",
                violation_error_message=_("There is a client of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ink(self) -> str:
        """The colour of its reports, dark enough to be read on white."""
        return readable(self.accent)


class Role(models.TextChoices):
    OWNER = "owner", pgettext_lazy("role", "Owner")
    CONSULTANT = "consultant", pgettext_lazy("role", "Consultant")
    MANAGER = "manager", pgettext_lazy("role", "Manager of a client")
    VIEWER = "viewer", pgettext_lazy("role", "Viewer of a client")


EDITORS = frozenset({Role.OWNER, Role.CONSULTANT})
CLIENT_ROLES = frozenset({Role.MANAGER, Role.VIEWER})

# Owners and consultants belong to the whole workspace; managers and viewers to one client of it.
client_goes_with_role = Q(role__in=sorted(EDITORS), client__isnull=True) | Q(
    role__in=sorted(CLIENT_ROLES), client__isnull=False
)


@cache
def out_of_bin(model: type[models.Model]) -> dict[str, None]:
    """What filters the rows whose thing below the client (their cycle) lies in the bin, if it can."""
    path = model.client_path.rpartition("client")[0]  # type: ignore[attr-defined]
    below = model
    for name in path.split("__")[:-1]:
        below = below._meta.get_field(name).related_model  # type: ignore[assignment]
    can_be_deleted = any(field.name == "deleted_at" for field in below._meta.fields)
    return {f"{path}deleted_at": None} if can_be_deleted else {}


class Membership(models.Model):
    """What one user may do in one workspace."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "workspace"], name="membership_once_a_workspace"),
            models.CheckConstraint(condition=client_goes_with_role, name="membership_client_goes_with_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.workspace} · {self.get_role_display()}"

    @property
    def is_editor(self) -> bool:
        return self.role in EDITORS

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_last_owner(self) -> bool:
        """Whether the workspace would be left without an owner if this one went. Asks the database."""
        owners = set(self.workspace.memberships.filter(role=Role.OWNER).values_list("pk", flat=True))
        return owners == {self.pk}

    @property
    def roles_to_give(self) -> list[Role]:
        """The roles this member may invite others to: never above their own."""
        if self.is_owner:
            return list(Role)
        return [role for role in Role if role in CLIENT_ROLES] if self.is_editor else []

    def reach(self, model: type[M], *, binned: bool = False) -> models.QuerySet[M]:
        """The rows of `model` this member may see: of the workspace, or of the one client.

        `model.client_path` says how a row leads to its client, for example "stage__cycle__client".
        What belongs to something deleted is out of reach, unless `binned`.
        This is the only way by which views reach objects.
        """
        path: str = model.client_path  # type: ignore[attr-defined]
        prefix = f"{path}__" if path else ""
        rows = model._default_manager.filter(**{f"{prefix}workspace": self.workspace_id})
        if self.client_id:
            rows = rows.filter(**{path or "pk": self.client_id})
        return rows if binned else rows.filter(**out_of_bin(model))

    def url(self, name: str, *args: object) -> str:
        """The address of a page of this workspace: `membership.url("cycles:map", cycle.pk)`."""
        return address(get_script_prefix(), name, self.workspace.slug, *args)

    def urls(self, name: str) -> Callable[[int], str]:
        """The addresses of one page of many objects: worked out once, for long lists."""
        start, end = self.url(name, 0).rsplit("/0/", 1)
        return lambda pk: f"{start}/{pk}/{end}"


@lru_cache(maxsize=4096, typed=True)
def address(_prefix: str, name: str, *args: object) -> str:
    """A page has up to hundreds of them, the same as the time before."""
    return reverse(name, args=args)


class MemberInvitation(models.Model):
    """A colleague or a client's manager asked by e-mail to join a workspace. Used once."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="member_invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    # Only a hash is kept: a copy of the database opens no door.
    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    # When the mail server took the mail; empty when the link was handed over by a person.
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(condition=client_goes_with_role, name="invitation_client_goes_with_role"),
            models.UniqueConstraint(
                F("workspace"),
                Lower("email"),
                condition=Q(accepted_at=None),
                name="invitation_pending_once_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.workspace}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and not self.is_expired
