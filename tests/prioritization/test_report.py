"""The PDF as a reader opens it: pages, outline, tags, language, words, and the same bytes every time."""

import io
import os
import subprocess
import sys
import time
import tomllib
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from cyclemap import VERSION
from cycles.models import Action, Cycle, Moment
from prioritization.reports import document, pages, pdf
from prioritization.reports.sections import sections
from surveys.models import Wave
from tests.prioritization.report_world import Told

pytestmark = pytest.mark.once


def shown(told: Told, language: str = "en", wave: Wave | None = None) -> document.Document:
    return document.gather(told.world.cycle, wave or told.wave, language, timezone.localdate())


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


# Pages as they were typeset: most tests read the same ones.
TYPESET: dict[str, bytes] = {}


@pytest.fixture
def reader(told: Told) -> PdfReader:
    composed = pages.compose(shown(told))
    if composed.html not in TYPESET:
        TYPESET[composed.html] = pdf.typeset(composed)
    return read(TYPESET[composed.html])


def test_every_section_is_in_the_outline_in_order(reader):
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles == [
        "Contents",
        "1. The method in one page",
        "2. The cycle",
        "3. Moments and requirements",
        "4. Priorities",
        "5. The 3 moments",
        "6. What changed",
        "7. Action plan",
        "8. Report card",
        "9. About this report",
    ]
    assert len(reader.pages) == 11


def test_the_document_says_its_language_title_and_tags(reader):
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Cycle of alba, Autumn. Report for Client of alba"
    assert reader.metadata.author == "Alba"
    assert b'pdfuaid:part="1"' in reader.trailer["/Root"]["/Metadata"].get_data()


