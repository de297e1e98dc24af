"""What every form of ours does: refuse unprintable text in words, dress its controls, name its errors."""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from cyclemap.text import clean_lines, clean_text

PLAIN = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect, forms.HiddenInput)

NOTHING, DASHES = "–", "---------"  # ours, and what Django says


class TidyForm:
    """Mix in before Form or ModelForm. `templates/_field.html` prints one field with its hint and error.

    Django links control, hint and error by `aria-describedby`; the ids are those of that template.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            if not isinstance(field.widget, PLAIN):
                field.widget.attrs["class"] = f"input {field.widget.attrs.get('class', '')}".strip()
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
                field.empty_label = NOTHING  # where a queryset is given later, the choices are built anew
            if isinstance(field.widget, forms.Select) and not (
                field.required and isinstance(field, forms.ModelChoiceField)
            ):
                blank = () if field.required else ("", None)
                field.widget.choices = [
                    (value, NOTHING if value in blank or label == DASHES else label)
                    for value, label in field.widget.choices
                ]
            if isinstance(field, forms.CharField):
                lines = isinstance(field.widget, forms.Textarea)
                # Ours says more than Django's, which is about one character of them.
                field.validators = [
                    v for v in field.validators if not isinstance(v, ProhibitNullCharactersValidator)
                ]
                field.validators.append(clean_lines if lines else clean_text)
