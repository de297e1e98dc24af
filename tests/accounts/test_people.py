"""The front door and one's own account."""

import pytest
from django.conf import settings
from django.test import Client as Browser

from accounts.models import Membership, Role, User, Workspace
from tests.conftest import log_in, make_world


@pytest.fixture
def newcomer(db) -> User:
    return User.objects.create_user("ruth@new.example", "a long password", name="Ruth Adeyemi")


def test_with_one_workspace_the_front_door_leads_there(world):
    assert log_in(world.manager).get("/")["Location"] == world.url()


def test_with_several_one_chooses(world):
    other = make_world("boreal")
    Membership.objects.create(
        user=world.owner, workspace=other.workspace, role=Role.VIEWER, client=other.client
    )
    page = log_in(world.owner).get("/").content.decode()
    assert world.url() in page
    assert other.url() in page
    assert "Client of boreal" in page


def test_with_none_one_opens_the_first(newcomer):
    browser = log_in(newcomer)
    assert "Hello, Ruth Adeyemi" in browser.get("/").content.decode()
    response = browser.post("/workspaces/new/", {"name": "Adeyemi & Partners"})
    assert response["Location"] == "/w/adeyemi-partners/"
    membership = newcomer.memberships.get()
    assert membership.role == Role.OWNER
    assert membership.workspace.name == "Adeyemi & Partners"


def test_a_workspace_without_a_name_is_not_opened(newcomer):
    response = log_in(newcomer).post("/workspaces/new/", {"name": "  "})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert not Workspace.objects.exists()


def test_the_people_of_a_client_open_no_workspace(world):
    manager = log_in(world.manager)
    assert manager.post("/workspaces/new/", {"name": "Mine"}).status_code == 403
    assert "/workspaces/new/" not in manager.get("/me/").content.decode()
    assert Workspace.objects.count() == 1


def test_name_language_and_theme_are_kept(newcomer):
    browser = log_in(newcomer)
    response = browser.post("/me/", {"name": "Ruth A.", "language": "es", "theme": "dark"})
    assert response.status_code == 302
    newcomer.refresh_from_db()
    assert (newcomer.name, newcomer.language, newcomer.theme) == ("Ruth A.", "es", "dark")
    page = browser.get("/me/").content.decode()
    assert '<html lang="es" data-theme="dark">' in page
    assert "Ruth A." in page


def test_the_theme_stays_on_this_device_after_log_out(newcomer):
    browser = log_in(newcomer)
    browser.post("/me/", {"name": "Ruth", "language": "en", "theme": "dark"})
    browser.post("/accounts/logout/")
    assert 'data-theme="dark"' in browser.get("/accounts/login/").content.decode()


def test_a_theme_cookie_that_somebody_made_up_prints_nothing(db):
    browser = Browser()
    browser.cookies["theme"] = 'dark" onload="x'
    page = browser.get("/accounts/login/").content.decode()
    assert "data-theme" not in page
    assert 'onload="x' not in page


def test_a_faulty_profile_says_so_and_keeps_what_was_typed(newcomer):
    response = log_in(newcomer).post("/me/", {"name": "", "language": "es", "theme": "dark"})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="dark"' in page
    assert page.count("checked") == 2
    assert "Account of Ruth Adeyemi" in page, "the header shows who one is, not what failed"


@pytest.mark.parametrize(
    "fields", [{"language": "xx"}, {"theme": "sepia"}, {"name": "x" * 121}, {"name": "a\x00b"}]
)
def test_what_does_not_exist_is_refused(newcomer, fields):
    typed = {"name": "Ruth", "language": "en", "theme": "auto", **fields}
    assert log_in(newcomer).post("/me/", typed).status_code == 422


def test_rights_do_not_come_with_the_form(newcomer):
    """Only the fields of the form count, whatever else is sent."""
    stuffed = {
        "is_superuser": "1",
        "is_staff": "1",
        "email": "owner@alba.example",
        "password": "x",
        "id": "1",
    }
    log_in(newcomer).post("/me/", {"name": "Ruth", "language": "", "theme": "auto", **stuffed})
    newcomer.refresh_from_db()
    assert not newcomer.is_superuser
    assert not newcomer.is_staff
    assert newcomer.email == "ruth@new.example"
    assert newcomer.check_password("a long password")


def test_the_language_switch_is_kept_with_the_person(world):
    browser = log_in(world.owner)
    response = browser.post("/language/", {"language": "es", "next": world.url()})
    assert response["Location"] == world.url()
    world.owner.refresh_from_db()
    assert world.owner.language == "es"
    assert browser.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"
    assert 'lang="es"' in browser.get("/me/").content.decode()


def test_the_language_switch_leads_nowhere_else(db):
    assert (
        Browser().post("/language/", {"language": "es", "next": "https://evil.example/"})["Location"] == "/"
    )