def structure(node: object, found: list) -> list:
    """Every element of the tree of tags."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, dict):
        if "/S" in node:
            found.append(node)
        if "/K" in node:
            structure(node["/K"], found)
    elif isinstance(node, list):
        for child in node:
            structure(child, found)
    return found


def test_every_figure_has_words_and_tables_have_headers(reader):
    elements = structure(reader.trailer["/Root"]["/StructTreeRoot"], [])
    figures = [e for e in elements if e["/S"] == "/Figure"]
    assert len(figures) > 5
    assert all(e.get("/Alt") for e in figures)
    kinds = {e["/S"] for e in elements}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L"} <= kinds


def test_the_figures_are_those_of_the_answers(reader):
    text = words(reader)
    assert "“Queue at the till” asks for action first" in text
    # importance 5, satisfaction (2 + 1) / 2 with its interval, gap, 40 answers
    assert "Queue at the till 5.0 – 1.5 1.34–1.66 +3.5 40 >99%" in text
    assert "Be greeted 4.0 – 4.5 4.34–4.66 −0.5 40" in text
    # fallen by 2 since spring, 0.506 sqrt(2/40) t(78) = 0.2254; 3.5 was above the line at 3.33
    assert "Queue at the till 3.5 1.5 ↓ 2.0 −2.23 to −1.77 Moves from Protect to Act." in text
    assert "No clear change: it may be chance" in text


def test_requirements_actions_and_who_is_late_are_there(reader):
    text = words(reader)
    assert "A short queue 5 min" in text
    assert "A seat while waiting" in text
    for said in ("A1 Second till Quick win", "Olga", "late", "A2 Say hello", "Hugo", "2 of 5", "4 of 5"):
        assert said in text


def test_the_last_page_says_where_the_numbers_come_from(told, reader):
    text = words(reader).replace(" ", "")
    fingerprint = pages.compose(shown(told)).fingerprint
    for said in (fingerprint[:16], f"Cyclemap{VERSION}", "40answers", "Crosshair", "Welch"):
        assert said in text
    assert pages.PLACE not in text


def test_pages_are_numbered_and_carry_the_running_foot(reader):
    second = reader.pages[1].extract_text()
    assert f"2 / {len(reader.pages)}" in second
    assert "Client of alba. Cycle of alba, Autumn" in second
    assert f"1 / {len(reader.pages)}" not in reader.pages[0].extract_text()


def test_the_contents_name_the_pages(reader):
    entries = "".join(reader.pages[1].extract_text().split())
    for entry in [entry for entry in reader.outline[1:] if not isinstance(entry, list)]:
        page = reader.get_destination_page_number(entry) + 1
        assert f"{entry.title}{page}".replace(" ", "") in entries


def test_in_spanish_numbers_have_commas_and_drawings_have_none_in_their_coordinates(told):
    composed = pages.compose(shown(told, "es"))
    assert 'lang="es"' in composed.html
    for drawing in composed.html.split("<svg")[1:]:
        head = drawing.split(">")[0]
        assert "," not in head.split('viewBox="')[1].split('"')[0]
    reader = read(pdf.typeset(composed))
    assert str(reader.root_object["/Lang"]) == "es"
    assert "Queue at the till 5,0 – 1,5 1,34–1,66 +3,5 40" in words(reader)


def test_the_words_of_the_client_come_in_the_language_of_the_report(told):
    moment = Moment.objects.get(name="Queue at the till")
    moment.translate("es", name="Hacer fila en caja")
    moment.save()
    assert "Hacer fila en caja" in pages.compose(shown(told, "es")).html
    assert "Hacer fila en caja" not in pages.compose(shown(told, "en")).html


def test_the_same_data_gives_the_same_bytes(told):
    first = pdf.typeset(pages.compose(shown(told)))
    time.sleep(1.1)  # the clock of a font file counts seconds
    assert pdf.typeset(pages.compose(shown(told))) == first


def test_another_process_gives_the_same_bytes_too(told):
    """Nothing depends on the order of a hash or on the clock."""
    html = pages.compose(shown(told)).html
    script = (
        "import sys, hashlib, django; django.setup()\n"
        "from prioritization.reports import pages, pdf\n"
        "html = sys.stdin.read()\n"
        "print(hashlib.sha256(pdf.typeset(pages.Composed(html, '0' * 64))).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            input=html,
            text=True,
            capture_output=True,
            check=True,
            cwd=settings.BASE_DIR,
            env={**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_without_a_survey_the_report_is_map_and_plan(told):
    shown = document.gather(told.world.cycle, None, "en", timezone.localdate())
    found = [section.key for section in sections(shown)]
    assert found == ["method", "cycle", "requirements", "plan", "notes"]
    reader = read(pdf.typeset(pages.compose(shown)))
    assert "No survey results are part of this report" in words(reader)


def test_an_empty_cycle_still_makes_a_report(told):
    cycle = Cycle.objects.create(client=told.world.client, name="Bare", language="en")
    shown = document.gather(cycle, None, "en", timezone.localdate())
    assert [section.key for section in sections(shown)] == ["method", "cycle", "notes"]
    assert "Bare" in words(read(pdf.typeset(pages.compose(shown))))


def test_a_moment_with_few_answers_is_named_but_not_counted(told):
    moment = Moment.objects.create(
        stage=Moment.objects.get(name="Be greeted").stage, position=2, name="Ask for help"
    )
    item = told.wave.survey.items.create(moment=moment, position=9, wording={"en": "Ask for help"})
    for response in told.wave.responses.all()[:4]:
        response.ratings.create(item=item, importance=5, satisfaction=1)
    # One more answer moves the watermark, as a real one would.
    told.wave.responses.create()
    text = words(read(pdf.typeset(pages.compose(shown(told)))))
    assert "Not shown: too few answers" in text
    assert "Ask for help – – – – – under 10" in text


def test_lateness_is_judged_on_the_day_of_the_report(told):
    told.late.due_on = timezone.localdate() + timedelta(days=2)
    told.late.save()
    today = document.gather(told.world.cycle, None, "en", timezone.localdate())
    later = document.gather(told.world.cycle, None, "en", timezone.localdate() + timedelta(days=9))
    assert today.plan.late == ()
    assert [step.action.pk for step in later.plan.late] == [told.late.pk]


def test_the_queries_do_not_grow_with_the_plan(told, django_assert_num_queries):
    with CaptureQueriesContext(
        connection,
    ) as few:
        shown(told)
    for k in range(10, 30):
        action = Action.objects.create(plan=told.late.plan, number=k, name=f"Action {k}")
        action.moments.set(Moment.objects.all())
    with django_assert_num_queries(len(few)):
        shown(told)


def test_the_version_is_the_projects(told):
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION
