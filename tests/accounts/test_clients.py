"""The companies studied, and the name of the workspace."""

import pytest

from accounts.models import Client
from tests.conftest import log_in


def test_a_client_is_added_and_listed(world, consultant):
    response = consultant.post(world.url("clients/new/"), {"name": "Lunaria Moda", "place": "Valencia"})
    assert response["Location"] == world.url("clients/")
    page = consultant.get(response["Location"]).content.decode()
    assert "Lunaria Moda" in page
    assert "Valencia" in page
    assert "Lunaria Moda was added." in page


def test_a_client_is_renamed(world, consultant):
    consultant.post(world.url(f"clients/{world.client.pk}/edit/"), {"name": "Lunaria", "place": ""})
    world.client.refresh_from_db()
    assert world.client.name == "Lunaria"


def test_it_may_keep_its_own_name(world, consultant):
    typed = {"name": world.client.name, "place": "Bilbao"}
    assert consultant.post(world.url(f"clients/{world.client.pk}/edit/"), typed).status_code == 302


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "CLIENT OF ALBA", "a\x00b", "a\x0bb"])
def test_a_name_that_cannot_be_is_refused_at_the_field(world, consultant, name):
    response = consultant.post(world.url("clients/new/"), {"name": name, "place": "Valencia"})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'id="id_name_error"' in page
    assert 'aria-describedby="id_name_error"' in page
    assert "Valencia" in page, "what was typed is kept"
    assert Client.objects.count() == 1


def test_two_workspaces_may_study_the_same_company(world, stranger, consultant):
    assert consultant.post(world.url("clients/new/"), {"name": stranger.client.name}).status_code == 302


def test_the_form_does_not_move_a_client_to_another_workspace(world, stranger, consultant):
    typed = {"name": "Kept", "workspace": stranger.workspace.pk}
    consultant.post(world.url(f"clients/{world.client.pk}/edit/"), typed)
    world.client.refresh_from_db()
    assert (world.client.name, world.client.workspace) == ("Kept", world.workspace)


def test_the_owner_renames_the_workspace_and_addresses_stay(world):
    owner = log_in(world.owner)
    assert owner.post(world.url("settings/"), {"name": "Alba y Asociados"})["Location"] == world.url(
        "settings/"
    )
    world.workspace.refresh_from_db()
    assert (world.workspace.name, world.workspace.slug) == ("Alba y Asociados", "alba")


def test_a_workspace_keeps_its_name_when_none_is_typed(world):
    response = log_in(world.owner).post(world.url("settings/"), {"name": ""})
    assert response.status_code == 422
    assert ">Alba</a>" in response.content.decode()


def test_markup_in_a_name_is_text(world, consultant):
    consultant.post(
        world.url("clients/new/"), {"name": "<script>alert(1)</script>", "place": '"><img src=x>'}
    )
    page = consultant.get(world.url("clients/")).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "&lt;script&gt;" in page


def test_a_long_list_is_searched_and_paged(world, consultant):
    assert (
        'name="q" type="search" maxlength="120"' not in consultant.get(world.url("clients/")).content.decode()
    )
    Client.objects.bulk_create(
        Client(workspace=world.workspace, name=f"Tienda número {n:03}", place="Cádiz") for n in range(60)
    )
    first = consultant.get(world.url("clients/")).content.decode()
    assert 'name="q" type="search" maxlength="120"' in first
    assert "Tienda número 059" not in first
    assert "Tienda número 059" in consultant.get(world.url("clients/?page=2")).content.decode()
    found = consultant.get(world.url("clients/?q=cadiz+NUMERO+059")).content.decode()
    assert "Tienda número 059" in found
    assert "Tienda número 001" not in found
    assert "No client is called so." in consultant.get(world.url("clients/?q=zzz")).content.decode()
