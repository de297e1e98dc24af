"""Who answered both waves is compared with herself, if the survey is not anonymous."""

import numpy as np
import pytest

from prioritization.analysis.change import ChangeVerdict
from prioritization.linked import linked
from prioritization.matrix import refresh_stale
from surveys.models import Contact, Invitation, Rating, Response, Survey, Wave
from tests.prioritization.answers import wave_of
from tests.prioritization.effects.aimed import ago, aim, begin, moment, only, page


def answer_as(wave: Wave, contacts: list[Contact], satisfaction: np.ndarray) -> None:
    """Contacts answer through their links: (R, M) satisfactions."""
    items = list(wave.survey.items.all())
    for contact, row in zip(contacts, satisfaction, strict=True):
        invitation = Invitation.objects.create(wave=wave, contact=contact, nonce=bytes(16))
        response = Response.objects.create(wave=wave, invitation=invitation)
        Rating.objects.bulk_create(
            Rating(response=response, item=item, importance=4, satisfaction=int(value))
            for item, value in zip(items, row, strict=True)
        )


@pytest.fixture
def contacts(world) -> list[Contact]:
    return [Contact.objects.create(client=world.client, email=f"c{n}@example.org") for n in range(40)]


def panel(world, survey, contacts, anonymous: bool = False) -> tuple[Wave, Wave]:
    """Forty who differ much among themselves and each rise a little."""
    Survey.objects.filter(pk=survey.pk).update(is_anonymous=anonymous)
    survey.refresh_from_db()
    rng = np.random.default_rng(4)
    first = rng.integers(1, 5, (40, 3))
    second = first.copy()
    second[rng.random((40, 3)) < 0.4] += 1
    waves = wave_of(survey, 1, "closed", opened_at=ago(90)), wave_of(survey, 2, "closed", opened_at=ago(10))
    for wave, satisfaction in zip(waves, (first, second), strict=True):
        answer_as(wave, contacts, satisfaction)
    refresh_stale()
    return waves


def test_who_answered_both_waves_is_compared_with_herself(world, consultant, survey, action, contacts):
    baseline, _after = panel(world, survey, contacts)
    begin(action)
    aim(action, baseline)
    outcome = only(world).outcome
    assert outcome.pairs == 40
    assert outcome.verdict == ChangeVerdict.IMPROVED, "two groups would not have shown it"
    assert outcome.high - outcome.low < 0.5
    shown = page(consultant, world, f"cycles/{world.cycle.pk}/plan/effects/")
    assert "40 customers who rated it both times" in shown


def test_anonymous_answers_are_never_linked(world, survey, action, contacts):
    baseline, after = panel(world, survey, contacts, anonymous=True)
    assert linked(baseline, after, [moment().pk], None, 10) is None
    begin(action)
    aim(action, baseline)
    outcome = only(world).outcome
    assert outcome.pairs is None
    assert outcome.verdict == ChangeVerdict.NO_EVIDENCE


def test_a_link_costs_two_statements_and_a_customer_who_came_once_is_no_pair(
    world, survey, contacts, django_assert_num_queries
):
    baseline, after = panel(world, survey, contacts)
    Response.objects.filter(wave=after, invitation__contact=contacts[0]).update(invitation=None)
    queue = moment().pk
    with django_assert_num_queries(2):
        found = linked(baseline, after, [queue], None, 10)
    assert found.counts.tolist() == [39]
