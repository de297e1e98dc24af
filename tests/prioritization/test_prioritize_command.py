"""`manage.py prioritize FILE`, like a person would: a file in, a table and JSON out."""

import json
from pathlib import Path

import numpy as np
import pytest

from prioritization.analysis.engine import prioritize
from prioritization.analysis.ratings import Ratings, State
from prioritization.analysis.tally import Tally
from tests.prioritization.analysis.published import MARTILLA_JAMES
from tests.prioritization.analysis.worlds import make_ratings
from tests.prioritization.files import GOOD, MOMENTS, TWO_WAVES, as_csv, wide_rows


def test_the_figures_are_those_of_the_engine(answer):
    found = answer(as_csv(wide_rows(GOOD)))
    # A file cannot say "not asked": an empty cell is "no answer".
    state = np.where(GOOD.state == State.NOT_ASKED, State.NO_ANSWER, GOOD.state).astype(np.int8)
    asked = Ratings(GOOD.scales, GOOD.importance, GOOD.satisfaction, state)
    expected = prioritize(Tally.of(asked))
    assert found["format"] == "cyclemap-priority/1"
    assert found["n_respondents"] == 300
    assert found["importance_source"] == "stated"
    assert found["crosshair"] == {
        "rule": "grand_mean",
        "importance": pytest.approx(expected.crosshair.importance),
        "satisfaction": pytest.approx(expected.crosshair.satisfaction),
    }
    for got, want in zip(found["moments"], expected.moments, strict=True):
        for name in (
            "suppressed", "n_importance", "n_satisfaction", "n_not_experienced", "n_no_answer", "reach",
            "importance", "satisfaction", "se_importance", "se_satisfaction", "cov", "gap", "gap_pomp",
            "priority_index", "opportunity", "quadrant", "on_line", "verdict", "rank",
        ):  # fmt: skip
            assert got[name] == pytest.approx(getattr(want, name), abs=1e-12), name
        assert got["p_quadrant"] == pytest.approx(want.p_quadrant._asdict(), abs=1e-9)


def test_the_json_has_every_field_of_the_format(answer):
    found = answer(as_csv(wide_rows(GOOD)))
    assert list(found) == [
        "format", "n_respondents", "importance_source", "crosshair", "moments", "derived", "metrics",
        "change", "warnings",
    ]  # fmt: skip
    assert list(found["moments"][0]) == [
        "id", "label", "suppressed", "n_importance", "n_satisfaction", "n_not_experienced", "n_no_answer",
        "reach", "importance", "satisfaction", "se_importance", "se_satisfaction", "cov", "gap",
        "gap_pomp", "priority_index", "opportunity", "quadrant", "on_line", "p_quadrant", "verdict",
        "rank", "derived",
    ]  # fmt: skip
    assert set(found["moments"][0]["p_quadrant"]) == {
        "concentrate_here", "keep_up", "low_priority", "possible_overkill",
    }  # fmt: skip
    assert set(found["moments"][0]["derived"]) == {"share_pct", "value", "r"}
    assert set(found["derived"]) == {"method", "r2", "n_min_pair", "missing", "refused"}
    assert set(found["metrics"]["nps"]) == set(found["metrics"]["csat"]) == {"value", "low", "high", "n"}
    assert found["change"] == []


def test_a_table_to_read_in_both_languages(ask):
    code, out, _err = ask(as_csv(wide_rows(GOOD)))
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("300 respondents · stated importance · crosshair at importance")
    ranks = [line.split()[0] for line in lines[4:10]]
    assert ranks == ["1", "2", "3", "4", "5", "6"]
    assert "NPS" in out
    spanish = ask(as_csv(wide_rows(GOOD)), language="es")[1]
    assert "3,5" in spanish or "4,0" in spanish or "3,8" in spanish


@pytest.mark.parametrize("order", [1, -1])
def test_long_and_wide_say_the_same(answer, order: int):
    rows = wide_rows(GOOD)
    long = ["respondent,moment,importance,satisfaction"]
    for row in rows:
        long += [f"{row['respondent_id']},{m},{row[f'imp:{m}']},{row[f'sat:{m}']}" for m in MOMENTS]
    body = long[1:][::order]
    a, b = answer("\n".join([long[0], *body])), answer(as_csv(rows))
    by_id = {moment["id"]: moment for moment in a["moments"]}
    for moment in b["moments"]:
        for name, value in moment.items():
            if name not in ("derived", "p_quadrant"):
                assert by_id[moment["id"]][name] == pytest.approx(value, abs=1e-12), name


