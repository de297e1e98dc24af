import pytest
from django import forms
from django.core.exceptions import ValidationError

from cyclemap.forms import TidyForm
from cyclemap.text import clean_lines, clean_text, natural


@pytest.mark.parametrize("text", ["", "Pay", "🛍️ é ß", "شراء", "a\u200db", "<b>"])
def test_what_people_write_passes(text):
    clean_text(text)
    clean_lines(text + "\r\n\t" + text)


@pytest.mark.parametrize("text", ["\x00", "a\x07b", "\x1b[0m", "\x7f", "\x85", "\ud800", "\uffff"])
def test_what_no_file_keeps_is_refused(text):
    for check in (clean_text, clean_lines):
        with pytest.raises(ValidationError):
            check(text)


def test_a_line_has_no_line_end():
    with pytest.raises(ValidationError):
        clean_text("a\nb")


class Sample(TidyForm, forms.Form):
    line = forms.CharField(help_text="A hint")
    area = forms.CharField(widget=forms.Textarea(attrs={"class": "tall"}))
    choice = forms.ChoiceField(choices=[("", "---------"), ("a", "A")], required=False)
    flag = forms.BooleanField(required=False)


def test_a_tidy_form_dresses_its_controls_and_names_its_errors():
    form = Sample({"line": "a\x00", "area": "a\nb", "choice": "a"})
    assert not form.is_valid()
    assert list(form.errors) == ["line"]
    assert len(form.errors["line"]) == 1
    html = str(form["line"])
    assert 'class="input"' in html
    assert 'aria-describedby="id_line_helptext id_line_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="input tall"' in str(form["area"])
    assert "class=" not in str(form["flag"])
    assert ">–</option>" in str(form["choice"])


def test_numbers_in_names_count_as_numbers():
    names = ["45–59", "Wave 10", "60+", "wave 9", "9", "18–29", "30–44", "Ñ"]
    assert sorted(names, key=natural) == ["9", "18–29", "30–44", "45–59", "60+", "wave 9", "Wave 10", "Ñ"]
