"""What the page of the report card shows: the filters of its address, and the card they ask for."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from cycles.models import Cycle
from cycles.outline import outline_of
from cycles.scores import Scores
from prioritization.address import choose_importance, choose_period, choose_segment
from prioritization.filters import Filters
from prioritization.matrix import read
from prioritization.matrix_page import located, may_have_months
from prioritization.months import stretches_of
from prioritization.report_card import Card, Choice, marked
from prioritization.sources import derived_from, refusal, refused_in_words
from prioritization.tallies.read import BeingCountedError


@dataclass(frozen=True)
class CardPage:
    """`state` is no_survey, no_answers, counting or shown. `refused`: why importance is not derived."""

    cycle: Cycle
    state: str
    filters: Filters | None = None
    card: Card | None = None
    refused: str = ""

    @property
    def title(self) -> str:
        if self.card:
            return self.card.title
        return {
            "no_survey": _("Ask the customers, and their answers give the grades"),
            "no_answers": _("No answers yet"),
            "counting": _("The answers are being counted"),
        }[self.state]

    @property
    def wrong(self) -> bool:
        return bool(self.filters and self.filters.errors)


def page_of(cycle: Cycle, query: QueryDict) -> CardPage:
    filters, now = located(cycle, query)
    if filters is None:
        return CardPage(cycle, "no_survey")
    wave = filters.wave
    if not now[wave.pk].n:
        return CardPage(cycle, "no_answers", filters)
    try:
        reading = read(wave)
        sizes = {"segments": reading.sizes, "n_respondents": reading.everybody.respondents}
        choose_importance(filters)
        choose_segment(filters, sizes)
        if may_have_months(filters):
            choose_period(filters, stretches_of(wave, filters.segment))
        if filters.segment or filters.period:
            reading = read(wave, filters.segment, filters.period)
        refused = ""
        if filters.is_derived:
            tally = reading.segment or reading.everybody
            if why := refusal(tally, derived_from(tally)):
                refused, filters.importance = refused_in_words(why), "stated"
        card = marked(cycle, Choice.of(filters), wave, reading, outline_of(cycle, Scores()))
    except BeingCountedError:
        return CardPage(cycle, "counting", filters)
    return CardPage(cycle, "shown", filters, card, refused)
