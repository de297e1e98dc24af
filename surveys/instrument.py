"""The instrument: drafted from the map, frozen when opened, asked again in waves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cycles.models import Cycle, Moment, Requirement, Stage
from surveys.models import Campaign, Item, Survey, SurveyStatus, Wave

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class NotOpenableError(ValueError):
    """The message is a sentence for the person who pressed the button."""


def moments_of(cycle: Cycle) -> list[Moment]:
    """The moments on the map, in the order in which customers live them."""
    moments = Moment.objects.filter(stage__cycle=cycle, deleted_at=None).select_related("stage")
    return list(moments.order_by("stage__position", "position"))


def draft_survey(cycle: Cycle, *, name: str = "", brand: str = "", contact_address: str = "") -> Survey:
    """The cycle's draft: the one there is, or a new one with its first wave and its mail."""
    with transaction.atomic():
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        known = Survey.objects.filter(cycle=cycle, frozen_at=None).first()
        if known is not None:
            return known
        # Names are kept as they are written: all in the survey's language, as those of later waves are.
        with translation.override(cycle.language):
            usual = _("Survey of %(year)d") % {"year": timezone.localdate().year}
            first = _wave_name(1)
        survey = Survey.objects.create(
            cycle=cycle,
            name=name or usual,
            brand=brand or cycle.client.name[: Survey._meta.get_field("brand").max_length],
            language=cycle.language,
            contact_address=contact_address,
        )
        wave = Wave.objects.create(survey=survey, number=1, name=first)
        Campaign.objects.create(wave=wave, sender_name=survey.brand)
    return survey


def _wave_name(number: int) -> str:
    return _("Wave %(number)d") % {"number": number}


def items_of(survey: Survey) -> Sequence[Item]:
    """What is asked: the frozen items, or, of a draft, unsaved items as the map stands now."""
    if survey.frozen_at is not None:
        return list(survey.items.all())
    left_out = set(survey.left_out.values_list("pk", flat=True))
    moments = [moment for moment in moments_of(survey.cycle) if moment.pk not in left_out]
    return items_for(survey, moments, requirements_of(survey))


def requirements_of(survey: Survey) -> dict[int, list[Requirement]]:
    """The requirements that a draft asks about, by moment, in the order of the map."""
    found: dict[int, list[Requirement]] = defaultdict(list)
    for requirement in survey.requirements.filter(deleted_at=None).order_by("position"):
        found[requirement.moment_id].append(requirement)
    return found


def items_for(
    survey: Survey, moments: Sequence[Moment], requirements: Mapping[int, Sequence[Requirement]] | None = None
) -> list[Item]:
    """Unsaved questions about these moments, in this order and in the words of now.

    What is asked about a requirement follows its moment.
    """
    items = []
    for moment in moments:
        items.append(_item(survey, moment))
        items += [_item(survey, moment, about) for about in (requirements or {}).get(moment.pk, ())]
    for position, item in enumerate(items):
        item.position = position
    return items


def _item(survey: Survey, moment: Moment, requirement: Requirement | None = None) -> Item:
    return Item(
        survey=survey,
        moment=moment,
        requirement=requirement,
        is_requirement=requirement is not None,
        wording=_wording(survey, requirement or moment),
        stage=_wording(survey, moment.stage),
        is_critical=moment.is_critical,
    )


def _wording(survey: Survey, thing: Moment | Requirement | Stage) -> dict[str, str]:
    """In every language of the survey; an added one that lacks the words has those of its main language."""
    own = {language: thing.text("name", language) for language in LANGUAGES}
    key = text_key(thing)
    added = {code: texts.get(key) or own[survey.language] for code, texts in survey.texts.items()}
    return own | added


def text_key(thing: Moment | Requirement | Stage) -> str:
    """Under what `Survey.texts` keeps the words of a draft for something on the map: "moment:12"."""
    return f"{thing._meta.model_name}:{thing.pk}"


