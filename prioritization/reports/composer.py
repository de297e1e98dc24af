"""The composer: what a consultant typed, as a choice; a choice, as the lines of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from cyclemap.text import clean_lines
from cycles.models import Cycle
from prioritization.filters import Filters
from prioritization.matrix_page import MatrixPage, page_of
from prioritization.models import ReportPreset
from prioritization.reports.choice import FILTERS, LONGEST_FILTER, LONGEST_WORDS, Choice
from prioritization.reports.document import Document, gather
from prioritization.reports.forms import ReportForm
from prioritization.reports.registry import BY_KEY, USUAL
from surveys.models import Wave

# What a press on a button without script asks for.
MOVES = {"up": -1, "down": 1}


@dataclass(frozen=True)
class Line:
    """One chapter in the list of the composer."""

    key: str
    name: str
    is_on: bool
    words: str
    error: str
    is_silent: bool  # it has nothing to say now
    is_first: bool
    is_last: bool


@dataclass
class Composition:
    """Everything the form of the composer holds, right or wrong."""

    cycle: Cycle
    order: Sequence[str]
    on: frozenset[str]
    words: Mapping[str, str]
    filters: Mapping[str, str]
    form: ReportForm
    name: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def wave(self) -> Wave | None:
        if self.form.is_bound:
            found: Wave | None = self.form.cleaned_data.get("wave") if self.form.is_valid() else None
            return found
        return self.form.initial.get("wave")

    @property
    def language(self) -> str:
        source = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else self.form.initial
        return str(source.get("language") or "es")

    @property
    def choice(self) -> Choice:
        chosen = tuple(key for key in self.order if key in self.on)
        return Choice(
            () if chosen == USUAL else chosen,
            {key: self.words[key] for key in chosen if self.words.get(key)},
            {key: value for key, value in self.filters.items() if value} if self.wave else {},
            name=self.name,
        )

    @cached_property
    def page(self) -> MatrixPage | None:
        """The matrix under these filters: what may be chosen, and what of it cannot be."""
        return page_of(self.cycle, self.choice.query(self.wave.pk)) if self.wave else None

    @property
    def matrix(self) -> Filters | None:
        return self.page.filters if self.page else None

    def check(self) -> bool:
        """Whether a report can be made of it; else `errors` and the form say why not."""
        self.form.is_valid()
        if not self.on:
            self.errors["sections"] = _("Choose at least one section.")
        if self.matrix:
            self.errors |= {key: said for key, said in self.matrix.errors.items() if key in FILTERS}
        return self.form.is_valid() and not self.errors

    @cached_property
    def document(self) -> Document:
        return gather(self.cycle, self.wave, self.language, timezone.localdate(), self.choice)

    @property
    def lines(self) -> list[Line]:
        return [
            Line(
                key,
                str(BY_KEY[key].name),
                key in self.on,
                self.words.get(key, ""),
                self.errors.get(f"words-{key}", ""),
                BY_KEY[key].find(self.document) is None,
                place == 0,
                place == len(self.order) - 1,
            )
            for place, key in enumerate(self.order)
        ]


def complete(sections: Sequence[str]) -> list[str]:
    """The keys there are, each once, those given first."""
    return list(dict.fromkeys([*(key for key in sections if key in BY_KEY), *USUAL]))


def typed(cycle: Cycle, post: QueryDict, language: str) -> Composition:
    made = Composition(
        cycle,
        complete(post.getlist("section")),
        frozenset(key for key in post.getlist("on") if key in BY_KEY),
        {key: post.get(f"words-{key}", "").strip() for key in BY_KEY},
        {key: post.get(key, "").strip()[:LONGEST_FILTER] for key in FILTERS},
        ReportForm(post, cycle=cycle, language=language),
        post.get("preset_name", "").strip()[:80],
    )
    for key, words in made.words.items():
        if said := fault(words):
            made.errors[f"words-{key}"] = said
    return made


def fault(words: str) -> str:
    """Why a text cannot stand in a report; "" where it can."""
    if len(words) > LONGEST_WORDS:
        return _("At most %(most)d characters; these are %(n)d.") % {"most": LONGEST_WORDS, "n": len(words)}
    try:
        clean_lines(words)
    except ValidationError as error:
        return str(error.message)
    return ""


def begun(cycle: Cycle, language: str, preset: ReportPreset | None = None) -> Composition:
    """What the composer shows at first: a preset, or everything."""
    choice = Choice.from_json(preset.choice) if preset else Choice()
    form = ReportForm(cycle=cycle, language=preset.language if preset else language)
    on = frozenset(choice.sections or USUAL)
    made = Composition(cycle, complete(choice.sections), on, choice.words, choice.filters, form)
    made.name = preset.name if preset else ""
    return made


def moved(made: Composition, press: str) -> Composition:
    """`press` is "up:plan" or "down:plan"; anything else moves nothing."""
    way, _colon, key = press.partition(":")
    order = list(made.order)
    if way in MOVES and key in order:
        place = order.index(key)
        order.insert(max(0, place + MOVES[way]), order.pop(place))
    made.order = order
    return made
