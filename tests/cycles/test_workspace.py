"""The front page of a workspace, and beginning a cycle."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Client, Membership, Role, User, Workspace
from cycles.models import Cycle, Moment, Stage
from tests.conftest import log_in


def add_cycles(world, count):
    for n in range(count):
        client = Client.objects.create(workspace=world.workspace, name=f"Client {n}")
        cycle = Cycle.objects.create(client=client, name=f"Another {n}")
        stage = Stage.objects.create(cycle=cycle, position=0, name="Stage")
        Moment.objects.create(stage=stage, position=0, name="Moment")


def test_the_front_page_shows_clients_and_cycles_with_their_wheels(world, consultant):
    page = consultant.get(world.url()).content.decode()
    assert "Client of alba" in page
    assert "Cycle of alba" in page
    assert "wheel--mini" in page
    assert "3 moments" in page
    assert "2 stages" in page
    assert "boreal" not in page


def test_twenty_cycles_cost_no_more_queries_than_one(world, consultant):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            consultant.get(world.url())
        return len(captured)

    consultant.get(world.url())
    few = queries()
    add_cycles(world, 19)
    assert queries() == few


def test_many_cycles_are_found_and_paged(world, consultant):
    add_cycles(world, 55)
    empty = Client.objects.create(workspace=world.workspace, name="Nobody mapped yet")
    Cycle.objects.filter(name="Another 7").update(
        persona="Señora con prisa", translations={"en": {"name": "Buying a lamp"}}
    )
    first = consultant.get(world.url()).content.decode()
    assert first.count('<li class="card">') == 50
    assert "Page 1 of 2" in first
    assert empty.name not in first
    last = consultant.get(world.url("?page=2")).content.decode()
    assert last.count('<li class="card">') == 6
    assert empty.name in last, "after all that have cycles"
    for words, n in {"another+7": 5, "client+7": 5, "senora": 1, "lamp+buying": 1}.items():
        found = consultant.get(world.url(f"?q={words}")).content.decode()
        assert found.count('<li class="card">') == n, words
        assert "Buying a lamp" in found
        assert empty.name not in found
    nothing = consultant.get(world.url("?q=nowhere")).content.decode()
    assert "No cycle is called so." in nothing
    assert "Start your first cycle" not in nothing


def test_a_manager_sees_the_cycles_of_the_own_client_only(world, manager):
    add_cycles(world, 1)
    page = manager.get(world.url()).content.decode()
    assert "Cycle of alba" in page
    assert "Another 0" not in page
    assert "cycles/new/" not in page


def test_a_reader_goes_to_what_was_found_and_an_editor_to_the_map(world, consultant, manager):
    overview = f'<h3><a href="{world.url(f"cycles/{world.cycle.pk}/overview/")}">'
    bench = f'<h3><a href="{world.url(f"cycles/{world.cycle.pk}/")}">'
    assert overview in manager.get(world.url()).content.decode()
    page = consultant.get(world.url()).content.decode()
    assert bench in page
    for part in ("overview", "plan", "matrix", "reports"):
        assert f'href="{world.url(f"cycles/{world.cycle.pk}/{part}/")}"' in page


def test_an_empty_workspace_greets_with_the_templates(world, consultant):
    Cycle.objects.filter(client=world.client).delete()
    page = consultant.get(world.url()).content.decode()
    assert "Start your first cycle" in page
    assert page.count("Use this template") >= 3
    assert "?template=buying_a_dress" in page
    viewer = log_in(world.viewer).get(world.url()).content.decode()
    assert "Use this template" not in viewer


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_cycle_begins_from_a_template(world, consultant, language):
    data = {"client": world.client.pk, "template": "buying_a_dress", "language": language, "persona": "Ana"}
    answer = consultant.post(world.url("cycles/new/"), data)
    cycle = Cycle.objects.exclude(pk=world.cycle.pk).get(client=world.client)
    assert answer["Location"] == world.url(f"cycles/{cycle.pk}/")
    assert (cycle.language, cycle.persona) == (language, "Ana")
    assert Moment.objects.filter(stage__cycle=cycle).count() == 17


def test_a_blank_cycle_begins_with_two_stages_and_a_new_client(world, consultant):
    data = {"new_client": "Clínica Norte", "template": "", "name": "Visit", "language": "en"}
    answer = consultant.post(world.url("cycles/new/"), data, follow=True)
    assert answer.status_code == 200
    cycle = Cycle.objects.get(name="Visit")
    assert cycle.client.name == "Clínica Norte"
    assert cycle.client.workspace == world.workspace
    assert cycle.stages.count() == 2
    assert "Where does the customer meet us?" in answer.content.decode()


def test_a_client_that_is_there_already_is_not_made_twice(world, consultant):
    data = {"new_client": "CLIENT OF ALBA", "name": "Visit", "language": "en"}
    consultant.post(world.url("cycles/new/"), data)
    assert Client.objects.filter(workspace=world.workspace).count() == 1
    assert Cycle.objects.get(name="Visit").client == world.client


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"name": "Visit", "language": "en"}, "Choose a client, or write the name of a new one."),
        ({"new_client": "New", "language": "en"}, "A blank cycle needs a name."),
        ({"new_client": "New", "name": "x" * 121, "language": "en"}, "at most 120 characters"),
        ({"new_client": "N\x00", "name": "Visit", "language": "en"}, "control character"),
        ({"new_client": "New", "name": "Visit", "language": "xx"}, "Select a valid choice"),
        (
            {"new_client": "New", "name": "Visit", "language": "en", "template": "none"},
            "Select a valid choice",
        ),
        ({}, "This field is required."),
    ],
)
def test_what_is_missing_is_said_at_the_field(world, consultant, data, fault):
    answer = consultant.post(world.url("cycles/new/"), data)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert Cycle.objects.filter(client__workspace=world.workspace).count() == 1
    assert Client.objects.filter(workspace=world.workspace).count() == 1


def test_a_strangers_client_cannot_be_chosen(world, stranger, consultant):
    data = {"client": stranger.client.pk, "name": "Visit", "language": "en"}
    assert consultant.post(world.url("cycles/new/"), data).status_code == 422
    assert not Cycle.objects.filter(name="Visit").exists()


def test_name_persona_and_description_are_edited(world, consultant):
    url = world.url(f"cycles/{world.cycle.pk}/edit/")
    assert "Cycle of alba" in consultant.get(url).content.decode()
    data = {"name": "Visit", "name_elsewhere": "Visita", "persona": "Ana", "description": "One\r\ntwo"}
    assert consultant.post(url, data)["Location"] == world.url(f"cycles/{world.cycle.pk}/")
    world.cycle.refresh_from_db()
    assert (world.cycle.name, world.cycle.persona) == ("Visit", "Ana")
    assert world.cycle.translations == {"es": {"name": "Visita"}}
    bad = consultant.post(url, {"name": "", "description": "Kept"})
    assert bad.status_code == 422
    assert "Kept" in bad.content.decode()


def test_a_deleted_cycle_is_gone_until_it_is_undone(world, consultant, manager):
    page = consultant.post(world.url(f"cycles/{world.cycle.pk}/delete/"), follow=True).content.decode()
    assert "has been deleted" in page
    assert world.url(f"cycles/{world.cycle.pk}/restore/") in page
    for path in ("", "requirements/", "plan/", "bin/", "edit/"):
        assert consultant.get(world.url(f"cycles/{world.cycle.pk}/{path}")).status_code == 404, path
    moment = Moment.objects.filter(stage__cycle=world.cycle).first()
    assert consultant.post(world.url(f"moments/{moment.pk}/move/"), {"to": "up"}).status_code == 404
    assert "Undo" not in manager.get(world.url(f"?deleted={world.cycle.pk}")).content.decode()
    assert manager.post(world.url(f"cycles/{world.cycle.pk}/restore/")).status_code == 403
    consultant.post(world.url(f"cycles/{world.cycle.pk}/restore/"))
    assert consultant.get(world.url(f"cycles/{world.cycle.pk}/")).status_code == 200


def test_a_new_workspace_without_clients(db):
    workspace = Workspace.objects.create(name="New", slug="new")
    user = User.objects.create_user("new@example.com", "a long password", name="New")
    Membership.objects.create(user=user, workspace=workspace, role=Role.OWNER)
    browser = log_in(user)
    assert "Start your first cycle" in browser.get("/w/new/").content.decode()
    assert browser.get("/w/new/cycles/new/?template=hotel_stay").status_code == 200
    assert browser.get("/w/new/cycles/new/?template=nonsense&client=x").status_code == 200


def test_what_was_changed_last_comes_first(world, consultant):
    for name in ("Aardvark", "Zebra"):
        client = Client.objects.create(workspace=world.workspace, name=name)
        Cycle.objects.create(client=client, name=f"Cycle of {name}")
    Client.objects.create(workspace=world.workspace, name="Aaa has none")
    world.cycle.touch()
    page = consultant.get(world.url()).content.decode()
    order = [str(world.client), "Zebra", "Aardvark", "Aaa has none"]
    places = [page.index(f">{name}</h2>") for name in order]
    assert places == sorted(places)


def test_the_persona_is_shown_in_the_readers_language(world, consultant):
    Cycle.objects.filter(pk=world.cycle.pk).update(
        persona="Compradora", translations={"en": {"persona": "A shopper"}}
    )
    page = consultant.get(world.url()).content.decode()
    assert "A shopper" in page
    assert "Compradora" not in page


def test_a_first_cycle_may_come_from_a_file_or_out_of_the_bin(world, consultant):
    Cycle.objects.filter(client=world.client).delete()
    page = consultant.get(world.url()).content.decode()
    assert "cycles/import/" in page
    assert "Deleted cycles" not in page
    assert "cycles/import/" in consultant.get(world.url("cycles/new/")).content.decode()
    cycle = Cycle.objects.create(client=world.client, name="Gone")
    consultant.post(world.url(f"cycles/{cycle.pk}/delete/"))
    assert "cycles/bin/" in consultant.get(world.url()).content.decode()


def test_the_first_client_is_not_chosen_among_none(world, consultant):
    page = consultant.get(world.url("cycles/new/")).content.decode()
    assert "Leave it empty if you chose one." in page
    Cycle.objects.all().delete()
    Client.objects.filter(workspace=world.workspace).delete()
    page = consultant.get(world.url("cycles/new/")).content.decode()
    assert "Leave it empty if you chose one." not in page
    assert "The company whose service is studied." in page


def test_a_blank_cycle_has_stages_in_its_own_language(world, consultant):
    told = {"client": world.client.pk, "name": "Oficina", "language": "es", "template": ""}
    consultant.post(world.url("cycles/new/"), told)
    stages = Stage.objects.filter(cycle__name="Oficina").order_by("position")
    assert [stage.name for stage in stages] == ["Primera etapa", "Segunda etapa"]
