"""What the page of an import shows: a line a column, what it would bring, what is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cycles.models import Cycle, Stage
from prioritization.models import ImportState, RatingsImport
from prioritization.ratings_file.faults import FileFaultError
from prioritization.ratings_import.answers import Answers
from prioritization.ratings_import.choices import CODES, NEW, SCALES, Choices, faults_of
from prioritization.ratings_import.headings import Kind
from prioritization.ratings_import.jobs import is_small
from prioritization.ratings_import.reading import read_answers
from prioritization.ratings_import.summary import Summary, WaveFigures, summary_of
from surveys.instrument import moments_of

KIND_NAMES: dict[Kind, str | Promise] = {
    Kind.IGNORE: gettext_lazy("Do not import"),
    Kind.SATISFACTION: gettext_lazy("Satisfaction with a moment"),
    Kind.IMPORTANCE: gettext_lazy("Importance of a moment"),
    Kind.RESPONDENT: gettext_lazy("Respondent"),
    Kind.WAVE: pgettext_lazy("of a survey", "Wave"),
    Kind.SEGMENT: gettext_lazy("Segment"),
    Kind.OVERALL: gettext_lazy("Overall satisfaction"),
    Kind.NPS: gettext_lazy("Recommendation (NPS, 0 to 10)"),
    Kind.WEIGHT: gettext_lazy("Weight"),
    Kind.DATE: gettext_lazy("Date of the answer"),
}


def code_labels() -> dict[str, tuple[str, str]]:
    return {
        "not_experienced": (
            _("Codes for “not experienced”"),
            _("Of the moments. Several with a comma between: NE, 6, N/A."),
        ),
        "no_answer": (
            _("Codes for “no answer”"),
            _("Of the moments. An empty cell is one already. For example 0, 99."),
        ),
        "overall_none": (_("Codes for “no answer” of overall satisfaction"), ""),
        "nps_none": (_("Codes for “no answer” of the recommendation"), _("For example 11.")),
    }


@dataclass(frozen=True)
class Line:
    """One column of the file, or in the long layout one name of a moment."""

    place: int
    heading: str
    sample: Sequence[str] = ()
    kind: str = ""
    # What it is where the person has no say.
    fixed: str = ""
    kind_fault: str = ""
    target: str = ""
    name: str = ""
    has_target: bool = False
    target_fault: str = ""
    name_fault: str = ""


@dataclass(frozen=True)
class Code:
    field: str
    label: str
    hint: str
    value: str
    fault: str


@dataclass(frozen=True)
class WaveLine:
    number: int
    figures: WaveFigures
    day: str
    fault: str


@dataclass(frozen=True)
class Mapping:
    """`problems`: sentences about the rows, with line and column."""

    cycle: Cycle
    choices: Choices
    faults: dict[str, str]
    problems: list[str]
    answers: Answers | None = None
    summary: Summary | None = None

    scales = SCALES
    new = NEW

    @property
    def ready(self) -> bool:
        return not self.faults and self.answers is not None and len(self.answers) > 0

    @property
    def small(self) -> bool:
        return self.answers is not None and is_small(self.answers)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(kind.value, str(name)) for kind, name in KIND_NAMES.items()]

    @property
    def stages(self) -> list[tuple[str, str]]:
        return [(str(stage.pk), str(stage)) for stage in Stage.objects.filter(cycle=self.cycle)]

    @property
    def moments(self) -> list[tuple[str, list[tuple[str, str]]]]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for moment in moments_of(self.cycle):
            groups.setdefault(str(moment.stage), []).append((str(moment.pk), str(moment)))
        return list(groups.items())

    @property
    def columns(self) -> Iterator[Line]:
        for place, kind in enumerate(self.choices.kinds):
            line = Line(
                place,
                self.choices.heading(place),
                [row[place] for row in self.choices.sample],
                kind.value,
                _("Name of the moment") if place == self.choices.moment_column else "",
                self.faults.get(f"kind_{place}", ""),
            )
            yield line if self.choices.is_long else self.aimed(line)

    @property
    def things(self) -> Iterator[Line]:
        for place, thing in enumerate(self.choices.things):
            yield self.aimed(Line(place, thing))

    def aimed(self, line: Line) -> Line:
        """With the moment that it is about."""
        told = self.choices.targets[line.place]
        return replace(
            line,
            target=told.moment,
            name=told.name,
            has_target=True,
            target_fault=self.faults.get(f"target_{line.place}", ""),
            name_fault=self.faults.get(f"name_{line.place}", ""),
        )

    @property
    def codes(self) -> list[Code]:
        labels = code_labels()
        return [
            Code(name, *labels[name], getattr(self.choices, name), self.faults.get(name, ""))
            for name in CODES
        ]

    @property
    def columns_fault(self) -> str:
        return self.faults.get("columns", "")

    @property
    def stage_fault(self) -> str:
        return self.faults.get("stage", "")

    @property
    def waves(self) -> list[WaveLine]:
        if self.summary is None:
            return []
        return [
            WaveLine(
                number,
                figures,
                self.choices.days.get(figures.name, ""),
                self.faults.get(f"day:{figures.name}", ""),
            )
            for number, figures in enumerate(self.summary.waves)
        ]


def mapping_of(found: RatingsImport, choices: Choices) -> Mapping:
    """Reads the rows only where what was chosen holds together."""
    faults = faults_of(choices, found.cycle)
    if any(not name.startswith("day:") for name in faults):
        return Mapping(found.cycle, choices, faults, [])
    try:
        answers = read_answers(found.table, choices)
    except FileFaultError as error:
        return Mapping(found.cycle, choices, faults, error.lines())
    return Mapping(found.cycle, choices, faults, [], answers, summary_of(answers, choices))


def is_described(found: RatingsImport) -> bool:
    """Whether there is nothing left to choose."""
    return found.state not in (ImportState.MAPPING, ImportState.FAILED)


def what_went_wrong(found: RatingsImport) -> list[str]:
    """Why a file was refused after a worker had looked into it."""
    return [*found.summary.get("faults", ()), *([found.reason_text] if found.reason else ())]
