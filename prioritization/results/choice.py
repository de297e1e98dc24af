"""Which answers the results are of: wave, one group or one period, channel. Read from the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cycles.choices import Channel
from prioritization.address import choose_period, chosen_wave
from prioritization.filters import Choice, ChoiceGroup, Filters
from prioritization.matrix import Watermark
from prioritization.results.counts import Split
from prioritization.results.who import LANGUAGE, LINK, NO_LINK, OPEN, PERSONAL, Who
from surveys.models import Wave

LONGEST = 100


@dataclass
class Chosen:
    """`group` (dimension, value) and `filters.period` exclude one another."""

    filters: Filters
    who: Who
    languages: dict[str, str]
    group: tuple[str, str] | None = None
    words: str = ""
    tag: str = ""
    page: int = 1

    @property
    def wave(self) -> Wave:
        return self.filters.wave

    @property
    def split(self) -> Split:
        """How the wave has to be cut to answer: the siblings of the group decide what may be shown."""
        if self.group:
            return Split(self.group[0], tuple(self.who.dimensions[self.group[0]]))
        if self.filters.period:
            return Split(stretches=self.who.stretches)
        return Split()

    @property
    def places(self) -> list[int]:
        """The parts of the split that were chosen."""
        if self.group:
            return [self.split.parts.index(self.group[1])]
        if self.filters.period:
            first, last = self.filters.period
            return [p for p, s in enumerate(self.who.stretches) if s.begins >= first and s.ends <= last]
        return []

    @property
    def group_choices(self) -> list[ChoiceGroup]:
        return [
            ChoiceGroup(
                dimension_label(name),
                tuple(
                    Choice(f"{name}={value}", self.value_label(name, value), (name, value) == self.group)
                    for value in values
                ),
            )
            for name, values in self.who.dimensions.items()
        ]

    @property
    def group_label(self) -> str:
        if not self.group:
            return ""
        return f"{dimension_label(self.group[0])}: {self.value_label(*self.group)}"

    def value_label(self, name: str, value: str) -> str:
        if name == LANGUAGE:
            return self.languages.get(value, value)
        return link_label(value) if name == LINK else value

    @property
    def withheld(self) -> list[str]:
        return [dimension_label(name) for name in sorted(self.who.withheld)]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.group or self.filters.period or self.filters.channel)

    def query(self, **changed: str) -> str:
        typed = {**self.filters.asked, "q": self.words, "tag": self.tag, **changed}
        return urlencode({name: value for name, value in typed.items() if value})

    @property
    def query_here(self) -> str:
        return self.query()

    @property
    def query_of_matrix(self) -> str:
        """The matrix knows segments, and neither languages nor ways in."""
        known = {"segment": ""} if self.group and self.group[0] in (LANGUAGE, LINK) else {}
        return self.query(q="", tag="", **known)


def link_label(value: str) -> str:
    return {
        PERSONAL: pgettext("way in", "Personal link"),
        OPEN: pgettext("way in", "Open link"),
        NO_LINK: pgettext("way in", "Imported"),
    }[value]


def dimension_label(name: str) -> str:
    return {LANGUAGE: _("Language"), LINK: pgettext("results", "Came by")}.get(name, name)


def located(query: QueryDict, waves: Sequence[Wave], now: dict[int, Watermark]) -> Filters:
    return chosen_wave(query, waves, [pk for pk, mark in now.items() if mark.n])


def choose(
    query: QueryDict, filters: Filters, who: Who, channels: Sequence[str], languages: dict[str, str]
) -> Chosen:
    """What makes no sense is answered with a sentence and left out."""
    filters.errors.pop("compare", None)
    found = Chosen(filters, who, languages)
    found.words = str(query.get("q", "")).strip()[:LONGEST]
    found.tag = str(query.get("tag", "")).strip()[:LONGEST]
    number = str(query.get("page", ""))
    found.page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    choose_group(found)
    choose_period(filters, who.stretches)
    if found.group and filters.period:
        filters.period = None
        filters.errors["from"] = _(
            "Choose a group or a period, not both: crossing them could show what a few people answered."
        )
    filters.channels = [value for value in Channel.values if value in channels]
    filters.channel = filters.asked.get("channel", "")
    if filters.channel and filters.channel not in filters.channels:
        filters.channel = ""
        filters.errors["channel"] = _("No moment of the map has that channel.")
    return found


def choose_group(found: Chosen) -> None:
    wanted = found.filters.asked.get("segment")
    if not wanted:
        return
    name, _equals, value = wanted.partition("=")
    if found.who.size(name, value) is not None:
        found.group = (name, value)
    else:
        found.filters.errors["segment"] = _(
            "This group cannot be shown: it, or the rest of the wave, is too small to stay anonymous."
        )
