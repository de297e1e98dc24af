"""What customers say of the requirements of one moment, where a survey asks about them: for its panel."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cycles.models import Moment
from prioritization.analysis.ratings import Scale
from prioritization.four_views import View
from prioritization.graded_requirements import Rated, rated
from prioritization.matrix import least_shown
from prioritization.views_page import parts_of
from surveys.models import Item, Respondent, Response, Wave


@dataclass(frozen=True)
class Required:
    """`value` with its interval, and of how many; or a sentence in place of both."""

    wording: str
    value: str
    n: str


@dataclass(frozen=True)
class Requirements:
    wave: Wave
    lines: list[Required]


def of_moment(moment: Moment) -> Requirements | None:
    """As in the latest wave of customers with answers; None where none asked. One query where none asks."""
    asked = Item.objects.filter(moment=moment, is_requirement=True)
    asked = asked.filter(survey__cycle=moment.stage.cycle, survey__respondent=Respondent.CUSTOMER)
    items = list(asked.order_by("position"))
    wave = latest({item.survey_id for item in items}) if items else None
    if wave is None:
        return None
    mine = [item for item in items if item.survey_id == wave.survey_id]
    scale = Scale(1, wave.survey.scale_max)
    told = rated(mine, (get_language() or "")[:2], wave, None, None, least_shown(wave))
    return Requirements(wave, [line(one, scale) for one in told])


def latest(surveys: set[int]) -> Wave | None:
    answers = Response.objects.filter(wave=OuterRef("pk"))
    waves = Wave.objects.filter(Exists(answers), survey__in=surveys, opened_at__isnull=False)
    return waves.select_related("survey").order_by("-opened_at", "-pk").first()


def line(one: Rated, scale: Scale) -> Required:
    if one.mean is None:
        return Required(one.wording, _("Too few answers to show."), "")
    low, high = one.mean.interval(scale)
    return Required(one.wording, *parts_of(View(one.mean.n, one.mean.value, low=low, high=high), 1))
