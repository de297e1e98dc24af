"""Results typed in one by one, corrected with a trace."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from cycles.exchange.columns import CellError
from cycles.models import Indicator, Measurement
from cycles.recording import AlreadyThereError, record
from cycles.result_cells import period_of, value_of
from cycles.results import preceding
from tests.cycles.results.level import HTMX, TODAY, add, values

# --- What people write ---------------------------------------------------------------------------


MONTHS = [
    "2026-03", "2026/3", "03/2026", "3-2026", "2026-03-15", "15/03/2026", "2026-03-01T00:00:00", "marzo 2026",
    "Marzo de 2026", "mar-26", "mar. 2026", "March 2026", "2026 March", "15 de marzo de 2026", "01.03.2026",
]  # fmt: skip


def test_a_month_may_be_written_in_many_ways():
    for cell in MONTHS:
        assert period_of(cell, "month", TODAY) == date(2026, 3, 1), cell
    for cell in ("15/03/2026", "2026-03-15", "15 de marzo de 2026", "15 March 2026"):
        assert period_of(cell, "day", TODAY) == date(2026, 3, 15), cell


def test_what_is_no_period_is_refused_in_words():
    wrong = [
        "",
        "soon",
        "2026",
        "13/2026",
        "2026-13",
        "31/02/2026",
        "=NOW()",
        "1999-12",
        "2027-01",
        "99/99/9999",
    ]
    for cell in wrong:
        with pytest.raises(CellError):
            period_of(cell, "month", TODAY)
    for cell in ("2026-03", "marzo 2026", "2026-11-23"):
        with pytest.raises(CellError):
            period_of(cell, "day", TODAY)
    assert period_of("2026-11", "month", TODAY) == date(2026, 11, 1)


def test_a_value_may_be_written_in_many_ways():
    said = {
        "4.5": "4.5", "4,5": "4.5", "1.234,5": "1234.5", "1,234.5": "1234.5", "92 %": "92",
        "\N{MINUS SIGN}3": "-3", "1 234,5": "1234.5", "1.234.567": "1234567", "0": "0",
        "-0,25": "-0.25", "007": "7",
    }  # fmt: skip
    for cell, value in said.items():
        assert value_of(cell) == Decimal(value), cell
    for cell in ("", "many", "=2+2", "1,2,3", "4.5.6", "--3", "1e9", "99999999999", "+cmd", "٣", "1,2.3.4"):
        with pytest.raises(CellError):
            value_of(cell)


# --- Typed in ------------------------------------------------------------------------------------


def test_results_are_typed_one_after_the_other(world, consultant, level):
    answer = add(consultant, world, level, "2026-01", "4,5", note="Timed on Saturdays")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.lstrip().startswith('<div class="ms" id="measured">')
    assert 'value="2026-02"' in text  # the next period waits
    assert "Timed on Saturdays" in text
    assert values(level) == {"2026-01-01": Decimal("4.5")}
    row = Measurement.objects.get()
    assert row.typed_by == "consultant alba"
    # Without script the same form leads back to the page.
    url = world.url(f"service-levels/{level.pk}/results/")
    page = consultant.post(url, {"period": "2026-02", "value": "5"}, follow=True)
    assert page.redirect_chain
    assert "February 2026" in page.content.decode()


def test_the_same_result_twice_is_one_and_another_is_refused(world, consultant, level):
    for _ in range(2):
        assert add(consultant, world, level, "2026-01", "4,5").status_code == 200
    answer = add(consultant, world, level, "2026-01", "9")
    assert answer.status_code == 422
    assert "January 2026 has a result already: 4.5." in answer.content.decode()
    assert 'value="9"' in answer.content.decode()
    assert len(values(level)) == 1
    with pytest.raises(AlreadyThereError):
        record(level, date(2026, 1, 1), Decimal(9))


@pytest.mark.parametrize(
    ("period", "value", "field"),
    [("", "4", "period"), ("x", "4", "period"), ("2999-01", "4", "period"), ("2026-01", "", "value"),
     ("2026-01", "four", "value"), ("2026-01\x00", "4", "period")],
)  # fmt: skip
def test_a_fault_is_said_at_the_field(world, consultant, level, period, value, field):
    answer = add(consultant, world, level, period, value, note="kept")
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert 'value="kept"' in answer.content.decode()
    assert values(level) == {}


def test_a_correction_keeps_what_was_there_before(world, consultant, level):
    add(consultant, world, level, "2026-01", "4,5")
    row = Measurement.objects.get()
    url = world.url(f"measurements/{row.pk}/")
    assert 'value="4.5"' in consultant.get(url, headers=HTMX).content.decode()
    text = consultant.post(url, {"value": "4.2", "note": "Read anew"}, headers=HTMX).content.decode()
    assert "4.5 became 4.2: consultant alba" in text
    history = consultant.get(world.url(f"cycles/{world.cycle.pk}/history/?kind=measurement")).content.decode()
    assert "changed the result “Wait at the till, 1 Jan 2026”." in history
    entry = row.history.first()
    back = world.url(f"cycles/{world.cycle.pk}/history/measurement/{entry.pk}/restore/")
    assert consultant.post(back).status_code == 302
    assert values(level) == {"2026-01-01": Decimal("4.5")}
    assert consultant.post(url, {"value": "x"}, headers=HTMX).status_code == 422


def test_two_who_correct_at_once_are_asked(world, consultant, level):
    add(consultant, world, level, "2026-01", "4,5")
    row = Measurement.objects.get()
    url = world.url(f"measurements/{row.pk}/")
    opened = consultant.get(url, headers=HTMX).context["edit_form"].opened
    consultant.post(url, {"value": "4", "opened": opened}, headers=HTMX)
    answer = consultant.post(url, {"value": "3", "opened": opened}, headers=HTMX)
    assert answer.status_code == 409
    assert values(level) == {"2026-01-01": Decimal(4)}


def test_delete_with_undo_unless_another_took_its_place(world, consultant, level):
    add(consultant, world, level, "2026-01", "4,5")
    row = Measurement.objects.get()
    text = consultant.post(world.url(f"measurements/{row.pk}/delete/"), headers=HTMX).content.decode()
    assert "The result of January 2026 is in the bin." in text
    assert values(level) == {}
    restore = world.url(f"measurements/{row.pk}/restore/")
    assert consultant.post(restore, headers=HTMX).status_code == 200
    assert len(values(level)) == 1
    consultant.post(world.url(f"measurements/{row.pk}/delete/"))
    add(consultant, world, level, "2026-01", "7")
    answer = consultant.post(restore, headers=HTMX)
    assert answer.status_code == 422
    assert "January 2026 has another result by now." in answer.content.decode()
    assert values(level) == {"2026-01-01": Decimal(7)}


def test_an_indicator_takes_results_the_same_way(world, consultant):
    stage = world.cycle.stages.first()
    one = Indicator.objects.create(
        cycle=world.cycle, stage=stage, name="Visitors", category="volume", every="day"
    )
    url = world.url(f"indicators/{one.pk}/results/")
    answer = consultant.post(url, {"period": "15/03/2026", "value": "1.200"}, headers=HTMX)
    assert answer.status_code == 200
    assert Measurement.objects.get().day == date(2026, 3, 15)
    assert 'value="2026-03-16"' in answer.content.decode()


def test_a_gap_is_a_row_without_a_result(world, consultant, level):
    this = timezone.localdate().replace(day=1)
    first = preceding(preceding(preceding(this, "month"), "month"), "month")
    record(level, first, Decimal(3))
    record(level, preceding(this, "month"), Decimal(4))
    page = consultant.get(world.url(f"service-levels/{level.pk}/")).content.decode()
    assert page.count('class="is-gap"') == 1
    assert page.count("se-gap") == 2  # in the wide drawing and in that of a phone
    assert "1 period without a result" in page
