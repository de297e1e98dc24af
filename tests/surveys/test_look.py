"""The preview in its frame, and the settings of a closed survey as a new draft."""

import pytest

from cycles.models import Moment, Requirement
from surveys import extra, instrument
from surveys.models import Campaign, Question, Respondent, Response, Survey, Visit, Wave


@pytest.fixture
def survey(world):
    survey = instrument.draft_survey(world.cycle)
    Survey.objects.filter(pk=survey.pk).update(language="en", brand="Alba & Co")
    survey.refresh_from_db()
    return survey


def text(response):
    return response.content.decode()


def test_only_our_own_page_may_frame_the_preview(world, consultant, survey):
    framed = consultant.get(world.url(f"surveys/{survey.pk}/preview/"))
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert '<main class="sv" aria-label="Preview. Nothing is stored here.">' in text(framed)
    frame = consultant.get(world.url(f"surveys/{survey.pk}/look/"))
    assert "frame-src 'self'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in frame["Content-Security-Policy"]


def test_each_language_phone_and_desk(world, consultant, survey):
    url = world.url(f"surveys/{survey.pk}/look/")
    shown = text(consultant.get(url))
    assert f"surveys/{survey.pk}/preview/?lang=en&amp;draw=0" in shown
    assert "look--desk" not in shown
    assert "Another draw" not in shown
    shown = text(consultant.get(f"{url}?lang=es&on=desk"))
    assert "?lang=es&amp;draw=0" in shown
    assert "look--desk" in shown
    assert consultant.get(f"{url}?lang=xx&draw=x").status_code == 200


def test_another_draw_shows_other_moments(world, consultant, survey):
    Survey.objects.filter(pk=survey.pk).update(drawn=1)
    shown = text(consultant.get(world.url(f"surveys/{survey.pk}/look/?draw=3")))
    assert "draw=4" in shown
    pages = {n: text(consultant.get(world.url(f"surveys/{survey.pk}/preview/?draw={n}"))) for n in range(12)}
    assert all("Queue at the till" in page for page in pages.values())
    found = ["Find the shop" in page for page in pages.values()]
    assert any(found)
    assert not all(found)
    assert all(("Find the shop" in page) != ("Be greeted" in page) for page in pages.values())


def test_looking_stores_nothing(world, consultant, survey):
    consultant.get(world.url(f"surveys/{survey.pk}/preview/"))
    assert Response.objects.count() == 0


@pytest.mark.parametrize("is_open", [False, True])
def test_of_mystery_visits_the_shoppers_page_is_shown(world, consultant, survey, is_open):
    fields = {"respondent": Respondent.MYSTERY_SHOPPER, "drawn": 1, "languages": ["en", "es"]}
    Survey.objects.filter(pk=survey.pk).update(**fields)
    if is_open:
        instrument.open_wave(Wave.objects.get(survey=survey))
    frame = text(consultant.get(world.url(f"surveys/{survey.pk}/look/")))
    assert "As a mystery shopper sees it" in frame
    assert "Another draw" not in frame
    page = text(consultant.get(world.url(f"surveys/{survey.pk}/preview/")))
    assert "Your visit to Alba &amp; Co" in page
    assert "Tone of language" in page
    assert "Find the shop" in page
    assert "Be greeted" in page
    assert "Preview. Nothing is stored here." in page
    assert page.count('type="button" disabled') == 3
    assert "survey.js" not in page
    assert "Tu visita a" in text(consultant.get(world.url(f"surveys/{survey.pk}/preview/?lang=es")))
    assert not Visit.objects.exists()


def test_of_the_team_the_preview_says_whose_page_it_is(world, consultant, survey):
    Survey.objects.filter(pk=survey.pk).update(respondent=Respondent.STAFF)
    assert "As the team sees it" in text(consultant.get(world.url(f"surveys/{survey.pk}/look/")))


def test_a_closed_survey_is_copied_into_a_draft(world, consultant, survey):
    greeted = Moment.objects.get(name="Be greeted")
    need = Requirement.objects.create(moment=greeted, position=0, name="Somebody looks up")
    survey.requirements.add(need)
    survey.left_out.add(Moment.objects.get(name="Find the shop"))
    survey.texts, survey.picks, survey.importance = {"pt": {"name": "Português", "yes": "Sim"}}, 1, "picks"
    survey.threshold, survey.is_anonymous = 9, True
    survey.save()
    first = extra.add(Question(survey=survey, wording={"en": "Which?"}, options=[{"en": "A"}, {"en": "B"}]))
    extra.add(
        Question(survey=survey, kind="long", wording={"en": "Why?"}, shown_if=first, shown_if_options=[1])
    )
    wave = Wave.objects.get(survey=survey)
    Campaign.objects.filter(wave=wave).update(sender_name="The shop")
    instrument.close_wave(instrument.open_wave(wave))
    response = consultant.post(world.url(f"surveys/{survey.pk}/copy/"))
    assert response.status_code == 302
    made = Survey.objects.exclude(pk=survey.pk).get()
    assert made.frozen_at is None
    for name in ("brand", "texts", "picks", "importance", "threshold", "is_anonymous", "language"):
        assert getattr(made, name) == getattr(survey, name)
    assert [i.text("en") for i in instrument.items_of(made)] == [
        "Be greeted",
        "Somebody looks up",
        "Queue at the till",
    ]
    which, why = made.questions.all()
    assert (why.shown_if, why.shown_if_options) == (which, [1])
    assert Campaign.objects.get(wave__survey=made).sender_name == "The shop"
    again = consultant.post(world.url(f"surveys/{survey.pk}/copy/"), follow=True)
    assert "This cycle already has a draft." in text(again)
    assert Survey.objects.count() == 2
