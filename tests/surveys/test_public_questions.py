"""Everything that a survey can ask, on the page and in what is stored."""

import pytest
from django.db import connection

from cycles.models import Moment, Requirement
from prioritization.analysis import picks as analysis
from surveys import answers, instrument, links
from surveys.models import Item, Question, QuestionKind, Rating, Response, Survey, Wave
from surveys.questionnaire import questionnaire_of
from tests.surveys.asking import invite, open_survey
from tests.surveys.forms import Form, path_of, press, text_of


def questions(survey: Survey) -> dict[str, Question]:
    """One of each kind; what is bad asks why, and why asks more."""

    def add(name: str, kind: str, **fields: object) -> Question:
        position = survey.questions.count()
        wording = {"en": f"About {name}", "es": f"Sobre {name}"}
        return Question.objects.create(survey=survey, position=position, kind=kind, wording=wording, **fields)

    def options(*names: str) -> list[dict[str, str]]:
        return [{"en": name, "es": f"{name} (es)"} for name in names]

    verdict = add("verdict", QuestionKind.SINGLE, options=options("Good", "Bad", "Ugly"), is_required=True)
    why = add(
        "why", QuestionKind.MULTIPLE, options=options("Price", "People", "Place"), is_required=True,
        shown_if=verdict, shown_if_options=[1, 2],
    )  # fmt: skip
    deeper = add("people", QuestionKind.SHORT_TEXT, shown_if=why, shown_if_options=[1], is_required=True)
    visits = add("visits", QuestionKind.NUMBER)
    story = add("story", QuestionKind.LONG_TEXT)
    return {"verdict": verdict, "why": why, "people": deeper, "visits": visits, "story": story}


def opened(world, **fields) -> Wave:
    return open_survey(world.cycle, **fields)


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


# --- Extra questions ----------------------------------------------------------------------------


@pytest.fixture
def extra(world):
    survey = instrument.draft_survey(world.cycle)
    asked = questions(survey)
    return invite(opened(world)), asked


def test_each_kind_is_asked_and_stored_by_its_question(extra, customer):
    invitation, asked = extra
    done = press(
        customer,
        path_of(invitation),
        x1="1",
        x2=["2", "1"],
        x3="  Rude\r\nstaff ",
        x4="2,50",
        x5="One\r\ntwo",
    )
    assert done.status_code == 200
    assert Response.objects.get().extra == {
        str(asked["verdict"].pk): 1,
        str(asked["why"].pk): [1, 2],
        str(asked["people"].pk): "Rude staff",
        str(asked["visits"].pk): 2.5,
        str(asked["story"].pk): "One\ntwo",
    }


def test_what_is_hidden_is_neither_taken_nor_missed(extra, customer):
    invitation, asked = extra
    done = press(customer, path_of(invitation), x1="0", x2=["1"], x3="typed before the change of mind")
    assert done.status_code == 200
    assert Response.objects.get().extra == {str(asked["verdict"].pk): 0}


def test_hidden_along_a_chain(extra, customer):
    """The second is shown and does not ask the third."""
    invitation, asked = extra
    assert press(customer, path_of(invitation), x1="1", x2=["0"], x3="ghost").status_code == 200
    assert str(asked["people"].pk) not in Response.objects.get().extra


def test_what_is_required_is_missed_only_where_it_is_shown(extra, customer):
    invitation, _asked = extra
    back = press(customer, path_of(invitation), nps="5")
    assert back.status_code == 422
    page = text_of(back)
    assert "One answer is missing." in page
    assert "This answer is needed" in page
    assert 'href="#x1"' in page
    # It may not be left blank by sending once more.
    assert customer.post(path_of(invitation), {**Form(page).fields, "as_is": "1"}).status_code == 422
    two = press(customer, path_of(invitation), x1="2")
    assert two.status_code == 422
    assert 'href="#x2"' in text_of(two)
    assert 'href="#x3"' not in text_of(two)
    assert press(customer, path_of(invitation), x1="0").status_code == 200


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"x1": "3"}, "Choose one of the options"),
        ({"x1": "x"}, "Choose one of the options"),
        ({"x1": "1", "x2": ["0", "7"]}, "Choose one of the options"),
        ({"x4": "many"}, "Write a number"),
        ({"x4": "1e9"}, "Write a number"),
        ({"x4": "9" * 40}, "Write a number"),
        ({"x5": "a" * 2001}, "There is room for 2000 characters; this has 2001."),
    ],
)
def test_what_is_wrong_is_said_and_kept(extra, customer, answer, sentence):
    invitation, _asked = extra
    back = press(customer, path_of(invitation), **{"x1": "0", **answer})
    assert back.status_code == 422
    assert sentence in text_of(back)
    assert not Response.objects.exists()


@pytest.mark.parametrize(("typed", "stored"), [("0", 0), ("-3", -3), ("\N{MINUS SIGN}3", -3), ("1.25", 1.25)])
def test_numbers_as_people_write_them(extra, customer, typed, stored):
    invitation, asked = extra
    press(customer, path_of(invitation), x1="0", x4=typed)
    assert Response.objects.get().extra[str(asked["visits"].pk)] == stored


def test_a_condition_is_told_to_the_style_sheet(extra, customer, settings):
    """Without script: the option that shows question 2 is .t2, question 2 is .c2, hidden until then."""
    page = text_of(customer.get(path_of(extra[0])))
    assert page.count('class="t2"') == 2
    assert '<fieldset class="q c2" id="x2"' in page
    # The third also goes when the second goes, whatever was chosen there.
    assert '<div class="q c3 c2"' in page
    style = (settings.BASE_DIR / "static/css/survey.css").read_text()
    assert all(f"form:not(:has(.t{n}:checked)) .c{n}" in style for n in range(2, 11))


