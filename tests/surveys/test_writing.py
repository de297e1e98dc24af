"""An answer is written as the models say, in one statement where the database can."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from surveys.answers import Rated
from surveys.links import invitation_for, token_for
from surveys.models import Contact, Invitation, Item, Rating, Response, Wave
from surveys.writing import RATED, write
from tests.surveys.asking import invite, open_survey


@pytest.fixture
def wave(world) -> Wave:
    return open_survey(world.cycle)


def rated_of(wave: Wave) -> list[Rated]:
    a, b, c = Item.objects.filter(survey=wave.survey).order_by("position").values_list("pk", flat=True)
    return [Rated(a, 5, 2, True), Rated(b, None, None, False), Rated(c, None, 4, True)]


def test_every_field_of_the_response_arrives_and_every_rating(wave):
    given = {
        "wave": wave,
        "invitation": invite(wave),
        "submitted_at": datetime(2026, 3, 1, 10, 30, 15, 123456, tzinfo=UTC),
        "language": "en",
        "overall": 4,
        "nps": 9,
        "effort": 7,
        "extra": {"12": [0, 2], "13": 'a "quoted" é {x} %s'},
        "tags": ["price", "100%"],
        "comment": 'It\'s {fine} 100 % \\ "so"\n—',
        "weight": 1.25,
        "segments": {"shop": "Mirador"},
        "digest": "d" * 64,
        "wants_contact": True,
    }
    written = {field.name for field in Response._meta.concrete_fields} - {"id", "open_link"}
    assert written == set(given), "a new field: say here what is written in it"
    response = Response(**given)
    write(response, rated_of(wave))
    stored = Response.objects.get()
    assert stored.pk == response.pk
    assert {name: getattr(stored, name) for name in given} == given
    rows = list(Rating.objects.order_by("item__position").values_list(*RATED))
    assert rows == [tuple(getattr(one, name) for name in RATED) for one in rated_of(wave)]
    stored.comment = "Changed"
    response.comment = "Saved again"
    response.save()  # the object knows that it is stored
    assert Response.objects.get().comment == "Saved again"


def test_a_response_without_ratings_is_one_too(wave):
    write(Response(wave=wave, comment="Only this"), [])
    assert Response.objects.get().ratings.count() == 0


def test_a_refused_rating_leaves_nothing(wave):
    wrong = [*rated_of(wave)[:2], Rated(rated_of(wave)[2].item_id, 11, 4, True)]
    with pytest.raises(IntegrityError):
        write(Response(wave=wave), wrong)
    assert not Response.objects.exists()
    assert not Rating.objects.exists()


def test_the_link_gives_the_invitation_that_a_query_gives(wave, django_assert_num_queries):
    """surveys/links.py keeps its statement; the objects are the same, with what is missing missing."""
    with_contact = invite(wave, attributes={"shop": "Mirador"})
    erased = invite(wave, email="gone@example.org")
    Contact.objects.filter(pk=erased.contact_id).delete()
    write(Response(wave=wave, invitation=with_contact), [])
    related = "wave__survey", "contact", "response", "draft"
    for one in (with_contact, erased):
        expected = Invitation.objects.select_related(*related).get(pk=one.pk)
        with django_assert_num_queries(1):
            found = invitation_for(token_for(expected))
            assert found is not None
            assert_read(found, expected)
            assert_read(found.wave, expected.wave)
            assert_read(found.wave.survey, expected.wave.survey)
            assert (found.contact is None) == (expected.contact is None)
            if found.contact:
                assert_read(found.contact, expected.contact)
            assert hasattr(found, "response") == hasattr(expected, "response")
            if hasattr(found, "response"):
                assert_read(found.response, expected.response)
    assert invitation_for(token_for(Invitation(pk=10**9, nonce=bytes(16)))) is None


def assert_read(found, expected) -> None:
    """What was read of it is what the query gives; the page does not need the rest."""
    assert found == expected
    read = {field.attname for field in found._meta.concrete_fields} - found.get_deferred_fields()
    assert {name: plain(getattr(found, name)) for name in read} == {
        name: plain(getattr(expected, name)) for name in read
    }


def plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def test_a_notice_is_kept_for_its_own_survey_only(world, wave, customer):
    """Two surveys that differ only in how they address people, or in whom to write to."""
    invitation = invite(wave)
    write(Response(wave=wave, invitation=invitation), [])

    def page(**changed: str) -> str:
        type(wave.survey).objects.filter(pk=wave.survey_id).update(**changed)
        return customer.get(f"/s/{token_for(invitation)}/?lang=es").content.decode()

    first = page(contact_address="a@alba.example", address="tu")
    assert "a@alba.example" in first
    assert "b@alba.example" in page(contact_address="b@alba.example")
    assert page(contact_address="a@alba.example", address="usted") != first
    assert page(address="tu") == first
