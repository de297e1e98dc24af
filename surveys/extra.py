"""The extra questions of a draft: gap-free places, conditions on earlier lists, delete and bring back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cycles.ordering import arrange, keys, shifted
from surveys.forms import FROZEN
from surveys.models import Question, QuestionKind, Survey

MOST = 10
# In the session: of the last deleted question of each survey, what brings it back.
DELETED = "deleted_questions"
LISTS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)


class NotPossibleError(ValueError):
    """The message is a sentence for the person who pressed the button."""


def _locked(survey: Survey) -> Survey:
    found = Survey.objects.select_for_update().get(pk=survey.pk)
    if found.frozen_at is not None:
        raise NotPossibleError(str(FROZEN))
    return found


@transaction.atomic
def add(question: Question) -> Question:
    """At the end."""
    survey = _locked(question.survey)
    n = survey.questions.count()
    if n >= MOST:
        raise NotPossibleError(_("There is room for %(n)d extra questions.") % {"n": MOST})
    question.position = n
    question.save()
    return question


@transaction.atomic
def change(question: Question) -> Question:
    """Whoever depended on an option that is gone, or on a list that is none any more, no longer does."""
    _locked(question.survey)
    question.save()
    there = range(len(question.options)) if question.kind in LISTS else range(0)
    for dependent in Question.objects.filter(shown_if=question):
        kept = [place for place in dependent.shown_if_options if place in there]
        if kept != dependent.shown_if_options:
            dependent.shown_if_options = kept
            dependent.shown_if = question if kept else None
            dependent.save(update_fields=["shown_if", "shown_if_options"])
    return question


@transaction.atomic
def move(question: Question, place: int) -> None:
    survey = _locked(question.survey)
    order = shifted(keys(survey.questions.all()), question.pk, place)
    at = {pk: place for place, pk in enumerate(order)}
    for one in survey.questions.filter(shown_if__isnull=False).select_related("shown_if"):
        if one.shown_if_id is not None and at[one.shown_if_id] > at[one.pk]:
            raise NotPossibleError(
                _("“%(question)s” depends on the answer to “%(other)s”, so it stays after it.")
                % {"question": one, "other": one.shown_if}
            )
    arrange(survey.questions.all(), order)


@transaction.atomic
def delete(question: Question) -> dict[str, Any]:
    """Gone; what `restore` needs to bring it back is returned."""
    survey = _locked(question.survey)
    kept = {
        "position": question.position,
        "kind": question.kind,
        "wording": question.wording,
        "options": question.options,
        "is_required": question.is_required,
        "shown_if": question.shown_if_id,
        "shown_if_options": question.shown_if_options,
        "dependents": list(Question.objects.filter(shown_if=question).values_list("pk", flat=True)),
    }
    gone = question.pk
    question.delete()
    arrange(survey.questions.all(), [pk for pk in keys(survey.questions.all()) if pk != gone])
    return kept


@transaction.atomic
def restore(survey: Survey, kept: Mapping[str, Any]) -> Question:
    """At its place, with its own condition and those that others had on it."""
    there = set(_locked(survey).questions.values_list("pk", flat=True))
    fields = ("kind", "wording", "options", "is_required")
    question = Question(survey=survey, **{name: kept[name] for name in fields})
    if kept["shown_if"] in there:
        question.shown_if_id, question.shown_if_options = kept["shown_if"], kept["shown_if_options"]
    add(question)
    arrange(survey.questions.all(), shifted(keys(survey.questions.all()), question.pk, kept["position"]))
    question.refresh_from_db()
    dependents = survey.questions.filter(pk__in=kept["dependents"], position__gt=question.position)
    # Only of those that have not been given another condition meanwhile.
    for dependent in dependents.filter(shown_if=None).exclude(shown_if_options=[]):
        dependent.shown_if = question
        dependent.save(update_fields=["shown_if"])
    return question


def earlier_lists(survey: Survey, before: int | None) -> list[Question]:
    """On whose answers a question at a place may depend; of a new one, all of the survey's lists."""
    found = survey.questions.filter(kind__in=LISTS)
    return list(found if before is None else found.filter(position__lt=before))
