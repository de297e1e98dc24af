"""What a report shows: where the cycle stands, and up to when the data goes."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.utils import translation

from cycles.models import Cycle
from prioritization import matrix
from prioritization.situation import Situation, situation_of
from surveys.models import Wave

# Layout takes about 18 MB and a second for every 1,000 cells: beyond this, one PDF is the wrong form.
MOST_CELLS = 20_000


class TooLargeError(Exception):
    """More table cells than one PDF carries."""


@dataclass(frozen=True)
class Document(Situation):
    language: str
    as_of: datetime

    @property
    def persona(self) -> str:
        return self.cycle.text("persona")

    @property
    def long_name(self) -> bool:
        """Too long for the cover's largest size."""
        return len(str(self.cycle)) > 40

    @property
    def cells(self) -> int:
        return 7 * (len(self.outline) + len(self.plan.steps)) + 5 * self.requirement_count


def gather(cycle: Cycle, wave: Wave | None, language: str, today: date) -> Document:
    """Everything a report on `wave` (None: the map and the plan alone) says on the day `today`.

    The matrix is brought up to date first, so that a report never lags behind the answers.
    """
    if wave is not None:
        matrix.refresh(wave)
    with translation.override(language):
        situation = situation_of(cycle, wave, today)
    last = situation.asked.last if situation.asked else None
    document = Document(
        **{field.name: getattr(situation, field.name) for field in fields(situation)},
        language=language,
        as_of=max(cycle.changed_at, last) if last else cycle.changed_at,
    )
    if document.cells > MOST_CELLS:
        raise TooLargeError
    return document
