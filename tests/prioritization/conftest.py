"""A world with something to report, its files in a directory of its own."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.conftest import World
from tests.prioritization.report_world import Told, tell


@pytest.fixture
def told(world: World, settings: LazySettings, tmp_path: Path) -> Told:
    settings.MEDIA_ROOT = tmp_path
    return tell(world)
