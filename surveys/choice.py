"""What of the map a draft asks about, as the consultant ticks it: moments, each with its requirements."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cycles.models import Moment, Requirement
from surveys.models import Survey


@dataclass(frozen=True)
class Choice:
    moment: Moment
    is_asked: bool
    requirements: Sequence[tuple[Requirement, bool]]

    @property
    def stage(self) -> str:
        return str(self.moment.stage)

    @property
    def has_chosen(self) -> bool:
        return any(chosen for _requirement, chosen in self.requirements)


def choices(
    survey: Survey,
    moments: Sequence[Moment],
    asked: Collection[int] | None = None,
    chosen: Collection[int] | None = None,
) -> list[Choice]:
    """As it is stored, or, of a form that was refused, as it was ticked. At most three statements."""
    if asked is None:
        left_out = set(survey.left_out.values_list("pk", flat=True))
        asked = {moment.pk for moment in moments} - left_out
    if chosen is None:
        chosen = set(survey.requirements.values_list("pk", flat=True))
    found: dict[int, list[tuple[Requirement, bool]]] = defaultdict(list)
    of_moments = Requirement.objects.filter(moment__in=[m.pk for m in moments], deleted_at=None)
    for requirement in of_moments.order_by("position"):
        found[requirement.moment_id].append((requirement, requirement.pk in chosen))
    return [Choice(moment, moment.pk in asked, found[moment.pk]) for moment in moments]
