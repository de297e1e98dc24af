"""The instrument: drafted from the map, frozen when opened, asked again in waves."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cycles.models import Cycle, Moment
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
        survey = Survey.objects.create(
            cycle=cycle,
            name=name or _("Survey of %(year)d") % {"year": timezone.localdate().year},
            brand=brand or cycle.client.name[: Survey._meta.get_field("brand").max_length],
            language=cycle.language,
            contact_address=contact_address,
        )
        wave = Wave.objects.create(survey=survey, number=1, name=_wave_name(1))
        Campaign.objects.create(wave=wave, sender_name=survey.brand)
    return survey


def _wave_name(number: int) -> str:
    return _("Wave %(number)d") % {"number": number}


def items_of(survey: Survey) -> Sequence[Item]:
    """What is asked: the frozen items, or, of a draft, unsaved items as the map stands now."""
    if survey.frozen_at is not None:
        return list(survey.items.all())
    left_out = set(survey.left_out.values_list("pk", flat=True))
    return items_for(survey, [moment for moment in moments_of(survey.cycle) if moment.pk not in left_out])


def items_for(survey: Survey, moments: Sequence[Moment]) -> list[Item]:
    """Unsaved questions about these moments, in this order and in the words of now."""
    return [_item(survey, position, moment) for position, moment in enumerate(moments)]


def _item(survey: Survey, position: int, moment: Moment) -> Item:
    return Item(
        survey=survey,
        moment=moment,
        position=position,
        wording={language: moment.text("name", language) for language in LANGUAGES},
        stage={language: moment.stage.text("name", language) for language in LANGUAGES},
        is_critical=moment.is_critical,
    )


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
    Item.objects.bulk_create(items)
    survey.frozen_at = timezone.now()
    survey.save(update_fields=["frozen_at"])


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
        )
    return wave


def live_wave(survey: Survey) -> Wave | None:
    """The wave people mean when they say "the survey": the last one."""
    return survey.waves.last()
