"""What people type about themselves, their workspace, its clients and its members."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import logos
from accounts.colours import HEX
from accounts.models import CLIENT_ROLES, EDITORS, Client, MemberInvitation, Membership, Role, User, Workspace
from cyclemap.forms import TidyForm


class SignupNameForm(TidyForm, forms.Form):
    """What allauth's sign-up asks besides address and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.language = (get_language() or settings.LANGUAGE_CODE)[:2]
        user.save(update_fields=["name", "language"])


class ProfileForm(TidyForm, forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[
            ("", pgettext_lazy("language", "As the browser says")),
            ("es", "Español"),
            ("en", "English"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = User
        fields = ["name", "language", "theme"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"}), "theme": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


class WorkspaceForm(TidyForm, forms.ModelForm):
    class Meta:
        model = Workspace
        fields = ["name"]
        labels = {"name": _("Name of the workspace")}
        help_texts = {"name": _("Your firm or your team. You can change it later.")}


class ClientForm(TidyForm, forms.ModelForm):
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"}),
        help_text=_("PNG, JPEG or SVG, at most 2 MB. It stands on the cover of reports."),
    )
    without_logo = forms.BooleanField(label=_("Without a logo"), required=False)

    class Meta:
        model = Client
        fields = ["name", "place", "accent"]
        labels = {"name": _("Name of the company"), "place": _("Place"), "accent": _("Colour of its reports")}
        help_texts = {
            "place": _("A city or a branch, where it helps to tell two apart."),
            "accent": _("As #0F4B3D. Empty: the green of Cyclemap."),
        }
        widgets = {"accent": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})}

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.workspace = workspace
        self.kept_logo: ContentFile | None = None

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = self.instance.workspace.clients.filter(name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("There is a client of that name already."))
        return name

    def clean_accent(self) -> str:
        colour: str = self.cleaned_data["accent"].strip()
        if colour and not colour.startswith("#"):
            colour = f"#{colour}"
        if colour and not HEX.fullmatch(colour):
            raise forms.ValidationError(_("Write the colour as # and six digits, such as #0F4B3D."))
        return colour.upper()

    def clean_logo(self) -> None:
        if file := self.cleaned_data["logo"]:
            try:
                self.kept_logo = logos.kept(file)
            except logos.LogoError as error:
                raise forms.ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> Client:
        client: Client = self.instance
        before = client.logo.name
        if self.kept_logo:
            client.logo.save(self.kept_logo.name, self.kept_logo, save=False)
        elif self.cleaned_data["without_logo"]:
            client.logo = ""
        saved: Client = super().save(commit)
        if before and client.logo.name != before:
            transaction.on_commit(lambda: client.logo.storage.delete(before))
        return saved


class RoleFields(forms.ModelForm):
    """A role and, for the people of a client, which client."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    client = forms.ModelChoiceField(
        label=_("Client"),
        queryset=Client.objects.none(),
        required=False,
        empty_label=_("Choose a client"),
        help_text=_("Only for managers and viewers: they see this client and no other."),
    )

    def offer(self, roles: list[Role], workspace: Workspace) -> None:
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields["client"].queryset = workspace.clients.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role = cleaned.get("role")
        if role in CLIENT_ROLES and not cleaned.get("client") and "client" not in self.errors:
            self.add_error("client", _("Choose the client whose pages this person may see."))
        if role in EDITORS:
            cleaned["client"] = None
        return cleaned


class MembershipForm(RoleFields):
    class Meta:
        model = Membership
        fields = ["role", "client"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(list(Role), self.instance.workspace)

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        # The instance may be changed only after this check: `is_last_owner` asks the database.
        if role != Role.OWNER and self.instance.is_last_owner:
            raise forms.ValidationError(
                _("A workspace needs an owner. Make somebody else an owner first, then change this role.")
            )
        return role


class InvitationForm(RoleFields):
    class Meta:
        model = MemberInvitation
        fields = ["email", "role", "client"]
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, inviter: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = inviter.workspace
        self.instance.workspace = inviter.workspace
        self.instance.invited_by = inviter.user
        self.offer(inviter.roles_to_give, inviter.workspace)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if self.workspace.memberships.filter(user__email__iexact=email).exists():
            raise forms.ValidationError(_("This person already belongs to the workspace."))
        if any(pending.is_open for pending in self.workspace.pending_invitations.filter(email__iexact=email)):
            raise forms.ValidationError(
                _("There is an invitation for this address already. You can send it again from the list.")
            )
        return email


class JoinForm(TidyForm, forms.Form):
    """A new person accepts an invitation: a name and a password; the address is the invited one."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        person = User(email=self.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, person)
        return password


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """allauth leaves this label to the name of the field, which nothing translates."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class EditPasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
