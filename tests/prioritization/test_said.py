"""You said, we did: what customers see of actions that are done."""

import pytest
from django.utils import timezone

from cycles.models import Action, ActionPlan
from prioritization import said
from prioritization.models import SaidPage, SaidQuote
from surveys.models import Response
from tests.prioritization.answers import answer, survey_of, wave_of


@pytest.fixture
def action(world):
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    return Action.objects.create(
        plan=plan,
        number=1,
        name="Second till",
        status="done",
        done_on=timezone.localdate(),
        is_publishable=True,
        said="The queue is long.",
        did="There is a second till.",
    )


def page(world, more=""):
    return world.url(f"cycles/{world.cycle.pk}/you-said/{more}")


def opened(world, consultant):
    consultant.post(page(world, "open/"))
    return "/d/" + said.token_of(SaidPage.objects.get()) + "/"


def test_it_is_looked_at_before_it_is_opened_and_seen_by_whoever_has_the_link(
    world, consultant, customer, action
):
    shown = consultant.get(page(world)).content.decode()
    assert "There is a second till." in shown
    assert not SaidPage.objects.exists(), "looking writes nothing"
    closed = said.token_of(said.page_of(world.cycle))
    assert customer.get(f"/d/{closed}/").status_code == 404
    address = opened(world, consultant)
    seen = customer.get(address)
    assert seen.status_code == 200
    assert seen["X-Robots-Tag"] == "noindex, nofollow"
    assert "The queue is long." in seen.content.decode()
    assert "There is a second till." in seen.content.decode()
    assert "Client of alba" in seen.content.decode()
    assert "Second till" not in seen.content.decode(), "the plan's own words are not for customers"
    customer.get(address)
    assert SaidPage.objects.get().views == 2


@pytest.mark.parametrize(
    "change",
    [
        {"status": "doing"},
        {"is_publishable": False},
        {"said": ""},
        {"did": ""},
        {"deleted_at": timezone.now()},
    ],
)
def test_what_is_not_done_not_marked_or_without_words_is_not_there(
    world, consultant, customer, action, change
):
    address = opened(world, consultant)
    Action.objects.update(**change)
    assert "The queue is long." not in customer.get(address).content.decode()


def test_nothing_is_opened_that_is_empty(world, consultant, action):
    Action.objects.update(status="doing")
    consultant.post(page(world, "open/"))
    assert not SaidPage.objects.filter(published_at__isnull=False).exists()
    assert "Marked, but not on the page" in consultant.get(page(world)).content.decode()


def test_a_closed_page_is_gone_and_its_link_never_comes_back(world, consultant, customer, action):
    first = opened(world, consultant)
    consultant.post(page(world, "close/"))
    assert customer.get(first).status_code == 404
    second = opened(world, consultant)
    assert first != second
    assert customer.get(first).status_code == 404
    assert customer.get(second).status_code == 200
    other = second[:5] + ("A" if second[5] != "A" else "B") + second[6:]
    for wrong in ("x", "x" * 52, other[3:-1], second[3:-2] + "!"):
        assert customer.get(f"/d/{wrong}/").status_code == 404


def test_the_words_at_the_top_are_the_consultants(world, consultant, customer, action):
    consultant.post(page(world, "words/"), {"intro": "Thank you <b>all</b>."})
    address = opened(world, consultant)
    assert "Thank you &lt;b&gt;all&lt;/b&gt;." in customer.get(address).content.decode()
    assert consultant.post(page(world, "words/"), {"intro": "x" * 601}).status_code == 422


def test_a_comment_is_quoted_only_where_somebody_vouches_for_the_consent(world, consultant, customer, action):
    wave = wave_of(survey_of(world.cycle), 1)
    answer(wave, [(4, 2), (4, 3), (5, 1)], times=2)
    first, second = Response.objects.order_by("pk")
    Response.objects.filter(pk=first.pk).update(comment="I stood there for an hour.")
    quotes = world.url(f"actions/{action.pk}/quotes/")
    assert "I stood there for an hour." in consultant.get(quotes).content.decode()
    assert consultant.post(quotes, {"response": first.pk}).status_code == 422
    assert consultant.post(quotes, {"response": second.pk, "agreed": "1"}).status_code == 422, "no comment"
    assert consultant.post(quotes, {"response": first.pk, "agreed": "1"}).status_code == 302
    address = opened(world, consultant)
    assert "I stood there for an hour." in customer.get(address).content.decode()
    assert SaidQuote.objects.get().agreed_by == world.consultant
    consultant.post(world.url(f"quotes/{SaidQuote.objects.get().pk}/remove/"))
    assert "I stood there for an hour." not in customer.get(address).content.decode()


def test_comments_of_anonymous_surveys_and_of_other_clients_are_not_offered(
    world, stranger, consultant, action
):
    wave = wave_of(survey_of(world.cycle), 1)
    answer(wave, [(4, 2), (4, 3), (5, 1)])
    Response.objects.update(comment="kanari")
    theirs = wave_of(survey_of(stranger.cycle), 1)
    answer(theirs, [(4, 2), (4, 3), (5, 1)])
    Response.objects.filter(wave=theirs).update(comment="boreal")
    quotes = world.url(f"actions/{action.pk}/quotes/")
    shown = consultant.get(quotes).content.decode()
    assert "kanari" in shown
    assert "boreal" not in shown
    foreign = Response.objects.get(wave=theirs)
    assert consultant.post(quotes, {"response": foreign.pk, "agreed": "1"}).status_code == 422
    type(wave.survey).objects.filter(pk=wave.survey_id).update(is_anonymous=True)
    assert "kanari" not in consultant.get(quotes).content.decode()
