"""Kinds of file that `prioritize` reads and writes, and that it runs on its own."""

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import Workbook
from pypdf import PdfReader

from prioritization.priority_file.start import small
from tests.prioritization.analysis.worlds import make_ratings
from tests.prioritization.files import GOOD, MOMENTS, TWO_WAVES, as_csv, wide_rows

# Kinds of file


def test_a_workbook_says_the_same_as_the_csv(answer, tmp_path: Path):
    rows = wide_rows(GOOD)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    names = list(rows[0])
    sheet.append(names)
    for row in rows:
        values = [row.get(name, "") for name in names]
        sheet.append([int(v) if v.isdigit() else v or None for v in values])
    path = tmp_path / "ratings.xlsx"
    book.save(path)
    assert answer(path) == answer(as_csv(rows))


@pytest.mark.parametrize("kind", ["bom", "crlf", "semicolon", "tab", "quoted", "blank", "decimals", "no_end"])
def test_csv_as_spreadsheets_write_it(answer, kind: str):
    rows = wide_rows(GOOD)
    content = as_csv(rows)
    changed: str | bytes = {
        "bom": "\ufeff" + content,
        "crlf": content.replace("\n", "\r\n"),
        "semicolon": as_csv(rows, delimiter=";"),
        "tab": as_csv(rows, delimiter="\t"),
        "quoted": "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in content.splitlines()),
        "blank": content + "\n\n",
        "decimals": content.replace(",NE,", ", ne ,"),
        "no_end": content.rstrip("\n"),
    }[kind]
    found, expected = answer(changed), answer(content)
    if kind == "blank":
        assert any("2 blank lines" in warning for warning in found["warnings"])
        found["warnings"] = expected["warnings"]
    assert found == expected


def test_blocks_of_a_large_file_add_up(answer, monkeypatch: pytest.MonkeyPatch):
    whole = answer(TWO_WAVES)
    monkeypatch.setattr("prioritization.ratings_file.csv_sheet.CHUNK", 700)
    pieces = answer(TWO_WAVES)
    assert pieces["moments"] == whole["moments"]


# Files drawn


def test_files_are_written(ask, tmp_path: Path):
    drawn, page, data = (tmp_path / name for name in ("a.svg", "a.pdf", "a.json"))
    code, out, err = ask(
        as_csv(wide_rows(GOOD)), "--svg", str(drawn), "--pdf", str(page), "--json", str(data)
    )
    assert (code, err) == (0, "")
    assert out.startswith("300 respondents")
    svg = drawn.read_text()
    assert svg.startswith("<svg")
    for name in MOMENTS:
        assert f", {name}:" in svg
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(page.read_bytes())).pages)
    assert "ratings.csv" in text
    assert "300 respondents" in text
    assert json.loads(data.read_text())["n_respondents"] == 300


def test_a_chart_of_derived_importance_says_its_own_figures(ask, tmp_path: Path):
    rows = [{k: v for k, v in row.items() if not k.startswith(("imp:", "pick"))} for row in wide_rows(GOOD)]
    drawn = tmp_path / "a.svg"
    assert ask(as_csv(rows), "--svg", str(drawn))[0] == 0
    svg = drawn.read_text()
    assert "Derived importance, % of R²" in svg
    assert "mean 16.7%" in svg  # a sixth each, on average


def test_no_chart_without_a_moment_to_place(refused, tmp_path: Path):
    (line,) = refused(as_csv(wide_rows(make_ratings(4))), "--svg", str(tmp_path / "a.svg"))
    assert "no moment" in line


def test_a_place_that_cannot_be_written(refused, tmp_path: Path):
    (line,) = refused(as_csv(wide_rows(GOOD)), "--json", str(tmp_path / "nowhere" / "a.json"))
    assert "cannot be written" in line


# On its own


def test_it_needs_no_settings_and_no_database(tmp_path: Path):
    path = tmp_path / "ratings.csv"
    path.write_text(as_csv(wide_rows(GOOD)))
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "prioritize", str(path)]
    done = subprocess.run(
        [*command, "--language=en", "--json=-", "--svg", str(tmp_path / "a.svg")],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["n_respondents"] == 300
    assert (tmp_path / "a.svg").read_text().startswith("<svg")
    paper = [*command, "--pdf", str(tmp_path / "a.pdf")]
    assert subprocess.run(paper, cwd=tmp_path, env=env, capture_output=True, timeout=120).returncode == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    path.write_text("nothing,known\n1,2\n")
    wrong = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert wrong.returncode == 2
    assert len(wrong.stderr.splitlines()) == 1


def test_the_small_settings_agree_with_the_whole(tmp_path: Path):
    given = small()
    assert given["LANGUAGE_CODE"] in dict(settings.LANGUAGES)
    assert [code for code, _name in given["LANGUAGES"]] == [code for code, _name in settings.LANGUAGES]
    assert given["LOCALE_PATHS"] == settings.LOCALE_PATHS
    assert given["TEMPLATES"][0]["DIRS"] == settings.TEMPLATES[0]["DIRS"]
    assert given["USE_TZ"] == settings.USE_TZ


def test_memory_does_not_grow_with_the_file(tmp_path: Path):
    """A hundred times the respondents, about the same memory: sums are kept, not rows."""
    block = as_csv(wide_rows(GOOD, wave="1")).splitlines()
    head, body = block[0], [line.partition(",")[2] for line in block[1:]]

    def peak(times: int) -> int:
        path = tmp_path / f"{times}.csv"
        with path.open("w") as file:
            file.write(head + "\n")
            for k in range(times):
                file.writelines(f"{k}-{r},{line}\n" for r, line in enumerate(body))
        program = (
            "import resource, sys; sys.argv = ['manage.py', 'prioritize', sys.argv[1], '--json', '-'];"
            "from prioritization.priority_file.start import run\n"
            "try: run(sys.argv)\n"
            "except SystemExit: pass\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=300,
        )
        return int(done.stderr.split()[-1])

    small_peak, large_peak = peak(50), peak(1500)  # 1.2 and 37 MB
    assert large_peak < small_peak + 60_000  # kilobytes
