"""What a consultant says of a place."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cyclemap.forms import TidyForm
from surveys.models import OpenLink, Wave


class PlaceForm(TidyForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = OpenLink
        fields = ["place", "is_kiosk"]
        labels = {"place": _("Place"), "is_kiosk": _("On a screen that customers share (kiosk)")}
        help_texts = {
            "place": _("A counter, a shop, a receipt: each has its own link and its own page."),
            "is_kiosk": _("Goes back to the start by itself for the next customer."),
        }

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.wave = wave

    def clean_place(self) -> str:
        place = " ".join(self.cleaned_data["place"].split())
        others = OpenLink.objects.filter(wave=self.instance.wave, place__iexact=place)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This place has a link already."), code="unique")
        return place
