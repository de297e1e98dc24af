"""What the address of the matrix page asks for: wave, segment, period, stage, crosshair, comparison.

An address may be typed or old: what makes no sense is answered with a sentence and left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cycles.choices import Channel
from cycles.models import Stage
from cycles.outline import Outline
from prioritization import figures
from prioritization.analysis.crosshair import CrosshairRule
from prioritization.board import SORTS
from prioritization.comparison import comparable
from prioritization.matrix import Period, Segment, open_to_view
from prioritization.months import Stretch, named, span, written
from surveys.models import Respondent, Wave

NAMES = (
    "respondent",
    "wave",
    "segment",
    "from",
    "to",
    "stage",
    "channel",
    "importance",
    "cross",
    "ti",
    "ts",
    "ellipses",
    "compare",
    "sort",
    "moment",
)
RULES = {
    "mean": "grand_mean",
    "median": "median",
    "trimmed": "trimmed_mean",
    "midpoint": "scale_midpoint",
    "target": "user",
}
NOTHING = "none"


def rule_name(cross: str) -> str:
    """What stands beside the lines of the chart."""
    return {
        "mean": pgettext("crosshair", "mean"),
        "median": pgettext("crosshair", "median"),
        "trimmed": pgettext("crosshair", "trimmed mean"),
        "midpoint": pgettext("crosshair", "midpoint"),
        "target": pgettext("crosshair", "target"),
    }[cross]


def rule_label(cross: str) -> str:
    """What stands on the button."""
    return {
        "mean": pgettext("crosshair rule", "Mean"),
        "median": pgettext("crosshair rule", "Median"),
        "trimmed": pgettext("crosshair rule", "Trimmed"),
        "midpoint": pgettext("crosshair rule", "Scale"),
        "target": pgettext("crosshair rule", "Target"),
    }[cross]


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class ChoiceGroup:
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Column:
    """A head of the table that sorts by it."""

    name: str
    label: str
    href: str
    sorted: bool
    direction: str
    css: str


@dataclass
class Filters:
    wave: Wave
    waves: Sequence[Wave]
    comparable: Sequence[Wave] = ()
    compare: Wave | None = None
    segments: Mapping[str, Segment] = field(default_factory=dict)
    segment: Segment | None = None
    segments_withheld: bool = False
    stages: Sequence[Stage] = ()
    stage: Stage | None = None
    channels: Sequence[str] = ()
    channel: str = ""
    respondents: Sequence[str] = ()
    respondent: str = ""
    importance: str = "stated"
    stretches: Sequence[Stretch] = ()
    period: Period | None = None
    cross: str = "mean"
    target: tuple[float, float] | None = None
    targets: dict[str, str] = field(default_factory=dict)
    ellipses: bool = True
    sort: str = "priority"
    moment: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def rule(self) -> CrosshairRule:
        return ("user", *self.target) if self.used == "target" and self.target else RULES[self.used]

    @property
    def used(self) -> str:
        """A target that is not two good numbers leaves the mean in force."""
        return "mean" if self.cross == "target" and not self.target else self.cross

    @property
    def rule_name(self) -> str:
        return rule_name(self.used)

    @property
    def stored_answers_it(self) -> bool:
        """The worker keeps the matrix of everybody by the usual rule; the rest is computed on the spot."""
        return (
            self.segment is None
            and self.period is None
            and self.used == "mean"
            and self.importance == "stated"
        )

    def query(self, **changed: str) -> str:
        """The address of this page with some things changed; an empty one is left out."""
        return urlencode({name: value for name, value in {**self.asked, **changed}.items() if value})

    @property
    def query_here(self) -> str:
        return self.query()

    # The choices, as the form shows them

    @property
    def wave_choices(self) -> list[Choice]:
        return [Choice(str(w.pk), wave_label(w, self.waves), w == self.wave) for w in self.waves]

    @property
    def compare_choices(self) -> list[Choice]:
        return [Choice(str(w.pk), wave_label(w, self.waves), w == self.compare) for w in self.comparable]

    @property
    def stage_choices(self) -> list[Choice]:
        return [Choice(str(s.pk), str(s), s == self.stage) for s in self.stages]

    @property
    def respondent_choices(self) -> list[Choice]:
        return [
            Choice(kind, str(Respondent(kind).label), kind == self.respondent) for kind in self.respondents
        ]

    @property
    def channel_choices(self) -> list[Choice]:
        return [Choice(value, str(Channel(value).label), value == self.channel) for value in self.channels]

    @property
    def from_choices(self) -> list[Choice]:
        chosen = self.asked.get("from", "") if self.period else ""
        return [Choice(written(s.first), named(s.first), written(s.first) == chosen) for s in self.stretches]

    @property
    def to_choices(self) -> list[Choice]:
        chosen = self.asked.get("to", "") if self.period else ""
        return [Choice(written(s.last), named(s.last), written(s.last) == chosen) for s in self.stretches]

    @property
    def importance_choices(self) -> list[Choice]:
        """Picks are not offered: no survey asks for them."""
        names = {"stated": pgettext("importance", "Stated"), "derived": pgettext("importance", "Derived")}
        return [Choice(source, name, source == self.importance) for source, name in names.items()]

    @property
    def is_derived(self) -> bool:
        return self.importance == "derived"

    @property
    def period_name(self) -> str:
        if not self.period:
            return ""
        first, last = ((day.year, day.month) for day in self.period)
        return named(first) if first == last else f"{named(first)} – {named(last)}"

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """What was asked for, as people read it: for a snapshot, a file, a caption."""
        said = [(_("Wave"), wave_label(self.wave, self.waves))]
        if self.segment:
            said.append((_("Segment"), self.segment_name))
        if self.period:
            said.append((_("Period"), self.period_name))
        if self.stage:
            said.append((_("Stage"), str(self.stage)))
        if self.channel:
            said.append((_("Channel"), str(Channel(self.channel).label)))
        if self.is_derived:
            said.append((_("Importance"), pgettext("importance", "Derived")))
        said.append((_("Crosshair"), self.rule_name))
        return said

    @property
    def segment_choices(self) -> list[ChoiceGroup]:
        groups: dict[str, list[Choice]] = {}
        for key, (name, value) in self.segments.items():
            groups.setdefault(name, []).append(Choice(key, value, (name, value) == self.segment))
        return [ChoiceGroup(name, tuple(choices)) for name, choices in groups.items()]

    @property
    def cross_choices(self) -> list[Choice]:
        return [Choice(cross, rule_label(cross), cross == self.cross) for cross in RULES]

    @property
    def columns(self) -> list["Column"]:
        return [
            Column(name, label, "?" + self.query(sort=name), name == self.sort, direction, css)
            for name, label, direction, css in (
                ("importance", pgettext("column", "Imp."), "descending", "hide-s"),
                ("satisfaction", pgettext("column", "Sat."), "ascending", "hide-s"),
                ("gap", pgettext("column", "Gap"), "descending", ""),
                ("certainty", pgettext("column", "Certainty"), "descending", ""),
            )
        ]

    @property
    def segment_name(self) -> str:
        return f"{self.segment[0]}: {self.segment[1]}" if self.segment else ""


def wave_label(wave: Wave, waves: Sequence[Wave]) -> str:
    """With the survey's name where there are several surveys to mix up."""
    several = len({w.survey_id for w in waves}) > 1
    return f"{wave.survey} · {wave}" if several else str(wave)


