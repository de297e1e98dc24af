"""The start page of a workspace says of each cycle what asks for attention, and asks as often for many."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Client
from cycles.models import Action, ActionPlan, Cycle, ServiceLevel
from surveys.models import Case
from tests.conftest import log_in
from tests.prioritization.report_world import Told

pytestmark = pytest.mark.django_db


def test_each_cycle_says_what_is_late_overdue_missed_and_closing(told: Told, stranger):
    cycle = told.world.cycle
    Case.objects.create(cycle=cycle, number=1, solve_due_at=timezone.now() - timedelta(hours=1))
    Case.objects.create(cycle=cycle, number=2, solve_due_at=timezone.now() + timedelta(hours=9))
    ServiceLevel.objects.create(
        cycle=cycle,
        name="Time in the queue",
        category="responsiveness",
        bound="at_most",
        target_value=5,
        is_missed=True,
    )
    Action.objects.create(plan=told.late.plan, number=7, name="Bell")
    quiet = Cycle.objects.create(client=told.world.client, name="Quiet")
    # Somebody else's late action is nobody's business here.
    plan = ActionPlan.objects.create(cycle=stranger.cycle, name="Theirs")
    Action.objects.create(plan=plan, number=1, name="X", due_on=timezone.localdate() - timedelta(days=3))

    body = log_in(told.world.consultant).get(told.world.url()).content.decode()
    for said in ("1 action late", "1 case overdue", "1 service level missed", "Autumn closes in 3 days"):
        assert body.count(said) == 1
    assert f"/cycles/{cycle.pk}/cases/" in body
    assert f"/cycles/{quiet.pk}/cases/" not in body
    assert "to approve" not in body  # consultants do not
    assert "1 action to approve" in log_in(told.world.manager).get(told.world.url()).content.decode()


def test_five_cycles_cost_no_query_more(told: Told, consultant):
    consultant.get(told.world.url())
    with CaptureQueriesContext(connection) as few:
        consultant.get(told.world.url())
    for n in range(5):
        client = Client.objects.create(workspace=told.world.workspace, name=f"Client {n}")
        cycle = Cycle.objects.create(client=client, name=f"Cycle {n}")
        plan = ActionPlan.objects.create(cycle=cycle, name="Plan")
        Action.objects.create(plan=plan, number=1, name="X", due_on=timezone.localdate() - timedelta(days=3))
    with CaptureQueriesContext(connection) as many:
        body = consultant.get(told.world.url()).content.decode()
    assert len(many) == len(few)
    assert body.count("1 action late") == 6
