"""The silent dissatisfied: low scores that nobody is following up. A count and a share, no list."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from cycles.models import Cycle
from surveys.cases.pareto import percent
from surveys.cases.rules import Rule
from surveys.models import CaseRule, Rating, Respondent, Response, Survey, Wave


@dataclass(frozen=True)
class Silent:
    wave: Wave
    n_answers: int
    # None where so few answered that it is not said.
    low: int | None
    silent: int | None

    @property
    def share(self) -> float | None:
        return self.silent / self.low if self.low and self.silent is not None else None

    @property
    def percent(self) -> str:
        return "" if self.share is None else percent(self.share)


def low_end(scale_max: int) -> int:
    """The two lowest of five, two of seven, four of ten: what counts as low where no rule says so."""
    return max(2, round(scale_max * 0.4)) if scale_max != 7 else 2


def _low(survey: Survey, limit: int) -> Q:
    """As the survey's rule says; without one overall satisfaction, or any moment where that is not known."""
    rule = CaseRule.objects.filter(survey=survey, is_on=True).first()
    said = Rule(survey, rule).condition if rule else None
    if said is not None:
        return said
    rated = Rating.objects.filter(response_id=OuterRef("pk"), satisfaction__lte=limit)
    return Q(overall__lte=limit) | Q(Exists(rated), overall=None)


def silent_of(cycle: Cycle) -> Silent | None:
    """Of the latest wave with answers of customers. Four questions."""
    waves = Wave.objects.filter(survey__cycle=cycle, survey__respondent=Respondent.CUSTOMER)
    wave = waves.exclude(responses=None).select_related("survey").order_by("-opened_at", "-pk").first()
    if wave is None:
        return None
    answers = Response.objects.filter(wave=wave)
    n = answers.count()
    if n < wave.survey.threshold:
        return Silent(wave, n, None, None)
    limit = low_end(wave.survey.scale_max)
    low = answers.filter(_low(wave.survey, limit))
    n_low = low.count()
    silent = low.filter(case=None).count()
    return Silent(wave, n, n_low, silent)
