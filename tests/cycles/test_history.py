"""Who changed what of a cycle, with old and new values; and every thing back to an earlier state."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cycles import ordering
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage
from tests.conftest import log_in, make_world

HistoricalMoment = Moment.history.model


@pytest.fixture
def moment(world):
    return Moment.objects.get(name="Queue at the till")


def history(browser, world, query=""):
    return browser.get(world.url(f"cycles/{world.cycle.pk}/history/{query}")).content.decode()


def go_back(browser, world, kind, row):
    return browser.post(world.url(f"cycles/{world.cycle.pk}/history/{kind}/{row.pk}/restore/"), follow=True)


def test_a_changed_name_is_told_with_both_names(world, consultant, moment):
    consultant.post(world.url(f"moments/{moment.pk}/name/"), {"name": "Wait at the till"})
    page = history(consultant, world)
    assert "consultant alba changed the moment “Wait at the till”." in page
    assert "Queue at the till" in page
    row = moment.history.first()
    assert row.delta == {"name": ["Queue at the till", "Wait at the till"]}
    assert row.author == "consultant alba"
    assert row.history_user == world.consultant


def test_it_reads_in_spanish_with_labels_and_choices(world, moment):
    browser = log_in(world.consultant, "es")
    moment.kind, moment.channels, moment.is_critical = "purchase", ["phone", "web"], False
    moment.emotion = -2
    moment.save()
    page = history(browser, world)
    assert "cambió el momento «Queue at the till»" in page
    for text in ("Tipo de momento", "Compra", "Teléfono, Sitio web", "Sí", "\N{MINUS SIGN}2"):
        assert text in page


def test_a_save_that_changes_nothing_is_not_told(world, moment):
    before = HistoricalMoment.objects.count()
    moment.save()
    Moment.objects.get(pk=moment.pk).save()
    assert HistoricalMoment.objects.count() == before


def test_a_move_is_one_entry_however_many_rows_make_way(world, consultant):
    stage = Stage.objects.get(name="Arrive")
    moments = ordering.insert_moments(stage, [f"Step {n}" for n in range(8)])
    before = HistoricalMoment.objects.count()
    url = world.url(f"moments/{moments[7].pk}/move/")
    consultant.post(url, {"stage": stage.pk, "position": 1})
    assert HistoricalMoment.objects.count() == before + 1
    assert "moved the moment “Step 7” from place 10 to 1." in history(consultant, world)
    # The next steps of the same move go into the same entry, and back again there was no move.
    consultant.post(url, {"to": "down"})
    assert "from place 10 to 2." in history(consultant, world)
    consultant.post(url, {"stage": stage.pk, "position": 10})
    assert HistoricalMoment.objects.count() == before


def test_a_move_across_stages_names_both_and_can_be_taken_back(world, consultant, moment):
    arrive, pay = Stage.objects.get(name="Arrive"), Stage.objects.get(name="Pay")
    consultant.post(world.url(f"moments/{moment.pk}/move/"), {"stage": arrive.pk, "position": 1})
    page = history(consultant, world)
    assert "from place 3 to 1." in page
    assert ">Pay</span>" in page
    assert ">Arrive</span>" in page
    go_back(consultant, world, "moment", moment.history.first())
    moment.refresh_from_db()
    assert (moment.stage, moment.position) == (pay, 0)
    positions = Moment.objects.filter(stage=arrive).order_by("position").values_list("position", flat=True)
    assert list(positions) == [0, 1]


def test_a_moment_goes_back_to_how_it_was_and_that_is_history_too(world, consultant, moment):
    for name in ("Second name", "Third name"):
        consultant.post(world.url(f"moments/{moment.pk}/name/"), {"name": name})
    first_change = moment.history.filter(history_type="~").last()
    revision = Cycle.objects.get(pk=world.cycle.pk).revision
    answer = go_back(consultant, world, "moment", first_change)
    assert answer.status_code == 200
    moment.refresh_from_db()
    assert moment.name == "Queue at the till"
    assert Cycle.objects.get(pk=world.cycle.pk).revision > revision
    assert "brought the moment “Queue at the till” back to an earlier state." in answer.content.decode()
    go_back(consultant, world, "moment", moment.history.first())
    moment.refresh_from_db()
    assert moment.name == "Third name"


def test_what_lies_in_the_bin_comes_back(world, consultant, moment):
    need = Requirement.objects.create(moment=moment, position=0, name="Short queue")
    consultant.post(world.url(f"requirements/{need.pk}/delete/"))
    go_back(consultant, world, "requirement", need.history.first())
    need.refresh_from_db()
    assert (need.deleted_at, need.position) == (None, 0)
    consultant.post(world.url(f"moments/{moment.pk}/delete/"))
    assert "deleted the moment “Queue at the till”." in history(consultant, world)
    go_back(consultant, world, "moment", moment.history.first())
    moment.refresh_from_db()
    assert (moment.deleted_at, moment.position) == (None, 0)


def test_what_left_the_bin_for_good_comes_back_too(world, consultant, moment):
    consultant.post(world.url(f"moments/{moment.pk}/delete/"))
    Moment.objects.filter(pk=moment.pk).delete()
    row = HistoricalMoment.objects.filter(id=moment.pk).first()
    assert "The moment “Queue at the till” left the bin for good." in history(consultant, world)
    go_back(consultant, world, "moment", row)
    again = Moment.objects.get(pk=moment.pk)
    assert (again.name, again.is_critical, again.deleted_at) == ("Queue at the till", True, None)


def test_an_action_tells_its_ties_and_gets_them_back(world, consultant, moment):
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    action = Action.objects.create(plan=plan, number=1, name="Second till", due_on="2026-05-04")
    action.moments.set([moment])
    greeted = Moment.objects.get(name="Be greeted")
    data = {"name": "Third till", "due_on": "2026-06-04", "moments": [greeted.pk]}
    answer = consultant.post(world.url(f"actions/{action.pk}/edit/"), data)
    assert answer.status_code == 302
    page = history(consultant, world)
    row = action.history.first()
    assert row.delta["moments"] == [[moment.pk], [greeted.pk]]
    assert row.delta["name"] == ["Second till", "Third till"], "one entry for one form"
    assert "A1 Third till" in page
    assert ">Queue at the till</span>" in page
    go_back(consultant, world, "action", row)
    action.refresh_from_db()
    assert (action.name, action.status, str(action.due_on)) == ("Second till", "proposed", "2026-05-04")
    assert list(action.moments.all()) == [moment]


def test_deleting_an_action_or_a_cycle_is_told(world, consultant):
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    action = Action.objects.create(plan=plan, number=1, name="Second till")
    consultant.post(world.url(f"actions/{action.pk}/delete/"))
    consultant.post(world.url(f"cycles/{world.cycle.pk}/delete/"))
    consultant.post(world.url(f"cycles/{world.cycle.pk}/restore/"))
    page = history(consultant, world)
    assert "deleted the action “A1 Second till”." in page
    assert "deleted the cycle" in page
    assert "out of the bin." in page


def test_there_is_nothing_before_the_beginning(world, consultant):
    consultant.post(world.url(f"stages/{world.cycle.stages.first().pk}/moments/"), {"name": "Sit down"})
    moment = Moment.objects.get(name="Sit down")
    answer = go_back(consultant, world, "moment", moment.history.get())
    assert answer.status_code == 422
    assert "no earlier state" in answer.content.decode()


def test_filters_by_kind_person_and_thing(world, consultant, moment):
    consultant.post(world.url(f"moments/{moment.pk}/name/"), {"name": "Wait at the till"})
    owner = log_in(world.owner)
    stage = world.cycle.stages.first()
    owner.post(world.url(f"stages/{stage.pk}/moments/"), {"name": "Sit down"})
    assert "Sit down" not in history(consultant, world, "?by=consultant alba")
    assert "Sit down" in history(consultant, world, "?by=owner alba")
    assert "Wait at" not in history(consultant, world, "?kind=stage")
    one = history(consultant, world, f"?kind=moment&thing={moment.pk}")
    assert "Wait at" in one
    assert "Sit down" not in one
    assert (
        consultant.get(world.url(f"cycles/{world.cycle.pk}/history/?kind=x&thing=x&before=x")).status_code
        == 200
    )


def test_older_changes_are_on_the_next_page(world, consultant, moment):
    for n in range(60):
        moment.name = f"Name {n}."
        moment.save()
    page = history(consultant, world)
    assert "Name 59." in page
    assert "“Name 5.”" not in page
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = consultant.get(older).content.decode()
    assert "“Name 5.”" in second
    assert "“Name 59.”" not in second
    assert 'rel="next"' not in second


def test_the_history_goes_with_the_client_and_keeps_the_name_of_who_left(world, consultant, moment):
    consultant.post(world.url(f"moments/{moment.pk}/name/"), {"name": "Wait at the till"})
    world.consultant.delete()
    row = moment.history.first()
    assert (row.history_user_id, row.author) == (None, "consultant alba")
    assert "consultant alba changed" in history(log_in(world.owner), world)
    world.client.delete()
    for model in (Cycle, Stage, Moment):
        assert not model.history.model.objects.exists()


def test_a_manager_reads_it_and_cannot_bring_back(world, manager, consultant, moment):
    moment.name = "Wait at the till"
    moment.save()
    page = history(manager, world)
    assert "Wait at the till" in page
    assert "Back to how it was before this" not in page
    assert "Back to how it was before this" in history(consultant, world)
    url = world.url(f"cycles/{world.cycle.pk}/history/moment/{moment.history.first().pk}/restore/")
    assert manager.post(url).status_code == 403


def test_a_row_of_another_cycle_is_not_found(world, consultant, moment):
    other = make_world("boreal")
    theirs = Moment.objects.filter(stage__cycle=other.cycle).first()
    theirs.name = "Theirs"
    theirs.save()
    url = world.url(f"cycles/{world.cycle.pk}/history/moment/{theirs.history.first().pk}/restore/")
    assert consultant.post(url).status_code == 404
    assert consultant.post(url.replace("/moment/", "/user/")).status_code == 404


def test_many_into_the_bin_are_one_statement(world):
    stage = Stage.objects.get(name="Arrive")
    few = ordering.insert_moments(stage, ["a", "b"])
    many = ordering.insert_moments(stage, [f"c{n}" for n in range(30)])
    counts = []
    for moments in (many, few):
        with CaptureQueriesContext(connection) as captured:
            ordering.remove_moments(world.cycle, [moment.pk for moment in moments])
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert HistoricalMoment.objects.filter(history_change_reason="binned").count() == 32


def test_a_template_begins_without_a_thousand_entries(world, consultant):
    data = {"template": "bank_branch", "client": world.client.pk, "language": "en"}
    consultant.post(world.url("cycles/new/"), data)
    cycle = Cycle.objects.latest("pk")
    assert cycle.history.count() == 1
    assert not HistoricalMoment.objects.filter(of_cycle=cycle).exists()
    moment = Moment.objects.filter(stage__cycle=cycle).first()
    was = moment.name
    moment.name = "Mine"
    moment.save()
    assert moment.history.get().delta["name"] == [was, "Mine"], "the value before is known all the same"


def test_a_deferred_field_and_a_partial_save_tell_the_truth(world, moment):
    half = Moment.objects.only("name").get(pk=moment.pk)
    half.name = "Half"
    half.description = "never saved"
    half.save(update_fields=["name"])
    assert moment.history.first().delta == {"name": ["Queue at the till", "Half"]}
    assert timezone.now() > moment.history.first().history_date