def chosen_wave(query: QueryDict, waves: Sequence[Wave], answered: Iterable[int]) -> Filters:
    """The wave that is asked for, else the latest with answers, else the latest."""
    # The last value counts: an unticked box is preceded by a hidden "off".
    typed = {name: str(query.get(name, "")).strip() for name in NAMES}
    asked = {name: value for name, value in typed.items() if value}
    with_answers = set(answered)
    usual = next((wave for wave in waves if wave.pk in with_answers), waves[0])
    kinds = list(dict.fromkeys(wave.survey.respondent for wave in waves))
    kind = asked.get("respondent", "")
    if kind in kinds:
        waves = [wave for wave in waves if wave.survey.respondent == kind]
        usual = next((wave for wave in waves if wave.pk in with_answers), waves[0])
    wanted = asked.get("wave")
    found = next((wave for wave in waves if str(wave.pk) == wanted), None)
    filters = Filters(found or usual, waves, asked=asked)
    filters.respondents = kinds if len(kinds) > 1 else ()
    filters.respondent = kind if kind in kinds else ""
    if kind and kind not in kinds:
        filters.errors["respondent"] = _("Nobody of that kind was asked.")
    if wanted and not found:
        filters.errors["wave"] = _("There is no such wave. This is the latest one.")
    filters.comparable = [
        wave for wave in waves if wave.pk in with_answers and comparable(wave, filters.wave)
    ]
    choose_comparison(filters)
    return filters


