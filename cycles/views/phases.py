"""Which stages are before, during and after the transaction."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest
from cyclemap.forms import TidyForm
from cycles.choices import Phase
from cycles.outline import Outline, outline_of
from cycles.phases import suggested, tag
from cycles.scores import Scores
from cycles.views.reached import the_cycle

NONE = "none"


class PhasesForm(TidyForm, forms.Form):
    """A choice for each stage; what a form does not name stays as it is."""

    def __init__(self, *args: Any, outline: Outline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guessed = suggested(outline)
        self.stages = [part.stage for part in outline.parts]
        choices = [*Phase.choices, (NONE, _("None of them"))]
        for stage in self.stages:
            self.fields[self.name(stage.pk)] = forms.ChoiceField(
                label=str(stage),
                choices=choices,
                required=False,
                initial=stage.phase or self.guessed.get(stage.pk, NONE),
                widget=forms.Select(attrs={"class": "input"}),
            )

    @staticmethod
    def name(key: int) -> str:
        return f"stage_{key}"

    @property
    def rows(self) -> list[tuple[Any, forms.BoundField, bool]]:
        return [(stage, self[self.name(stage.pk)], stage.pk in self.guessed) for stage in self.stages]

    @property
    def phases(self) -> dict[int, str]:
        chosen = {stage.pk: self.cleaned_data.get(self.name(stage.pk), "") for stage in self.stages}
        return {key: "" if phase == NONE else phase for key, phase in chosen.items() if phase}


@require_http_methods(["GET", "HEAD", "POST"])
def phases(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = the_cycle(request, cycle_id)
    outline = outline_of(cycle, Scores())
    form = PhasesForm(request.POST if request.method == "POST" else None, outline=outline)
    if form.is_bound and form.is_valid():
        n = tag(cycle, form.phases)
        said = ngettext("%(n)d stage has a new phase.", "%(n)d stages have a new phase.", n)
        messages.success(request, said % {"n": n} if n else _("The phases are as they were."))
        return HttpResponseRedirect(request.membership.url("cycles:phases", cycle.pk))
    context = {"cycle": cycle, "outline": outline, "form": form, "may_edit": request.membership.is_editor}
    return render(request, "cycles/phases.html", context, status=422 if form.is_bound else 200)
