"""Whatever is typed into whatever field of a cycle is stored as it is, or refused in words; never a fault."""

import pytest
from django.db import transaction

from cycles.models import Action, Cycle, Moment, Requirement, Stage
from cycles.ordering import first_plan, number_action

# PostgreSQL refuses more than SQLite does: what passes there passes everywhere.
pytestmark = pytest.mark.strict

HTMX = {"HX-Request": "true"}

LONG = "x" * 300
WORDS = {
    "300 characters": LONG,
    "emoji": "🛍️ 👩🏽‍🦱 Pay",
    "right to left": "ادفع عند الصندوق\u200f",
    "turned around": "a\u202eb",
    "NUL": "a\x00b",
    "HTML": '<script>alert("x")</script><img src=x onerror=alert(1)>',
    "template": "{{ request }}{% debug %} %s %(x)s {0}",
    "quotes": 'O\'Neill "&" `co` -- ;',
    "half of a pair": "a\ud83db".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "combined": "Z̸̢̛͙" * 10,
    "blank": "   ",
}

# Every text field of a form: (address, field, what else the form needs).
MOMENT = {"name": "Queue", "emotion": ""}
FIELDS = [
    ("stages/{stage}/moments/", "name", {}),
    ("moments/{moment}/name/", "name", {}),
    *(
        ("moments/{moment}/", field, MOMENT)
        for field in (
            "name", "name_elsewhere", "description", "owner_area", "standard", "enhancers", "detractors",
            "customer_action", "front_stage", "back_stage", "systems",
        )
    ),
    *(
        (f"moments/{{moment}}/attributes/{field}/", field, {})
        for field in ("description", "owner_area", "standard", "detractors", "systems")
    ),
    ("cycles/{cycle}/stages/", "name", {"colour": "a"}),
    ("stages/{stage}/", "name", {"colour": "a"}),
    ("stages/{stage}/", "name_elsewhere", {"name": "Pay", "colour": "a"}),
    ("stages/{first}/split/", "name", {"moment": "{second}"}),
    ("cycles/{cycle}/paste/", "lines", {"stage": "{stage}"}),
    ("cycles/{cycle}/edit/", "name", {}),
    ("cycles/{cycle}/edit/", "persona", {"name": "Cycle"}),
    ("cycles/{cycle}/edit/", "description", {"name": "Cycle"}),
    *(
        ("moments/{moment}/requirements/", field, {"name": "Fast", "level": "basic"})
        for field in ("name", "minimum", "measure")
    ),
    *(
        ("requirements/{requirement}/", field, {"name": "Fast", "level": "basic"})
        for field in ("name", "name_elsewhere", "minimum", "desired", "measure", "target_unit")
    ),
    *(
        ("actions/{action}/edit/", field, {"name": "Do"})
        for field in (
            "name", "description", "owner", "owner_email", "due_on", "resources", "effort", "effort_days",
            "duration_days", "cost", "lift", "confidence", "said", "did",
        )
    ),
]  # fmt: skip


@pytest.fixture
def places(world):
    queue = Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")
    requirement = Requirement.objects.create(moment=queue, position=0, name="Fast")
    action = number_action(Action(plan=first_plan(world.cycle, "Plan"), name="Do"))
    return {
        "cycle": world.cycle.pk,
        "stage": queue.stage_id,
        "first": Stage.objects.get(cycle=world.cycle, position=0).pk,
        "second": Moment.objects.get(stage__cycle=world.cycle, name="Be greeted").pk,
        "moment": queue.pk,
        "requirement": requirement.pk,
        "action": action.pk,
    }


def everything():
    return [list(kind.objects.order_by("pk").values()) for kind in (Stage, Moment, Requirement, Action)]


@pytest.mark.parametrize(("path", "field", "more"), FIELDS, ids=[f"{p} {f}" for p, f, _more in FIELDS])
def test_any_text_is_stored_or_refused_in_words(world, consultant, places, path, field, more):
    url = world.url(path.format(**places))
    rest = {name: str(value).format(**places) for name, value in more.items()}
    before = everything()
    for kind, words in WORDS.items():
        with transaction.atomic():  # each finds the cycle as it was
            answer = consultant.post(url, rest | {field: words}, headers=HTMX)
            text = answer.content.decode()
            assert answer.status_code in (200, 302, 422), (kind, answer.status_code)
            assert '<script>alert("x")' not in text, kind
            assert "onerror=alert(1)>" not in text, kind
            if answer.status_code == 422:
                assert 'class="error"' in text or "note--bad" in text, kind
                assert everything() == before, kind
            if "\x00" in words:
                assert answer.status_code == 422, kind
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("actions/{action}/edit/", {"name": "Do", "moments": "{theirs}"}),
        ("actions/{action}/edit/", {"name": "Do", "requirements": "{wish}"}),
        ("cycles/{cycle}/plan/actions/", {"name": "Do", "moments": "{theirs}"}),
        ("moments/{moment}/move/", {"stage": "{arc}", "position": "1"}),
        ("stages/{first}/split/", {"name": "New", "moment": "{theirs}"}),
        ("stages/{binned}/restore/", {"moments": "{theirs}"}),
        ("cycles/{cycle}/paste/", {"stage": "{arc}", "lines": "Mine"}),
        ("cycles/{cycle}/unpaste/", {"moments": "{theirs}"}),
    ],
)
@pytest.mark.parametrize("whose", ["another workspace", "another client", "another cycle of the client"])
def test_a_thing_of_another_cycle_in_a_field_is_404_and_changes_nothing(
    world, stranger, consultant, places, path, data, whose
):
    if whose == "another workspace":
        cycle = stranger.cycle
    else:
        client = world.client
        if whose == "another client":
            client = world.workspace.clients.create(name="Another")
        cycle = Cycle.objects.create(client=client, name="Another")
        arc = Stage.objects.create(cycle=cycle, position=0, name="Theirs")
        Moment.objects.create(stage=arc, position=0, name="Theirs")
    theirs = Moment.objects.filter(stage__cycle=cycle).first()
    wish = Requirement.objects.create(moment=theirs, position=0, name="Theirs")
    binned = Stage.everywhere.create(cycle=world.cycle, name="Binned", deleted_at=world.cycle.created_at)
    named = places | {"theirs": theirs.pk, "arc": theirs.stage_id, "wish": wish.pk, "binned": binned.pk}
    before = everything()
    data = {name: value.format(**named) for name, value in data.items()}
    for headers in (HTMX, {}):
        assert consultant.post(world.url(path.format(**named)), data, headers=headers).status_code == 404
    assert everything() == before
