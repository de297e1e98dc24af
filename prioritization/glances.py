"""The start page of a workspace: what asks for attention in each of its cycles, in five queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Role
from cycles.choices import OPEN_ACTION, ActionStatus
from cycles.glances import Glance
from cycles.models import Action, Cycle, ServiceLevel
from prioritization.attention import SOON
from surveys.cases.overdue import overdue
from surveys.models import Case, SurveyStatus, Wave

Found = dict[int, list[Glance]]


def glances_of(cycles: Sequence[Cycle], membership: Membership) -> Mapping[int, list[Glance]]:
    """The most pressing first."""
    found: Found = defaultdict(list)
    late_actions(cycles, membership, found)
    late_cases(cycles, membership, found)
    missed_levels(cycles, membership, found)
    if membership.role == Role.MANAGER:
        approvals(cycles, membership, found)
    closing_waves(cycles, membership, found)
    return found


def actions_in(cycles: Sequence[Cycle]) -> QuerySet[Action]:
    return Action.objects.filter(plan__cycle__in=cycles, deleted_at=None).order_by()


def late_actions(cycles: Sequence[Cycle], membership: Membership, found: Found) -> None:
    late = actions_in(cycles).filter(status__in=OPEN_ACTION, due_on__lt=timezone.localdate())
    for cycle, n in late.values_list("plan__cycle").annotate(n=Count("pk")):
        says = ngettext("%(n)d action late", "%(n)d actions late", n) % {"n": n}
        found[cycle].append(Glance(says, membership.url("cycles:plan", cycle), "bad"))


def late_cases(cycles: Sequence[Cycle], membership: Membership, found: Found) -> None:
    late = Case.objects.filter(overdue(), cycle__in=cycles).order_by()
    for cycle, n in late.values_list("cycle").annotate(n=Count("pk")):
        says = ngettext("%(n)d case overdue", "%(n)d cases overdue", n) % {"n": n}
        found[cycle].append(Glance(says, membership.url("surveys:cases", cycle), "bad"))


def missed_levels(cycles: Sequence[Cycle], membership: Membership, found: Found) -> None:
    missed = ServiceLevel.objects.filter(cycle__in=cycles, deleted_at=None, is_missed=True).order_by()
    for cycle, n in missed.values_list("cycle").annotate(n=Count("pk")):
        says = ngettext("%(n)d service level missed", "%(n)d service levels missed", n) % {"n": n}
        found[cycle].append(Glance(says, membership.url("cycles:service_levels", cycle), "bad"))


def approvals(cycles: Sequence[Cycle], membership: Membership, found: Found) -> None:
    waiting = actions_in(cycles).filter(status=ActionStatus.PROPOSED, sent_back_reason="")
    for cycle, n in waiting.values_list("plan__cycle").annotate(n=Count("pk")):
        says = ngettext("%(n)d action to approve", "%(n)d actions to approve", n) % {"n": n}
        found[cycle].append(Glance(says, membership.url("cycles:plan", cycle), "warn"))


def closing_waves(cycles: Sequence[Cycle], membership: Membership, found: Found) -> None:
    today = timezone.localdate()
    waves = Wave.objects.filter(
        survey__cycle__in=cycles,
        status=SurveyStatus.OPEN,
        closes_on__range=(today, today + timedelta(days=SOON)),
    )
    for wave in waves.select_related("survey").order_by("closes_on", "pk"):
        left = (wave.closes_on - today).days if wave.closes_on else 0
        says = (
            ngettext("%(wave)s closes in %(n)d day", "%(wave)s closes in %(n)d days", left)
            % {"wave": wave, "n": left}
            if left
            else _("%(wave)s closes today") % {"wave": wave}
        )
        cycle = wave.survey.cycle_id
        found[cycle].append(Glance(says, membership.url("surveys:survey", cycle), "warn"))
