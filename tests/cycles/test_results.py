"""Results: typed in one by one, brought in from tables, computed from cases; corrected with a trace."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from cycles.choices import Clock
from cycles.clocks import Timed, standing_for
from cycles.exchange.columns import CellError
from cycles.measured_page import next_period
from cycles.models import Indicator, Measurement, Moment
from cycles.recording import AlreadyThereError, record
from cycles.result_cells import period_of, value_of
from cycles.results import Result, following, from_cases, keeps, preceding, with_gaps
from cycles.series import Point, draw_series, scale_of
from cycles.service_levels import standing_of
from tests.conftest import log_in
from tests.cycles.test_service_levels import agree

HTMX = {"HX-Request": "true"}
TODAY = date(2026, 11, 22)


@pytest.fixture
def level(world):
    return agree(world.cycle, moment=Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till"))


def add(browser, world, level, period, value, **more):
    data = {"period": period, "value": value, **more}
    return browser.post(world.url(f"service-levels/{level.pk}/results/"), data, headers=HTMX)


def values(level):
    rows = Measurement.objects.filter(service_level=level, deleted_at=None)
    return {f"{row.day:%Y-%m-%d}": row.value for row in rows}


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
    assert "changed the result “Wait at the till, 01/01/2026”." in history
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


# --- From a table --------------------------------------------------------------------------------


def look(browser, world, content, name="results.csv", **more):
    content = content if isinstance(content, bytes) else content.encode()
    url = world.url(f"cycles/{world.cycle.pk}/measurements/import/")
    return browser.post(url, {"file": SimpleUploadedFile(name, content), **more})


def bring(browser, world, answer, **more):
    preview = answer.context["preview"]
    data = {"table": answer.context["table"], "seen": preview.seen, "of": preview.of, "import": "1"}
    data |= {f"column_{line.place}": line.key for line in preview.lines}
    return browser.post(world.url(f"cycles/{world.cycle.pk}/measurements/import/columns/"), data | more)


FILE = "Indicador;Mes;Resultado;Nota\nWait at the till;enero 2026;4,5;\nWAIT AT THE TILL;02/2026;5;=1+1\n"


def test_a_table_is_shown_before_it_is_written_and_again_changes_nothing(world, consultant, level):
    answer = look(consultant, world, FILE)
    assert answer.status_code == 200
    preview = answer.context["preview"]
    assert [line.key for line in preview.lines] == ["what", "period", "value", "note"]
    assert (preview.n_new, preview.n_corrected, preview.n_same) == (2, 0, 0)
    assert values(level) == {}
    assert bring(consultant, world, answer).status_code == 302
    assert values(level) == {"2026-01-01": Decimal("4.5"), "2026-02-01": Decimal(5)}
    # What would be a formula is a text, and nothing else.
    assert Measurement.objects.get(value=5).note == "=1+1"
    again = look(consultant, world, FILE)
    assert again.context["preview"].n == 0
    revision = again.context["preview"].seen
    bring(consultant, world, again)
    world.cycle.refresh_from_db()
    assert world.cycle.revision == revision
    assert Measurement.objects.count() == 2
    assert not Measurement.history.exists()


def test_a_table_corrects_with_a_trace(world, consultant, level):
    bring(consultant, world, look(consultant, world, FILE))
    answer = look(consultant, world, FILE.replace("4,5", "4,1"))
    assert "was 4.5" in answer.content.decode()
    bring(consultant, world, answer)
    assert values(level)["2026-01-01"] == Decimal("4.1")
    assert Measurement.history.count() == 1


def test_a_workbook_of_one_level_needs_no_names(world, consultant, level):
    book = Workbook()
    book.active.append(["Period", "Value"])
    book.active.append([datetime(2026, 3, 1), 4.25])
    book.active.append([datetime(2026, 4, 1), None])  # a gap
    out = io.BytesIO()
    book.save(out)
    answer = look(consultant, world, out.getvalue(), "results.xlsx", of=f"servicelevel-{level.pk}")
    assert answer.context["preview"].n == 1
    bring(consultant, world, answer)
    assert values(level) == {"2026-03-01": Decimal("4.25")}


def test_every_fault_of_a_table_is_told_with_its_line(world, consultant, level):
    rows = [
        "Wait at the till;2026-01;4",
        "Wait at the till;2026-01;5",
        "Nobody;2026-02;4",
        "Wait at the till;soon;4",
        "Wait at the till;2026-03;=HYPERLINK(1)",
        "Wait at the till;2999-01;4",
    ]
    answer = look(consultant, world, "Indicator;Month;Value\n" + "\n".join(rows))
    text = answer.content.decode()
    for line in (3, 4, 5, 6, 7):
        assert f"line {line}" in text, line
    assert bring(consultant, world, answer).status_code == 422
    assert values(level) == {}


def test_files_that_are_no_tables_and_tables_without_columns(world, consultant, level):
    for content, name in (
        (b"", "a.csv"),
        (b"%PDF-1.7", "a.csv"),
        (b"PK\x03\x04junk", "a.xlsx"),
        (b"Month;Value\n", "a.csv"),
    ):
        assert look(consultant, world, content, name).status_code == 422, name
    url = world.url(f"cycles/{world.cycle.pk}/measurements/import/")
    assert consultant.post(url).status_code == 422
    assert "Say which column holds" in look(consultant, world, "One;Two\n1;2\n").content.decode()
    assert "Say what is measured" in look(consultant, world, "Month;Value\n2026-01;2\n").content.decode()
    more = "Month;Value\n" + "2026-01;1\n" * 4001
    assert "At most 4000 results" in look(consultant, world, more).content.decode()
    columns = world.url(f"cycles/{world.cycle.pk}/measurements/import/columns/")
    assert consultant.post(columns, {"table": "x", "import": "1"}).status_code == 422


def test_what_changed_meanwhile_is_shown_again_and_not_overwritten(world, consultant, level):
    answer = look(consultant, world, FILE)
    add(consultant, world, level, "2026-01", "9")
    again = bring(consultant, world, answer)
    assert again.status_code == 409
    assert "The cycle was changed meanwhile" in again.content.decode()
    assert values(level) == {"2026-01-01": Decimal(9)}
    assert again.context["preview"].n_corrected == 1


def test_results_of_another_cycle_are_not_reached(world, consultant, stranger, level):
    other = agree(stranger.cycle, name="Theirs")
    answer = look(consultant, world, "Indicator;Month;Value\nTheirs;2026-01;4\n")
    assert "nothing of this cycle is called “Theirs”" in answer.content.decode()
    answer = look(consultant, world, "Month;Value\n2026-01;4\n", of=f"servicelevel-{other.pk}")
    assert answer.context["preview"].thing is None
    assert log_in(world.viewer).post(world.url(f"service-levels/{level.pk}/results/")).status_code == 403


# --- From the cases ------------------------------------------------------------------------------


def case_clock(cycle):
    """As the settings name it in a test: hours of the cases of a cycle."""
    day = timezone.localdate().replace(day=1) - timedelta(days=1)
    queue = Moment.objects.get(stage__cycle=cycle, name="Queue at the till").pk
    hours = [
        ("contact", 2.0, queue),
        ("contact", 4.0, None),
        ("contact", 30.0, queue),
        ("closing", 99.0, queue),
    ]
    return [Timed(clock, day, n, moment) for clock, n, moment in hours]


def test_the_clocks_of_the_cases_make_the_results(world, consultant, level, settings):
    settings.CLOCKS = "tests.cycles.test_results.case_clock"
    level.clock, level.unit, level.target_value, level.statistic = Clock.CONTACT, "hours", 24, "median"
    level.save()
    (standing,) = standing_of(world.cycle)
    assert (standing.last.value, standing.last.n, standing.state) == (Decimal(16), 2, "met")  # of its moment
    level.moment = None
    level.save()
    (standing,) = standing_of(world.cycle)
    assert (standing.last.value, standing.last.n) == (Decimal(4), 3)
    page = consultant.get(world.url(f"service-levels/{level.pk}/")).content.decode()
    assert "Computed from the cases" in page
    assert 'name="value"' not in page
    assert add(consultant, world, level, "2026-01", "4").status_code == 422
    assert not Measurement.objects.exists()


def test_the_settings_name_a_function_that_is_there(world):
    from cycles.clocks import hours_of
    from surveys.models.cases import Case

    opened = timezone.now() - timedelta(days=3)
    Case.objects.create(
        cycle=world.cycle, number=1, opened_at=opened, contacted_at=opened + timedelta(hours=6)
    )
    Case.objects.create(cycle=world.cycle, number=2, opened_at=opened)
    (timed,) = hours_of(world.cycle)
    assert (timed.clock, timed.hours) == ("contact", 6.0)


def test_one_number_stands_for_all_the_hours():
    hours = [1.0, 2.0, 3.0, 4.0, 100.0]
    assert standing_for("median", hours) == Decimal("3.0")
    assert standing_for("mean", hours) == Decimal("22.0")
    assert standing_for("p90", hours) == Decimal("100.0")
    assert standing_for("p90", list(map(float, range(1, 11)))) == Decimal("9.0")
    assert standing_for("p90", [7.04]) == Decimal("7.0")


def test_cases_are_no_results_of_another_clock(level):
    level.clock = Clock.SOLUTION
    timed = [Timed("contact", TODAY, 1.0), Timed("solution", TODAY, 5.0, level.moment_id)]
    (result,) = from_cases(level, timed)
    assert (result.day, result.value, result.n) == (date(2026, 11, 1), Decimal("5.0"), 1)


# --- Periods and the drawing ---------------------------------------------------------------------


def test_periods_follow_each_other():
    assert following(date(2026, 12, 1), "month") == date(2027, 1, 1)
    assert preceding(date(2026, 1, 1), "month") == date(2025, 12, 1)
    assert preceding(date(2026, 3, 1), "day") == date(2026, 2, 28)
    assert with_gaps([], "month", TODAY) == []
    assert keeps("at_most", Decimal(4), Decimal(4))
    assert keeps("at_least", Decimal(4), Decimal(4))


def test_the_line_breaks_where_a_result_is_missing():
    points = [
        Point("Jan", 3.0, "3", True),
        Point("Feb", None),
        Point("Mar", 5.0, "5", False),
        Point("Apr", 4.0),
    ]
    series = draw_series(points, 4.0, "At most 4")
    assert series
    assert series.line.count("M") == 2
    assert series.line.count("L") == 1
    assert [dot.kept for dot in series.dots] == [True, False, None]
    assert len(series.gaps) == 1
    assert series.target
    assert draw_series([Point("Jan", None)]) is None
    assert draw_series([]) is None
    one = draw_series([Point("Jan", 0.0, "0", True)])
    assert one
    assert len(one.dots) == 1


def test_the_scale_holds_every_value_and_begins_at_zero_where_that_is_near():
    for values_, first in (
        ([3, 4, 5], None),
        ([1, 100], 0.0),
        ([95.1, 96.9], None),
        ([0], 0.0),
        ([-5, 5], None),
    ):
        low, high, step = scale_of([float(value) for value in values_])
        assert low <= min(values_), values_
        assert high >= max(values_), values_
        assert high > low
        assert step > 0
        if first is not None:
            assert low == first
    assert scale_of([7.0, 7.0])[0] == 0.0


def test_the_next_period_is_offered_until_all_have_theirs():
    def after(*days):
        return next_period([Result(day, Decimal(1)) for day in days], "month", TODAY)

    assert after() == "2026-10"  # the last month that is over
    assert after(date(2026, 8, 1)) == "2026-09"
    assert after(date(2026, 10, 1)) == "2026-11"
    assert after(date(2026, 11, 1)) == ""
