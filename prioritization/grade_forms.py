"""What people type about grades: letters or numbers, and from where each of them begins."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cyclemap.forms import TidyForm
from cycles.models import Cycle
from prioritization.grade_scale import LETTERS, TENS, USUAL_LETTERS, USUAL_TENS, GradeScale, Scheme

CYCLE, CLIENT = "cycle", "client"
# Prefix of the fields, and which grades have a threshold: all but the last, which begins at 0.
FAMILIES = {Scheme.LETTERS: ("letter", LETTERS[:-1]), Scheme.TENS: ("ten", TENS[:-1])}


class GradesForm(TidyForm, forms.Form):
    scheme = forms.ChoiceField(label=gettext_lazy("Grades"), choices=Scheme.choices, widget=forms.RadioSelect)
    scope = forms.ChoiceField(
        label=gettext_lazy("They are for"),
        choices=[
            (CYCLE, gettext_lazy("This cycle")),
            (CLIENT, gettext_lazy("All cycles of the client that have none of their own")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, scale: GradeScale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(scheme=scale.scheme, scope=CYCLE if scale.cycle_id else CLIENT)
        for scheme, (prefix, labels) in FAMILIES.items():
            starts = scale.letters if scheme == Scheme.LETTERS else scale.tens
            for label, start in zip(labels, starts, strict=True):
                name = f"{prefix}_{label}"
                self.fields[name] = forms.DecimalField(
                    label=_("%(grade)s from") % {"grade": label},
                    required=False,
                    localize=True,
                    max_digits=4,
                    decimal_places=1,
                    widget=forms.TextInput(
                        attrs={"class": "input", "inputmode": "decimal", "autocomplete": "off"}
                    ),
                )
                self.initial[name] = Decimal(str(start)).normalize()

    @property
    def letters(self) -> list[forms.BoundField]:
        return [self[f"letter_{label}"] for label in LETTERS[:-1]]

    @property
    def tens(self) -> list[forms.BoundField]:
        return [self[f"ten_{label}"] for label in TENS[:-1]]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        scheme = cleaned.get("scheme")
        if scheme in FAMILIES:
            self.check(*FAMILIES[Scheme(scheme)])
        return cleaned

    def check(self, prefix: str, labels: tuple[str, ...]) -> None:
        """Every threshold there, between 0 and 100, each below the one before."""
        for label in labels:
            name = f"{prefix}_{label}"
            value = self.cleaned_data.get(name)
            if value is None and name not in self.errors:
                self.add_error(name, _("Say from which percentage %(grade)s begins.") % {"grade": label})
            elif value is not None and not 0 < value <= 100:
                self.add_error(name, _("A percentage above 0 and up to 100."))
        for better, worse in pairwise(labels):
            high, low = (self.cleaned_data.get(f"{prefix}_{label}") for label in (better, worse))
            if high is not None and low is not None and low >= high:
                self.add_error(
                    f"{prefix}_{worse}",
                    _("%(worse)s has to begin below %(better)s.") % {"worse": worse, "better": better},
                )

    def save(self, cycle: Cycle, user: User) -> GradeScale:
        """Of the scheme that was not chosen the thresholds stay as they are."""
        data = self.cleaned_data
        of_cycle = cycle if data["scope"] == CYCLE else None
        usual = {"letters": list(USUAL_LETTERS), "tens": list(USUAL_TENS)}
        known = GradeScale.objects.filter(client=cycle.client_id, cycle=of_cycle).first()
        kept = {"letters": known.letters, "tens": known.tens} if known else usual
        prefix, labels = FAMILIES[Scheme(data["scheme"])]
        kept[data["scheme"]] = [float(data[f"{prefix}_{label}"]) for label in labels]
        scale, _made = GradeScale.objects.update_or_create(
            client_id=cycle.client_id,
            cycle=of_cycle,
            defaults={
                **kept,
                "scheme": data["scheme"],
                "changed_at": timezone.now(),
                "changed_by": user,
            },
        )
        if of_cycle is None:
            # Whoever sets it for all from this cycle's page means this cycle too.
            GradeScale.objects.filter(cycle=cycle).delete()
        return scale
