"""The database holds the rules: a bad row is refused whatever the code does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from surveys import instrument
from surveys.models import (
    Campaign,
    Contact,
    ContactFile,
    Invitation,
    Item,
    OutgoingMail,
    Rating,
    Response,
    Survey,
    Wave,
)


@pytest.fixture
def wave(world):
    return instrument.open_wave(Wave.objects.get(survey=instrument.draft_survey(world.cycle)))


@pytest.fixture
def invitation(world, wave):
    contact = Contact.objects.create(client=world.client, email="ana@correo.example")
    return Invitation.objects.create(wave=wave, contact=contact, nonce=b"n" * 16)


@pytest.fixture
def response(wave, invitation):
    return Response.objects.create(wave=wave, invitation=invitation)


def refused(constraint, model, /, **fields):
    """The row is refused, and by the constraint meant."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        model.objects.create(**fields)
    return constraint in str(error.value) or "UNIQUE" in str(error.value)


def test_a_contact_once_a_client_whatever_the_case(world, stranger):
    Contact.objects.create(client=world.client, email="ana@correo.example")
    assert refused("contact_once_a_client", Contact, client=world.client, email="ANA@correo.example")
    Contact.objects.create(client=stranger.client, email="ana@correo.example")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("survey_scale_known", {"scale_max": 6}),
        ("survey_respondent_known", {"respondent": "dog"}),
        ("survey_address_known", {"address": "vos"}),
    ],
)
def test_a_survey(world, name, fields):
    assert refused(name, Survey, cycle=world.cycle, name="S", brand="B", **fields)


def test_an_item_once_a_place_and_once_a_moment(wave):
    item = Item.objects.filter(survey=wave.survey).first()
    assert refused("item_position_once_a_survey", Item, survey=wave.survey, position=item.position)
    assert refused("item_once_a_moment", Item, survey=wave.survey, position=99, moment=item.moment)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("wave_number_once_a_survey", {"number": 1}),
        # Both constraints refuse it; PostgreSQL names one, SQLite the other.
        ("wave_", {"number": 2, "status": "odd"}),
        ("wave_dates_go_with_status", {"number": 2, "status": "open"}),
        ("wave_dates_go_with_status", {"number": 2, "opened_at": timezone.now()}),
        ("wave_dates_go_with_status", {"number": 2, "status": "closed", "opened_at": timezone.now()}),
    ],
)
def test_a_wave(wave, name, fields):
    assert refused(name, Wave, survey=wave.survey, name="W", **fields)


def test_a_list_is_emptied_once_imported(wave):
    assert refused(
        "contact_file_emptied_once_imported",
        ContactFile,
        wave=wave,
        text="a@b.example",
        imported_at=timezone.now(),
    )


def test_one_list_a_wave(wave):
    ContactFile.objects.create(wave=wave)
    assert refused("wave", ContactFile, wave=wave)


def test_an_invitation_once_a_wave(wave, invitation):
    assert refused("invitation_once_a_wave", Invitation, wave=wave, contact=invitation.contact, nonce=b"x")


def test_a_mail_once_a_round_and_once_a_message_id(wave, invitation):
    campaign = Campaign.objects.get(wave=wave)
    whole = {"campaign": campaign, "invitation": invitation, "recipient": "ana@correo.example"}
    OutgoingMail.objects.create(message_id="<1@x>", **whole)
    assert refused("mail_once_a_round", OutgoingMail, message_id="<2@x>", **whole)
    assert refused("message_id", OutgoingMail, message_id="<1@x>", round=1, **whole)
    assert refused("mail_state_known", OutgoingMail, message_id="<3@x>", round=2, state="lost", **whole)


def test_one_answer_an_invitation(wave, invitation, response):
    assert refused("invitation", Response, wave=wave, invitation=invitation)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("response_nps_in_range", {"nps": 11}),
        ("response_overall_in_range", {"overall": 0}),
        ("response_overall_in_range", {"overall": 11}),
    ],
)
def test_a_response(wave, name, fields):
    assert refused(name, Response, wave=wave, **fields)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("rating_importance_in_range", {"importance": 0}),
        ("rating_importance_in_range", {"importance": 11}),
        ("rating_satisfaction_in_range", {"satisfaction": 0}),
        ("rating_satisfaction_in_range", {"satisfaction": 11}),
        ("rating_no_satisfaction_without_experience", {"experienced": False, "satisfaction": 3}),
    ],
)
def test_a_rating(wave, response, name, fields):
    item = Item.objects.filter(survey=wave.survey).first()
    assert refused(name, Rating, response_id=response.pk, item_id=item.pk, **fields)


def test_a_rating_once_an_item(wave, response):
    item = Item.objects.filter(survey=wave.survey).first()
    Rating.objects.create(response_id=response.pk, item_id=item.pk, satisfaction=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.bulk_create([Rating(response_id=response.pk, item_id=item.pk, satisfaction=4)])


def test_a_wave_is_open_until_its_closing_day_is_over(wave):
    today = timezone.localdate()
    wave.closes_on = today
    assert wave.is_open
    wave.closes_on = today - timedelta(days=1)
    assert not wave.is_open
