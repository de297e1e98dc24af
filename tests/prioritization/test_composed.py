"""What is composed is what is printed: sections, order, words, filters, colours, cut tables."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Client
from cycles.models import Action, Moment
from prioritization import jobs
from prioritization.models import Matrix, QuotedComment
from prioritization.reports import document, pages, pdf
from prioritization.reports.choice import Choice
from prioritization.reports.sections import sections
from surveys.models import Response
from tests.prioritization.report_world import Told

pytestmark = pytest.mark.once


def shown(told: Told, language: str = "en", **chosen: Any) -> document.Document:
    told.world.cycle.refresh_from_db()
    return document.gather(told.world.cycle, told.wave, language, timezone.localdate(), Choice(**chosen))


def keys(told: Told, **chosen: Any) -> list[str]:
    return [section.key for section in sections(shown(told, **chosen))]


def text_of(made: bytes) -> str:
    reader = PdfReader(io.BytesIO(made))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_only_the_chosen_sections_in_the_chosen_order(told):
    html = pages.compose(shown(told, sections=("plan", "moments", "nonsense"))).html
    assert keys(told, sections=("plan", "moments", "nonsense")) == ["plan", "moments"]
    assert html.index("1. Action plan") < html.index("2. The 3 moments")
    assert 'id="cycle"' not in html


def test_words_of_the_consultant_are_paragraphs_and_never_markup(told):
    html = pages.compose(shown(told, words={"plan": "One <b>line</b>\nnext\n\n\n\nTwo & more"})).html
    assert (
        '<p class="words">One &lt;b&gt;line&lt;/b&gt;<br>next</p><p class="words">Two &amp; more</p>' in html
    )


def test_a_segment_narrows_matrix_table_and_notes(told):
    for number, response in enumerate(told.wave.responses.order_by("pk")):
        response.segments = {"visit": "first" if number % 2 else "again"}
        response.save()
    Matrix.objects.all().delete()
    found = shown(told, filters={"segment": "visit=first"})
    assert found.standing.n_responses == 20
    assert ("Segment", "visit: first") in found.narrowed
    html = pages.compose(found).html
    assert "20 answers are left by these filters." in html
    assert "visit: first" in html
    assert "where they do for all customers" in html


def test_a_group_too_small_is_named_and_not_shown(told):
    found = shown(told, filters={"segment": "visit=nobody"})
    assert found.standing.n_responses == 40
    assert "too small to stay anonymous" in pages.compose(found).html


def test_another_crosshair_is_said_at_the_chart_and_in_the_notes(told):
    html = pages.compose(shown(told, filters={"cross": "midpoint"})).html
    assert html.count("The axes cross at the midpoint of the scale.") == 2
    assert "The axes cross at the mean" not in html


def test_choice_survives_its_json_and_drops_what_is_not_understood():
    choice = Choice(("plan", "notes"), {"plan": "Words"}, {"segment": "a=b"}, name="Board")
    assert Choice.from_json(choice.as_json()) == choice
    assert Choice().as_json() == {}
    assert (
        Choice.from_json({"sections": "plan", "words": [1], "filters": {"wave": "3"}, "sheet": "x"})
        == Choice()
    )
    assert Choice.from_json(None) == Choice()
    assert Choice.from_json({"words": {"plan": "a\x00b", "notes": 3}}) == Choice()


@pytest.mark.parametrize(
    "other",
    [
        {"sections": ("plan",)},
        {"sections": ("plan", "cycle")},
        {"words": {"plan": "Words"}},
        {"filters": {"cross": "median"}},
    ],
)
def test_another_choice_is_another_report_and_the_same_is_the_same(told, other):
    def ask(**chosen):
        return jobs.ask(told.world.cycle, told.wave, "en", told.world.consultant, choice=Choice(**chosen))

    plain, _ = ask()
    first, new = ask(**other)
    again, anew = ask(**other)
    assert (new, anew) == (True, False)
    assert first.pk == again.pk != plain.pk
    assert Choice.from_json(first.choice) == Choice(**other)
    claimed = jobs.claim()
    while claimed and claimed.pk != first.pk:
        claimed = jobs.claim()
    fingerprint = first.fingerprint
    jobs.run(claimed)
    first.refresh_from_db()
    assert (first.state, first.fingerprint) == ("done", fingerprint)


def test_too_many_cells_cut_the_longest_table_and_the_report_says_so(told, monkeypatch):
    for number in range(10, 40):
        action = Action.objects.create(plan=told.late.plan, number=number, name=f"Action {number}")
        action.moments.set(Moment.objects.all()[:1])
    monkeypatch.setattr("prioritization.reports.sections.MOST_CELLS", 150)
    found = {section.key: section for section in sections(shown(told))}
    assert sum(s.table.cells for s in found.values() if s.table) <= 150
    assert found["plan"].table.left_out > 0
    assert found["moments"].table.left_out == 0
    left = found["plan"].table.left_out
    assert (
        f"{left} more rows are not printed here: they are in the spreadsheet"
        in pages.compose(shown(told)).html
    )


# --- Comments --------------------------------------------------------------------------------------


def quoted(told: Told, text: str) -> Response:
    response = told.wave.responses.latest("pk")
    Response.objects.filter(pk=response.pk).update(comment=text)
    QuotedComment.objects.create(response=response)
    return response


def test_a_chosen_comment_is_quoted_word_for_word(told):
    quoted(told, "The <i>queue</i> was long")
    Response.objects.filter(pk=told.wave.responses.earliest("pk").pk).update(comment="Not chosen")
    html = pages.compose(shown(told)).html
    assert "<blockquote><p>The &lt;i&gt;queue&lt;/i&gt; was long</p></blockquote>" in html
    assert "Not chosen" not in html


def test_comments_of_a_wave_below_its_threshold_stay_out(told):
    quoted(told, "Said by one of few")
    type(told.wave.survey).objects.filter(pk=told.wave.survey_id).update(threshold=41)
    told.wave.refresh_from_db()
    told.wave.survey.refresh_from_db()
    assert "comments" not in keys(told)


def test_an_erased_answer_takes_its_quote_along(told):
    response = quoted(told, "Gone tomorrow")
    Response.objects.filter(pk=response.pk).delete()
    assert not QuotedComment.objects.exists()


# --- The client's looks ----------------------------------------------------------------------------


def test_logo_and_colour_are_on_the_cover_and_in_the_fingerprint(told):
    plain = pages.compose(shown(told))
    Client.objects.update(accent="#C03322")
    coloured = pages.compose(shown(told))
    client = Client.objects.get(pk=told.world.client.pk)
    client.logo.save(
        "a.svg",
        ContentFile(
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2">'
            b'<path d="M0 0H4V2Z" fill="#C03322"/></svg>'
        ),
    )
    branded = pages.compose(shown(told))
    assert len({one.fingerprint for one in (plain, coloured, branded)}) == 3
    assert branded.assets["colours.css"][0] == b":root{--brand:#C03322;--rule:#C03322;--band:#C03322}"
    made = pdf.typeset(branded)
    assert pdf.typeset(branded) == made
    assert '<img src="asset:logo" alt="Logo of Client of alba">' in branded.html
    assert "0.752941 0.2 0.133333 rg" in operators(made)
    assert "0.752941 0.2 0.133333 rg" not in operators(pdf.typeset(plain))


def operators(made: bytes) -> str:
    """What the cover draws, its pictures included."""
    page = PdfReader(io.BytesIO(made)).pages[0]
    drawn = page.get_contents().get_data().decode("latin-1")
    resources: Any = page["/Resources"]
    for thing in (resources.get("/XObject") or {}).values():
        drawn += thing.get_object().get_data().decode("latin-1")
    return drawn


def test_a_logo_whose_file_is_lost_does_not_stop_the_report(told):
    Client.objects.update(logo="logos/gone.png")
    assert "asset:logo" not in pages.compose(shown(told)).html


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                "The method in one page",
                "How to read the matrix",
                "What changed",
                "Clear changes",
                "Interval",
                "Left out",
            ),
        ),
        (
            "es",
            (
                "El método en una página",
                "Cómo leer la matriz",
                "Qué cambió",
                "Cambios claros",
                "Intervalo",
                "Fuera de la cuenta",
            ),
        ),
    ],
)
def test_every_section_speaks_the_language_of_the_report(told, language, said):
    quoted(told, "Muy bien")
    text = text_of(pdf.typeset(pages.compose(shown(told, language))))
    for words in said:
        assert words in text
