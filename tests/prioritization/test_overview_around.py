"""The overview beside map and matrix: cases, levels, approvals, visits, low scores, who does what next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, User
from cycles.choices import ActionStatus
from cycles.models import Action, Assessment, Measurement, Moment, ServiceLevel, Stage
from prioritization.around import around_of, low_scores
from prioritization.attention import attention
from prioritization.next_steps import next_steps
from prioritization.situation import situation_of
from surveys.models import Case, Response, Visit, Wave
from tests.conftest import log_in
from tests.prioritization.answers import answer
from tests.prioritization.report_world import Told

pytestmark = pytest.mark.django_db


def member(user: User) -> Membership:
    return user.memberships.get()


def read(told: Told, user: User):
    membership = member(user)
    situation = situation_of(told.world.cycle, told.wave, timezone.localdate())
    around = around_of(situation, membership)
    items, more = attention(situation, around, membership)
    return [*items, *more], next_steps(situation, around, membership)


def titles(told: Told, user: User | None = None) -> list[str]:
    return [item.title for item in read(told, user or told.world.consultant)[0]]


def late_case(told: Told, owner: User | None = None, **more: object) -> Case:
    queue = Moment.objects.get(name="Queue at the till")
    return Case.objects.create(
        cycle=told.world.cycle,
        number=Case.objects.count() + 1,
        moment=queue,
        owner=owner,
        owner_name=str(owner or ""),
        solve_due_at=timezone.now() - timedelta(days=2),
        **more,
    )


def test_overdue_cases_are_counted_and_those_without_anybody_named(told: Told):
    assert not [title for title in titles(told) if "case" in title]
    late_case(told)
    late_case(told, told.world.manager)
    late_case(told, told.world.manager, solved_at=timezone.now())  # not late: it was solved in time or not
    items, _next = read(told, told.world.consultant)
    (item,) = [item for item in items if "overdue" in item.title]
    assert item.title == "2 cases are overdue"
    assert "C-1, C-2" in item.says
    assert "1 of them has nobody responsible." in item.says
    assert item.url.endswith("/cases/")


def test_what_waits_for_approval_is_said_to_whoever_may_approve(told: Told):
    Action.objects.create(plan=told.late.plan, number=7, name="Bell", status=ActionStatus.PROPOSED)
    sent_back = Action.objects.create(plan=told.late.plan, number=8, name="Map", sent_back_reason="Too dear")
    assert sent_back.status == ActionStatus.PROPOSED
    assert "1 action waits for your approval" in titles(told, told.world.manager)
    assert "1 action waits for approval" in titles(told)
    # Where nobody approves, nothing waits.
    Membership.objects.filter(user=told.world.manager).delete()
    assert not [title for title in titles(told) if "approval" in title]


def test_a_missed_service_level_is_told_with_its_figure(told: Told):
    level = ServiceLevel.objects.create(
        cycle=told.world.cycle,
        name="Time in the queue",
        bound="at_most",
        target_value=5,
        unit="min",
        every="month",
        category="responsiveness",
        valid_from=timezone.localdate() - timedelta(days=400),
    )
    assert not [title for title in titles(told) if "not kept" in title]
    day = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    Measurement.objects.create(cycle=told.world.cycle, service_level=level, day=day, value=9)
    items, _next = read(told, told.world.viewer)
    (item,) = [item for item in items if "not kept" in item.title]
    assert item.title == "“Time in the queue” is not kept"
    assert "9" in item.says
    assert "5" in item.says


def test_low_scores_of_the_week_are_told_only_of_enough_answers(told: Told):
    """The queue is the worst moment already: its own line says the new low scores."""
    items, _next = read(told, told.world.consultant)
    assert "of the last 40 answers of the week gave it 2 or less." in items[0].says
    assert not [item.title for item in items if "New low scores" in item.title]
    # Another moment gets its own line.
    answer(told.wave, [(3, 1), (4, 5), (5, 5)], times=120)
    low = low_scores(told.wave, timezone.localdate())
    assert low is not None
    assert low.moment_id == Moment.objects.get(name="Find the shop").pk
    # Old answers are no news, and of nine nothing is said.
    Response.objects.filter(wave=told.wave).update(submitted_at=timezone.now() - timedelta(days=8))
    assert low_scores(told.wave, timezone.localdate()) is None
    answer(told.wave, [(3, 1), (4, 1), (5, 1)], times=9)
    assert low_scores(told.wave, timezone.localdate()) is None
    answer(told.wave, [(3, 1), (4, 1), (5, 1)])
    assert low_scores(told.wave, timezone.localdate()) is not None


def test_a_moment_that_falls_clearly_is_told_once(told: Told):
    said = titles(told)
    assert "“Queue at the till” is the worst rated of what matters, and still falling" in said
    assert "“Queue at the till” is falling" not in said  # told by the line above


def test_planned_visits_are_told_to_editors_alone(told: Told):
    today = timezone.localdate()
    for days in (-1, 3, 30):
        Visit.objects.create(
            wave=told.wave, place=f"Shop {days}", day=today + timedelta(days=days), nonce=b"n" * 16
        )
    items, _next = read(told, told.world.consultant)
    (item,) = [item for item in items if "mystery" in item.title]
    assert item.title == "2 mystery visits to make within a week"
    assert "Shop -1" in item.says
    assert "1 should have been made already." in item.says
    assert not [title for title in titles(told, told.world.manager) if "mystery" in title]


def test_nobody_is_told_to_do_what_they_may_not(told: Told):
    def buttons(user) -> list[str]:
        items, _next = read(told, user)
        return [i.button for i in items if "late for" in i.title or "requirement" in i.title]

    assert buttons(told.world.consultant) == ["Update", "Write them", "Plan it"]
    assert buttons(told.world.manager) == ["Update", "See which", "See which"]
    assert buttons(told.world.viewer) == ["See the action", "See which", "See which"]


def test_who_does_what_next_begins_with_you_and_then_nobody(told: Told):
    world = told.world
    late_case(told, world.manager)
    late_case(told)
    Action.objects.create(plan=told.late.plan, number=7, name="Bell", owner="Olga", status=ActionStatus.DOING)
    Action.objects.create(
        plan=told.late.plan,
        number=8,
        name="Map",
        owner="manager alba",
        owner_member=world.manager,
        status=ActionStatus.PROPOSED,
        due_on=timezone.localdate() + timedelta(days=3),
    )
    _items, seen = read(told, world.manager)
    assert [(p.name, p.you) for p in seen.people] == [("manager alba", True), ("", False), ("Olga", False)]
    you, nobody, olga = seen.people
    assert [task.says for task in you.shown] == [
        "Case C-1, Queue at the till",  # late
        "Approve 1 action",
        "A8 Map",
    ]
    assert you.shown[0].late
    assert [task.says for task in nobody.shown] == ["Case C-2, Queue at the till"]
    assert [task.says for task in olga.shown] == ["A1 Second till", "A7 Bell"]
    # The consultant sees the same people, none of them "you".
    assert [p.you for p in read(told, world.consultant)[1].people] == [False] * 3


def test_the_page_shows_phases_maturity_and_the_rest_behind_a_summary(told: Told, consultant):
    Stage.objects.filter(name="Arrive").update(phase="before")
    Assessment.objects.create(
        cycle=told.world.cycle, name="Start", made_by="Ana", relationship=2, doubts=3, value=1, experience=4
    )
    late_case(told)
    url = told.world.url(f"cycles/{told.world.cycle.pk}/overview/")
    page = " ".join(consultant.get(url).content.decode().split())
    assert "Before, during, after" in page
    assert "Take the suggestion" in page
    assert "1 stage is in none of the three phases" in page
    assert "See the assessment" in page
    assert "Who does what next" in page
    assert '<details class="todo-more">' in page
    viewer = log_in(told.world.viewer).get(url).content.decode()
    assert "Take the suggestion" not in viewer


def test_a_cycle_nobody_was_asked_about_has_neither_phases_nor_low_scores(world, consultant):
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/overview/"))
    assert page.status_code == 200
    body = page.content.decode()
    assert "Before, during, after" not in body
    assert 'id="act-first"' not in body
    assert "Assess it" in body
    assert not Wave.objects.exists()
