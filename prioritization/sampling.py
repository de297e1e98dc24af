"""How many answers are enough, and how many invitations that takes: the planner of a sample (S10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cyclemap.forms import TidyForm
from cycles.models import Cycle
from prioritization.analysis.planner import (
    Sample,
    sample_before_after,
    sample_for_mean,
    sample_for_nps,
    sample_for_share,
)
from prioritization.figures import percent
from surveys.models import Respondent, Wave

SHARE, MEAN, NPS, CHANGE = "share", "mean", "nps", "change"
# Where no survey of the cycle has shown yet how many answer.
USUAL_RATE = 0.25
# Invitations from which a wave tells how many answer.
ENOUGH = 30
MARGIN = 5
# Of ratings where none are known: a little more than a quarter of the scale.
USUAL_SPREAD = 0.28


class PlannerForm(TidyForm, forms.Form):
    """All that the reckoning needs; it stands in the address of the page."""

    what = forms.ChoiceField(
        label=_("What is to be known"),
        choices=[
            (SHARE, _("A share of customers, such as those who are satisfied")),
            (MEAN, _("The mean of a rating")),
            (NPS, _("The NPS")),
            (CHANGE, _("Whether a mean rating changed between two waves")),
        ],
    )
    margin = forms.DecimalField(
        label=_("Margin, more or less"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_(
            "Percentage points for a share, NPS points, or points of the scale for a mean or a change."
        ),
    )
    spread = forms.DecimalField(
        label=_("Spread of the ratings"),
        min_value=0,
        max_value=10,
        decimal_places=2,
        required=False,
        help_text=_("Standard deviation in points of the scale. Of a mean or a change only."),
    )
    confidence = forms.TypedChoiceField(
        label=_("Confidence"),
        choices=lambda: [(f"{share:.2f}", percent(share)) for share in (0.90, 0.95, 0.99)],
        coerce=float,
    )
    population = forms.IntegerField(
        label=_("How many customers there are"),
        min_value=1,
        max_value=100_000_000,
        required=False,
        help_text=_("Empty: many, or not known."),
    )
    rate = forms.DecimalField(
        label=_("Expected response rate, in percent"), min_value=1, max_value=100, decimal_places=1
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("margin", "spread"):
            if cleaned.get(name) == 0:
                self.add_error(name, _("More than zero."))
        if (
            cleaned.get("what") in (MEAN, CHANGE)
            and not cleaned.get("spread")
            and "spread" not in self.errors
        ):
            self.add_error("spread", _("A mean needs the spread of the ratings."))
        if cleaned.get("what") == SHARE and cleaned.get("margin") == 100:
            self.add_error("margin", _("Less than 100."))
        return cleaned


@dataclass(frozen=True)
class Plan:
    """`population`: how many customers there are; None: many."""

    sample: Sample
    per_wave: bool
    population: int | None

    @property
    def is_too_few(self) -> bool:
        """Even everybody would not be enough at this rate."""
        invitations = self.sample.invitations
        return self.population is not None and invitations is not None and invitations > self.population


def plan(cleaned: Mapping[str, Any]) -> Plan:
    margin, spread = float(cleaned["margin"]), float(cleaned["spread"] or 0)
    rate = float(cleaned["rate"]) / 100
    population = cleaned["population"]
    common = {"confidence": cleaned["confidence"], "response_rate": rate}
    size = float(population) if population else inf
    if cleaned["what"] == CHANGE:
        return Plan(sample_before_after(spread, margin, **common), True, population)
    if cleaned["what"] == MEAN:
        return Plan(sample_for_mean(margin, spread, population=size, **common), False, population)
    if cleaned["what"] == NPS:
        return Plan(sample_for_nps(margin, population=size, **common), False, population)
    return Plan(sample_for_share(margin / 100, population=size, **common), False, population)


def usual_rate(cycle: Cycle) -> float:
    """As in the cycle's last wave of customers, where it asked enough of them to tell; else what is usual."""
    waves = Wave.objects.filter(survey__cycle=cycle, survey__respondent=Respondent.CUSTOMER)
    wave = waves.filter(opened_at__isnull=False).order_by("-opened_at").first()
    if wave is None:
        return USUAL_RATE
    asked = wave.invitations.count()
    answered = wave.responses.filter(open_link=None).count()
    return min(1.0, answered / asked) if asked >= ENOUGH and answered else USUAL_RATE


def needed(wave: Wave) -> tuple[int, int, int, float, int] | None:
    """For five points more or less of a share among the recipients: margin, answers, invitations, rate, and
    how many recipients there are.

    What the page of a wave says beside its recipients, by the setting SAMPLE_NEEDED. None: nobody yet.
    """
    population = wave.recipients.count()
    if not population:
        return None
    rate = usual_rate(wave.survey.cycle)
    sample = sample_for_share(MARGIN / 100, population=population, response_rate=rate)
    return MARGIN, sample.needed, sample.invitations or 0, rate, population


def initial(cycle: Cycle, scale_max: int, population: int | None) -> dict[str, str]:
    """What the form starts from."""
    return {
        "what": SHARE,
        "margin": str(MARGIN),
        "spread": f"{USUAL_SPREAD * (scale_max - 1):.1f}",
        "confidence": "0.95",
        "population": str(population) if population else "",
        "rate": f"{100 * usual_rate(cycle):.0f}",
    }
