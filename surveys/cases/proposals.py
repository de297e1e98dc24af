"""Several open cases at one moment within a period: no longer one customer's, so an action is proposed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.http import urlencode

from accounts.models import Membership
from cycles.models import Cycle, Moment
from surveys.cases.policy import policy_of
from surveys.models import ENDED, Case


@dataclass(frozen=True)
class Proposal:
    moment: Moment
    n: int
    days: int
    # The form of a new action with the moment, a name and the cases filled in; empty for who makes none.
    url: str


def proposals_of(
    cycle: Cycle, member: Membership, now: datetime, moment: Moment | None = None
) -> list[Proposal]:
    """What no action was made from yet, the most cases first. Three questions."""
    policy = policy_of(cycle.client)
    recent = Case.objects.filter(
        cycle=cycle,
        opened_at__gte=now - timedelta(days=policy.propose_days),
        moment__deleted_at=None,
        actions=None,
    ).exclude(status__in=ENDED)
    recent = recent.filter(moment=moment) if moment else recent.exclude(moment=None)
    counted = recent.order_by().values("moment").annotate(n=Count("pk")).filter(n__gte=policy.propose_after)
    numbers = {row["moment"]: row["n"] for row in counted}
    moments = Moment.objects.in_bulk(list(numbers))
    return [
        Proposal(moments[pk], n, policy.propose_days, _form(cycle, member, moments[pk]))
        for pk, n in sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    ]


def _form(cycle: Cycle, member: Membership, moment: Moment) -> str:
    if not member.is_editor:
        return ""
    return f"{member.url('cycles:action_add', cycle.pk)}?{urlencode({'cases_at': moment.pk})}"
