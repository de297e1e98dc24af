"""The planner of a sample: page and line beside the recipients."""

import pytest

from prioritization.sampling import needed, usual_rate
from surveys import instrument
from surveys.models import Contact, Response, Wave
from tests.surveys.asking import invite, open_survey


def text(response):
    return response.content.decode()


@pytest.fixture
def ask(world, consultant):
    usual = {
        "what": "share",
        "margin": "5",
        "spread": "",
        "confidence": "0.95",
        "population": "",
        "rate": "25",
    }
    return lambda **told: consultant.get(world.url(f"cycles/{world.cycle.pk}/sample/"), {**usual, **told})


@pytest.mark.parametrize(
    ("told", "answers", "invitations"),
    [
        # 1.96^2 x .25/.05^2 = 384.1; of 1,000 people 277.7; 1.96^2 x 1.2^2/.1^2 = 553.2.
        ({}, 385, 1540),
        ({"population": "1000"}, 278, 1112),
        ({"what": "mean", "margin": "0.1", "spread": "1.2"}, 554, 2216),
        # 1.96^2/.1^2, the worst case; 2 (1.96 + .8416)^2 x 1.1^2/.3^2.
        ({"what": "nps", "margin": "10"}, 385, 1540),
        ({"what": "change", "margin": "0.3", "spread": "1.1", "rate": "50"}, 212, 424),
    ],
)
def test_how_many(ask, told, answers, invitations):
    response = ask(**told)
    assert response.status_code == 200
    shown = response.context["plan"].sample
    assert (shown.needed, shown.invitations) == (answers, invitations)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"margin": "0"}, "More than zero."),
        ({"margin": "100"}, "Less than 100."),
        ({"what": "mean"}, "A mean needs the spread of the ratings."),
        ({"rate": "0"}, "greater than or equal to 1"),
        ({"population": "many"}, "Enter a whole number."),
        ({"confidence": "2"}, "2"),
    ],
)
def test_what_cannot_be_reckoned_is_said_at_its_field(ask, told, said):
    response = ask(**told)
    assert response.status_code == 422
    assert said in text(response)
    assert response.context["plan"] is None


def test_too_few_customers_is_said(ask):
    assert "not so many customers" in text(ask(population="300"))
    assert "not so many customers" not in text(ask(population="3000"))


def test_fewer_contacts_than_invitations_are_told_with_what_to_do(ask, world):
    assert "Import more contacts" not in text(ask())
    Contact.objects.bulk_create(Contact(client=world.client, email=f"c{n}@x.example") for n in range(30))
    shown = text(ask())
    assert "Only 30 contacts of the client may be asked. Import more contacts" in shown
    assert "Import more contacts" not in text(ask(margin="40"))  # 7 answers, 28 invitations
    assert "Import more contacts" not in text(ask(population="300")), "one warning is enough"


def test_the_population_is_who_may_be_asked(world, consultant):
    for n in range(4):
        Contact.objects.create(client=world.client, email=f"c{n}@example.org")
    Contact.objects.filter(email="c0@example.org").update(bounced_at="2026-01-01T00:00Z")
    response = consultant.get(world.url(f"cycles/{world.cycle.pk}/sample/"))
    assert "3 contacts of the client may be asked." in text(response)
    assert response.context["plan"].population == 3


def test_a_client_without_contacts_is_told_in_words(world, consultant):
    page = text(consultant.get(world.url(f"cycles/{world.cycle.pk}/sample/")))
    assert "Nobody may be asked" in page
    assert "0 contacts" not in page


def test_the_rate_is_that_of_the_last_wave(world):
    wave = open_survey(world.cycle)
    assert usual_rate(world.cycle) == 0.25
    invitations = [invite(wave, f"c{n}@example.org") for n in range(40)]
    for invitation in invitations[:24]:
        Response.objects.create(wave=wave, invitation=invitation)
    assert usual_rate(world.cycle) == 0.6


def test_it_stands_beside_the_recipients(world, consultant):
    wave = Wave.objects.get(survey=instrument.draft_survey(world.cycle))
    assert needed(wave) is None
    wave.recipients.add(
        *[Contact.objects.create(client=world.client, email=f"c{n}@x.example") for n in range(50)]
    )
    shown = text(consultant.get(world.url(f"waves/{wave.pk}/")))
    # 384.1 of many are 44.5 of 50.
    told = "For ±5 points it takes 45 answers. If 25% answer, asking everybody on the list brings about 12."
    assert told in shown
    assert world.url(f"cycles/{world.cycle.pk}/sample/") in shown


def test_the_list_of_waves(world, consultant):
    wave = open_survey(world.cycle)
    for n in range(4):
        invitation = invite(wave, f"c{n}@example.org")
        if n:
            Response.objects.create(wave=wave, invitation=invitation)
    instrument.close_wave(wave)
    second = instrument.next_wave(wave.survey)
    shown = text(consultant.get(world.url(f"waves/{second.pk}/")))
    assert '<td class="r">4</td><td class="r">3</td><td class="r">75%</td>' in shown
    assert '<td class="r">0</td><td class="r">0</td><td class="r">–</td>' in shown
