"""The results of a wave, under the filters of the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cycles.models import Cycle, Moment
from prioritization.asking import waves_of
from prioritization.matrix import watermarks
from prioritization.results.cells import Cells, cells_of
from prioritization.results.choice import Chosen, choose, located
from prioritization.results.comments import Comments, answers_of, comments_of, in_order
from prioritization.results.counts import Reading, read
from prioritization.results.extra import Extra, extras, texts_of
from prioritization.results.rates import Rates, rates
from prioritization.results.shown import Figure, ItemRow, headlines, rows_of
from prioritization.results.who import Who, threshold, who
from prioritization.tallies.read import BeingCountedError
from surveys.models import Respondent, Wave


@dataclass(frozen=True)
class ResultsPage:
    """`state` is no_survey, no_answers, counting, too_few or shown."""

    cycle: Cycle
    state: str
    chosen: Chosen | None = None
    rates: Rates | None = None
    n: int = 0
    headlines: Sequence[Figure] = ()
    rows: Sequence[ItemRow] = ()
    extras: Sequence[Extra] = ()
    comments: Comments | None = None
    any_hidden: bool = False

    @property
    def threshold(self) -> int:
        return threshold(self.chosen.wave) if self.chosen else 0

    @property
    def wave(self) -> Wave | None:
        return self.chosen.wave if self.chosen else None

    @property
    def has_errors(self) -> bool:
        return bool(self.chosen and self.chosen.filters.errors)

    @property
    def title(self) -> str:
        if self.state == "shown" and self.wave and self.wave.survey.respondent == Respondent.STAFF:
            said = ngettext(
                "What %(n)d person of the team believes that customers would say",
                "What %(n)d people of the team believe that customers would say",
                self.n,
            )
            return said % {"n": self.n}
        if self.state == "shown":
            said = ngettext("What %(n)d customer answered", "What %(n)d customers answered", self.n)
            return said % {"n": self.n}
        return {
            "no_survey": _("Ask the customers, and here stands what they answer"),
            "no_answers": _("No answers yet"),
            "counting": _("The answers are being counted"),
            "too_few": _("Too few answers to be shown"),
        }[self.state]


def page_of(cycle: Cycle, query: QueryDict) -> ResultsPage:
    waves = waves_of(cycle)
    if not waves:
        return ResultsPage(cycle, "no_survey")
    now = watermarks(waves)
    filters = located(query, waves, now)
    wave, mark = filters.wave, now[filters.wave.pk]
    found = who(wave, mark) if mark.n else Who()
    channels = channels_of(wave)
    all_of_them = [channel for some in channels.values() for channel in some]
    chosen = choose(query, filters, found, all_of_them, languages_of(wave))
    came = rates(wave, mark)
    if not mark.n or found.n < threshold(wave):
        return ResultsPage(cycle, "too_few" if mark.n else "no_answers", chosen, came, mark.n)
    try:
        reading = read(wave, chosen.split, mark)
    except BeingCountedError:
        return ResultsPage(cycle, "counting", chosen, came)
    return shown(cycle, chosen, came, reading, channels)


def shown(
    cycle: Cycle, chosen: Chosen, came: Rates, reading: Reading, channels: Mapping[int, Sequence[str]]
) -> ResultsPage:
    wave = chosen.wave
    cells: Cells = cells_of(reading, chosen.split, chosen.places, threshold(wave))
    wanted = chosen.filters.channel
    on_channel = {pk: wanted in some for pk, some in channels.items()} if wanted else {}
    answers = answers_of(chosen)
    readable = [question for question in reading.questions if not cells.extras[question.pk]]
    texts = texts_of(in_order(answers, wave), readable)
    return ResultsPage(
        cycle,
        "shown",
        chosen,
        came,
        cells.counts.n,
        headlines(cells, wave.survey, threshold(wave)),
        rows_of(reading, cells, wave.survey, on_channel),
        extras(reading.questions, cells, texts),
        comments_of(chosen, answers),
        cells.any_hidden,
    )


def channels_of(wave: Wave) -> dict[int, list[str]]:
    """Of the moments asked about, as the map has them now."""
    found = Moment.objects.filter(items__survey_id=wave.survey_id).order_by()
    return {pk: list(channels or ()) for pk, channels in found.values_list("pk", "channels")}


def languages_of(wave: Wave) -> dict[str, str]:
    own = {code: texts.get("name") or code for code, texts in wave.survey.texts.items()}
    return {**own, **{code: str(name) for code, name in settings.LANGUAGES}}