def choose_comparison(filters: Filters) -> None:
    wanted = filters.asked.get("compare")
    if wanted == NOTHING:
        return
    filters.compare = next((w for w in filters.comparable if str(w.pk) == wanted), None)
    if wanted and wanted not in {str(wave.pk) for wave in filters.waves}:
        filters.errors["compare"] = _("There is no such wave to compare with.")
    if filters.compare is None:
        filters.compare = filters.comparable[0] if filters.comparable else None


def choose_rest(filters: Filters, outline: Outline, result: Mapping[str, Any] | None) -> None:
    """Everything that depends on the wave and on the map."""
    asked = filters.asked
    filters.stages = [part.stage for part in outline.parts]
    filters.stage = next((s for s in filters.stages if str(s.pk) == asked.get("stage")), None)
    if asked.get("stage") and not filters.stage:
        filters.errors["stage"] = _("There is no such stage on the map any more.")
    filters.ellipses = asked.get("ellipses") != "off"
    filters.sort = asked["sort"] if asked.get("sort") in SORTS else "priority"
    filters.moment = asked.get("moment", "")
    found = {value for entry in outline for value in entry.moment.channels}
    filters.channels = [value for value in Channel.values if value in found]
    filters.channel = asked.get("channel", "") if asked.get("channel") in filters.channels else ""
    if asked.get("channel") and not filters.channel:
        filters.errors["channel"] = _("No moment of the map has that channel.")
    choose_importance(filters)
    choose_segment(filters, result)
    choose_crosshair(filters, result)


def choose_importance(filters: Filters) -> None:
    wanted = filters.asked.get("importance", "stated")
    if wanted == "derived" and filters.wave.survey.asks_overall:
        filters.importance = wanted
    elif wanted == "derived":
        filters.errors["importance"] = _(
            "Importance cannot be derived here: the survey did not ask for the overall satisfaction."
        )
    elif wanted != "stated":
        filters.errors["importance"] = _("There is no such source of importance.")


def choose_period(filters: Filters, found: Sequence[Stretch]) -> None:
    """Months that may be chosen without giving a small group away; see prioritization/months.py."""
    first, last = filters.asked.get("from", ""), filters.asked.get("to", "")
    filters.stretches = found if len(found) > 1 else ()
    if not first and not last:
        return
    days = span(found, first, last) if found else None
    if days is None:
        filters.errors["from"] = _(
            "There is no such period. It goes from an earlier month to a later one, of those in the list."
        )
    elif days != (found[0].begins, found[-1].ends):
        filters.period = days


def choose_segment(filters: Filters, result: Mapping[str, Any] | None) -> None:
    if result:
        for name, sizes in result["segments"].items():
            shown = open_to_view(sizes, result["n_respondents"])
            filters.segments_withheld |= len(shown) < len(sizes)
            filters.segments = {**filters.segments, **{f"{name}={v}": (name, v) for v in shown}}
    wanted = filters.asked.get("segment")
    filters.segment = filters.segments.get(wanted or "")
    if wanted and filters.segment is None:
        filters.errors["segment"] = _(
            "This group cannot be shown: it, or the rest of the wave, is too small to stay anonymous."
        )


def choose_crosshair(filters: Filters, result: Mapping[str, Any] | None) -> None:
    cross = filters.asked.get("cross", "mean")
    filters.cross = cross if cross in RULES else "mean"
    if cross not in RULES:
        filters.errors["cross"] = _("There is no such rule for the crosshair.")
    if filters.cross != "target":
        return
    usual = (result or {}).get("crosshair") or {}
    high = filters.wave.survey.scale_max
    if filters.is_derived:
        # A share of R2; where all moments matter alike each has this one.
        alike = 100 / max(1, len((result or {}).get("moments", ())))
        importance = one_target(filters, "ti", alike, 100, low=0)
    else:
        importance = one_target(filters, "ti", usual.get("importance"), high)
    satisfaction = one_target(filters, "ts", usual.get("satisfaction"), high)
    if importance is not None and satisfaction is not None:
        filters.target = (importance, satisfaction)


def one_target(filters: Filters, name: str, usual: float | None, high: int, low: int = 1) -> float | None:
    """What was typed, else the usual crosshair to begin with; what was typed stays in its field."""
    typed = filters.asked.get(name, "")
    value = target_value(typed, high, low)
    if typed and value is None:
        filters.errors[name] = _("A number from %(low)d to %(high)d.") % {"low": low, "high": high}
    elif not typed and usual is not None:
        value = round(usual, 1)
    filters.targets[name] = typed or figures.decimal(value) if typed or value is not None else ""
    return value


def target_value(typed: str, high: int, low: int = 1) -> float | None:
    """4.2 or 4,2, on the scale."""
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        return None
    return value if low <= value <= high else None