def test_a_card_holds_a_question_and_what_depends_on_it(extra, customer):
    """3 moments, overall, recommendation, comment, and three threads of own questions."""
    page = text_of(customer.get(path_of(extra[0])))
    assert page.count('<section class="card') == 9
    assert "9 of 9" in page


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


# --- Languages ----------------------------------------------------------------------------------

PORTUGUESE = {
    "name": "Português",
    "title": "Como foi na {brand}?",
    "went": "Passou por isto?",
    "thanks": "Obrigado",
    "start": "{nonsense} {0} {",
    "satisfaction_words": "péssimo|ótimo",
}


@pytest.fixture
def three_languages(world) -> Wave:
    return opened(world, texts={"pt": PORTUGUESE}, languages=["es", "en", "pt"])


def test_an_added_language_is_offered_and_falls_back_to_the_surveys(three_languages, customer):
    invitation = invite(three_languages, language="pt-BR")
    page = text_of(customer.get(path_of(invitation)))
    assert '<html lang="pt">' in page
    assert "Como foi na Lunaria?" in page
    assert "Passou por isto?" in page
    assert "Send my answers" in page
    assert "{nonsense} {0} {" in page
    assert 'formaction="?lang=es"' in page
    assert 'formaction="?lang=en"' in page
    assert "Português" in text_of(customer.get(path_of(invitation, "?lang=en")))
    done = press(customer, path_of(invitation), nps="9")
    assert "Obrigado" in text_of(done)
    assert Response.objects.get().language == "pt"


def test_a_language_that_the_survey_leaves_out_is_not_offered(world, customer):
    invitation = invite(opened(world, languages=["es"], language="es"), language="en")
    page = text_of(customer.get(path_of(invitation, "?lang=en")))
    assert '<html lang="es">' in page
    assert "formaction" not in page


def test_switching_the_language_keeps_what_was_typed_and_stores_nothing(extra, customer):
    invitation, _asked = extra
    typed: dict[str, str | list[str]] = {
        "w1": "y",
        "s1": "9",
        "x1": "1",
        "x2": ["0", "1"],
        "x3": "Señal",
        "comment": "Dos\nlíneas",
    }
    page = press(customer, path_of(invitation, "?lang=en"), **typed)
    fields = Form(text_of(customer.get(path_of(invitation)))).fields
    page = customer.post(path_of(invitation, "?lang=es"), {**fields, **typed, "switch": "1"})
    assert page.status_code == 200
    assert '<html lang="es">' in text_of(page)
    assert "Sobre verdict" in text_of(page)
    again = Form(text_of(page)).fields
    assert {name: again[name] for name in ("w1", "x1", "x2", "x3", "comment")} == {
        "w1": ["y"], "x1": ["1"], "x2": ["0", "1"], "x3": ["Señal"], "comment": ["Dos\nlíneas"],
    }  # fmt: skip
    assert 'role="alert"' not in text_of(page)
    assert not Response.objects.exists()
    # From there it is sent as ever.
    assert customer.post(path_of(invitation, "?lang=es"), {**again, "w1": "n"}).status_code == 200
    assert Response.objects.get().language == "es"


def test_enter_in_a_line_of_text_sends_and_does_not_switch(extra, customer):
    """A browser presses the first button of the form, wherever it stands: one that only sends."""
    page = text_of(customer.get(path_of(extra[0])))
    header, form = page.index('class="sv-langs"'), page.index('<button form="f" hidden>')
    assert form < header


# --- The score in the mail ----------------------------------------------------------------------


def test_a_score_clicked_in_the_mail_is_chosen_on_the_page_and_nowhere_stored(world, customer):
    invitation = invite(opened(world))
    for query, name, value in (("?overall=4", "overall", "4"), ("?nps=9&lang=es", "nps", "9")):
        page = text_of(customer.get(path_of(invitation, query)))
        assert Form(page).fields[name] == [value]
        assert 'role="alert"' not in page
    odd = text_of(customer.get(path_of(invitation, '?overall=99&nps="><b>x')))
    assert "overall" not in Form(odd).fields
    assert "<b>x" not in odd
    assert not Response.objects.exists()
    invitation.refresh_from_db()
    assert (invitation.started_at, invitation.opened_at) == (None, None)
    assert press(customer, path_of(invitation, "?overall=4")).status_code == 200
    assert Response.objects.get().overall == 4


# --- Small and few ------------------------------------------------------------------------------


def test_all_of_it_at_once_is_one_query_and_small(world, customer, settings, django_assert_num_queries):
    survey = instrument.draft_survey(world.cycle)
    questions(survey)
    stage = Moment.objects.get(name="Find the shop").stage
    for n in range(20):
        moment = Moment.objects.create(stage=stage, position=50 + n, name=f"Wait for the seamstress {n}")
        survey.requirements.add(
            Requirement.objects.create(moment=moment, name=f"A chair to sit on {n}", position=0)
        )
    invitation = invite(opened(world, asks_effort=True, importance="picks", texts={"pt": PORTUGUESE}))
    customer.get(path_of(invitation))
    with django_assert_num_queries(1):
        page = customer.get(path_of(invitation), headers={"accept-encoding": "gzip"})
    files = ("css/survey.css", "js/survey.js")
    size = len(page.content) + sum((settings.BASE_DIR / "static" / name).stat().st_size for name in files)
    assert size < 30_000
    if connection.vendor == "postgresql":
        assert press(customer, path_of(invitation), x1="0").status_code == 200