def open_wave(wave: Wave) -> Wave:
    """Open for answers; the first time, freeze the instrument with the words of this moment.

    Opening what is open changes nothing; what was closed stays closed (`next_wave` asks again).
    """
    with transaction.atomic():
        survey = Survey.objects.select_for_update().select_related("cycle").get(pk=wave.survey_id)
        wave = Wave.objects.get(pk=wave.pk)
        if wave.status == SurveyStatus.OPEN:
            return wave
        if wave.status == SurveyStatus.CLOSED:
            raise NotOpenableError(_("This wave is closed. Ask again with a next wave."))
        if wave.closes_on is not None and wave.closes_on < timezone.localdate():
            raise NotOpenableError(_("The closing date has passed. Choose a later one first."))
        if survey.frozen_at is None:
            _freeze(survey)
        wave.status, wave.opened_at = SurveyStatus.OPEN, timezone.now()
        wave.save(update_fields=["status", "opened_at"])
    return wave


def _freeze(survey: Survey) -> None:
    items = items_of(survey)
    if not items:
        raise NotOpenableError(_("The survey asks about no moment yet. Choose at least one."))
    others = sum(not item.is_requirement and not item.is_critical for item in items)
    if survey.drawn is not None and survey.drawn > others:
        raise NotOpenableError(too_many_drawn(survey.drawn, others))
    Item.objects.bulk_create(items)
    _freeze_questions(survey)
    survey.frozen_at = timezone.now()
    survey.save(update_fields=["frozen_at"])


def too_many_drawn(drawn: int, others: int) -> str:
    if not others:
        return ngettext(
            "%(drawn)d moment is to be drawn, but all those asked about are critical.",
            "%(drawn)d moments are to be drawn, but all those asked about are critical.",
            drawn,
        ) % {"drawn": drawn}
    return _("%(drawn)d moments are to be drawn, but only %(n)d of those asked about are not critical.") % {
        "drawn": drawn,
        "n": others,
    }


def _freeze_questions(survey: Survey) -> None:
    """What was not said in a language is said in the survey's own, for ever."""
    languages = [*LANGUAGES, *survey.texts]
    for question in survey.questions.all():
        question.wording = _in_all(question.wording, languages, survey.language)
        question.options = [_in_all(option, languages, survey.language) for option in question.options]
        question.save(update_fields=["wording", "options"])


def _in_all(texts: Mapping[str, str], languages: Sequence[str], main: str) -> dict[str, str]:
    spoken = texts.get(main) or next(filter(None, texts.values()), "")
    return {language: texts.get(language) or spoken for language in languages}


def close_wave(wave: Wave) -> Wave:
    """No more answers. Closing what is closed, or was never open, changes nothing."""
    Wave.objects.filter(pk=wave.pk, status=SurveyStatus.OPEN).update(
        status=SurveyStatus.CLOSED, closed_at=timezone.now()
    )
    wave.refresh_from_db()
    return wave


def next_wave(survey: Survey) -> Wave:
    """The same frozen instrument, to be asked once more: a draft wave, with the last one's mail.

    While a wave is being prepared or is open, that one is the next.
    """
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        last = survey.waves.last()
        if last is not None and last.status != SurveyStatus.CLOSED:
            return last
        number = last.number + 1 if last else 1
        with translation.override(survey.language):
            wave = Wave.objects.create(survey=survey, number=number, name=_wave_name(number))
        mail = Campaign.objects.filter(wave=last).last() if last else None
        Campaign.objects.create(
            wave=wave,
            sender_name=mail.sender_name if mail else survey.brand,
            reply_to=mail.reply_to if mail else "",
            texts=mail.texts if mail else {},
            segment=mail.segment if mail else None,
            reminder_days=mail.reminder_days if mail else [],
            cap_days=mail.cap_days if mail else 0,
        )
    return wave


def live_wave(survey: Survey) -> Wave | None:
    """The wave people mean when they say "the survey": the last one."""
    return survey.waves.last()
