"""The service blueprint: what customer, people and systems do at each moment, lane by lane."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from cyclemap.forms import TidyForm
from cyclemap.merging import MergedForm
from cyclemap.stencil import Row
from cycles.models import Moment
from cycles.outline import Outline

# From what the customer does to what nobody sees. The lines of the method run below the first two.
LANES = {
    "customer_action": _("Customer action"),
    "front_stage": _("Front stage"),
    "back_stage": _("Back stage"),
    "systems": _("Systems"),
}


class LaneForm(MergedForm, TidyForm, forms.Form):
    """One lane of one moment, as the reader sees it."""

    text = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4, "autofocus": True})
    )

    def __init__(self, *args: Any, instance: Moment, lane: str, **kwargs: Any) -> None:
        super().__init__(
            *args, initial={"text": instance.text(lane)}, auto_id=f"id_%s_{instance.pk}_{lane}", **kwargs
        )
        self.instance, self.lane = instance, lane
        self.fields["text"].label = LANES[lane]

    def save(self) -> None:
        """The translation the reader sees, else the text as written."""
        moment, language = self.instance, (get_language() or "")[:2]
        if moment.translations.get(language, {}).get(self.lane):
            moment.translate(language, **{self.lane: self.cleaned_data["text"]})
            moment.save(update_fields=["translations"])
        else:
            setattr(moment, self.lane, self.cleaned_data["text"])
            moment.save(update_fields=[self.lane])


def cell_row(moment: Moment, lane: str, lanes_of: str, may_edit: bool) -> Row:
    """What `_blueprint_cell.html` prints. `lanes_of`: the address of the moment's lanes."""
    return {
        "pk": moment.pk,
        "lane": lane,
        "label": str(LANES[lane]),
        "moment": str(moment),
        "text": moment.text(lane),
        "edit": may_edit and f"{lanes_of}{lane}/",
    }


def lanes_url(membership: Membership, moment: Moment) -> str:
    return membership.url("cycles:lane", moment.pk, "systems").removesuffix("systems/")


def columns_of(
    member: Membership,
    outline: Outline,
    link: Callable[[int], str],
    open_cell: tuple[int, str, str] | None = None,
) -> list[tuple[Any, list[tuple[Row, list[Row]]]]]:
    """For each stage its moments, each with its head and its cells.

    `link` leads to a moment on the map; `open_cell`: moment, lane, its form.
    """
    url = member.urls("cycles:moment_edit")
    columns = []
    for part in outline.parts:
        moments: list[tuple[Row, list[Row]]] = []
        for entry in part.entries:
            moment = entry.moment
            head: Row = {
                "pk": moment.pk,
                "number": entry.number,
                "name": str(moment),
                "step": entry.step,
                "critical": moment.is_critical,
                "open": link(moment.pk),
            }
            lanes = f"{url(moment.pk)}lanes/"
            cells: list[Row] = [
                {
                    **cell_row(moment, lane, lanes, member.is_editor),
                    "form": open_cell[2] if open_cell and open_cell[:2] == (moment.pk, lane) else "",
                }
                for lane in LANES
            ]
            moments.append((head, cells))
        columns.append((part, moments))
    return columns
