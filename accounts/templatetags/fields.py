"""`{% field form.email %}`: label, control, error and hint, tied together for every reader."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Textarea

register = template.Library()


@register.inclusion_tag("accounts/_field.html")
def field(
    bound: BoundField, *, label: str = "", hint: str = "", rows: int = 4, depends: bool = False
) -> dict[str, Any]:
    """`depends`: whether it may be left empty is told by its hint."""
    widget = bound.field.widget
    is_radio, is_check = isinstance(widget, RadioSelect), isinstance(widget, CheckboxInput)
    attrs: dict[str, Any] = {} if is_radio or is_check else {"class": "input"}
    if isinstance(widget, Textarea):
        attrs["rows"] = rows
    described = [f"{bound.auto_id}_helptext"] if hint or bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    if described:
        attrs["aria-describedby"] = " ".join(described)
    # A placeholder that repeats the label says nothing and passes for a value.
    placeholder = widget.attrs.get("placeholder")
    if placeholder:
        attrs["placeholder"] = ""
    return {
        "bound": bound,
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "control": "" if is_radio else bound.as_widget(attrs=attrs),
        "described": " ".join(described),
        "is_radio": is_radio,
        "is_check": is_check,
        "is_optional": not bound.field.required and not depends,
    }
