"""What a person says about a file: each column, each moment, the scale, the codes for "no number"."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Self

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from cycles.models import Cycle, Moment, Stage
from prioritization.ratings_file.blocks import Block
from prioritization.ratings_file.faults import refuse, shown
from prioritization.ratings_file.layout import Layout
from prioritization.ratings_file.sheet import Sheet
from prioritization.ratings_import.headings import AXES, SINGLE, Kind, folded, guess, split_heading
from prioritization.ratings_import.upload import MAX_COLUMNS
from surveys.instrument import moments_of

NEW = "new"
SCALES = (5, 7, 10)
SAMPLE = 4
MAX_MOMENTS = 200
SEGMENT_LENGTH = 60
KINDS = {kind.value for kind in Kind} - {Kind.MOMENT.value}
CODES = ("not_experienced", "no_answer", "overall_none", "nps_none")
NAME_LENGTH = Moment._meta.get_field("name").max_length or 120


@dataclass(frozen=True)
class Target:
    """Which moment a column (wide) or a name in the file (long) is about.

    `moment` is a key, `new`, or empty: not imported. `name` is that of the new one.
    """

    moment: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """Two columns of one moment have the same; so have two new ones of one name."""
        return f"{NEW}:{folded(self.name) or self.name}" if self.moment == NEW else self.moment


@dataclass(frozen=True)
class Choices:
    layout: Layout
    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    kinds: tuple[Kind, ...]
    # Of the long layout: the names of moments as they stand in the file, and in which column.
    things: tuple[str, ...] = ()
    moment_column: int | None = None
    # One a column, or one a thing.
    targets: tuple[Target, ...] = ()
    stage: str = ""
    scale: int = 5
    not_experienced: str = "NE"
    no_answer: str = ""
    overall_none: str = ""
    nps_none: str = ""
    days: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(
            **{
                **kept,
                "layout": Layout(kept["layout"]),
                "header": tuple(kept["header"]),
                "sample": tuple(tuple(row) for row in kept["sample"]),
                "kinds": tuple(Kind(kind) for kind in kept["kinds"]),
                "things": tuple(kept["things"]),
                "targets": tuple(Target(**target) for target in kept["targets"]),
            }
        )

    def chosen(self, post: Mapping[str, str]) -> Self:
        """As the person sent it; what makes no sense is as before, what is too long is cut."""

        def kind(place: int) -> Kind:
            told = post.get(f"kind_{place}", self.kinds[place])
            return Kind(told) if told in KINDS and place != self.moment_column else self.kinds[place]

        def target(place: int) -> Target:
            old = self.targets[place]
            name = post.get(f"name_{place}", old.name).replace("\0", "").strip()[:NAME_LENGTH]
            return Target(post.get(f"target_{place}", old.moment)[:20], name)

        scale = post.get("scale", "")
        days = {
            name[:200]: post.get(f"day_{number}", "").strip()[:20]
            for number in range(len(post))
            if (name := post.get(f"wave_{number}")) is not None
        }
        return replace(
            self,
            kinds=tuple(kind(place) for place in range(len(self.kinds))),
            targets=tuple(target(place) for place in range(len(self.targets))),
            stage=post.get("stage", self.stage)[:20],
            scale=int(scale) if scale in map(str, SCALES) else self.scale,
            days=days or self.days,
            **{name: post.get(name, getattr(self, name)).replace("\0", "").strip()[:100] for name in CODES},
        )

    def heading(self, place: int) -> str:
        return self.header[place] or _("Column %(number)d") % {"number": place + 1}

    def name(self, place: int) -> str:
        """What the heading names, without the word before it."""
        return split_heading(self.header[place])[1] or self.heading(place)

    def suggestion(self, place: int) -> str:
        """For a new moment: as the file calls it."""
        return (self.things[place] if self.is_long else self.name(place))[:NAME_LENGTH]

    def segment(self, place: int) -> str:
        return self.name(place)[:SEGMENT_LENGTH]

    def only(self, kind: Kind) -> int | None:
        return self.kinds.index(kind) if kind in self.kinds else None

    def all(self, kind: Kind) -> list[int]:
        return [place for place, held in enumerate(self.kinds) if held is kind]

    @property
    def is_long(self) -> bool:
        return self.layout is Layout.LONG

    @property
    def used(self) -> list[Target]:
        """The targets that are imported, each key once, in the order of the file."""
        found: dict[str, Target] = {}
        for place, target in enumerate(self.targets):
            if target.moment and (self.is_long or self.kinds[place] in AXES):
                found.setdefault(target.key, target)
        return list(found.values())

    def codes(self, name: str) -> list[str]:
        """A list as written by people: 6, 99; N/A."""
        told = getattr(self, name).replace(";", ",").split(",")
        return [code.strip() for code in told if code.strip()]


# --- Guessing ------------------------------------------------------------------------------------


def guessed(sheet: Sheet, cycle: Cycle) -> Choices:
    """FileFaultError: no rows, too many columns, means instead of answers."""
    header = [name.replace("\0", "")[:200] for name in sheet.header]
    if len(header) > MAX_COLUMNS:
        raise refuse(
            _("%(found)d columns; at most %(most)d.") % {"found": len(header), "most": MAX_COLUMNS}, 1
        )
    by_name = names_of(moments_of(cycle))
    layout, kinds = guess(header, by_name)
    if layout is Layout.POINTS:
        raise refuse(
            _(
                "This is a table of means, a row a moment, without respondents. Means cannot become answers; "
                "import the file with a row a respondent that they were made from."
            )
        )
    place = kinds.index(Kind.MOMENT) if layout is Layout.LONG else None
    sample, things, highest = look(sheet, place, [p for p, kind in enumerate(kinds) if kind in AXES])
    if not sample:
        raise refuse(_("The file has a header and no rows."))
    if len(things) > MAX_MOMENTS:
        raise refuse(_("%(found)d moments; at most %(most)d.") % {"found": len(things), "most": MAX_MOMENTS})
    stage = Stage.objects.filter(cycle=cycle).last()
    bare = Choices(layout, tuple(header), sample, tuple(kinds), things, place)
    count = len(things) if layout is Layout.LONG else len(header)
    names = [bare.suggestion(number) for number in range(count)]
    return replace(
        bare,
        targets=tuple(Target(by_name.get(folded(name), NEW), name) for name in names),
        stage=str(stage.pk) if stage else "",
        scale=next((scale for scale in SCALES if highest <= scale), SCALES[-1]),
    )


def names_of(moments: Sequence[Moment]) -> dict[str, str]:
    """Folded name, in any language, to key. The first moment of a name has it."""
    found: dict[str, str] = {}
    for moment in moments:
        told = [moment.name, *(texts.get("name", "") for texts in moment.translations.values())]
        for name in told:
            if folded(name):
                found.setdefault(folded(name), str(moment.pk))
    return found


def look(
    sheet: Sheet, moment: int | None, axes: Sequence[int]
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...], int]:
    """Some rows, the names in the column of the moment, and the rating that shows which scale it is."""
    sample: list[tuple[str, ...]] = []
    things: dict[str, None] = {}
    counts = np.zeros(11, dtype=np.int64)
    for block in sheet.blocks():
        if len(sample) < SAMPLE:
            sample += first_rows(block, len(sheet.header))[: SAMPLE - len(sample)]
        if moment is not None:
            things |= dict.fromkeys(bytes(name).decode() for name in np.unique(block.texts(moment)))
        if axes:
            codes = block.codes(axes)
            counts += np.bincount(codes[(codes >= 0) & (codes <= 10)], minlength=11)
    # A code such as 6 beside a scale of 5 is rare among ratings of 1 to 5; a rating is not so often last.
    highest = next((top for top in SCALES if counts[top] and not counts[top + 2 :].any()), SCALES[0])
    things.pop("", None)
    return tuple(sample), tuple(things), highest


def first_rows(block: Block, width: int) -> list[tuple[str, ...]]:
    columns = [block.texts(place)[:SAMPLE] for place in range(width)]
    return [tuple(shown(bytes(cell).decode()) for cell in row) for row in zip(*columns, strict=True)]


# --- Holding together ----------------------------------------------------------------------------


def faults_of(choices: Choices, cycle: Cycle) -> dict[str, str]:
    """What cannot be as chosen: a sentence a field."""
    faults: dict[str, str] = {}
    for kind in (*SINGLE, *(AXES if choices.is_long else ())):
        for place in choices.all(kind)[1:]:
            faults[f"kind_{place}"] = _("Another column is this already.")
    segments = choices.all(Kind.SEGMENT)
    names = [choices.segment(place) for place in segments]
    for number, place in enumerate(segments):
        if names[number] in names[:number]:
            faults[f"kind_{place}"] = _("Another column is a segment of this name already.")
    if choices.is_long and choices.only(Kind.RESPONDENT) is None:
        faults["columns"] = _("Say which column names the respondent.")
    if choices.only(Kind.SATISFACTION) is None:
        faults["columns"] = _("Say which columns hold satisfaction: without it there is no matrix.")
    faults |= faults_of_targets(choices, {str(moment.pk) for moment in moments_of(cycle)})
    if any(target.moment == NEW for target in choices.used):
        stages = {str(pk) for pk in Stage.objects.filter(cycle=cycle).values_list("pk", flat=True)}
        if choices.stage not in stages:
            faults["stage"] = _("Choose the stage that the new moments go to.")
    if not choices.used:
        faults.setdefault("columns", _("Nothing would be imported: choose at least one moment."))
    return faults | faults_of_codes(choices) | faults_of_days(choices)


def faults_of_days(choices: Choices) -> dict[str, str]:
    faults = {}
    for wave, told in choices.days.items():
        try:
            fine = not told or date(1970, 1, 1) <= date.fromisoformat(told) <= timezone.localdate()
        except ValueError:
            fine = False
        if not fine:
            faults[f"day:{wave}"] = _("Expected a date that is not in the future.")
    return faults


def faults_of_targets(choices: Choices, moments: set[str]) -> dict[str, str]:
    faults = {}
    seen = set()
    for place, target in enumerate(choices.targets):
        axis = Kind.MOMENT if choices.is_long else choices.kinds[place]
        if not target.moment or axis not in (*AXES, Kind.MOMENT):
            continue
        if target.moment not in moments and target.moment != NEW:
            faults[f"target_{place}"] = _("This moment is no longer on the map.")
        elif target.moment == NEW and not target.name:
            faults[f"name_{place}"] = _("Write a name for the new moment.")
        elif (axis, target.key) in seen:
            faults[f"target_{place}"] = _("Another column is the same of this moment already.")
        seen.add((axis, target.key))
    return faults


def faults_of_codes(choices: Choices) -> dict[str, str]:
    """A code that is a rating as well would take answers away."""
    faults = {}
    ratings = {str(number) for number in range(1, choices.scale + 1)}
    marks = {str(number) for number in range(11)}
    for name, numbers in zip(CODES, (ratings, ratings, ratings, marks), strict=True):
        for code in choices.codes(name):
            if code in numbers:
                faults[name] = _("%(code)s is a rating of the scale. A code has to be another number.") % {
                    "code": code
                }
    both = {c.casefold() for c in choices.codes("not_experienced")} & {
        c.casefold() for c in choices.codes("no_answer")
    }
    if both:
        faults["no_answer"] = _("%(code)s cannot mean both “not experienced” and “no answer”.") % {
            "code": ", ".join(sorted(both))
        }
    return faults
