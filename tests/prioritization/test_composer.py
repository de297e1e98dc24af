"""The composer page: order, words, filters, preview, presets, and the PDF of exactly what is composed."""

from html import unescape

import pytest
from django.urls import reverse

from prioritization.models import QuotedComment, Report, ReportPreset
from prioritization.reports.choice import Choice
from prioritization.reports.registry import USUAL
from prioritization.tasks import render_reports
from surveys.models import Response
from tests.conftest import log_in
from tests.prioritization.report_world import Told

pytestmark = pytest.mark.once  # pages and choices; the jobs themselves: test_jobs.py


def url(told: Told, name: str, *args: object) -> str:
    return reverse(f"prioritization:{name}", args=[told.world.workspace.slug, *args])


def page(told: Told, name: str = "report_compose", *more: object) -> str:
    return url(told, name, told.world.cycle.pk, *more)


def typed(told: Told, **fields: object) -> dict[str, object]:
    """The form as it stands at first, some fields changed."""
    return {"wave": told.wave.pk, "language": "en", "section": list(USUAL), "on": list(USUAL), **fields}


def order(text: str) -> list[str]:
    return [part.split('"')[0] for part in text.split('name="section" value="')[1:]]


def test_at_first_everything_is_chosen_and_the_preview_shows_it(told, consultant):
    text = consultant.get(page(told)).content.decode()
    assert order(text) == list(USUAL)
    assert text.count('name="on"') == text.count("checked>") - 1 == len(USUAL)
    assert 'sandbox="allow-same-origin"' in text
    assert "Choose comments on the results page" in text
    answered = consultant.get(page(told, "report_preview"))
    assert answered["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answered["Content-Security-Policy"]
    assert "asset:" not in answered.content.decode()
    assert "The method in one page" in answered.content.decode()
    # Two main parts without a name, one in the other's frame, are not told apart by ear.
    assert '<main aria-labelledby="t-report">' in answered.content.decode()
    assert answered.content.decode().count('id="t-report"') == 1
    assert "frame-src 'self'" in consultant.get(page(told))["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("press", "place"), [("up:plan", -1), ("down:plan", 1), ("up:method", 0), ("up:nothing", 0), ("", 0)]
)
def test_without_script_a_button_moves_a_section_and_keeps_what_was_typed(told, consultant, press, place):
    draft = typed(told, press=press, on=["plan"], **{"words-plan": "Kept <here>"})
    text = consultant.post(page(told, "report_draft"), draft).content.decode()
    expected = list(USUAL)
    at = expected.index("plan")
    expected.insert(at + place, expected.pop(at))
    assert order(text) == expected
    assert "Kept &lt;here&gt;</textarea>" in text
    assert text.count('name="on" value="plan" checked') == 1
    assert 'value="cycle" checked' not in text


def test_the_preview_shows_order_and_words_and_stores_nothing(told, consultant):
    draft = typed(told, section=["plan", "cycle"], on=["cycle", "plan"], **{"words-plan": "Read <b>this</b>"})
    text = consultant.post(page(told, "report_preview"), draft).content.decode()
    assert text.index("1. Action plan") < text.index("2. The cycle")
    assert '<p class="words">Read &lt;b&gt;this&lt;/b&gt;</p>' in text
    assert not Report.objects.exists()


def test_the_pdf_is_of_exactly_what_is_composed(told, consultant):
    draft = typed(
        told, on=["plan", "notes"], language="es", **{"words-plan": "Palabras", "words-cycle": "no"}
    )
    assert consultant.post(page(told, "composed_ask"), draft)["Location"] == page(told, "reports")
    consultant.post(page(told, "composed_ask"), draft)
    report = Report.objects.get()
    assert report.language == "es"
    assert Choice.from_json(report.choice) == Choice(("plan", "notes"), {"plan": "Palabras"})
    render_reports()
    report.refresh_from_db()
    assert report.state == "done"
    assert report.file.read().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": []}, "Choose at least one section."),
        ({"words-plan": "x" * 1501}, "At most 1500 characters; these are 1501."),
        ({"words-plan": "a\x08b"}, "control character"),
        ({"segment": "visit=few"}, "too small to stay anonymous"),
        ({"from": "2020-01"}, "There is no such period"),
        ({"cross": "sideways"}, "no such rule for the crosshair"),
        ({"wave": "987"}, "Select a valid choice"),
        ({"language": "fr"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(told, consultant, wrong, said):
    draft = typed(told, **{"words-cycle": "Keep me", **wrong})
    for name in ("composed_ask", "preset_save"):
        answered = consultant.post(page(told, name), {**draft, "name": "My preset"})
        assert answered.status_code == 422
        text = unescape(answered.content.decode())
        assert said in text or name == "preset_save"
        assert "Keep me" in text
    assert consultant.post(page(told, "report_preview"), draft).status_code == 422
    assert not Report.objects.exists()
    assert not ReportPreset.objects.exists()


# --- Presets ---------------------------------------------------------------------------------------


def save(told: Told, browser, name: str = "Board", **fields: object) -> ReportPreset:
    draft = typed(told, name=name, **{"on": ["plan"], "words-plan": "Words", **fields})
    answered = browser.post(page(told, "preset_save"), draft)
    preset = ReportPreset.objects.latest("pk")
    assert answered["Location"] == f"{page(told)}?preset={preset.pk}"
    return preset


def test_a_preset_is_saved_loaded_changed_renamed_deleted_and_taken_back(told, consultant):
    preset = save(told, consultant, language="es")
    text = consultant.get(f"{page(told)}?preset={preset.pk}").content.decode()
    assert order(text)[0] == "plan"
    assert text.count("checked>") == 2
    assert "Words</textarea>" in text
    draft = typed(told, on=["plan", "notes"], preset=preset.pk)
    assert consultant.post(page(told, "preset_keep", preset.pk), draft).status_code == 302
    preset.refresh_from_db()
    assert preset.choice == {"sections": ["plan", "notes"]}
    consultant.post(page(told, "preset_rename", preset.pk), {"new_name": "Short"})
    preset.refresh_from_db()
    assert preset.name == "Short"
    answered = consultant.post(page(told, "preset_delete", preset.pk))
    text = consultant.get(answered["Location"]).content.decode()
    assert "“Short” was deleted." in text
    assert consultant.get(f"{page(told)}?preset={preset.pk}").status_code == 404
    assert consultant.post(page(told, "preset_restore", preset.pk)).status_code == 302
    assert consultant.get(f"{page(told)}?preset={preset.pk}").status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x07b", "BOARD"])
def test_a_name_that_cannot_be_is_said_at_the_field(told, consultant, name):
    first = save(told, consultant)
    other = save(told, consultant, "Other")
    answered = consultant.post(page(told, "preset_save"), typed(told, name=name))
    assert answered.status_code == 422
    assert 'id="name-error"' in answered.content.decode()
    renamed = consultant.post(page(told, "preset_rename", other.pk), {"new_name": name})
    assert renamed.status_code == 422
    assert 'id="new-name-error"' in renamed.content.decode()
    assert set(ReportPreset.objects.values_list("name", flat=True)) == {first.name, other.name}


def test_a_preset_of_another_client_is_seen_only_if_it_is_for_all(told, consultant, stranger):
    own = save(told, consultant)
    shared = save(told, consultant, "For all", for_all="on")
    other = told.world.workspace.clients.create(name="Next door").cycles.create(name="Theirs", language="en")
    there = url(told, "report_compose", other.pk)
    text = consultant.get(there).content.decode()
    assert "For all" in text
    assert ">Board" not in text
    assert consultant.get(f"{there}?preset={own.pk}").status_code == 404
    assert consultant.get(f"{there}?preset={shared.pk}").status_code == 200
    foreign = reverse(
        "prioritization:preset_delete", args=[stranger.workspace.slug, stranger.cycle.pk, shared.pk]
    )
    assert log_in(stranger.owner).post(foreign).status_code == 404


def test_managers_and_viewers_do_not_compose(told):
    for person in (told.world.manager, told.world.viewer):
        browser = log_in(person)
        assert browser.get(page(told)).status_code == 403
        assert browser.post(page(told, "composed_ask"), typed(told)).status_code == 403
        assert browser.post(page(told, "preset_save"), typed(told, name="x")).status_code == 403


# --- Comments for the report -----------------------------------------------------------------------


def test_a_comment_is_chosen_on_the_results_page_and_taken_out_again(told, consultant):
    response = told.wave.responses.latest("pk")
    Response.objects.filter(pk=response.pk).update(comment="The till was closed")
    back = {"back": f"wave={told.wave.pk}"}
    for _ in range(2):
        answered = consultant.post(url(told, "comment_quote", response.pk), back)
        assert answered["Location"].endswith(f"?wave={told.wave.pk}#comment-{response.pk}")
    assert QuotedComment.objects.get().chosen_by == told.world.consultant
    text = consultant.get(f"{page(told, 'results')}?wave={told.wave.pk}").content.decode()
    assert 'aria-pressed="true"' in text
    preview = consultant.get(page(told, "report_preview")).content.decode()
    assert "<blockquote><p>The till was closed</p></blockquote>" in preview
    fragment = consultant.post(
        url(told, "comment_unquote", response.pk), back, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'aria-pressed="false"' in fragment
    assert not QuotedComment.objects.exists()


def test_a_comment_nobody_may_read_cannot_be_chosen(told, consultant):
    response = told.wave.responses.latest("pk")
    assert consultant.post(url(told, "comment_quote", response.pk)).status_code == 404
    Response.objects.filter(pk=response.pk).update(comment="Alone")
    type(told.wave.survey).objects.filter(pk=told.wave.survey_id).update(threshold=41)
    assert consultant.post(url(told, "comment_quote", response.pk)).status_code == 404
    assert log_in(told.world.manager).post(url(told, "comment_quote", response.pk)).status_code == 403
