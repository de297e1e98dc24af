"""The overview says what stands, what is missing and what is pressing, in one look."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from cycles.choices import ActionStatus
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage
from prioritization.around import around_of
from prioritization.attention import attention, codes_of
from prioritization.findings import of_the_plan
from prioritization.method import share, steps_of
from prioritization.models import JobState, Report
from prioritization.plan import Plan, Step
from prioritization.recent import Event
from prioritization.situation import situation_of
from prioritization.strips import WIDTH, domain_of, strip
from tests.prioritization.report_world import Told


@pytest.fixture
def overview(told: Told, consultant):
    def get(cycle: Cycle | None = None) -> str:
        page = told.world.url(f"cycles/{(cycle or told.world.cycle).pk}/overview/")
        return " ".join(consultant.get(page).content.decode().split())

    return get


def titles(told: Told) -> list[str]:
    membership = told.world.consultant.memberships.get()
    known = situation(told)
    items, more = attention(known, around_of(known, membership), membership)
    return [item.title for item in [*items, *more]]


def situation(told: Told):
    from django.utils import translation

    with translation.override("en"):
        return situation_of(told.world.cycle, told.wave, timezone.localdate())


@pytest.fixture(autouse=True)
def english():
    from django.utils import translation

    with translation.override("en"):
        yield


def test_the_headline_is_what_was_found(overview):
    page = overview()
    assert "“Queue at the till” asks for action first." in page
    # (2.5 x 4 + 4 x 4.5 + 5 x 1.5) / 11.5
    assert "<b>3.1</b>" in page


def test_the_five_steps_say_what_is_missing(told):
    membership = told.world.consultant.memberships.get()
    said = [(s.says, s.status, s.percent) for s in steps_of(situation(told), membership)]
    assert said == [
        ("3 moments in 2 stages, 1 critical.", "Complete", 100),
        ("2 requirements. 2 moments have none yet.", "2 missing", 33),
        ("2 actions, 1 done.", "1 late", 50),
        ("1 moment in Act, as many as in Spring.", "Up to date", 100),
        ("40 answers.", "Open 3 more days", 100),
    ]


def test_a_cycle_without_critical_moments_counts_no_zero(told):
    Moment.objects.update(is_critical=False)
    membership = told.world.consultant.memberships.get()
    assert steps_of(situation(told), membership)[0].says == "3 moments in 2 stages, none critical."


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0 acciones abiertas, ninguna vencida"),
        (1, "0 acciones abiertas, 1 hecha, ninguna vencida"),
        (2, "0 acciones abiertas, 2 hechas, ninguna vencida"),
    ],
)
def test_the_plan_in_one_sentence_counts_as_people_do(n, said):
    done = Step(Action(status=ActionStatus.DONE), (), (), 0)
    with override("es"):
        assert of_the_plan(Plan((done,) * n)) == said


def test_what_asks_for_attention_comes_in_order(told):
    assert titles(told) == [
        "“Queue at the till” is the worst rated of what matters, and still falling",
        "A1 Second till has been late for 6 days",
        "The survey Autumn closes in 3 days",
        "2 moments have no requirement",
        "1 requirement of the moments to act on has no action",
        "“Be greeted” rose by 2.0 since Spring",
    ]


def test_each_rule_is_silent_when_there_is_nothing_to_say(told):
    told.late.status = "done"
    told.late.done_on = timezone.localdate()
    told.late.save()
    told.late.requirements.set(Requirement.objects.all())
    for moment in Moment.objects.filter(requirements=None, stage__cycle=told.world.cycle):
        Requirement.objects.create(moment=moment, position=0, name="Something")
    told.wave.closes_on = timezone.localdate() + timedelta(days=30)
    told.wave.save()
    assert titles(told) == [
        "“Queue at the till” is the worst rated of what matters, and still falling",
        "“Be greeted” rose by 2.0 since Spring",
    ]


def test_many_late_actions_are_counted_not_listed(told):
    for k in range(3, 7):
        Action.objects.create(
            plan=told.late.plan, number=k, name=f"Step {k}", due_on=timezone.localdate() - timedelta(days=k)
        )
    late = [title for title in titles(told) if "late" in title]
    assert late == [
        "A1 Second till has been late for 6 days",
        "A6 Step 6 has been late for 6 days",
        "3 more actions are late",
    ]


def test_late_actions_of_several_plans_are_named_with_their_plan(told):
    late = {"due_on": timezone.localdate() - timedelta(days=3)}
    other = ActionPlan.objects.create(cycle=told.world.cycle, name="Less noise")
    for plan, number in ((told.late.plan, 3), (other, 4), (other, 5)):
        Action.objects.create(plan=plan, number=number, name="Step", **late)
    steps = situation(told).plan.late
    assert codes_of([step for step in steps if step.action.plan == other]) == "A4, A5"
    said = codes_of(steps)
    assert "Less noise: A4, A5" in said
    assert f"{told.late.plan}: " in said


def test_an_action_due_today_is_not_late(told):
    told.late.due_on = timezone.localdate()
    told.late.save()
    assert situation(told).plan.late == ()


def test_by_stage_the_means_are_those_of_the_moments(overview):
    page = overview()
    # Arrive: (2.5 * 4 + 4 * 4.5) / 6.5, as on the report card; Pay: 1.5
    strips = page.split('<ul class="strips">')[1].split("</ul>")[0]
    assert strips.count("<circle") == 3
    assert "<b>4.3</b>" in strips
    assert "<b>1.5</b>" in strips


def test_key_figures_and_recent_events(told, overview):
    Report.objects.create(
        cycle=told.world.cycle,
        wave=told.wave,
        language="en",
        fingerprint="f",
        state=JobState.DONE,
        requested_by=told.world.owner,
        finished_at=timezone.now(),
    )
    page = overview()
    assert "The critical one is there" in page
    assert "1 open, 1 late, 1 quick win" in page
    assert "owner alba made a report" in page
    assert "A2 Say hello was done" in page
    assert "The survey Autumn was opened" in page


def test_a_new_cycle_leads_step_by_step(told, overview):
    cycle = Cycle.objects.create(client=told.world.client, name="Bare", language="en")
    page = overview(cycle)
    assert "this cycle has no moments" in page
    assert "Open the map" in page
    stage = Stage.objects.create(cycle=cycle, position=0, name="Only")
    moment = Moment.objects.create(stage=stage, position=0, name="Ring the bell")
    page = overview(cycle)
    assert "Begin with “Ring the bell”" in page
    Requirement.objects.create(moment=moment, position=0, name="It rings")
    assert "Next: ask the customers" in overview(cycle)
    assert 'class="figures' not in page


def test_a_wave_without_answers_yet_does_not_hide_the_last_one(told, overview):
    from tests.prioritization.answers import wave_of

    wave_of(told.wave.survey, 3, name="Winter", opened_at=timezone.now())
    page = overview()
    assert "<b>3.1</b>" in page
    assert "0 answers." in page


def test_reading_it_costs_the_same_for_three_moments_and_for_forty(told, consultant):
    page = told.world.url(f"cycles/{told.world.cycle.pk}/overview/")
    consultant.get(page)
    with CaptureQueriesContext(connection) as few:
        consultant.get(page)
    stage = Stage.objects.get(name="Pay", cycle=told.world.cycle)
    for k in range(1, 38):
        moment = Moment.objects.create(stage=stage, position=k, name=f"Moment {k}")
        action = Action.objects.create(plan=told.late.plan, number=k + 10, name=f"Step {k}")
        action.moments.add(moment)
    with CaptureQueriesContext(connection) as many:
        consultant.get(page)
    assert len(many) == len(few)
    assert len(few) <= 36


def test_a_viewer_reads_it_and_a_stranger_does_not(told, stranger):
    from tests.conftest import log_in

    page = told.world.url(f"cycles/{told.world.cycle.pk}/overview/")
    assert log_in(told.world.viewer).get(page).status_code == 200
    assert log_in(stranger.owner).get(page).status_code == 404


def test_strips_keep_every_dot_on_the_line():
    for values in ([1.0, 5.0], [4.9], [2.6, 3.1], [1.0]):
        domain = domain_of(values, (1, 5))
        drawn = strip([("m", value) for value in values], values[0], domain, (1, 5))
        assert all(8 <= dot.x <= WIDTH - 8 for dot in drawn.dots)
        assert [dot.x for dot in drawn.dots] == [domain.x(value) for value in values]
    assert domain_of([2.55], (1, 5)).low == 2.0
    assert domain_of([], (1, 5)).high == 5.0


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(0, 5, 0), (0, 0, 0), (5, 5, 100), (1, 1000, 1), (999, 1000, 99)]
)
def test_a_share_is_full_only_when_nothing_is_missing(part, whole, percent):
    assert share(part, whole) == percent


def test_an_event_says_when_as_people_do():
    now = timezone.localtime().replace(hour=9, minute=41)  # a full hour is written without minutes
    today = now.date()
    assert Event(now, "x", "check", dated=True).when(today) == "today"
    assert Event(now - timedelta(days=1), "x", "check").when(today) == "yesterday"
    assert "9:41" in Event(now, "x", "check").when(today)


def test_what_to_act_on_first_says_how_sure_and_who_is_on_it(told, overview):
    page = overview()
    first = page.split('aria-labelledby="act-first"')[1].split("</section>")[0]
    assert first.count("<h3>") == 1
    moment = Moment.objects.get(name="Queue at the till")
    assert f'matrix/?moment={moment.pk}">Queue at the till</a>' in first
    assert "Importance 5.0, satisfaction 1.5. Certainty" in first
    assert f'actions/{told.late.pk}/">A1 Second till</a> <span class="is-late">Olga, late,' in first


def test_a_moment_that_nobody_works_on_says_so(told, overview):
    told.late.delete()
    first = overview().split('aria-labelledby="act-first"')[1].split("</section>")[0]
    assert "No open action yet." in first


def test_what_is_late_is_put_right_at_the_action_itself(told, overview):
    item = overview().split("A1 Second till has been late for 6 days")[1].split("</li>")[0]
    assert f'actions/{told.late.pk}/"' in item
