"""What cannot be run everywhere is at least read and held to its promises."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cyclemap.serving import web_command

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_has_every_part(compose):
    assert set(compose["services"]) == {"migrate", "web", "worker", "beat", "postgres", "redis", "mail"}


def test_images_are_pinned_to_a_patch_version(compose):
    images = [service["image"] for service in compose["services"].values()]
    images.append(re.search(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.M)[1])
    loose = [image for image in images if not re.search(r":v?\d+\.\d+(\.\d+)?(-|$)", image)]
    assert not loose


def test_compose_uses_the_postgresql_of_the_tests(compose):
    # The reference machine, Debian 12, has PostgreSQL 15.
    assert compose["services"]["postgres"]["image"].startswith("postgres:15.")


def test_every_service_that_serves_is_watched(compose):
    for name in ("web", "worker", "postgres", "redis", "mail"):
        assert compose["services"][name]["healthcheck"]["test"], name


def test_nothing_starts_before_the_one_migration(compose):
    for name in ("web", "worker", "beat"):
        waits_for = compose["services"][name]["depends_on"]
        assert waits_for["migrate"]["condition"] == "service_completed_successfully", name


def test_the_image_does_not_run_as_root():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert dockerfile.index("\nUSER cyclemap") < dockerfile.index("\nCMD ")


def test_the_image_serves_as_the_tests_do():
    command = json.loads(re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.M)[1])
    assert command == web_command(8000, host="0.0.0.0")


def test_every_variable_is_documented():
    read = set()
    for path in [ROOT / "cyclemap" / "settings.py", ROOT / "cyclemap/management/commands/serve.py"]:
        read |= set(re.findall(r"env(?:iron)?(?:\.(?!setdefault)\w+)?\(\s*\"([A-Z_]+)\"", path.read_text()))
    read |= set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    documented = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert read - documented == set()
    assert documented - read - {"DATABASE_URL", "REDIS_URL"} == set()


def test_lock_files_hold_no_address():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt", "vendor.lock"):
        assert not re.search(r"https?://|file://|--index|--find-links", (ROOT / name).read_text()), name


def test_vendored_files_are_what_the_lock_says():
    done = subprocess.run(
        [sys.executable, ROOT / "tools/vendor.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_dependencies_say_why():
    lines = (ROOT / "pyproject.toml").read_text().split("dependencies = [")[1].split("\n]")[0].splitlines()
    unexplained = [line.strip() for line in lines if line.strip().startswith('"') and "#" not in line]
    assert not unexplained
