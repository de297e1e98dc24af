"""Results from tables, shown before they are written."""

import io
from datetime import datetime
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from cycles.models import Measurement
from tests.conftest import log_in
from tests.cycles.results.level import add, values
from tests.cycles.service_levels.agreeing import agree


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
