"""One answer a link, whatever happens at the same time; numbers and the kinds of no number."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from surveys import links
from surveys.answers import Answers, Rated, Reading
from surveys.form_reader import read_answers
from surveys.intake import Outcome, record_response
from surveys.models import Contact, Invitation, Item, Rating, Response, Wave
from surveys.questionnaire import questionnaire_of
from surveys.wording import words
from tests.surveys.asking import invite, open_survey


@pytest.fixture
def wave(world) -> Wave:
    return open_survey(world.cycle)


def read(wave: Wave, **data: str) -> Reading:
    return read_answers(questionnaire_of(wave.survey), data, words("en", "tu"))


def answers(wave: Wave, **data: str) -> Answers:
    return read(wave, **data).answers


def test_the_states_of_a_rating_are_told_apart(wave):
    invitation = invite(wave, attributes={"shop": "Mirador"})
    given = answers(
        wave, w1="y", i1="5", s1="2", w2="n", i2="4", s2="4", overall="3", nps="0", comment=" Fine.\r\nBye "
    )
    receipt = record_response(invitation, given, "en")
    assert receipt.outcome is Outcome.RECORDED
    items = list(Item.objects.values_list("pk", flat=True))
    rows = {row.item_id: row for row in Rating.objects.all()}
    lived, not_lived, blank = (rows[pk] for pk in items)
    assert (lived.importance, lived.satisfaction, lived.experienced) == (5, 2, True)
    # What "No" hides is not taken, even if a browser sent it.
    assert (not_lived.importance, not_lived.satisfaction, not_lived.experienced) == (None, None, False)
    assert (blank.importance, blank.satisfaction, blank.experienced) == (None, None, True)
    response = Response.objects.get()
    assert (response.overall, response.nps, response.comment) == (3, 0, "Fine.\nBye")
    assert response.segments == {"shop": "Mirador"}
    assert response.language == "en"
    assert response.wave == wave


def test_the_segments_stay_as_they_were(wave):
    invitation = invite(wave, attributes={"shop": "Mirador"})
    record_response(invitation, answers(wave, nps="9"), "en")
    Contact.objects.update(attributes={"shop": "Centro"})
    assert Response.objects.get().segments == {"shop": "Mirador"}


def test_an_answer_is_one_statement_on_sqlite_two(wave, django_assert_num_queries):
    invitation = links.invitation_for(links.token_for(invite(wave)))
    assert invitation
    given = answers(wave, w1="y", i1="5", s1="2")
    # The savepoint of the test around them counts two.
    with django_assert_num_queries(3 if connection.vendor == "postgresql" else 4):
        record_response(invitation, given, "en")


def test_the_same_answers_again_and_others(wave):
    invitation = invite(wave)
    first = record_response(invitation, answers(wave, nps="9"), "en")
    again = record_response(invitation, answers(wave, nps="9"), "es")
    other = record_response(invitation, answers(wave, nps="8"), "en")
    assert again.outcome is Outcome.SAME_AGAIN
    assert other.outcome is Outcome.ANSWERED_BEFORE
    assert first.response == again.response == other.response
    assert Response.objects.get().nps == 9


def test_a_broken_rule_is_not_taken_for_an_answer_given_before(wave):
    impossible = Answers((), overall=None, nps=11, comment="")
    with pytest.raises(IntegrityError):
        record_response(invite(wave), impossible, "en")
    assert not Response.objects.exists()


def test_response_and_ratings_come_together_or_not_at_all(wave):
    item = Item.objects.earliest("position")
    twice = Answers((Rated(item.pk, 1, 1, True), Rated(item.pk, 2, 2, True)), None, None, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        record_response(invite(wave), twice, "en")
    assert not Response.objects.exists()
    assert not Rating.objects.exists()


def test_a_digest_tells_answers_apart():
    some = Answers((Rated(1, 5, 2, True),), 3, None, "a")
    assert some.digest == Answers((Rated(1, 5, 2, True),), 3, None, "a").digest
    others = [
        Answers((Rated(1, 5, 3, True),), 3, None, "a"),
        Answers((Rated(1, None, None, False),), 3, None, "a"),
        Answers((Rated(1, 5, 2, True),), None, 3, "a"),
        Answers((Rated(1, 5, 2, True),), 3, None, "b"),
    ]
    assert len({some.digest, *(other.digest for other in others)}) == 5


# --- Reading a form -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["0", "6", "-1", "99", "3.0", " 3", "+3", "٣", "x", "3\n", "1e0", "5" * 5000]
)
def test_only_a_number_of_the_scale_is_a_number(wave, value):
    reading = read(wave, i1="3", s1=value)
    assert reading.answers.ratings[0].satisfaction is None
    assert [(fault.anchor, fault.is_gap) for fault in reading.faults] == [("s1", False)]
    assert reading.message("s1") == "Choose a number from 1 to 5"
    assert not reading.only_gaps


@pytest.mark.parametrize("name", ["overall", "nps"])
def test_out_of_its_scale(wave, name):
    assert [fault.anchor for fault in read(wave, **{name: "11"}).faults] == [name]


def test_the_ends_of_the_scales(wave):
    given = answers(wave, i1="1", s1="5", overall="1", nps="10")
    assert (given.ratings[0].importance, given.ratings[0].satisfaction) == (1, 5)
    assert (given.overall, given.nps) == (1, 10)
    assert answers(wave, nps="0").nps == 0


@pytest.mark.parametrize(
    ("data", "gaps"),
    [
        ({}, []),
        ({"w1": "n"}, []),
        ({"w1": "y"}, ["i1", "s1"]),
        ({"i1": "4"}, ["s1"]),
        ({"s2": "4"}, ["i2"]),
        ({"w1": "y", "i1": "4", "s1": "4"}, []),
    ],
)
def test_what_was_begun_wants_to_be_finished(wave, data, gaps):
    reading = read(wave, **data)
    assert [fault.anchor for fault in reading.faults] == gaps
    assert all(fault.is_gap for fault in reading.faults)


def test_neither_yes_nor_no(wave):
    assert [fault.anchor for fault in read(wave, w1="perhaps").faults] == ["w1"]


def test_what_is_not_asked_is_not_taken(world):
    wave = open_survey(world.cycle, importance="none", asks_overall=False, asks_nps=False, asks_comment=False)
    reading = read(wave, i1="4", s1="2", overall="4", nps="9", comment="hello")
    assert not reading.faults
    assert reading.answers.ratings[0] == Rated(Item.objects.earliest("position").pk, None, 2, True)
    assert (reading.answers.overall, reading.answers.nps, reading.answers.comment) == (None, None, "")


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb", "a\x85b", "a\udcffb"])
def test_a_comment_loses_what_nobody_types(wave, text):
    assert answers(wave, comment=text).comment == "ab"


def test_a_comment_of_another_script_stays(wave):
    text = "مرحبا 👩‍👩‍👧 ñandú\n\ttab"
    assert answers(wave, comment=text).comment == text


def test_a_comment_too_long(wave):
    assert not read(wave, comment="x" * 4000).faults
    assert (
        read(wave, comment="x" * 4001).message("comment")
        == "There is room for 4000 characters; this has 4001."
    )


def test_an_opened_survey_is_read_once(wave, django_assert_num_queries):
    questionnaire_of(wave.survey)
    with django_assert_num_queries(0):
        asked = questionnaire_of(Wave.objects.none().model(survey=wave.survey).survey)
    assert [moment.item.text("en") for moment in asked.moments] == [
        "Find the shop",
        "Be greeted",
        "Queue at the till",
    ]


# --- At the same time ---------------------------------------------------------------------------

LINKS, PRESSES = 50, 8


def press_all_at_once(invitations: list[Invitation], take) -> list[object]:
    """Each link is pressed by several people in the same instant; what each press led to."""
    barrier = threading.Barrier(PRESSES)
    outcomes: list[object] = []

    def person(n: int) -> None:
        try:
            for invitation in invitations:
                barrier.wait(timeout=60)
                outcomes.append(take(invitation, n))
        finally:
            connection.close()

    people = [threading.Thread(target=person, args=(n,)) for n in range(PRESSES)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join(timeout=120)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_pressed_eight_times_at_once_a_link_answers_once(world):
    wave = open_survey(world.cycle)
    invitations = [invite(wave, f"c{n}@example.org") for n in range(LINKS)]

    outcomes = press_all_at_once(
        invitations,
        lambda invitation, n: (
            record_response(invitation, answers(wave, nps=str(n), i1="3", s1="3"), "en").outcome
        ),
    )

    assert len(outcomes) == LINKS * PRESSES
    assert outcomes.count(Outcome.RECORDED) == LINKS
    assert outcomes.count(Outcome.ANSWERED_BEFORE) == LINKS * (PRESSES - 1)
    assert Response.objects.count() == LINKS
    assert Response.objects.values("invitation").distinct().count() == LINKS
    assert Rating.objects.count() == LINKS * 3


@pytest.mark.django_db(transaction=True)
def test_looking_first_would_not_do(world):
    """The same presses, without the database's rule to lean on: this is what it is there for."""
    wave = open_survey(world.cycle)
    invitations = [invite(wave, f"c{n}@example.org") for n in range(LINKS)]
    together = threading.Barrier(PRESSES)

    def look_then_write(invitation: Invitation, n: int) -> bool:
        answered = Response.objects.filter(wave=wave, comment=str(invitation.pk)).exists()
        together.wait(timeout=60)
        if not answered:
            Response.objects.create(wave=wave, comment=str(invitation.pk), nps=n)
        return answered

    press_all_at_once(invitations, look_then_write)

    assert Response.objects.count() > LINKS
