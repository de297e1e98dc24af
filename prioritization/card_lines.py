"""The lines of a report card, as they are written."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization import figures
from prioritization.analysis.change import ChangeVerdict
from prioritization.analysis.engine import MIN_N
from prioritization.analysis.grades import Change, Grade, Mean, Thresholds
from prioritization.analysis.ratings import Scale

MANY = 30  # below, a grade is indicative (S0)


class Level(StrEnum):
    OVERALL = "overall"
    PHASE = "phase"
    STAGE = "stage"
    MOMENT = "moment"
    REQUIREMENT = "requirement"


@dataclass(frozen=True)
class Line:
    """`grade` None: not asked, or too few answers. `share` of the importance of all that is graded, 0 to 1;
    None where it is not weighted. `left_out`: moments of this line that too few rated."""

    level: Level
    number: str
    name: str
    grade: Grade | None = None
    mean: Mean | None = None
    low: float = 0.0
    high: float = 0.0
    share: float | None = None
    change: Change | None = None
    left_out: int = 0
    least: int = MIN_N

    @property
    def is_moment(self) -> bool:
        return self.level == Level.MOMENT

    @property
    def unsure(self) -> bool:
        return bool(self.grade and self.grade.could_be)

    @property
    def indicative(self) -> bool:
        return bool(self.mean and self.mean.n < MANY)

    # As it is written

    @property
    def grade_text(self) -> str:
        return self.grade.label if self.grade else figures.MISSING

    @property
    def css(self) -> str:
        """The last part of a class: how good, 0 to 4, or none."""
        return str(self.grade.shade) if self.grade else "none"

    @property
    def could_text(self) -> str:
        """could be A; could be A or C; nothing where the interval holds one grade."""
        others = self.grade.could_be if self.grade else ()
        if not others:
            return ""
        if len(others) == 1:
            return _("could be %(grade)s") % {"grade": others[0]}
        return _("could be %(grades)s or %(last)s") % {"grades": ", ".join(others[:-1]), "last": others[-1]}

    @property
    def certainty_text(self) -> str:
        return figures.certainty(self.grade.p) if self.grade else figures.MISSING

    @property
    def mean_text(self) -> str:
        """Two decimals, as the cuts of the grades are exact: 3.98 is no 4."""
        return figures.decimal(self.mean.value if self.mean else None, 2)

    @property
    def interval_text(self) -> str:
        if self.mean is None:
            return ""
        said = {"low": figures.decimal(self.low, 2), "high": figures.decimal(self.high, 2)}
        return _("%(low)s to %(high)s") % said

    @property
    def n_text(self) -> str:
        """Of a run of moments the fewest and the most ratings."""
        if self.mean is None:
            return figures.MISSING
        if self.mean.n == self.mean.n_most:
            return str(self.mean.n)
        return f"{self.mean.n}\N{EN DASH}{self.mean.n_most}"

    @property
    def share_text(self) -> str:
        return figures.percent(self.share)

    @property
    def direction(self) -> str:
        """up, down, or none where there is no evidence of a change; "" where none was tested."""
        if self.change is None:
            return ""
        return {
            ChangeVerdict.IMPROVED: "up",
            ChangeVerdict.WORSENED: "down",
            ChangeVerdict.NO_EVIDENCE: "none",
        }[self.change.verdict]

    @property
    def change_text(self) -> str:
        """By how much; the arrow beside it says which way."""
        return figures.decimal(abs(self.change.difference) if self.change else None)

    @property
    def change_said(self) -> str:
        """For those who see neither arrow nor colour."""
        return {
            "up": _("clearly up"),
            "down": _("clearly down"),
            "none": _("no evidence of a change"),
            "": "",
        }[self.direction]

    @property
    def why_none(self) -> str:
        return ngettext("fewer than %(n)d answer", "fewer than %(n)d answers", self.least) % {"n": self.least}

    @property
    def left_out_text(self) -> str:
        """Moments without a grade of their own count in no total."""
        return ngettext(
            "without %(n)d moment that few rated", "without %(n)d moments that few rated", self.left_out
        ) % {"n": self.left_out}


def lined(
    level: Level,
    number: str,
    name: str,
    mean: Mean | None,
    share: float | None,
    change: Change | None,
    thresholds: Thresholds,
    top: int,
    *,
    left_out: int = 0,
    least: int = MIN_N,
) -> Line:
    if mean is None:
        return Line(level, number, name, left_out=left_out, least=least)
    scale = Scale(1, top)
    grade = thresholds.grade(mean, scale)
    low, high = mean.interval(scale)
    return Line(level, number, name, grade, mean, low, high, share, change, left_out, least)