def test_an_absent_row_of_the_long_layout_was_not_asked(answer):
    lines = ["respondent,moment,importance,satisfaction"]
    for r in range(20):
        lines.append(f"r{r},A,4,{'NE' if r < 4 else 3 + r % 3}")
        lines.append(f"r{r},B,{r % 3 + 2},{'' if r < 2 else 2 + r % 3}")
        if r < 15:
            lines.append(f"r{r},C,{3 + r % 3},4")
    a, b, c = answer("\n".join(lines))["moments"]
    assert (a["n_importance"], a["n_satisfaction"], a["n_not_experienced"], a["n_no_answer"]) == (
        20,
        16,
        4,
        0,
    )
    assert (b["n_satisfaction"], b["n_no_answer"]) == (18, 2)
    assert (c["n_satisfaction"], c["n_no_answer"], c["n_not_experienced"]) == (15, 0, 0)
    assert a["reach"] == pytest.approx(0.8)


def test_a_published_table(answer):
    lines = ["moment,importance,satisfaction"]
    lines += [f"{name},{i},{s}" for name, (i, s) in MARTILLA_JAMES.items()]
    found = answer("\n".join(lines), "--crosshair", "scale_midpoint")
    assert found["n_respondents"] is None
    assert found["crosshair"]["importance"] == 3.0  # no scale is given, and means up to 3.83 look like 1 to 5
    first = found["moments"][0]
    assert first["n_importance"] is None
    assert first["gap"] == pytest.approx(1.2)
    assert (first["p_quadrant"], first["verdict"], first["se_importance"]) == (None, None, None)
    assert any("1–5" in warning for warning in found["warnings"])


def test_the_cycle_file_gives_scales_labels_and_order(answer, tmp_path: Path):
    cycle = tmp_path / "cycle.json"
    cycle.write_text(
        json.dumps(
            {
                "scales": {"importance": {"min": 1, "max": 4}, "satisfaction": {"min": 1, "max": 4}},
                "moments": [
                    {"id": "b", "label_en": "Second", "label_es": "Segundo", "stage": "1"},
                    {"id": "a", "label_en": "First", "label_es": "Primero", "stage": "1"},
                    {"id": "gone", "label_en": "Gone", "label_es": "Ido", "stage": "2"},
                ],
            }
        )
    )
    content = "respondent_id,imp:a,sat:a,imp:b,sat:b\n" + "\n".join(
        f"{k},{k % 4 + 1},{k % 3 + 1},3,{k % 2 + 3}" for k in range(20)
    )
    found = answer(content, "--cycle", str(cycle), "--crosshair", "scale_midpoint")
    assert [moment["id"] for moment in found["moments"]] == ["b", "a"]
    assert [moment["label"] for moment in found["moments"]] == ["Second", "First"]
    assert found["crosshair"]["satisfaction"] == 2.5
    assert any("gone" in warning for warning in found["warnings"])


def test_points_with_their_numbers_of_answers(answer):
    found = answer("moment,importance,satisfaction,n\na,4.1,3.0,50\nb,3.0,4.0,9\nc,3.5,3.5,40\n")
    assert [moment["suppressed"] for moment in found["moments"]] == [False, True, False]
    assert found["crosshair"]["importance"] == pytest.approx(3.8)


def test_importance_by_picks(answer):
    found = answer(as_csv(wide_rows(GOOD), without="imp:"))
    assert found["importance_source"] == "picks"
    assert [m["importance"] for m in found["moments"]] == pytest.approx(GOOD.picks.mean(0))
    assert found["moments"][0]["gap"] is None
    assert answer(as_csv(wide_rows(GOOD)), "--importance", "picks")["importance_source"] == "picks"


def test_derived_importance(answer):
    rows = [{k: v for k, v in row.items() if not k.startswith(("imp:", "pick"))} for row in wide_rows(GOOD)]
    found = answer(as_csv(rows))
    assert found["importance_source"] == "derived"
    assert found["derived"]["method"] == "lmg"
    assert sum(m["importance"] for m in found["moments"]) == pytest.approx(100)
    assert sum(m["derived"]["value"] for m in found["moments"]) == pytest.approx(found["derived"]["r2"])
    for moment in found["moments"]:
        assert moment["importance"] == moment["derived"]["share_pct"]
        assert moment["se_importance"] > 0
        assert sum(moment["p_quadrant"].values()) == pytest.approx(1)
        assert moment["gap"] is None
    again = answer(as_csv(rows))
    assert again == found  # drawn figures too
    other = answer(as_csv(rows), "--method", "relative-weights")
    assert other["derived"]["method"] == "relative-weights"
    assert other["derived"]["r2"] == pytest.approx(found["derived"]["r2"])
    pearson = answer(as_csv(rows), "--method", "pearson")
    assert pearson["moments"][0]["derived"]["value"] == pearson["moments"][0]["derived"]["r"]


