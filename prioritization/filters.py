"""What the matrix page shows: wave, segment, period, stage, crosshair, comparison, and what else may be
chosen. Read from the address in prioritization/address.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cycles.choices import Channel
from cycles.models import Stage
from prioritization.analysis.crosshair import CrosshairRule
from prioritization.matrix import Period, Segment
from prioritization.months import Stretch, named, written
from surveys.models import Importance, Respondent, Wave

RULES = {
    "mean": "grand_mean",
    "median": "median",
    "trimmed": "trimmed_mean",
    "midpoint": "scale_midpoint",
    "target": "user",
}


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
        "midpoint": pgettext("crosshair rule", "Midpoint"),
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
    # Instead of every change since that wave: what actions were to change, from the wave each fixed.
    effects: bool = False
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
        chosen = None if self.effects else self.compare
        waves = [Choice(str(w.pk), wave_label(w, self.waves), w == chosen) for w in self.comparable]
        return [*waves, Choice("effects", _("What actions were to change"), self.effects)]

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
        """What the customers said, by rating or by picking, and what goes with their satisfaction."""
        names = {"stated": self.said_name, "derived": pgettext("importance", "Derived")}
        return [Choice(source, name, source == self.importance) for source, name in names.items()]

    @property
    def said_name(self) -> str:
        """What importance is called that is not derived."""
        if self.wave.survey.importance == Importance.PICKS:
            return pgettext("importance", "Picked")
        return pgettext("importance", "Stated")

    @property
    def is_derived(self) -> bool:
        return self.importance == "derived"

    @property
    def is_picked(self) -> bool:
        return self.wave.survey.importance == Importance.PICKS and not self.is_derived

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
        if self.is_picked:
            said.append((_("Importance"), self.said_name))
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
    return f"{wave} · {wave.survey}" if several else str(wave)
