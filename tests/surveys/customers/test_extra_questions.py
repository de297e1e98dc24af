"""Extra questions of every kind, hidden and required, on the page and in what is stored."""

import pytest

from surveys.models import Response
from tests.surveys.forms import Form, path_of, press, text_of


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
