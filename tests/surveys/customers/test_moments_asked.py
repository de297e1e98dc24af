"""Picks, effort, requirements and moments drawn, on the page and in what is stored."""

import pytest

from cycles.models import Moment, Requirement
from prioritization.analysis import picks as analysis
from surveys import answers, instrument, links
from surveys.models import Item, Rating, Response, Wave
from surveys.questionnaire import questionnaire_of
from tests.surveys.asking import invite
from tests.surveys.customers.every_question import opened
from tests.surveys.forms import Form, path_of, press, text_of

# --- Picks --------------------------------------------------------------------------------------


def test_the_codes_of_picks_are_those_of_the_analysis():
    assert (answers.NOT_PICKED, answers.PICKED) == (analysis.NOT_PICKED, analysis.WAS_PICKED)


def test_picks_are_boxes_and_stored_as_picked_or_not(world, customer):
    invitation = invite(opened(world, importance="picks", picks=2))
    page = text_of(customer.get(path_of(invitation)))
    assert "Choose up to 2: what matters most to you" in page
    assert page.count('type="checkbox" name="p"') == 3
    assert "i1" not in Form(page).names
    done = press(customer, path_of(invitation), w1="y", s1="4", w2="n", p=["1", "2"])
    assert done.status_code == 200
    rows = Rating.objects.order_by("item__position").values_list("importance", "satisfaction", "experienced")
    # What matters can also be what one did not go through.
    assert list(rows) == [(2, 4, True), (2, None, False), (1, None, True)]


def test_left_blank_nothing_is_known_of_any(world, customer):
    invitation = invite(opened(world, importance="picks"))
    assert press(customer, path_of(invitation), w1="y", s1="4").status_code == 200
    assert set(Rating.objects.values_list("importance", flat=True)) == {None}


def test_too_many_picks_are_said_in_words_with_all_kept(world, customer):
    invitation = invite(opened(world, importance="picks", picks=2))
    back = press(customer, path_of(invitation), p=["1", "2", "3"])
    assert back.status_code == 422
    assert "You chose 3; leave 2 at most." in text_of(back)
    assert Form(text_of(back)).fields["p"] == ["1", "2", "3"]
    assert not Response.objects.exists()
    strange = press(customer, path_of(invitation), p=["1", "9"])
    assert strange.status_code == 422
    assert "Choose one of the options" in text_of(strange)


# --- Effort -------------------------------------------------------------------------------------


def test_effort_is_asked_from_one_to_seven_with_worded_ends(world, customer):
    invitation = invite(opened(world, asks_effort=True))
    page = text_of(customer.get(path_of(invitation)))
    assert "Lunaria made it easy for you. Do you agree?" in page
    assert page.count('name="effort"') == 7
    assert "Disagree completely" in page
    assert "Agree completely" in page
    assert press(customer, path_of(invitation), effort="8").status_code == 422
    assert press(customer, path_of(invitation), effort="6").status_code == 200
    assert Response.objects.get().effort == 6


def test_effort_that_is_not_asked_is_not_taken(world, customer):
    press(customer, path_of(invite(opened(world))), effort="6", nps="3")
    assert Response.objects.get().effort is None


# --- Requirements -------------------------------------------------------------------------------


@pytest.fixture
def with_requirements(world) -> Wave:
    moment = Moment.objects.get(name="Find the shop")
    survey = instrument.draft_survey(world.cycle)
    for n, name in enumerate(("A sign at the corner", "A map on the site")):
        survey.requirements.add(Requirement.objects.create(moment=moment, name=name, position=n))
    return opened(world)


def test_requirements_stand_under_their_moment_without_importance(with_requirements, customer):
    invitation = invite(with_requirements)
    page = text_of(customer.get(path_of(invitation)))
    assert page.count('<section class="card moment"') == 3
    assert "And in particular:" in page
    assert "A sign at the corner" in page
    names = Form(page).names
    assert {"s1", "s2", "s3", "i1"} <= names
    assert not {"i2", "i3", "w2", "w3"} & names
    done = press(customer, path_of(invitation), w1="y", i1="5", s1="4", s2="2", s3="3")
    assert done.status_code == 200
    rows = Rating.objects.filter(item__position__lt=3).order_by("item__position")
    assert list(rows.values_list("importance", "satisfaction")) == [(5, 4), (None, 2), (None, 3)]
    assert list(rows.values_list("item__is_requirement", flat=True)) == [False, True, True]


