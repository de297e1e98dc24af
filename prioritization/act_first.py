"""What a manager asks before a meeting: what we act on first, how sure that is, who is on it, did it work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accounts.models import Membership
from prioritization.around import Around
from prioritization.board import Row
from prioritization.effect_page import page_of
from prioritization.plan import Step
from prioritization.situation import Situation
from prioritization.standing import Mark
from prioritization.waves import mark_of

MOST = 3
MOST_STEPS = 3


@dataclass(frozen=True)
class Work:
    """An open action that serves the moment."""

    step: Step
    url: str


@dataclass(frozen=True)
class First:
    row: Row
    mark: Mark
    url: str
    works: tuple[Work, ...]
    more: int
    plan_url: str  # where all of them are


@dataclass(frozen=True)
class ActFirst:
    """`effects` says what the actions done so far have changed; "" where nothing was measured."""

    firsts: tuple[First, ...]
    effects: str


def act_first(situation: Situation, around: Around, membership: Membership) -> ActFirst | None:
    """None where no moment asks for action and no effect was measured."""
    firsts = tuple(firsts_of(situation, membership))
    page = page_of(around.effects, situation.scores)
    if not firsts and not page.measured:
        return None
    return ActFirst(firsts, page.title if page.measured else "")


def firsts_of(situation: Situation, membership: Membership) -> Iterator[First]:
    rows = situation.standing.board.to_act[:MOST] if situation.standing else ()
    matrix = membership.url("prioritization:matrix", situation.cycle.pk)
    plan = membership.url("cycles:plan", situation.cycle.pk)
    for row in rows:
        steps = [s for s in situation.plan.open if row.key in {str(pk) for pk in s.moment_ids}]
        steps.sort(key=lambda step: (not step.late, step.action.due_on or date.max))
        works = tuple(Work(s, membership.url("cycles:action", s.action.pk)) for s in steps[:MOST_STEPS])
        more, about = len(steps) - len(works), f"?moment={row.key}"
        yield First(row, mark_of(row), matrix + about, works, more, plan + about)
