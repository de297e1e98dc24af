"""What the customer answered, for those who work on the case; never of an answer that may not be shown."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.models import Rating, Response


@dataclass(frozen=True)
class Answered:
    """The ratings by their question, what was asked once, the comment."""

    ratings: list[tuple[str, str, str]]
    once: list[tuple[str, str]]
    comment: str
    scale_max: int


def may_be_shown(response: Response) -> bool:
    """Of an anonymous survey no answer of few: whoever knows the few would know who it was."""
    survey = response.wave.survey
    if not survey.is_anonymous:
        return True
    same = Response.objects.filter(wave=response.wave_id)[: survey.threshold]
    return same.count() >= survey.threshold


def answers_of(response: Response | None) -> Answered | None:
    """Two questions; None where there is nothing to show."""
    if response is None or not may_be_shown(response):
        return None
    language = (get_language() or "es")[:2]
    rows = Rating.objects.filter(response_id=response.pk).select_related("item").order_by("item__position")
    ratings = [
        (r.item.text(language), _number(r.satisfaction), _number(r.importance))
        for r in rows
        if r.experienced and (r.satisfaction is not None or r.importance is not None)
    ]
    once = [
        (label, str(number))
        for label, number in (
            (_("Overall satisfaction"), response.overall),
            (_("Recommendation"), response.nps),
            (_("Effort"), response.effort),
        )
        if number is not None
    ]
    return Answered(ratings, once, response.comment, response.wave.survey.scale_max)


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)
