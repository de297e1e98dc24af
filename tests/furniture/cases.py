"""Cases of a workspace in use: open ones of every kind, and one with its mail and its two questions."""

from datetime import timedelta

from django.utils import timezone

from cycles.models import Action
from surveys.campaigns import new_message_id
from surveys.cases.opening import open_case
from surveys.links import new_nonce
from surveys.models import Assignment, Case, CaseRule, Cause, DigestDay, FollowUp, OutgoingMail, Wave
from tests.conftest import World


def furnish_cases(world: World, wave: Wave, times: int) -> Case:
    """`times` of them from answers, each late, with a person, a cause, an action and a step."""
    CaseRule.objects.get_or_create(survey=wave.survey)
    contact = wave.recipients.first()
    for n, response in enumerate(wave.responses.order_by("pk")[:times]):
        case = open_case(
            world.cycle,
            moment=wave.survey.items.first().moment,
            response=response,
            contact=contact,
            title=f"kanari case {n}",
            description="kanari",
            owner=world.manager,
            by=world.owner,
            at=timezone.now() - timedelta(days=40 - n),
        ).case
        case.causes.set(Cause.objects.filter(client=world.client)[: n + 1])
        case.actions.set(Action.objects.filter(plan__cycle=world.cycle)[:times])
        FollowUp.objects.create(case=case, nonce=new_nonce())
        OutgoingMail.objects.create(
            case=case, kind="case", recipient="kanari@example.org", message_id=new_message_id()
        )
    DigestDay.objects.get_or_create(person=world.manager, day=timezone.localdate())
    assert Assignment.objects.filter(case=case).exists()
    return case
