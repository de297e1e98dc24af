"""The page of the ranking: its address, and its rows as they are printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cyclemap.forms import TidyForm
from cycles.models import Cycle
from cycles.outline import Outline, outline_of
from prioritization import figures
from prioritization.action_ranking import TOP, Chosen, Limits, Ranked, Ranking, ranking_of
from prioritization.asking import waves_of
from prioritization.filters import wave_label
from prioritization.matrix import watermarks
from prioritization.shapes import LOOKS
from prioritization.tallies.read import BeingCountedError
from surveys.models import Respondent, Wave

USUAL = Limits()
MOST_DAYS = 3_650


class RankingForm(TidyForm, forms.Form):
    """What the page reckons with. An empty number is the usual one."""

    wave = forms.TypedChoiceField(label=gettext_lazy("Wave"), required=False, coerce=int, empty_value=None)
    importance = forms.ChoiceField(
        label=gettext_lazy("Importance"),
        required=False,
        choices=[("stated", gettext_lazy("As customers say")), ("derived", gettext_lazy("Derived"))],
    )
    effort = forms.FloatField(
        label=gettext_lazy("At most, in person-days"), min_value=0.1, max_value=99_999, required=False
    )
    days = forms.FloatField(
        label=gettext_lazy("At most, in days"), min_value=1, max_value=MOST_DAYS, required=False
    )
    benefit = forms.FloatField(
        label=gettext_lazy("At least, in points of benefit"), min_value=0, max_value=100, required=False
    )
    budget = forms.FloatField(
        label=gettext_lazy("Budget in person-days"), min_value=0, max_value=999_999, required=False
    )

    def __init__(self, data: dict[str, Any], *, waves: Sequence[Wave]) -> None:
        super().__init__(data)
        self.fields["wave"].choices = [(w.pk, wave_label(w, waves)) for w in waves]  # type: ignore[attr-defined]
        self.fields["wave"].error_messages["invalid_choice"] = _("There is no such wave with answers.")
        for name, step in (("effort", "0.5"), ("days", "1"), ("benefit", "0.05"), ("budget", "0.5")):
            self.fields[name].widget.attrs["step"] = step

    def limits(self) -> Limits:
        told = self.cleaned_data
        return Limits(
            **{
                name: usual if told.get(name) is None else told[name]
                for name, usual in (
                    ("effort", USUAL.effort),
                    ("days", USUAL.days),
                    ("benefit", USUAL.benefit),
                )
            }
        )


@dataclass(frozen=True)
class Line:
    """A ranked action as it is printed."""

    row: Ranked
    marks: tuple[tuple[str, str, str], ...]  # number, name and shape of each moment

    @property
    def score(self) -> str:
        return figures.decimal(self.row.scored.score, 2)

    @property
    def benefit(self) -> str:
        return figures.decimal(self.row.scored.benefit, 2)

    @property
    def effort(self) -> str:
        return figures.decimal(self.row.scored.plan.effort, 1)

    @property
    def lift(self) -> str:
        return figures.signed(float(self.row.action.lift or 0), 2)

    @property
    def confidence(self) -> str:
        return figures.percent((self.row.action.confidence or 0) / 100)

    @property
    def stays(self) -> str:
        return figures.certainty(self.row.stays)

    @property
    def stays_share(self) -> int:
        return round(100 * (self.row.stays or 0))


@dataclass(frozen=True)
class RankingPage:
    cycle: Cycle
    form: RankingForm
    ranking: Ranking | None  # None: the answers are being counted
    outline: Outline
    top: int = TOP

    @property
    def title(self) -> str:
        rows = self.ranking.rows if self.ranking else ()
        if not rows:
            return _("Which actions first")
        first = rows[0]
        if first.stays is not None and len(rows) > TOP and first.stays < 0.8:
            return _("%(action)s comes first, by a narrow margin") % {"action": first.action}
        return _("%(action)s brings most for its effort") % {"action": first.action}

    @property
    def wins(self) -> str:
        n = len(self.ranking.quick_wins) if self.ranking else 0
        return ngettext("%(n)d quick win", "%(n)d quick wins", n) % {"n": n}

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self.line(row) for row in self.ranking.rows) if self.ranking else ()

    def line(self, row: Ranked) -> Line:
        marks = []
        for entry in self.outline:
            if entry.moment.pk in row.step.moment_ids:
                look = LOOKS.get((entry.score.quadrant if entry.score else None) or "")
                marks.append((str(entry.number), str(entry.moment), look.css if look else "none"))
        return Line(row, tuple(marks))

    @property
    def most_budget(self) -> float:
        """Where the slider ends: everything is bought."""
        return self.ranking.effort if self.ranking else 0.0

    @property
    def budget(self) -> float:
        """As typed; else half of what everything takes."""
        typed = self.form.cleaned_data.get("budget")
        return round(self.most_budget) / 2 if typed is None else float(typed)

    @cached_property
    def chosen(self) -> Chosen | None:
        if self.ranking is None or not self.ranking.rows or "budget" in self.form.errors:
            return None
        return self.ranking.portfolio(self.budget)

    @property
    def without_duration(self) -> int:
        return sum(line.row.action.duration_days is None for line in self.lines)


def page_of(cycle: Cycle, query: QueryDict) -> RankingPage:
    """The wave that is asked for, else the latest that customers answered."""
    outline = outline_of(cycle, cycle.scores)
    waves = waves_of(cycle)
    marks = watermarks(waves) if waves else {}
    waves = [w for w in waves if w.survey.respondent == Respondent.CUSTOMER and marks[w.pk].n]
    typed = {name: query[name] for name in RankingForm.base_fields if query.get(name)}
    usual = {name: f"{getattr(USUAL, name):g}" for name in ("effort", "days", "benefit")}
    usual["importance"] = "stated"
    form = RankingForm({**usual, **typed}, waves=waves)
    form.is_valid()
    wave = next((w for w in waves if w.pk == form.cleaned_data.get("wave")), next(iter(waves), None))
    importance = form.cleaned_data.get("importance") or "stated"
    try:
        ranking = ranking_of(cycle, wave, importance=importance, limits=form.limits())
    except BeingCountedError:
        return RankingPage(cycle, form, None, outline)
    page = RankingPage(cycle, form, ranking, outline)
    form.data = {"wave": wave.pk if wave else "", "budget": f"{page.budget:g}", **form.data}
    return page
