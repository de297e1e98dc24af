"""Whose cycle it becomes: a client that is there, or the name of a new one."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from cyclemap.forms import TidyForm


class ClientChoice(TidyForm, forms.Form):
    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), required=False, empty_label=_("A new client")
    )
    new_client = forms.CharField(
        label=_("Name of the new client"),
        max_length=120,
        required=False,
        help_text=_("The company whose service is studied. Leave it empty if you chose one."),
    )

    def __init__(self, *args: Any, clients: models.QuerySet[Client], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clients = clients
        self.fields["client"].queryset = clients  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        new = data.get("new_client", "")
        if not data.get("client") and not new and not {"client", "new_client"} & self.errors.keys():
            self.add_error("new_client", _("Choose a client, or write the name of a new one."))
        if new and not data.get("client"):
            # A name that is there already is that client, not a fault.
            data["client"] = self.clients.filter(name__iexact=new).first()
        return data
