"""An own cycle as a template of the workspace, with nothing of the client in it."""

import json

import pytest
from django.core.files.base import ContentFile

from cycles import library
from cycles.document import document_of
from cycles.models import Action, ActionPlan, Attachment, Cycle, Moment, OwnTemplate
from tests.conftest import log_in, make_world


@pytest.fixture
def cycle(world):
    cycle = library.create_cycle(world.client, "restaurant", language="es", name="Comer en La Plaza")
    moment = Moment.objects.filter(stage__cycle=cycle).first()
    moment.owner_area = "Marta Secreta"
    moment.translate("en", owner_area="Secret Martha")
    moment.save()
    plan = ActionPlan.objects.create(cycle=cycle, name="Secret plan", owner="Marta Secreta")
    Action.objects.create(plan=plan, number=1, name="Secret action", owner="Marta Secreta")
    Attachment.objects.create(
        moment=moment, name="secret.pdf", content_type="x", size=1, file=ContentFile(b"x", "secret.pdf")
    )
    return cycle


@pytest.fixture
def template(world, consultant, cycle):
    answer = consultant.post(world.url(f"cycles/{cycle.pk}/template/"), {"name": "Our restaurant"})
    assert answer.status_code == 302
    return OwnTemplate.objects.get()


def begin(browser, world, template, **data):
    data = {"template": f"own-{template.pk}", "client": world.client.pk, "language": "en", **data}
    return browser.post(world.url("cycles/new/"), data)


def test_nothing_of_the_client_is_in_it(template):
    text = json.dumps(template.document).lower()
    for secret in ("secret", "marta", "plaza secreta"):
        assert secret not in text
    assert template.document["plans"] == []


def test_saving_twice_is_once(world, consultant, cycle, template):
    consultant.post(world.url(f"cycles/{cycle.pk}/template/"), {"name": "Our restaurant"})
    assert OwnTemplate.objects.count() == 1


def test_it_is_offered_and_a_cycle_begins_from_it(world, consultant, cycle, template):
    page = consultant.get(world.url(f"cycles/new/?template=own-{template.pk}")).content.decode()
    assert f'value="own-{template.pk}" checked' in page
    assert begin(consultant, world, template).status_code == 302
    new = Cycle.objects.latest("pk")
    assert (new.name, new.language) == ("Our restaurant", "es")
    was, now = document_of(cycle), document_of(new)
    assert [len(s["moments"]) for s in now["stages"]] == [len(s["moments"]) for s in was["stages"]]
    assert now["stages"][0]["moments"][1] == was["stages"][0]["moments"][1]
    begin(consultant, world, template, name="Mine", persona="A family")
    mine = Cycle.objects.latest("pk")
    assert (str(mine), mine.text("persona")) == ("Mine", "A family")


def test_another_workspace_neither_sees_nor_uses_it(world, template):
    other = make_world("boreal")
    stranger = log_in(other.owner)
    assert "Our restaurant" not in stranger.get(other.url("cycles/new/")).content.decode()
    assert begin(stranger, other, template).status_code == 422
    for change in ("", "delete/", "restore/"):
        url = other.url(f"templates/{template.pk}/{change}")
        assert stranger.post(url, {"name": "x"}).status_code == 404


def test_rename_delete_and_undo(world, consultant, template):
    consultant.post(world.url(f"templates/{template.pk}/"), {"name": "House style"})
    template.refresh_from_db()
    assert template.name == "House style"
    empty = consultant.post(world.url(f"templates/{template.pk}/"), {"name": ""})
    assert empty.status_code == 422
    assert "This field is required" in empty.content.decode()
    gone = consultant.post(world.url(f"templates/{template.pk}/delete/"), follow=True).content.decode()
    assert "Template “House style” has been deleted." in gone
    assert f"own-{template.pk}" not in consultant.get(world.url("cycles/new/")).content.decode()
    consultant.post(world.url(f"templates/{template.pk}/restore/"))
    assert "House style" in consultant.get(world.url("templates/")).content.decode()


def test_a_manager_has_no_templates(world, manager, cycle):
    assert manager.get(world.url("templates/")).status_code == 403
    assert manager.post(world.url(f"cycles/{cycle.pk}/template/"), {"name": "x"}).status_code == 403
