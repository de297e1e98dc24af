"""An opened survey, somebody who was asked, a phone; and a survey that asks everything."""

import pytest
from django.test import Client as Browser

from surveys import instrument
from surveys.models import Invitation, Question, Wave
from tests.surveys.asking import invite, open_survey
from tests.surveys.customers.every_question import opened, questions


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


@pytest.fixture
def extra(world) -> tuple[Invitation, dict[str, Question]]:
    survey = instrument.draft_survey(world.cycle)
    asked = questions(survey)
    return invite(opened(world)), asked
