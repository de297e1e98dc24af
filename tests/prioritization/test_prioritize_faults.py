"""What is wrong with a file or a question: where, and what was expected; never a traceback."""

import json
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritization.priority_file import command_line
from tests.prioritization.files import TWO_WAVES

HEAD = "respondent_id,imp:a,sat:a,imp:b,sat:b\n"


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (HEAD + "1,4,3,4,3\n2,11,3,4,3\n", "line 3, column imp:a", "from 0 to 10"),
        (HEAD + "1,4,3,4,-1\n", "line 2, column sat:b", "“-1”"),
        (HEAD + "1,4,3,4,good\n", "line 2, column sat:b", "“good”; expected a whole number"),
        (HEAD + "1,4,3,4,3.5\n", "line 2, column sat:b", "“3.5”"),
        (HEAD + "1,4,3,4,nan\n", "line 2, column sat:b", "“nan”"),
        (HEAD + "1,inf,3,4,3\n", "line 2, column imp:a", "“inf”"),
        (HEAD + "1,4,3,4\n", "line 2", "4 cells; expected 5"),
        (HEAD + "1,4,3,4,3,3\n", "line 2", "6 cells; expected 5"),
        (HEAD + "1,4,3,4,3\n2,4,3,4,3\n1,4,3,4,3\n", "line 4, column respondent_id", "already on line 2"),
        (HEAD, "", "no rows"),
        ("respondent_id,sat:a,sat:a\n1,3,3\n", "line 1, column sat:a", "twice"),
        ("respondent_id,imp:a\n1,3\n", "line 1", "no sat:<moment> column"),
        ("respondent_id,sat:\n1,3\n", "line 1, column sat:", "a name after the colon"),
        ("name,score\na,3\n", "line 1", "unknown header"),
        ("respondent_id,weight,sat:a,imp:a\n1,0,3,3\n", "line 2, column weight", "a weight above zero"),
        ("respondent_id,weight,sat:a,imp:a\n1,-2,3,3\n", "line 2, column weight", "a weight above zero"),
        ("respondent_id,weight,sat:a,imp:a\n1,inf,3,3\n", "line 2, column weight", "a weight above zero"),
        ("respondent_id,weight,sat:a,imp:a\n1,,3,3\n", "line 2, column weight", "a weight above zero"),
        ("respondent_id,wave,sat:a,imp:a\n1,,3,3\n", "line 2, column wave", "name of the wave"),
        ("respondent_id,nps,sat:a,imp:a\n1,11,3,3\n", "line 2, column nps", "from 0 to 10"),
        ("respondent_id,pick1,sat:a\n1,b,3\n", "line 2, column pick1", "“b”; expected the name of a moment"),
        ("respondent_id,pick1,pick2,sat:a\n1,a,a,3\n", "line 2, column pick2", "picked twice"),
        ("respondent_id,sat:a\n1,3\n", "", "no importance"),
        ("respondent,moment,importance\n1,a,3\n", "line 1", "the column satisfaction is missing"),
        (
            "respondent,moment,importance,satisfaction\n1,a,3,3\n1,a,4,4\n",
            "line 3, column moment",
            "already rated this moment on line 2",
        ),
        ("respondent,moment,importance,satisfaction\n1,,3,3\n", "line 2, column moment", "name of a moment"),
        (
            "respondent,moment,importance,satisfaction\n,a,3,3\n",
            "line 2, column respondent",
            "expected the respondent",
        ),
        (
            "respondent,moment,importance,satisfaction,weight\n1,a,3,3,1\n1,b,3,3,2\n",
            "line 3, column weight",
            "as before for this respondent",
        ),
        ("moment,importance,satisfaction\na,4,x\n", "line 2, column satisfaction", "“x”; expected a mean"),
        ("moment,importance,satisfaction\na,4,nan\n", "line 2, column satisfaction", "“nan”"),
        ("moment,importance,satisfaction\na,4,3\na,4,3\n", "line 3, column moment", "already on line 2"),
        ("moment,importance,satisfaction,n\na,4,3,-2\n", "line 2, column n", "a number of respondents"),
        ("", "", "empty"),
        ("\n\n", "", "empty"),
        (HEAD.encode() + "1,4,3,4,3\nñ,4,3,4,3\n".encode("latin-1"), "line 3", "0xF1 is not UTF-8"),
        (HEAD.encode("utf-16"), "line 1", "UTF-16"),
        (HEAD.encode() + b"1,4,3,4,3\n\0,4,3,4,3\n", "line 3", "zero byte"),
        (b"PK\x03\x04 no workbook", "", "not a workbook"),
        (HEAD + '"1,4,3,4,3\n', "line 2", "1 cells; expected 5"),
    ],
)  # fmt: skip
def test_faults_say_where_and_what_was_expected(refused, content: str | bytes, line: str, says: str):
    first = refused(content)[0]
    assert first.startswith(line)
    assert says in first


