"""The method as navigation: five numbered steps, each with its own state, for one cycle."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from cycles.choices import ActionStatus
from cycles.models import Action, Cycle, Moment


@dataclass(frozen=True)
class Step:
    key: str
    number: int
    label: str
    meta: str
    url: str
    percent: int  # how much of it stands, 0 to 100

    @property
    def state(self) -> str:
        return "done" if self.percent >= 100 else "part" if self.percent else ""


def steps(membership: Membership, cycle: Cycle) -> list[Step]:
    """Five steps in two light queries, and one for the scores unless the page has asked already."""
    moments = Moment.objects.filter(stage__cycle=cycle, deleted_at=None).aggregate(
        n=Count("pk", distinct=True),
        required=Count("requirements__moment", distinct=True, filter=Q(requirements__deleted_at=None)),
        requirements=Count("requirements", filter=Q(requirements__deleted_at=None)),
    )
    actions = Action.objects.filter(plan__cycle=cycle, deleted_at=None).aggregate(
        n=Count("pk", filter=~Q(status=ActionStatus.DROPPED)),
        done=Count("pk", filter=Q(status=ActionStatus.DONE)),
    )
    scores = (cycle.scores.moments or {}).values()
    answers = cycle.scores.n_responses
    to_act = sum(score.quadrant == "concentrate_here" for score in scores)

    def share(part: int, whole: int) -> int:
        return round(100 * part / whole) if whole else 0

    def step(key: str, number: int, label: str, meta: str, page: str, percent: int) -> Step:
        return Step(key, number, label, meta, membership.url(page, cycle.pk), percent)

    return [
        step("moments", 1, _("Moments"), str(moments["n"] or ""), "cycles:map", 100 if moments["n"] else 0),
        step(
            "requirements",
            2,
            _("Requirements"),
            str(moments["requirements"] or ""),
            "cycles:requirements",
            share(moments["required"], moments["n"]),
        ),
        step(
            "plan",
            3,
            _("Action plans"),
            str(actions["n"] or ""),
            "cycles:plan",
            share(actions["done"], actions["n"]),
        ),
        step(
            "matrix",
            4,
            _("Prioritization"),
            ngettext("%(n)d to act on", "%(n)d to act on", to_act) % {"n": to_act} if answers else "",
            "prioritization:matrix",
            100 if answers else 0,
        ),
        step("survey", 5, _("Survey"), str(answers or ""), "surveys:survey", 100 if answers else 0),
    ]