def test_derived_importance_is_refused_with_few_answers(answer):
    rows = [
        {k: v for k, v in row.items() if not k.startswith(("imp:", "pick"))}
        for row in wide_rows(make_ratings(90, seed=3, missing=0.0))
    ]
    found = answer(as_csv(rows))
    assert found["derived"]["refused"] == "too_few"
    assert {m["quadrant"] for m in found["moments"]} == {None}
    assert {m["rank"] for m in found["moments"]} == {None}
    assert all(m["satisfaction"] is not None for m in found["moments"])
    assert found["crosshair"]["importance"] is None


def test_waves_and_what_changed(answer):
    together = answer(TWO_WAVES)
    assert together["n_respondents"] == 620
    assert any("2024, 2025" in warning for warning in together["warnings"])
    found = answer(TWO_WAVES, "--wave", "2025", "--compare", "2024")
    assert found["n_respondents"] == 320
    assert [row["moment"] for row in found["change"]] == MOMENTS
    assert {row["verdict"] for row in found["change"]} == {"improved"}
    back = answer(TWO_WAVES, "--wave", "2024", "--compare", "2025")
    assert {row["verdict"] for row in back["change"]} == {"worsened"}
    row, other = found["change"][0], back["change"][0]
    assert (row["diff"], row["low"], row["high"]) == pytest.approx(
        (-other["diff"], -other["high"], -other["low"])
    )
    assert row["after"] == pytest.approx(found["moments"][0]["satisfaction"])
    assert row["p_holm"] >= row["p"]
    assert answer(TWO_WAVES, "--compare", "2024")["n_respondents"] == 320


def test_the_same_respondent_may_answer_in_two_waves(answer):
    assert answer(TWO_WAVES, "--wave", "2024")["n_respondents"] == 300


def test_a_segment(answer):
    found = answer(as_csv(wide_rows(GOOD)), "--segment", "city=south")
    rows = np.arange(300) % 3 == 0
    assert found["n_respondents"] == 100
    expected = np.nanmean(GOOD.satisfaction[rows], axis=0)
    assert [m["satisfaction"] for m in found["moments"]] == pytest.approx(expected)


def test_a_segment_must_not_show_the_few_it_leaves_out(answer):
    rows = wide_rows(GOOD)
    for k, row in enumerate(rows):
        row["seg:city"] = "rare" if k < 6 else "common"
    for segment in ("rare", "common"):
        found = answer(as_csv(rows), "--segment", f"city={segment}")
        assert all(m["suppressed"] for m in found["moments"])
        assert found["metrics"] == {"nps": None, "csat": None}


def test_weights_only_when_asked(answer):
    ratings = make_ratings(300, seed=3, weighted=True)
    content = as_csv(wide_rows(ratings))
    plain, weighted = answer(content), answer(content, "--weighted")
    w = ratings.weights[:, None] * ~np.isnan(ratings.satisfaction)
    expected = (w * np.nan_to_num(ratings.satisfaction)).sum(0) / w.sum(0)
    assert [m["satisfaction"] for m in weighted["moments"]] == pytest.approx(expected)
    assert plain["moments"][0]["satisfaction"] != weighted["moments"][0]["satisfaction"]


@pytest.mark.parametrize("rule", ["scale_midpoint", "median", "trimmed_mean", "user:3.5,3.9"])
def test_crosshairs(answer, rule: str):
    found = answer(as_csv(wide_rows(GOOD)), "--crosshair", rule)
    assert found["crosshair"]["rule"] == rule.partition(":")[0]
    if rule.startswith("user"):
        assert (found["crosshair"]["importance"], found["crosshair"]["satisfaction"]) == (3.5, 3.9)


def test_min_n(answer):
    assert all(m["suppressed"] for m in answer(as_csv(wide_rows(GOOD)), "--min-n", "400")["moments"])