def test_ratings_off_the_scale_of_the_cycle(refused, tmp_path: Path):
    cycle = tmp_path / "cycle.json"
    cycle.write_text(json.dumps({"scales": {"satisfaction": {"min": 1, "max": 5}}, "moments": [{"id": "a"}]}))
    content = "respondent_id,imp:a,sat:a\n" + "\n".join(f"{k},4,{k}" for k in range(8))
    assert refused(content, "--cycle", str(cycle)) == [
        f"line {k + 2}, column sat:a: found “{k}”; expected a whole number from 1 to 5, NE or nothing"
        for k in (0, 6, 7)
    ]


def test_moments_that_the_cycle_does_not_know(refused, tmp_path: Path):
    cycle = tmp_path / "cycle.json"
    cycle.write_text(json.dumps({"moments": [{"id": "a"}]}))
    (line,) = refused(HEAD + "1,4,3,4,3\n", "--cycle", str(cycle))
    assert line == "line 1, column sat:b: the cycle file has no moment of this name"
    (line,) = refused("respondent,moment,importance,satisfaction\n1,b,3,3\n", "--cycle", str(cycle))
    assert line.startswith("line 2, column moment: found “b”")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not JSON"),
        ("[]", "an object"),
        ('{"scales": {"importance": {"min": 5, "max": 1}}}', "scale of importance"),
        ('{"scales": {"satisfaction": 5}}', "scale of satisfaction"),
        ('{"scales": []}', "scales: expected an object"),
        ('{"moments": {}}', "expected a list"),
        ('{"moments": [{"label_en": "x"}]}', "moment 1: expected an object with an id"),
        ('{"moments": [{"id": "a"}, {"id": "a"}]}', "is there twice"),
        ('{"picks": 0}', "picks"),
        ("[" * 100_000, "nested"),
    ],
)
def test_cycle_files_that_are_wrong(refused, tmp_path: Path, content: str, says: str):
    cycle = tmp_path / "cycle.json"
    cycle.write_text(content)
    assert says in refused(HEAD + "1,4,3,4,3\n", "--cycle", str(cycle))[0]


def test_a_cycle_file_that_is_not_there(refused, tmp_path: Path):
    assert "cannot be read" in refused(HEAD, "--cycle", str(tmp_path / "no.json"))[0]


def test_a_file_that_is_not_there(refused, tmp_path: Path):
    assert "cannot be read" in refused(tmp_path / "no.csv")[0]
    assert "cannot be read" in refused(tmp_path)[0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--wave", "1999"], "no wave of the name 1999; expected one of: 2024, 2025"),
        (["--wave", "2025", "--compare", "2025"], "itself"),
        (["--segment", "age=3"], "no segment of the name age; expected one of: city"),
        (["--segment", "city"], "expected NAME=VALUE"),
        (["--segment", "city=moon"], "no respondent"),
        (["--crosshair", "user:a,b"], "--crosshair"),
        (["--crosshair", "user:nan,3"], "--crosshair"),
        (["--crosshair", "middle"], "--crosshair"),
        (["--min-n", "4"], "expected at least 5"),
    ],
)
def test_options_that_cannot_be_met(refused, options: list[str], says: str):
    (line,) = refused(TWO_WAVES, *options)
    assert says in line


def test_importance_that_is_not_there(refused):
    plain = "respondent_id,imp:a,sat:a\n1,3,3\n"
    assert "no picks" in refused(plain, "--importance", "picks")[0]
    assert "no overall" in refused(plain, "--importance", "derived")[0]
    assert "no stated" in refused("respondent_id,overall,sat:a\n1,3,3\n", "--importance", "stated")[0]
    assert "no column weight" in refused(plain, "--weighted")[0]


