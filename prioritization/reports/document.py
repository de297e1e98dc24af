"""What a report shows: where the cycle stands, up to when the data goes, and what was chosen to be in it."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from django.utils import translation

from cycles.models import Cycle
from prioritization import matrix
from prioritization.filters import Filters
from prioritization.matrix_page import MatrixPage, page_of
from prioritization.models import Matrix
from prioritization.reports.choice import CROSSES, EVERYTHING, Choice
from prioritization.situation import Situation, scored, situation_of
from prioritization.waves import Standing
from surveys.models import Wave

# Layout takes about 18 MB and a second for every 1,000 cells: beyond this, the longest tables are cut.
MOST_CELLS = 20_000


@dataclass(frozen=True)
class Document(Situation):
    language: str
    as_of: datetime
    choice: Choice = EVERYTHING
    # Of the matrix, where it is narrowed.
    filters: Filters | None = None
    # What the matrix was narrowed to, in words; and what was asked for and cannot be had.
    narrowed: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def persona(self) -> str:
        return self.cycle.text("persona")

    @property
    def long_name(self) -> bool:
        """Too long for the cover's largest size."""
        return len(str(self.cycle)) > 40

    @property
    def rule(self) -> str:
        """Where the axes of the matrix cross."""
        asked = self.choice.filters.get("cross", "mean")
        return asked if asked in CROSSES else "mean"


def gather(
    cycle: Cycle, wave: Wave | None, language: str, today: date, choice: Choice = EVERYTHING
) -> Document:
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
            choice=choice,
        )
        if wave is not None and choice.narrows and document.standing:
            return narrowed(document, wave)
    return document


def narrowed(document: Document, wave: Wave) -> Document:
    """With the matrix as its page shows it under the same filters: one segment, one period, another rule."""
    page = page_of(document.cycle, document.choice.query(wave.pk))
    assert page.filters
    standing = standing_of(document, page, wave)
    return replace(
        document,
        standing=standing,
        filters=page.filters,
        outline=scored(document.outline, standing.scores) if standing else document.outline,
        narrowed=tuple(page.filters.in_words[1:]),
        refused=(*page.filters.errors.values(), *filter(None, [page.refused])),
    )


def standing_of(document: Document, page: MatrixPage, wave: Wave) -> Standing | None:
    """None where too few answers are left."""
    if page.board is None or page.result is None or page.filters is None:
        return None
    before = page.filters.compare if page.compares else None
    return Standing(
        Matrix(wave=wave, n_responses=page.result["n_respondents"], result=page.result),
        Matrix(wave=before, result=NOTHING) if before else None,
        page.board,
    )


# Of the wave compared with only the moments count, which the board has already.
NOTHING: dict[str, list[object]] = {"moments": []}
