"""What leaves comes back equal."""

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyCase
from openpyxl import load_workbook

from accounts.models import Client
from cycles import library
from cycles.choices import (
    STAGE_COLOURS,
    ActionStatus,
    Bound,
    Channel,
    Dimension,
    Kind,
    Level,
    Mode,
    Phase,
    Vertex,
)
from cycles.document import FORMAT, cycle_from, document_of
from cycles.exchange import mapping
from cycles.exchange.columns import folded
from cycles.exchange.rows import read_rows
from cycles.exchange.table_file import read_table
from cycles.exchange.writing import bring_in, stages_of
from cycles.models import Cycle, Requirement, Stage
from tests.conftest import log_in, make_world
from tests.cycles.exchange.tables import file_of

line = st.text(
    st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\ufffe\uffff"), max_size=40
).map(str.strip)
named = line.filter(bool)
# What a table keeps of spaces: none around, and none doubled across lines.
lines = st.lists(named, max_size=3).map("\n".join)


def moments(name, text):
    return st.fixed_dictionaries(
        {"name": name},
        optional={
            "description": text,
            "owner_area": name,
            "kind": st.sampled_from(Kind.values),
            "channels": st.lists(st.sampled_from(Channel.values), unique=True),
            "mode": st.sampled_from(Mode.values),
            "is_critical": st.booleans(),
            "emotion": st.integers(-2, 2),
            "standard": text,
            "systems": text,
        },
    )


def stages(name, content, least=0):
    return st.lists(
        st.fixed_dictionaries(
            {
                "name": name,
                "colour": st.sampled_from(STAGE_COLOURS),
                "phase": st.sampled_from(["", *Phase.values]),
                "moments": st.lists(content, min_size=least, max_size=4),
            }
        ),
        min_size=1,
        max_size=4,
    )


def numbered(document):
    """With keys, and actions tied to what is there."""
    counts = dict.fromkeys("smrpa", 0)

    def key(letter, row):
        counts[letter] += 1
        return {"key": f"{letter}{counts[letter]}", **row}

    document = {"format": FORMAT, **document}
    document["stages"] = [
        key(
            "s",
            {
                **stage,
                "moments": [
                    key(
                        "m",
                        {**moment, "requirements": [key("r", one) for one in moment.get("requirements", [])]},
                    )
                    for moment in stage["moments"]
                ],
            },
        )
        for stage in document["stages"]
    ]
    ties = {"moments": [f"m{n}" for n in range(1, counts["m"] + 1)], "requirements": []}
    document["plans"] = [
        key(
            "p",
            {
                **plan,
                "actions": [
                    key("a", {**action, "number": number, **ties})
                    for number, action in enumerate(plan["actions"], 1)
                ],
            },
        )
        for plan in document["plans"]
    ]
    return document


requirements = st.fixed_dictionaries(
    {"name": named, "level": st.sampled_from(Level.values)},
    optional={
        "minimum": line,
        "dimension": st.sampled_from(Dimension.values),
        "vertex": st.sampled_from(Vertex.values),
        "translations": st.fixed_dictionaries({"en": st.fixed_dictionaries({"name": named})}),
    },
) | st.fixed_dictionaries(
    {
        "name": named,
        "target_bound": st.sampled_from(Bound.values),
        "target_value": st.decimals(-9999, 9999, places=2).map(str),
        "target_unit": line.map(lambda text: text[:24].strip()),
    }
)
actions = st.fixed_dictionaries(
    {"name": named, "status": st.sampled_from(ActionStatus.values)},
    optional={"due_on": st.dates().map(str), "effort": st.integers(1, 5), "owner": line},
)
cycles = st.fixed_dictionaries(
    {
        "name": named,
        "language": st.sampled_from(["es", "en"]),
        "stages": stages(
            named,
            st.builds(
                lambda moment, needs: {**moment, "requirements": needs},
                moments(named, lines),
                st.lists(requirements, max_size=3),
            ),
        ),
        "plans": st.lists(
            st.fixed_dictionaries({"name": named, "actions": st.lists(actions, max_size=3)}), max_size=2
        ),
    },
    optional={"persona": line, "description": lines},
).map(numbered)
MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


class RoundTrips(PropertyCase):
    """Each example in a transaction of its own."""

    @MANY
    @given(cycles)
    def test_json_carries_everything(self, document):
        world = make_world("alba")
        first = cycle_from(document, world.client)
        data = log_in(world.consultant).get(world.url(f"cycles/{first.pk}/export.json")).content
        url = world.url("cycles/import/")
        file = file_of(data, "cycle.json")
        answer = log_in(world.consultant).post(url, {"client": world.client.pk, "file": file})
        assert answer.status_code == 302, answer.content.decode()
        again = Cycle.objects.latest("pk")
        assert again.pk != first.pk
        assert document_of(again) == document_of(first)

    @MANY
    @given(
        stages(named, moments(named, lines)), st.sampled_from(["csv", "xlsx"]), st.sampled_from(["es", "en"])
    )
    def test_tables_carry_stages_and_moments(self, given_stages, kind, language):
        given_stages = list({folded(one["name"]): one for one in reversed(given_stages)}.values())[::-1]
        given_stages = [one for one in given_stages if folded(one["name"])]
        world = make_world("alba")
        blank = {"format": FORMAT, "name": "A", "plans": []}
        first = cycle_from(numbered({**blank, "stages": given_stages}), world.client)
        second = Cycle.objects.create(client=world.client, name="B")
        Stage.objects.create(cycle=second, position=0, name="\N{PILCROW SIGN} own")
        data = log_in(world.consultant, language).get(world.url(f"cycles/{first.pk}/export.{kind}")).content
        if not given_stages:
            return
        table = read_table(file_of(data, f"moments.{kind}"))
        rows = read_rows(table, mapping.guessed(table.header))
        bring_in(second, rows, stages_of(second)[0].pk, second.revision)
        said, came = document_of(first)["stages"], document_of(second)["stages"][1:]
        for one in [*said, *came]:
            for row in [one, *one["moments"]]:
                del row["key"]
        assert came == said


def test_a_ready_made_cycle_survives_every_way_out_and_in(world, consultant):
    cycle = library.create_cycle(world.client, "hotel_stay", language="es")
    data = consultant.get(world.url(f"cycles/{cycle.pk}/export.json")).content
    answer = consultant.post(
        world.url("cycles/import/"), {"new_client": "Hotel Mar", "file": file_of(data, "c.json")}
    )
    again = Cycle.objects.latest("pk")
    assert answer["Location"].endswith(f"cycles/{again.pk}/")
    assert again.client == Client.objects.get(name="Hotel Mar")
    assert document_of(again) == document_of(cycle)
    book = load_workbook(io.BytesIO(consultant.get(world.url(f"cycles/{cycle.pk}/export.xlsx")).content))
    assert book["Requirements"].max_row == 1 + Requirement.objects.filter(moment__stage__cycle=cycle).count()