def test_many_faults_are_counted_not_all_told(refused):
    lines = refused(HEAD + "".join(f"{k},x,3,3,3\n" for k in range(1000)))
    assert len(lines) == 201
    assert lines[-1] == "and 800 faults more"


JUNK = [
    b",",
    b"\n",
    b'"',
    b"NE",
    b"\xff",
    b"\0",
    b"-1",
    b"1e400",
    b"nan",
    b"\r",
    b"  ",
    b";",
    b"9" * 25,
    b"sat:",
    b"",
]


@settings(max_examples=80, deadline=None)
@given(
    spoiled=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 3), st.sampled_from(JUNK)), max_size=4
    ),
    options=st.sampled_from([[], ["--weighted"], ["--importance", "derived"], ["--compare", "2024"]]),
)
def test_whatever_happened_to_a_file_it_is_answered_or_refused_in_words(spoiled, options, tmp_path_factory):
    content = bytearray(TWO_WAVES.encode()[:6000])
    for where, length, junk in spoiled:
        at = int(where * len(content))
        content[at : at + length] = junk
    path = tmp_path_factory.mktemp("spoiled") / "ratings.csv"
    path.write_bytes(content)
    parser, out, err = ArgumentParser(), StringIO(), StringIO()
    command_line.add_arguments(parser)
    code = command_line.run(vars(parser.parse_args([str(path), *options])), out, err)
    assert code in (0, 2)
    assert bool(err.getvalue()) == (code == 2)
    assert bool(out.getvalue()) == (code == 0)


# Extremes that are answered


def test_one_respondent_is_never_shown(answer):
    found = answer(HEAD + "1,4,3,4,3\n")
    assert found["n_respondents"] == 1
    assert all(m["suppressed"] and m["satisfaction"] is None for m in found["moments"])
    assert found["crosshair"]["satisfaction"] is None


def test_nobody_lived_through_it(answer):
    found = answer("respondent_id,imp:a,sat:a\n" + "".join(f"{k},4,NE\n" for k in range(30)))
    assert found["moments"][0]["suppressed"]
    assert found["moments"][0]["n_not_experienced"] == 30


def test_nobody_answered_anything(refused):
    content = "respondent_id,overall,imp:a,sat:a\n" + "".join(f"{k},,,\n" for k in range(30))
    assert "no importance" in refused(content)[0]


def test_everybody_says_the_same(answer):
    found = answer(HEAD + "".join(f"{k},5,1,3,4\n" for k in range(40)))
    first = found["moments"][0]
    assert first["se_satisfaction"] == 0
    assert first["quadrant"] == "concentrate_here"
    assert first["p_quadrant"]["concentrate_here"] == 1
    assert first["verdict"] == "firm"


def test_two_hundred_moments(answer, ask):
    rng = np.random.default_rng(1)
    names = [f"m{k}" for k in range(200)]
    lines = [
        ",".join(["respondent_id", "overall", *(f"sat:{n}" for n in names), *(f"imp:{n}" for n in names)])
    ]
    for r in range(60):
        lines.append(",".join(map(str, [r, *rng.integers(1, 6, 401)])))
    found = answer("\n".join(lines))
    assert len(found["moments"]) == 200
    assert sorted(m["rank"] for m in found["moments"]) == list(range(1, 201))
    assert found["derived"]["refused"] == "too_few"


def test_columns_that_are_not_used_are_said(answer):
    found = answer("respondent_id,colour,imp:a,sat:a\n" + "".join(f"{k},red,4,3\n" for k in range(20)))
    assert any("colour" in warning for warning in found["warnings"])


def test_a_label_cannot_write_to_the_terminal(ask, tmp_path: Path):
    cycle = tmp_path / "cycle.json"
    cycle.write_text(json.dumps({"moments": [{"id": "a", "label_en": "A\u001b[31m\nred"}]}))
    rows = "".join(f"{k},4,3\n" for k in range(20))
    for content in ("respondent_id,imp:a,sat:a\n1,4,3\n", "respondent_id,imp:a,sat:a\n" + rows):
        assert "\u001b" not in ask(content, "--cycle", str(cycle))[1]
    assert (
        "\u001b" not in ask("respondent_id,imp:a,sat:a,sat:\u001b[31m\n1,4,3,9\n", "--cycle", str(cycle))[2]
    )
