"""Who made what the example begins with, and when: its history tells it as of people at work."""

from datetime import timedelta
from typing import Any

from django.db.models import Model, QuerySet

from accounts.models import User, Workspace
from cyclemap.example import COLLEAGUE, CONSULTANT
from cycles.models import ActionPlan, Cycle, Indicator, ServiceLevel
from cycles.trail import RECORDS, history_of

# Agreed with the client once the map and the first plan stood.
LEVELS_AFTER = timedelta(days=56)


def sign(workspace: Workspace) -> None:
    """The rows of history that were written with nobody logged in."""
    consultant, colleague = (User.objects.get(email=email) for email in (CONSULTANT, COLLEAGUE))
    for cycle in Cycle.objects.filter(client__workspace=workspace):
        agreed = cycle.created_at + LEVELS_AFTER
        _unsigned(Cycle, cycle).update(**_by(consultant), history_date=cycle.created_at)
        for model in (ServiceLevel, Indicator):
            _unsigned(model, cycle).update(**_by(colleague), history_date=agreed)
        for plan in ActionPlan.objects.filter(cycle=cycle):
            _unsigned(ActionPlan, cycle).filter(id=plan.pk).update(
                **_by(consultant), history_date=plan.created_at
            )


def _by(user: User) -> dict[str, Any]:
    return {"history_user": user, "author": str(user)}


def _unsigned(model: type[Model], cycle: Cycle) -> QuerySet[Any]:
    return history_of(model, RECORDS[model].manager_name)._default_manager.filter(of_cycle=cycle, author="")
