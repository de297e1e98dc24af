"""Forms of the workbench: split a stage, paste a list of moments, change one attribute where it stands."""

from itertools import chain
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cyclemap.forms import TidyForm
from cycles import pasted
from cycles.forms import MomentForm
from cycles.models import Cycle, Moment, Stage


class SplitForm(TidyForm, forms.Form):
    """Where a stage is split, and what the second part is called."""

    moment = forms.ModelChoiceField(Moment.objects.none(), label=_("Begins with"), empty_label=None)
    name = forms.CharField(label=_("Name of the new stage"), max_length=60)

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_split_%s", **kwargs)
        moments = Moment.objects.filter(stage=stage, deleted_at=None).order_by("position")
        # The first one has nothing before it that could stay.
        self.fields["moment"].queryset = moments.filter(position__gt=0)  # type: ignore[attr-defined]


class PasteForm(TidyForm, forms.Form):
    """A list of moments, one a line."""

    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("Stage"), empty_label=None)
    lines = forms.CharField(
        label=_("Moments"),
        widget=forms.Textarea(attrs={"rows": 12, "autofocus": True}),
        help_text=_("One on each line, as many as 200. Bullets and numbers before them are left out."),
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = Stage.objects.filter(cycle=cycle)  # type: ignore[attr-defined]

    def clean_lines(self) -> list[str]:
        try:
            return pasted.names_in(self.cleaned_data["lines"])
        except pasted.ListError as error:
            raise forms.ValidationError(str(error)) from error


class AttributeForm(MomentForm):
    """One attribute of a moment, as the reader sees it: the translation where there is one."""

    names = (
        "is_critical",
        "description",
        *chain.from_iterable(names for _t, names in MomentForm.sections[1:]),
    )

    def __init__(self, *args: Any, attribute: str, **kwargs: Any) -> None:
        super().__init__(*args, language=kwargs["instance"].stage.cycle.language, **kwargs)
        self.attribute = attribute
        self.fields = {attribute: self.fields[attribute]}
        self.fields[attribute].widget.attrs["autofocus"] = True
        self.tongue = (get_language() or "")[:2]
        self.translated = bool(self.instance.translations.get(self.tongue, {}).get(attribute))
        if self.translated:
            self.initial[attribute] = self.instance.text(attribute)

    @property
    def field(self) -> forms.BoundField:
        return self[self.attribute]

    def _post_clean(self) -> None:
        """The value is set by `save`, on what was read, so that nothing else is written."""

    def save(self, commit: bool = True) -> Moment:
        value = self.cleaned_data[self.attribute]
        if self.translated:
            self.instance.translate(self.tongue, **{self.attribute: value})
            self.instance.save(update_fields=["translations"])
        else:
            setattr(self.instance, self.attribute, value)
            self.instance.save(update_fields=[self.attribute])
        moment: Moment = self.instance
        return moment
