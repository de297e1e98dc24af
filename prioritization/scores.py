"""The scores the map shows: the latest wave's matrix, moment by moment."""

from cycles.models import Cycle
from cycles.scores import Scores


def latest_scores(cycle: Cycle) -> Scores:
    return Scores()
