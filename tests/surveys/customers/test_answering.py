"""A customer answers; what is missing or wrong is handed back with everything kept."""

import pytest

from surveys import instrument, page_marks
from surveys.models import Rating, Response
from tests.surveys.asking import invite
from tests.surveys.forms import FULL, Form, path_of, press, text_of

# --- Answering ----------------------------------------------------------------------------------


def test_a_customer_answers(phone, invitation):
    page = phone.get(path_of(invitation))
    assert page.status_code == 200
    assert "How did it go at Lunaria?" in text_of(page)
    assert "Queue at the till" in text_of(page)

    thanks = press(phone, path_of(invitation), **FULL)

    assert thanks.status_code == 200
    assert "Thank you, received" in text_of(thanks)
    assert "care@lunaria.example" in text_of(thanks)
    response = Response.objects.get()
    assert response.invitation == invitation
    assert response.nps == 7
    ratings = Rating.objects.order_by("item__position")
    assert list(ratings.values_list("importance", "satisfaction", "experienced")) == [
        (5, 2, True),
        (None, None, False),
        (4, 4, True),
    ]


def test_sending_again_shows_the_same_receipt_and_other_answers_a_calm_page(phone, invitation):
    fields = {**Form(text_of(phone.get(path_of(invitation)))).fields, **FULL}
    first = phone.post(path_of(invitation), fields)
    again = phone.post(path_of(invitation), fields)
    other = phone.post(path_of(invitation), {**fields, "nps": "1"})
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert text_of(first) == text_of(again)
    assert "You answered on" in text_of(other)
    assert Response.objects.get().nps == 7


def test_after_answering_the_link_says_so(phone, invitation):
    press(phone, path_of(invitation), **FULL)
    page = phone.get(path_of(invitation))
    assert page.status_code == 200
    assert "You answered on" in text_of(page)
    assert "<form" not in text_of(page)


def test_sending_again_after_closing_still_gives_the_receipt(phone, invitation):
    fields = {**Form(text_of(phone.get(path_of(invitation)))).fields, **FULL}
    phone.post(path_of(invitation), fields)
    instrument.close_wave(invitation.wave)
    assert "Thank you, received" in text_of(phone.post(path_of(invitation), fields))


# --- What is missing or wrong -------------------------------------------------------------------


def test_what_was_begun_is_asked_for_with_everything_kept(phone, invitation):
    back = press(phone, path_of(invitation), w1="y", i1="5", comment='Quince <b>minutos</b> & "más"\n\nDos')
    assert back.status_code == 422
    page, form = text_of(back), Form(text_of(back))
    assert "One answer is missing." in page
    assert "Go to “Find the shop: How did it go?”" in page
    assert form.fields["i1"] == ["5"]
    assert form.fields["w1"] == ["y"]
    assert form.fields["comment"] == ['Quince <b>minutos</b> & "más"\n\nDos']
    assert "<b>minutos" not in page
    assert form.anchors == ["s1"]
    assert set(form.anchors) <= set(form.ids)
    assert 'aria-describedby="h1 s1-e"' in page
    assert not Response.objects.exists()


def test_the_form_leads_back_to_the_top_of_its_page_in_its_language(phone, invitation):
    """Without an action it would go to #c1, where "Start" led, past the summary of what is missing."""
    assert '<form id="f" method="post" action="?lang=es"' in text_of(
        phone.get(path_of(invitation, "?lang=es"))
    )


def test_sent_once_more_a_gap_stays_blank(phone, invitation):
    back = press(phone, path_of(invitation), w1="y", i1="5")
    thanks = phone.post(path_of(invitation), Form(text_of(back)).fields)
    assert thanks.status_code == 200
    rating = Rating.objects.earliest("item__position")
    assert (rating.importance, rating.satisfaction, rating.experienced) == (5, None, True)


def test_what_is_wrong_may_not_stay(phone, invitation):
    back = press(phone, path_of(invitation), w1="y", i1="5", s1="9", as_is="1")
    assert back.status_code == 422
    assert "Choose a number from 1 to 5" in text_of(back)
    assert "as_is" not in Form(text_of(back)).fields


def test_an_empty_form_is_handed_back(phone, invitation):
    back = press(phone, path_of(invitation))
    assert back.status_code == 422
    assert "Answer at least one question." in text_of(back)


def test_blank_after_all_is_still_empty(phone, invitation):
    assert press(phone, path_of(invitation), w1="y", as_is="1").status_code == 422
    assert not Response.objects.exists()


def test_having_lived_none_of_it_is_an_answer(phone, invitation):
    assert press(phone, path_of(invitation), w1="n", w2="n", w3="n").status_code == 200


@pytest.mark.parametrize("body", [b"\xff\xfe", b"w1=%00&comment=%00", b"%", b"=&&&=", b"w1=y&w1=n&i1=5&s1=5"])
def test_odd_bodies_are_handed_back_or_taken_never_an_error(phone, invitation, body):
    response = phone.post(path_of(invitation), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422
    assert not Response.objects.exists()


# --- Whose page it was --------------------------------------------------------------------------


def test_answers_without_the_mark_of_our_page_are_handed_back(phone, invitation):
    back = phone.post(path_of(invitation), FULL)
    assert back.status_code == 422
    assert "open for a long time" in text_of(back)
    assert not Response.objects.exists()
    # The page that came back carries a mark: pressing Send there is enough.
    assert phone.post(path_of(invitation), Form(text_of(back)).fields).status_code == 200
    assert Response.objects.get().nps == 7


def test_the_mark_of_another_page_does_not_do(phone, invitation, wave):
    mark = page_marks.page_mark(invite(wave, "other@example.org"))
    assert phone.post(path_of(invitation), {**FULL, "page": mark}).status_code == 422


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
    ],
)
def test_a_form_on_another_site_is_refused(phone, invitation, headers, status):
    response = press(phone, path_of(invitation), headers=headers, **FULL)
    assert response.status_code == status
    assert Response.objects.exists() == (status == 200)
