"""A world with something to report, its files in a directory of its own; and `prioritize`, asked."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from tests.conftest import World
from tests.prioritization.report_world import Told, tell


@pytest.fixture
def told(world: World, settings: LazySettings, tmp_path: Path) -> Told:
    settings.MEDIA_ROOT = tmp_path
    return tell(world)


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """ask(content, *options) -> (exit code, out, err)."""

    def run(content: str | bytes | Path, *options: str, language: str = "en") -> tuple[int, str, str]:
        path = tmp_path / "ratings.csv"
        if isinstance(content, Path):
            path = content
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        code = 0
        try:
            call_command("prioritize", str(path), *options, "--language", language)
        except SystemExit as exit:
            code = int(exit.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def answer(ask):
    """The JSON of a file that is right."""

    def run(content: str | bytes | Path, *options: str) -> Any:
        code, out, err = ask(content, *options, "--json", "-")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


@pytest.fixture
def refused(ask):
    """The lines on standard error of a file that is wrong."""

    def run(content: str | bytes | Path, *options: str) -> Any:
        code, out, err = ask(content, *options)
        assert code == 2
        assert out == ""
        assert "Traceback" not in err
        return err.splitlines()

    return run
