"""One template, many rows: filled as if it had been rendered for each."""

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString

from cyclemap.stencil import fill

ROW = Template(
    "{% load i18n %}<li{% if on %} class='on'{% endif %} data='{\"a\": {{ key }}}'>{{ name }}"
    "{% if note %} ({{ note }}){% endif %} {% translate 'Delete' %}</li>"
)
ROWS = [
    {"key": 1, "name": "Pay", "on": True, "note": ""},
    {"key": 0, "name": "Wait <b>&", "on": False, "note": "a{0}b{name}%s"},
    {"key": 3, "name": SafeString("<i>So</i>"), "on": False, "note": None},
    {"key": 4, "name": "{}", "on": True, "note": "'\""},
]


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_filled_row_is_the_row_rendered(row, language):
    with translation.override(language):
        assert fill(ROW, row) == ROW.render(Context(row))


def test_a_language_does_not_stick():
    with translation.override("en"):
        english = fill(ROW, ROWS[0])
    with translation.override("es"):
        assert fill(ROW, ROWS[0]) != english


def test_fill_takes_one_template_for_every_row():
    page = Template('{% load stencils %}{% fill "cycles/_node.svg" rows %}')
    node = {"href": "?a=1&b=2", "title": "1, Pay <now>", "x": "1", "y": "2", "r": "3", "number": 1}
    text = page.render(Context({"rows": [node, node | {"selected": True, "number": 2}]}))
    assert text.count("<a ") == 2
    assert text.count("is-on") == 1
    assert "<title>1, Pay &lt;now&gt;</title>" in text
    assert 'href="?a=1&amp;b=2"' in text


def test_what_rows_have_in_common_is_given_once_and_escaped_like_the_rest():
    page = Template('{% load stencils %}{% fill "cycles/_node.svg" rows title=title selected=on %}')
    node = {"href": "?a=1", "x": "1", "y": "2", "r": "3", "number": 1}
    text = page.render(Context({"rows": [node, node], "title": "Pay <now>", "on": True}))
    assert text.count("<title>Pay &lt;now&gt;</title>") == 2
    assert text.count("is-on") == 2
    assert "is-on" not in page.render(Context({"rows": [node], "title": "Pay", "on": False}))


def test_without_rows_a_piece_is_filled_once_a_language():
    page = Template('{% load stencils %}{% fill "prioritization/_matrix_words.html" %}')
    with translation.override("en"):
        english = page.render(Context({}))
    with translation.override("es"):
        spanish = page.render(Context({}))
    assert english.count("<dl>") == spanish.count("<dl>") == 1
    assert "What the words mean" in english
    assert "What the words mean" not in spanish
