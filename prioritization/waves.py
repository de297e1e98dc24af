"""The stored matrices of a cycle, read wave by wave, each held against the comparable one before."""

from collections.abc import Sequence
from dataclasses import dataclass

from cyclemap.compiled import ByKey
from cycles.models import Cycle
from cycles.outline import Outline
from cycles.scores import Scores
from prioritization.board import Board, Row, board_of
from prioritization.comparison import changes, comparable
from prioritization.matrix import least_shown
from prioritization.models import Matrix
from prioritization.scores import satisfaction_index, score
from prioritization.standing import Mark
from surveys.models import Wave


@dataclass(frozen=True)
class Standing:
    """How the moments of a cycle stood in one wave, and in which wave before they stood how."""

    matrix: Matrix
    before: Matrix | None
    board: Board

    @property
    def threshold(self) -> int:
        return least_shown(self.wave)

    @property
    def wave(self) -> Wave:
        return self.matrix.wave

    @property
    def n_responses(self) -> int:
        return self.matrix.n_responses

    @property
    def satisfaction(self) -> float | None:
        return satisfaction_index(self.matrix.result["moments"])

    @property
    def change(self) -> float | None:
        """Of the mean satisfaction since the wave before."""
        then = satisfaction_index(self.before.result["moments"]) if self.before else None
        if then is None or self.satisfaction is None:
            return None
        return self.satisfaction - then

    def row(self, moment_id: int) -> Row | None:
        return self.board.row(str(moment_id))

    def in_quadrant(self, quadrant: str) -> tuple[Row, ...]:
        return tuple(row for row in self.board.rows if row.quadrant == quadrant)

    @property
    def scores(self) -> Scores:
        """As the wheel reads them."""
        scale = self.board.scale
        return Scores(
            wave=str(self.wave),
            n_responses=self.n_responses,
            satisfaction=self.satisfaction,
            scale=scale,
            moments={m["id"]: score(m, scale) for m in self.matrix.result["moments"] if m["id"] is not None},
        )


def matrices_of(cycle: Cycle) -> list[Matrix]:
    """Those with answers, the latest wave first. One query."""
    return MATRICES_OF_CYCLE.all(cycle.pk)


MATRICES_OF_CYCLE = ByKey(
    lambda cycle: (
        Matrix.objects.filter(wave__survey__cycle=cycle, n_responses__gt=0)
        .select_related("wave__survey")
        .order_by("-wave__opened_at", "-wave_id")
    )
)


def standing_of(wave: Wave, matrices: Sequence[Matrix], outline: Outline) -> Standing | None:
    """None when nobody has answered, or nothing has been computed yet."""
    matrix = next((m for m in matrices if m.wave_id == wave.pk), None)
    if matrix is None:
        return None
    before = next((m for m in matrices if comparable(m.wave, wave)), None)
    changed = changes(matrix.result, before.result) if before else None
    board = board_of(matrix.result, outline, wave.survey.scale_max, changes=changed)
    return Standing(matrix, before, board)


def mark_of(row: Row) -> Mark:
    return Mark(row.number, row.quadrant, row.uncertain)
