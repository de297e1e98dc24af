"""Files of a whole cycle: a right one is taken, a wrong one says where and why."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Client
from cyclemap.faults import FileFaultError
from cyclemap.text import unprintable
from cycles.document import FORMAT
from cycles.exchange.cycle_file import read_document
from cycles.models import Cycle
from tests.cycles.exchange.tables import file_of


def refused(document):
    data = document if isinstance(document, bytes | str) else json.dumps(document)
    with pytest.raises(FileFaultError) as failed:
        read_document(file_of(data, "cycle.json"))
    return failed.value.lines()


def right(**more):
    stage = {"key": "s1", "name": "S", "moments": [{"key": "m1", "name": "M", "requirements": []}]}
    return {"format": FORMAT, "name": "C", "language": "es", "stages": [stage], "plans": [], **more}


def with_moment(**more):
    document = right()
    document["stages"][0]["moments"][0].update(more)
    return document


def test_a_right_file_is_taken():
    assert read_document(file_of(json.dumps(right()), "c.json")) == right()
    assert read_document(file_of("\ufeff" + json.dumps(right()), "c.json")) == right()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "The file is empty."),
        (b"not json", "not JSON"),
        (b"\xff\xfe\x00", "not JSON in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"format": NaN}', "a number that no cycle can hold"),
        (b'{"format": ' + b"9" * 9000 + b"}", "a number that no cycle can hold"),
        ([], "This is not a cycle of Cyclemap"),
        ({"format": "other/1"}, "This is not a cycle of Cyclemap"),
        (right(name=""), "cycle.name: this is empty"),
        (right(name=None), "cycle.name: a text is expected"),
        (right(name="x" * 121), "cycle.name: 121 characters, and at most 120 fit"),
        (right(name="a\x00b"), "cycle.name: a control character"),
        (right(language="xx"), "cycle.language: this is not a known value"),
        (right(stages=[]), "stages: a cycle needs at least one stage"),
        (right(stages={}), "stages: a list is expected"),
        (right(stages=[7]), "stages[0]: an object is expected"),
        (right(stages=[{"key": "s1", "name": "S"}] * 2), "stages[1].key: this key is used twice"),
        (right(stages=[{"name": "S"}]), "stages[0].key: every entry needs a key"),
        (right(stages=[{"key": f"s{n}", "name": "S"} for n in range(13)]), "there are more than 12 of these"),
        (right(translations=[]), "cycle.translations: an object is expected"),
        (right(translations={"en": {"name": "x" * 121}}), "cycle.translations.en.name: 121 characters"),
        (right(translations={"en": {"deleted_at": "now"}}), "this is not a text of it"),
        (with_moment(name="M" * 121), "stages[0].moments[0].name: 121 characters"),
        (with_moment(kind="other"), "stages[0].moments[0].kind: this is not a known value"),
        (with_moment(channels=["fax"]), "stages[0].moments[0].channels: this is not a known value"),
        (with_moment(channels=[["web"]]), "stages[0].moments[0].channels: a list of texts is expected"),
        (with_moment(channels="web"), "stages[0].moments[0].channels: this is not a known value"),
        (with_moment(is_critical="yes"), "stages[0].moments[0].is_critical: true or false is expected"),
        (with_moment(emotion=3), "stages[0].moments[0].emotion"),
        (with_moment(emotion="x"), "stages[0].moments[0].emotion: a whole number is expected"),
        (with_moment(emotion=True), "stages[0].moments[0].emotion: a whole number is expected"),
        (
            with_moment(requirements=[{"key": "r1", "name": "R", "target_bound": "at_most"}]),
            "a service level needs a bound and a value",
        ),
        (
            with_moment(
                requirements=[{"key": "r1", "name": "R", "target_bound": "at_most", "target_value": "x"}]
            ),
            "stages[0].moments[0].requirements[0].target_value",
        ),
        (
            right(
                plans=[
                    {
                        "key": "p",
                        "name": "P",
                        "actions": [{"key": "a", "number": 1, "name": "A", "moments": ["m9"]}],
                    }
                ]
            ),
            "plans[0].actions[0].moments: this names something that is not in the file",
        ),
        (
            right(plans=[{"key": "p", "name": "P", "actions": [{"key": "a", "name": "A"}]}]),
            "plans[0].actions[0].number: this is missing",
        ),
        (
            right(
                plans=[
                    {
                        "key": "p",
                        "name": "P",
                        "actions": [{"key": "a", "number": 1, "name": "A", "due_on": "soon"}],
                    }
                ]
            ),
            "plans[0].actions[0].due_on",
        ),
    ],
)
def test_a_wrong_file_says_where_and_why(document, said):
    assert said in " ".join(refused(document))


def test_a_wrong_file_leaves_nothing_behind(world, consultant):
    file = file_of(json.dumps(with_moment(emotion=9)), "c.json")
    answer = consultant.post(world.url("cycles/import/"), {"new_client": "New one", "file": file})
    assert answer.status_code == 422
    assert "stages[0].moments[0].emotion" in answer.content.decode()
    assert 'value="New one"' in answer.content.decode()
    assert not Client.objects.filter(name="New one").exists()
    assert Cycle.objects.count() == 1


def test_the_client_of_another_workspace_is_no_choice(world, stranger, consultant):
    file = file_of(json.dumps(right()), "c.json")
    answer = consultant.post(world.url("cycles/import/"), {"client": stranger.client.pk, "file": file})
    assert answer.status_code == 422
    assert Cycle.objects.filter(client=stranger.client).count() == 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "stages",
                        "moments",
                        "requirements",
                        "plans",
                        "actions",
                        "key",
                        "name",
                        "number",
                        "translations",
                        "channels",
                        "emotion",
                        "due_on",
                        "target_value",
                        "en",
                        "x",
                    ]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=25,
    ).filter(lambda given: isinstance(given, dict))
)
@settings(max_examples=150, deadline=None)
def test_no_file_breaks_the_reader(document):
    with suppress(FileFaultError):  # anything else is a fault of ours
        taken = read_document(file_of(json.dumps({**document, "format": FORMAT}), "c.json"))
        assert taken["stages"], "what is taken is a cycle"


def test_the_texts_of_a_property_are_those_a_form_takes():
    assert not unprintable("señal 🙂 ‏عربي")
