"""The preview in its frame, and the settings of a closed survey as a new draft."""

import pytest

from cycles.models import Moment, Requirement
from surveys import extra, instrument
from surveys.models import Campaign, Question, Response, Survey, Wave


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