def test_not_lived_is_said_of_its_requirements_too(with_requirements, customer):
    invitation = invite(with_requirements)
    press(customer, path_of(invitation), w1="n", s2="5", s3="5", nps="3")
    rows = Rating.objects.filter(item__position__lt=3)
    assert set(rows.values_list("satisfaction", "experienced")) == {(None, False)}


def test_a_requirement_that_was_begun_is_a_gap(with_requirements, customer):
    back = press(customer, path_of(invite(with_requirements)), w1="y", i1="5", s1="4", s2="2")
    assert back.status_code == 422
    assert "Go to “A map on the site: How did it go?”" in text_of(back)


def test_a_requirement_without_its_moment_stands_alone(with_requirements, customer):
    """As from a file, or from a survey of before."""
    item = Item.objects.filter(is_requirement=True).earliest("position")
    Item.objects.filter(survey=item.survey, is_requirement=False, moment=item.moment).delete()
    asked = questionnaire_of(item.survey, list(item.survey.items.all()))
    assert [moment.item.is_requirement for moment in asked.moments] == [True, True, False, False]
    assert all(not moment.parts for moment in asked.moments)


def test_where_moments_are_gone_from_the_map_the_page_stays(with_requirements, customer):
    invitation = invite(with_requirements)
    before = Form(text_of(customer.get(path_of(invitation)))).names
    items = Item.objects.filter(survey=with_requirements.survey)
    items.update(moment=None, requirement=None)
    asked = questionnaire_of(with_requirements.survey, list(items.order_by("position")))
    assert [len(moment.parts) for moment in asked.moments] == [2, 0, 0]
    assert Form(text_of(customer.get(path_of(invitation)))).names == before


# --- Critical moments and k drawn ---------------------------------------------------------------


@pytest.fixture
def drawing(world) -> Wave:
    stage = Moment.objects.get(name="Find the shop").stage
    Moment.objects.update(is_critical=False)
    Moment.objects.filter(name="Queue at the till").update(is_critical=True)
    last = stage.moments.order_by("position").last().position
    for n in range(6):
        Moment.objects.create(stage=stage, position=last + 1 + n, name=f"Other {n}")
    return opened(world, drawn=2)


def asked_of(invitation) -> tuple[int, ...]:
    return questionnaire_of(invitation.wave.survey).drawn_for(links.draw_seed(invitation)).choice


def test_the_critical_ones_and_as_many_drawn_as_said(drawing, customer):
    critical = Item.objects.get(is_critical=True).position + 1
    invitations = [invite(drawing, f"c{n}@example.org") for n in range(200)]
    choices = [asked_of(invitation) for invitation in invitations]
    assert all(len(choice) == 3 and critical in choice for choice in choices)
    # Each of the eight others has its share of 2 in 8, give or take four standard errors.
    for number in set(range(1, 10)) - {critical}:
        share = sum(number in choice for choice in choices) / len(choices)
        assert abs(share - 0.25) < 4 * (0.25 * 0.75 / 200) ** 0.5


def test_a_link_asks_the_same_whenever_it_opens(drawing, customer):
    one, two = invite(drawing, "a@example.org"), invite(drawing, "b@example.org")
    pages = [Form(text_of(customer.get(path_of(one)))).names for _ in range(3)]
    assert pages[0] == pages[1] == pages[2]
    assert {asked_of(invite(drawing, f"d{n}@example.org")) for n in range(10)} != {asked_of(one)}
    assert "3 of 6" in text_of(customer.get(path_of(two)))
    assert "6 questions" in text_of(customer.get(path_of(two)))


def test_not_asked_is_no_row(drawing, customer):
    invitation = invite(drawing)
    asked = asked_of(invitation)
    ghost = next(n for n in range(1, 10) if n not in asked)
    first = asked[0]
    press(
        customer, path_of(invitation),
        **{f"w{first}": "y", f"i{first}": "5", f"s{first}": "4", f"s{ghost}": "1", f"i{ghost}": "1"},
    )  # fmt: skip
    rows = Rating.objects.select_related("item")
    assert {row.item.position + 1 for row in rows} == set(asked)
    assert rows.get(satisfaction=4).item.position + 1 == first


def test_what_is_said_of_everybody_counts_what_each_is_asked(drawing):
    assert questionnaire_of(drawing.survey).length == 6
