"""Extra questions: written by language, shown on a condition, moved, deleted, brought back, frozen."""

import pytest
from django.contrib.sessions.models import Session

from surveys import extra, instrument
from surveys.models import Question, Survey, Wave
from tests.conftest import log_in

HTMX = {"hx-request": "true"}


@pytest.fixture
def survey(world):
    survey = instrument.draft_survey(world.cycle)
    Survey.objects.filter(pk=survey.pk).update(language="en")
    survey.refresh_from_db()
    return survey


@pytest.fixture
def wave(survey):
    return Wave.objects.get(survey=survey)


@pytest.fixture
def post(world, consultant):
    return lambda path, **fields: consultant.post(world.url(path), fields)


def text(response):
    return response.content.decode()


def form(prefix="new", **fields):
    own = {"kind": "single", "wording_en": "Which shop?", "options_en": "North\nSouth", **fields}
    return {f"{prefix}-{name}": value for name, value in own.items()}


def make(survey, wording, kind="single", **fields):
    options = [{"en": "Yes"}, {"en": "No"}, {"en": "Both"}] if kind in ("single", "multiple") else []
    return extra.add(Question(survey=survey, kind=kind, wording={"en": wording}, options=options, **fields))


def order(survey):
    return [(q.position, str(q)) for q in survey.questions.all()]


def test_a_question_is_added_in_both_languages(post, survey):
    fields = form(wording_es="¿Qué tienda?", options_es="Norte\nSur", is_required="on")
    assert post(f"surveys/{survey.pk}/extra/", **fields).status_code == 302
    question = Question.objects.get(survey=survey)
    assert question.wording == {"en": "Which shop?", "es": "¿Qué tienda?"}
    assert question.options == [{"en": "North", "es": "Norte"}, {"en": "South", "es": "Sur"}]
    assert question.is_required


@pytest.mark.parametrize("kind", ["number", "short", "long"])
def test_only_lists_have_options(post, survey, kind):
    post(f"surveys/{survey.pk}/extra/", **form(kind=kind))
    assert (Question.objects.get().kind, Question.objects.get().options) == (kind, [])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"wording_en": ""}, "Say what is asked."),
        ({"options_en": "Only one"}, "A list has 2 to 20 options; this has 1."),
        ({"options_en": "\n".join(str(n) for n in range(21))}, "this has 21"),
        ({"options_en": "North\nnorth "}, "The same option stands here twice."),
        ({"options_en": f"{'x' * 121}\nSouth"}, "at most 120 characters"),
        ({"options_es": "Norte"}, "As many lines as in the main language: 2, not 1."),
        ({"kind": "drawing"}, "drawing"),
        ({"wording_en": "a\x00b"}, "control character"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(post, survey, fields, said):
    response = post(f"surveys/{survey.pk}/extra/", **form(**{"wording_es": "Kept as typed", **fields}))
    assert response.status_code == 422
    assert said in text(response)
    assert "Kept as typed" in text(response)
    assert not Question.objects.exists()


def test_ten_and_no_more(post, survey):
    for n in range(10):
        make(survey, f"Question {n}")
    response = post(f"surveys/{survey.pk}/extra/", **form())
    assert response.status_code == 422
    assert "There is room for 10 extra questions." in text(response)
    assert survey.questions.count() == 10


def test_a_condition_is_on_answers_to_one_earlier_list(post, survey):
    first, second, third = make(survey, "First"), make(survey, "Second"), make(survey, "Third", "short")
    fields = form(
        f"q{third.pk}", kind="short", wording_en="Third", shown_if_answers=[f"{first.pk}:2", f"{first.pk}:0"]
    )
    assert post(f"extra/{third.pk}/change/", **fields).status_code == 302
    third.refresh_from_db()
    assert (third.shown_if, third.shown_if_options) == (first, [0, 2])
    mixed = form(f"q{third.pk}", wording_en="Third", shown_if_answers=[f"{first.pk}:0", f"{second.pk}:0"])
    response = post(f"extra/{third.pk}/change/", **mixed)
    assert response.status_code == 422
    assert "Choose answers to one question only." in text(response)
    later = form(f"q{first.pk}", wording_en="First", shown_if_answers=[f"{second.pk}:0"])
    assert post(f"extra/{first.pk}/change/", **later).status_code in (302, 422)
    first.refresh_from_db()
    assert first.shown_if is None


def test_moving(post, survey):
    first, second = make(survey, "First"), make(survey, "Second")
    post(f"extra/{second.pk}/move/", to="up")
    assert order(survey) == [(0, "Second"), (1, "First")]
    post(f"extra/{second.pk}/move/", to="down")
    post(f"extra/{second.pk}/move/", to="down")
    assert order(survey) == [(0, "First"), (1, "Second")]
    post(f"extra/{first.pk}/move/", to="up")
    assert order(survey) == [(0, "First"), (1, "Second")]


def test_a_question_stays_after_the_one_it_depends_on(post, survey):
    first = make(survey, "First")
    second = make(survey, "Second", shown_if=first, shown_if_options=[0])
    response = post(f"extra/{second.pk}/move/", to="up")
    assert response.status_code == 422
    assert "depends on the answer to" in text(response)
    assert order(survey) == [(0, "First"), (1, "Second")]


def test_conditions_follow_the_options(post, survey):
    first = make(survey, "First")
    second = make(survey, "Second", shown_if=first, shown_if_options=[0, 2])
    third = make(survey, "Third", shown_if=first, shown_if_options=[2])
    post(f"extra/{first.pk}/change/", **form(f"q{first.pk}"))
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.shown_if, second.shown_if_options) == (first, [0])
    assert third.shown_if is None


def test_deleting_can_be_undone_once(post, survey):
    first = make(survey, "First")
    second = make(survey, "Second", "multiple", is_required=True, shown_if=first, shown_if_options=[1])
    third = make(survey, "Third", "number", shown_if=second, shown_if_options=[0])
    response = post(f"extra/{second.pk}/delete/")
    assert response.status_code == 302
    assert order(survey) == [(0, "First"), (1, "Third")]
    post(f"surveys/{survey.pk}/extra/restore/")
    assert order(survey) == [(0, "First"), (1, "Second"), (2, "Third")]
    back = survey.questions.get(position=1)
    assert (back.kind, back.is_required, back.shown_if, back.shown_if_options) == (
        "multiple",
        True,
        first,
        [1],
    )
    third.refresh_from_db()
    assert (third.shown_if, third.shown_if_options) == (back, [0])
    post(f"surveys/{survey.pk}/extra/restore/")
    assert survey.questions.count() == 3


def test_the_offer_to_undo_stands_on_the_page_without_script_too(world, consultant, survey, wave):
    question = make(survey, "First")
    consultant.post(world.url(f"extra/{question.pk}/delete/"))
    assert "A question was deleted." in text(consultant.get(world.url(f"waves/{wave.pk}/")))
    fragment = consultant.post(world.url(f"surveys/{survey.pk}/extra/restore/"), headers=HTMX)
    assert "A question was deleted." not in text(fragment)
    assert "First" in text(fragment)
    assert Session.objects.exists()


def test_an_opened_survey_keeps_its_questions(post, survey, wave):
    question = make(survey, "First")
    instrument.open_wave(wave)
    for path, fields in [
        (f"surveys/{survey.pk}/extra/", form()),
        (f"extra/{question.pk}/change/", form(f"q{question.pk}")),
        (f"extra/{question.pk}/move/", {"to": "down"}),
        (f"extra/{question.pk}/delete/", {}),
    ]:
        response = post(path, **fields)
        assert response.status_code == 422
        assert "no longer change" in text(response)
    assert order(survey) == [(0, "First")]


def test_a_manager_reads_them(world, survey, wave):
    question = make(survey, "First")
    manager = log_in(world.manager)
    assert "First" in text(manager.get(world.url(f"waves/{wave.pk}/")))
    assert manager.post(world.url(f"extra/{question.pk}/delete/")).status_code == 403


def test_a_strangers_question_is_not_found(world, stranger, consultant, survey):
    theirs = make(instrument.draft_survey(stranger.cycle), "Theirs")
    assert consultant.post(world.url(f"extra/{theirs.pk}/delete/")).status_code == 404
