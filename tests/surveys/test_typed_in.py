"""The quick way of reading a sent form says what Django's own says."""

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from surveys.public_pages import typed_in

FORM = "application/x-www-form-urlencoded"
PIECES = st.sampled_from(
    [b"w1=y", b"&", b"=", b"s1=4", b"+", b"%C3%B1", b"%F1", b"%", b";", b"\xc3\xb1", b"p=1&p=2"]
)


def sent(body: bytes, kind: str = FORM):
    return RequestFactory().post("/s/x/", body, content_type=kind)


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_the_same_fields_and_values(body):
    if body.isascii():
        assert typed_in(sent(body)) == dict(sent(body).POST.lists())
    else:  # no browser sends it; it is read as something, without a fault
        assert isinstance(typed_in(sent(body)), dict)


@pytest.mark.parametrize("kind", [f"{FORM}; charset=utf-8", "text/plain"])
def test_what_our_pages_do_not_send_is_left_to_django(kind):
    assert typed_in(sent(b"comment=ma%F1ana", kind)) == dict(sent(b"comment=ma%F1ana", kind).POST.lists())


def test_the_limits_are_those_of_all_forms(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    assert typed_in(sent(b"a=1&b=2&c=3")) == {"a": ["1"], "b": ["2"], "c": ["3"]}
    with pytest.raises(TooManyFieldsSent):
        typed_in(sent(b"a=1&b=2&c=3&d=4"))
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    with pytest.raises(RequestDataTooBig):
        typed_in(sent(b"comment=longer than that"))
