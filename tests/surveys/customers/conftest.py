"""An opened survey, somebody who was asked, and a phone."""

import pytest
from django.test import Client as Browser

from surveys.models import Invitation, Wave
from tests.surveys.asking import invite, open_survey


@pytest.fixture
def wave(world) -> Wave:
    return open_survey(world.cycle)


@pytest.fixture
def invitation(wave) -> Invitation:
    return invite(wave)


@pytest.fixture
def phone() -> Browser:
    """No cookies kept, CSRF checks on."""
    return Browser(enforce_csrf_checks=True)
