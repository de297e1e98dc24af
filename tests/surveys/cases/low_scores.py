"""Answers with low scores, and the cases that they open."""

from surveys.answers import Answers, Rated
from surveys.cases.opening import open_case
from surveys.intake import record_response
from surveys.models import CaseRule
from tests.surveys.asking import invite, open_survey


def ruled(world, **fields):
    """An opened survey whose low scores open cases."""
    survey = {key: fields.pop(key) for key in ("is_anonymous", "asks_contact", "threshold") if key in fields}
    wave = open_survey(world.cycle, **survey)
    values = {"is_on": True, "moment_at_most": 2, "overall_at_most": 2, "nps_at_most": 4, **fields}
    CaseRule.objects.create(survey=wave.survey, **values)
    return wave


def answered(wave, *scores, email="carmen@example.org", invitation=None, overall=None, nps=None, **more):
    """Satisfaction of the first moments, as a customer sent it."""
    items = list(wave.survey.items.all())
    ratings = tuple(
        Rated(item.pk, 4, score, experienced=True) for item, score in zip(items, scores, strict=False)
    )
    answers = Answers(ratings, overall, nps, "", **more)
    return record_response(invitation or invite(wave, email), answers, "es")


def case_of(world, **fields):
    return open_case(world.cycle, by=world.owner, **fields).case
