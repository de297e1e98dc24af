"""A pasted list: what is read from it, what is refused, and how it is undone."""

import pytest

from cycles import pasted
from cycles.models import Moment
from tests.cycles.test_ordering import assert_gap_free, layout, stage

HTMX = {"HX-Request": "true", "HX-Target": "list"}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Pay", "Pay"),
        ("- Pay", "Pay"),
        ("-Pay", "Pay"),
        ("* Pay", "Pay"),
        ("• Pay", "Pay"),
        ("\u2022\tPay", "Pay"),
        ("\uf0b7 Pay", "Pay"),
        ("– Pay", "Pay"),
        ("1. Pay", "Pay"),
        ("12) Pay", "Pay"),
        ("(3) Pay", "Pay"),
        ("3.Pay", "Pay"),
        ("2.1. Pay", "Pay"),
        ("b) Pay", "Pay"),
        ("• 3. Pay", "Pay"),
        ("[ ] Pay", "Pay"),
        ("1\tPay\tat the till", "Pay at the till"),
        ("\t  Pay   now ", "Pay now"),
        ("\ufeffPay", "Pay"),
        # What is no number of a list stays.
        ("24 hours later she calls", "24 hours later she calls"),
        ("3.5 stars", "3.5 stars"),
        ("+34 600 000 000", "+34 600 000 000"),
        ("A la caja", "A la caja"),
        ("🛍️ Pay", "🛍️ Pay"),
        ("دفع", "دفع"),
        ("<b>Pay</b>", "<b>Pay</b>"),
        # Nothing but its mark.
        ("•", ""),
        ("5.", ""),
        ("   ", ""),
    ],
)
def test_marks_before_a_name_are_left_out(line, name):
    assert pasted.name_in(line) == name


def test_lines_end_as_on_any_system_and_blank_ones_are_nothing():
    assert pasted.names_in("A\r\n\r\nB\rC\n\n") == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("\n  \n•", "There is nothing in this list."),
        ("\n".join(["Pay"] * 10_000), "This list has 10000 lines; 200 moments can be added at once."),
        ("Pay\n" + "x" * 121 + "\nLeave", "Line 2 is longer than 120 characters."),
        ("\n".join(["x" * 300] * 7), "Lines 1, 2, 3, 4, 5… are longer than 120 characters."),
        ("Pay\nnul\x00", "Line 2 has a control character in it."),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_line(text, fault):
    with pytest.raises(pasted.ListError, match="^" + fault.replace(".", r"\.")):
        pasted.names_in(text)


def paste(browser, world, text, **more):
    data = {"stage": stage(world.cycle, 1).pk, "lines": text}
    return browser.post(world.url(f"cycles/{world.cycle.pk}/paste/"), data, headers=HTMX | more)


def test_a_list_goes_to_the_end_of_the_chosen_stage_and_is_undone_as_one(world, consultant):
    answer = paste(consultant, world, "1. Pay\n2. Receive the bag\n\n3. Ask for a receipt")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "3 moments added to “Pay”." in text
    assert layout(world.cycle)[1] == ["Queue at the till", "Pay", "Receive the bag", "Ask for a receipt"]
    assert_gap_free(world.cycle)
    keys = text.split('name="moments" value="')[1].split('"')[0]
    undo = world.url(f"cycles/{world.cycle.pk}/unpaste/")
    assert undo in text
    answer = consultant.post(undo, {"moments": keys}, headers=HTMX)
    assert "3 moments are in the bin." in answer.content.decode()
    assert layout(world.cycle)[1] == ["Queue at the till"]
    assert_gap_free(world.cycle)
    again = consultant.post(undo, {"moments": keys}, headers=HTMX)
    assert again.status_code == 200
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/bin/")).content.decode()
    assert "Ask for a receipt" in page


def test_a_refused_list_is_kept_as_it_was_typed(world, consultant):
    lines = "\n".join(f"{n}. Moment {n}" for n in range(10_000))
    answer = paste(consultant, world, lines)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#panel"
    assert "200 moments can be added at once" in text
    assert "9999. Moment 9999</textarea>" in text
    assert Moment.objects.filter(stage__cycle=world.cycle).count() == 3


@pytest.mark.parametrize("text", ["nul\x00", "", "x" * 400_000, "a\nb\x07"])
def test_whatever_is_pasted_is_answered_in_words(world, consultant, text):
    answer = paste(consultant, world, text)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert Moment.objects.filter(stage__cycle=world.cycle).count() == 3


def test_a_list_without_script(world, consultant):
    url = world.url(f"cycles/{world.cycle.pk}/paste/")
    form = consultant.get(f"{url}?stage={stage(world.cycle, 1).pk}").content.decode()
    assert f'<option value="{stage(world.cycle, 1).pk}" selected>' in form
    data = {"stage": stage(world.cycle, 0).pk, "lines": "Wait\nLeave"}
    page = consultant.post(url, data, follow=True).content.decode()
    assert "2 moments added to “Arrive”." in page
    assert layout(world.cycle)[0][2:] == ["Wait", "Leave"]


def test_a_stage_or_moments_of_elsewhere_are_404(world, stranger, consultant):
    theirs = stage(stranger.cycle, 0)
    url = world.url(f"cycles/{world.cycle.pk}/")
    assert consultant.post(f"{url}paste/", {"stage": theirs.pk, "lines": "Mine"}).status_code == 404
    foreign = Moment.objects.filter(stage=theirs).first()
    assert consultant.post(f"{url}unpaste/", {"moments": str(foreign.pk)}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.deleted_at is None


def test_the_line_of_a_new_moment_says_where_a_list_goes(world, consultant):
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/")).content.decode()
    pay = stage(world.cycle, 1)
    assert f'data-paste="{world.url(f"cycles/{world.cycle.pk}/paste/")}" data-into="{pay.pk}"' in page
