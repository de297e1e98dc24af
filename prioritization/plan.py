"""The action plan of a cycle as overview and report tell it: what is under way, late, done, a quick win."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from cyclemap.compiled import ByKey
from cycles.choices import ActionStatus
from cycles.models import Action, Cycle, Requirement


@dataclass(frozen=True)
class Step:
    """One action, late or not by the day the plan is read for."""

    action: Action
    moment_ids: tuple[int, ...]
    requirement_ids: tuple[int, ...]
    days_late: int  # 0: not late

    @property
    def late(self) -> bool:
        return self.days_late > 0


@dataclass(frozen=True)
class Plan:
    steps: tuple[Step, ...]

    def of(self, *states: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.action.status in states)

    @property
    def doing(self) -> tuple[Step, ...]:
        return self.of(ActionStatus.DOING)

    @property
    def waiting(self) -> tuple[Step, ...]:
        return self.of(ActionStatus.PROPOSED, ActionStatus.APPROVED)

    @property
    def open(self) -> tuple[Step, ...]:
        return self.doing + self.waiting

    @property
    def done(self) -> tuple[Step, ...]:
        return self.of(ActionStatus.DONE)

    @property
    def late(self) -> tuple[Step, ...]:
        """Longest overdue first."""
        return tuple(sorted((s for s in self.steps if s.late), key=lambda s: (-s.days_late, s.action.pk)))

    @property
    def quick_wins(self) -> tuple[Step, ...]:
        return tuple(step for step in self.open if step.action.is_quick_win)

    @property
    def counted(self) -> int:
        """All that were not dropped."""
        return len(self.open) + len(self.done)

    @property
    def served_requirements(self) -> frozenset[int]:
        alive = self.open + self.done
        return frozenset(pk for step in alive for pk in step.requirement_ids)


def days_late(action: Action, today: date) -> int:
    if not action.is_open or action.due_on is None:
        return 0
    return max(0, (today - action.due_on).days)


def plan_of(cycle: Cycle, today: date) -> Plan:
    """Three queries. An action also serves the moments of its requirements."""
    moments: dict[int, set[int]] = defaultdict(set)
    requirements: dict[int, list[int]] = defaultdict(list)
    served = Action.moments.through.objects.filter(action__plan__cycle=cycle, moment__deleted_at=None)
    for action, moment in served.values_list("action_id", "moment_id"):
        moments[action].add(moment)
    met = Action.requirements.through.objects.filter(action__plan__cycle=cycle, requirement__deleted_at=None)
    keys = ("action_id", "requirement_id", "requirement__moment_id")
    for action, requirement, moment in met.order_by("requirement__position", "pk").values_list(*keys):
        requirements[action].append(requirement)
        moments[action].add(moment)
    return Plan(
        tuple(
            Step(a, tuple(sorted(moments[a.pk])), tuple(requirements[a.pk]), days_late(a, today))
            for a in ACTIONS_OF_CYCLE.all(cycle.pk)
        )
    )


ACTIONS_OF_CYCLE = ByKey(
    lambda cycle: Action.objects.filter(plan__cycle=cycle, deleted_at=None).order_by("plan_id", "number")
)


def requirements_of(cycle: Cycle) -> dict[int, list[Requirement]]:
    """What each moment requires, by moment. One query."""
    rows: dict[int, list[Requirement]] = {}
    for requirement in Requirement.objects.filter(
        moment__stage__cycle=cycle, moment__deleted_at=None, deleted_at=None
    ).order_by("moment__stage__position", "moment__position", "position"):
        rows.setdefault(requirement.moment_id, []).append(requirement)
    return rows
