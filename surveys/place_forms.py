"""What a consultant says of a place, or of many."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cyclemap.forms import TidyForm
from surveys.models import OpenLink, Wave

MOST_AT_ONCE = 300


class PlacesForm(TidyForm, forms.Form):
    """One place, or a list of them: a line each, as it stands in a column of a sheet."""

    place = forms.CharField(
        label=_("Places"),
        help_text=_(
            "A counter, a shop, a receipt: each has its own link and its own page. One on each line."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_AT_ONCE * 100,
    )
    is_kiosk = forms.BooleanField(label=_("On a screen that customers share (kiosk)"), required=False)

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wave = wave

    def clean_place(self) -> list[str]:
        """Those that have no link yet; a list that is pasted again adds what is new in it."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["place"].splitlines())
        told = {str.casefold(line): line for line in reversed([line for line in lines if line])}
        names = list(reversed(told.values()))
        if len(names) > MOST_AT_ONCE:
            raise forms.ValidationError(_("At most %(n)s places at once."), params={"n": MOST_AT_ONCE})
        limit = OpenLink._meta.get_field("place").max_length or 0
        if too_long := next((name for name in names if len(name) > limit), ""):
            raise forms.ValidationError(
                _("At most %(limit)s characters a place: “%(name)s…”"),
                params={"limit": limit, "name": too_long[:30]},
            )
        there = {str.casefold(place) for place in self.wave.open_links.values_list("place", flat=True)}
        fresh = [name for name in names if str.casefold(name) not in there]
        if not fresh:
            raise forms.ValidationError(
                ngettext_lazy(
                    "This place has a link already.", "These places have links already.", len(names)
                ),
                code="unique",
            )
        self.n_there = len(names) - len(fresh)
        return fresh


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
