"""An action made from a case, or from all those at one moment: it remembers them (cycles/origins.py)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from cycles.models import Action, Cycle, Moment
from cycles.origins import Origin, shortened
from surveys.cases.lines import works_on_cases
from surveys.cases.moving import What, note
from surveys.cases.words import title_of
from surveys.models import ENDED, Case


def from_case(cycle: Cycle, member: Membership, key: int) -> Origin | None:
    case = member.reach(Case).select_related("moment").filter(pk=key, cycle=cycle).first()
    if case is None:
        return None
    return Origin(
        line=_("From case %(code)s: %(title)s") % {"code": case.code, "title": title_of(case)},
        name=shortened(title_of(case)),
        url=member.url("surveys:case", case.pk),
        moments=(case.moment_id,) if case.moment_id else (),
        requirements=(),
        made=lambda action: link([case], action, member),
    )


def from_moment(cycle: Cycle, member: Membership, key: int) -> Origin | None:
    """The open cases at a moment that no action was made from yet."""
    moment = member.reach(Moment).filter(pk=key, stage__cycle=cycle, deleted_at=None).first()
    if moment is None:
        return None
    cases = list(waiting_at(moment))
    return Origin(
        line=ngettext(
            "From %(n)d open case at “%(moment)s”", "From %(n)d open cases at “%(moment)s”", len(cases)
        )
        % {"n": len(cases), "moment": moment},
        name=_("Cases at “%(moment)s”") % {"moment": moment},
        url=f"{member.url('surveys:case_list', cycle.pk)}?status=open&moment={moment.pk}",
        moments=(moment.pk,),
        requirements=(),
        made=lambda action: link(cases, action, member),
    )


def waiting_at(moment: Moment) -> Any:
    return Case.objects.filter(moment=moment, actions=None).exclude(status__in=ENDED).order_by("pk")


@transaction.atomic
def link(cases: list[Case], action: Action, member: Membership) -> None:
    for case in cases:
        case.actions.add(action)
        note(case, What.ACTION, member.user, text=action.code)


def cases_of(action: Action, member: Membership) -> tuple[str, dict[str, Any]] | None:
    """What the page of an action shows of them (cycles/action_parts.py)."""
    cases = list(member.reach(Case).filter(actions=action).select_related("moment").order_by("pk"))
    if not cases:
        return None
    works = works_on_cases(member)
    lines = [(case, title_of(case, as_written=works), member.url("surveys:case", case.pk)) for case in cases]
    return "surveys/cases/_of_action.html", {"lines": lines}
