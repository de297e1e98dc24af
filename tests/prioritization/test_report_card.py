"""The report card: grades of moments, stages and the whole, certainty, change, what is hidden, thresholds."""

import csv
import re
from io import StringIO

import pytest

from cycles.models import Moment, Requirement, Stage
from prioritization import matrix
from prioritization.comparison import changes
from prioritization.grade_scale import GradeScale, scale_of
from prioritization.report_card import Choice, card_of
from surveys.models import Item, SurveyStatus, Wave
from tests.conftest import log_in
from tests.prioritization.answers import NOT_LIVED, answer, survey_of, wave_of
from tests.prioritization.report_world import Told

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # grades and their page


def page(browser, world, query: str = ""):
    return browser.get(world.url(f"cycles/{world.cycle.pk}/report-card/{query}"))


def save(browser, world, **posted):
    return browser.post(world.url(f"cycles/{world.cycle.pk}/report-card/grades/"), posted)


def letters(*starts: object, scope: str = "cycle") -> dict[str, object]:
    names = ("letter_A", "letter_B", "letter_C", "letter_D")
    return {"scheme": "letters", "scope": scope, **dict(zip(names, starts, strict=True))}


def test_every_moment_every_stage_and_the_whole_get_a_grade(told: Told):
    """The queue 1.5, the greeting 4.5, finding the shop 4: weighted by importance."""
    card = card_of(told.world.cycle, told.wave, Choice.usual(told.wave, [told.wave, told.before]))
    rows = {line.name: line for line in card.lines}
    assert [rows[name].grade_text for name in ("Find the shop", "Be greeted", "Queue at the till")] == list(
        "BAE"
    )
    arrive = rows["Arrive"]
    assert arrive.mean is not None
    assert arrive.mean.value == pytest.approx((2.5 * 4 + 4 * 4.5) / 6.5)
    assert arrive.share == pytest.approx(6.5 / 11.5)
    assert card.overall.mean is not None
    assert card.overall.mean.value == pytest.approx((2.5 * 4 + 4 * 4.5 + 5 * 1.5) / 11.5)
    assert card.overall.n_text == "40"
    assert card.respondents == 40
    assert arrive.mean_text == "4.31"  # as exact as the cuts of the grades


def test_the_change_is_the_one_of_the_matrix(told: Told):
    """One rule of change for matrix and card: the same difference, the same p, the same verdict."""
    card = card_of(told.world.cycle, told.wave, Choice(compare=told.before))
    now, then = (matrix.compute(matrix.read(wave)) for wave in (told.wave, told.before))
    asked = changes(now, then)
    for line, moment in zip(card.moments, now["moments"], strict=True):
        there = asked[str(moment["id"])]
        assert line.change is not None
        assert line.change.difference == pytest.approx(there.difference)
        assert line.change.p == pytest.approx(there.p) if there.p is not None else line.change.p is None
        assert line.change.verdict == there.verdict
    assert {line.name: line.direction for line in card.moments} == {
        "Find the shop": "none",
        "Be greeted": "up",
        "Queue at the till": "down",
    }


def test_the_page_says_the_grades_the_thresholds_and_the_change(told: Told):
    body = page(log_in(told.world.viewer), told.world).content.decode()
    assert "The cycle earns" in body
    assert "since Autumn" not in body
    assert "Change since Spring" in body
    assert "from 4.5 (87.5%)" in body
    assert re.search(r'↑</span> \d\.\d<span class="sr">, clearly up', body)
    # The arrow says which way: no sign beside it.
    assert re.search(r'↓</span> \d\.\d<span class="sr">, clearly down', body)
    assert "no evidence of a change" in body
    # A viewer reads and sets nothing.
    assert "report-card/grades/" not in body
    assert "report-card/grades/" in page(log_in(told.world.consultant), told.world).content.decode()


def test_an_uncertain_grade_says_what_else_it_could_be(world):
    wave = wave_of(survey_of(world.cycle))
    for value in (4, 4, 4, 5, 5, 4, 3, 4, 5, 4, 3, 5):
        answer(wave, [(4, value), (4, 1), (4, 1)])
    card = card_of(world.cycle, wave)
    first = card.moments[0]
    assert (first.grade_text, first.could_text) == ("B", "could be A or C")
    assert first.indicative
    body = page(log_in(world.owner), world).content.decode()
    assert "could be A or C" in body
    assert "indicative" in body


def test_what_too_few_rated_has_no_grade_and_is_in_no_total(world, consultant):
    """Nine rated the queue: neither its number nor its share can be worked out from stage or whole."""
    wave = wave_of(survey_of(world.cycle))
    answer(wave, [(4, 4), (4, 5), (5, 1)], times=9)
    answer(wave, [(4, 4), (4, 5), NOT_LIVED], times=11)
    card = card_of(world.cycle, wave)
    queue = card.moments[2]
    assert queue.grade is None
    assert queue.grade_text == "–"
    pay = card.stages[1].line
    assert pay.mean is None
    assert pay.left_out == 1
    assert card.overall.mean is not None
    assert card.overall.mean.value == pytest.approx(4.5)  # of the other two alone
    assert card.stages[0].line.share == pytest.approx(1)
    body = page(consultant, world).content.decode()
    assert "fewer than 10 answers" in body
    cells = csv_rows(consultant, world)["Queue at the till"]
    assert set(cells[3:15]) == {""}
    assert "too few" in cells[15]


def test_a_group_that_leaves_few_others_of_a_moment_is_hidden_there(world):
    """Twelve of the group and three others lived the queue: everybody less the group would show the three."""
    wave = wave_of(survey_of(world.cycle))
    answer(wave, [(4, 4), (4, 5), (5, 2)], times=12, city="Cali")
    answer(wave, [(4, 3), (4, 4), (5, 1)], times=3, city="Lima")
    answer(wave, [(4, 3), (4, 4), NOT_LIVED], times=12, city="Lima")
    everybody = card_of(world.cycle, wave)
    assert everybody.moments[2].grade is not None
    cali = card_of(world.cycle, wave, Choice(segment=("city", "Cali")))
    assert [line.grade is None for line in cali.moments] == [False, False, True]


def test_the_filters_of_the_matrix_narrow_the_card(world, consultant):
    survey = survey_of(world.cycle)
    wave = wave_of(survey)
    answer(wave, [(4, 5), (4, 5), (5, 5)], times=15, city="Cali")
    answer(wave, [(4, 1), (4, 1), (5, 1)], times=15, city="Lima")
    cali = page(consultant, world, "?segment=city%3DCali")
    assert cali.status_code == 200
    assert cali.context["card"].overall.grade_text == "A"
    assert page(consultant, world, "?segment=city%3DLima").context["card"].overall.grade_text == "E"
    nobody = page(consultant, world, "?segment=city%3DRoma")
    assert nobody.status_code == 422
    assert "too small to stay anonymous" in nobody.content.decode()
    assert page(consultant, world, "?wave=999999").status_code == 422
    assert page(consultant, world, "?importance=derived").status_code in (200, 422)


def test_without_importance_every_moment_weighs_the_same(world, consultant):
    wave = wave_of(survey_of(world.cycle, importance="none"))
    answer(wave, [(None, 5), (None, 4), (None, 3)], times=12)
    card = card_of(world.cycle, wave)
    assert not card.weighted
    assert card.overall.mean is not None
    assert card.overall.mean.value == pytest.approx(4)
    assert "every moment weighs the same" in page(consultant, world).content.decode()


def test_requirements_that_were_asked_about_have_grades_of_their_own(world, consultant):
    survey = survey_of(world.cycle)
    queue = Moment.objects.get(name="Queue at the till")
    need = Requirement.objects.create(moment=queue, position=0, name="A short queue")
    Item.objects.create(
        survey=survey,
        moment=queue,
        requirement=need,
        is_requirement=True,
        position=9,
        wording={"en": "A short queue"},
    )
    before = wave_of(survey, 1, SurveyStatus.CLOSED, name="Spring")
    wave = wave_of(survey, 2, name="Autumn")
    for value in (1, 2):
        answer(before, [(4, 4), (4, 4), (4, 4), (5, value)], times=15, city="Cali")
        answer(wave, [(4, 4), (4, 4), (4, 4), (5, value + 3)], times=15, city="Cali")
    answer(wave, [(4, 4), (4, 4), (4, 4), (5, 1)], times=3, city="Lima")
    card = card_of(world.cycle, wave, Choice(compare=before))
    (line,) = [line for line in card.lines if line.level == "requirement"]
    assert line.mean is not None
    assert line.mean.n == 33
    assert line.mean.value == pytest.approx((15 * 4 + 15 * 5 + 3) / 33)
    assert line.direction == "up"
    # The moment does not contain what was said of its requirement.
    assert card.moments[2].grade_text == "B"
    # Everybody less Cali would be three people.
    cali = card_of(world.cycle, wave, Choice(segment=("city", "Cali")))
    (line,) = [line for line in cali.lines if line.level == "requirement"]
    assert line.grade is None
    assert "A short queue" in page(consultant, world).content.decode()


def test_a_moment_that_left_the_map_keeps_its_grade(told: Told):
    Moment.objects.get(name="Be greeted").delete()
    card = card_of(told.world.cycle, told.wave)
    assert card.stages[-1].line.name == "No longer on the map"
    assert [line.name for line in card.stages[-1].rows] == ["Be greeted"]
    assert card.stages[-1].rows[0].grade_text == "A"


def csv_rows(browser, world) -> dict[str, list[str]]:
    response = browser.get(world.url(f"cycles/{world.cycle.pk}/report-card/table.csv"))
    assert response["Content-Type"].startswith("text/csv")
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return {row[2]: row for row in csv.reader(StringIO(text[1:])) if len(row) > 2}


def test_the_file_has_every_line_with_its_numbers(told: Told):
    Moment.objects.filter(name="Be greeted").update(name="=1+1")
    rows = csv_rows(log_in(told.world.consultant), told.world)
    queue = rows["Queue at the till"]
    assert queue[:4] == ["Moment", "3", "Queue at the till", "E"]
    assert float(queue[6]) == 1.5
    assert float(queue[7]) < 1.5 < float(queue[8])
    assert queue[13] == "clearly down"
    assert "'=1+1" in rows  # no spreadsheet runs it
    assert rows["From point of the scale"]


# --- Thresholds ----------------------------------------------------------------------------------


def test_a_consultant_sets_other_thresholds_and_they_are_printed(told: Told):
    browser = log_in(told.world.consultant)
    assert save(browser, told.world, **letters(80, "60,5", 40, 20)).status_code == 422  # English: 60.5
    assert save(browser, told.world, **letters(80, "60.5", 40, 20)).status_code == 302
    assert scale_of(told.world.cycle).letters == [80.0, 60.5, 40.0, 20.0]
    body = page(browser, told.world).content.decode()
    assert "(60.5%)" in body
    spanish = log_in(told.world.consultant, "es")
    assert save(spanish, told.world, **letters("90", "60,5", "40", "20")).status_code == 302


def test_thresholds_of_the_client_hold_where_the_cycle_has_none(told: Told):
    world, browser = told.world, log_in(told.world.consultant)
    save(browser, world, **letters(90, 80, 70, 60, scope="client"))
    assert GradeScale.objects.get().cycle is None
    assert scale_of(world.cycle).letters[0] == 90
    save(browser, world, **letters(95, 80, 70, 60))
    assert scale_of(world.cycle).letters[0] == 95
    usual = world.url(f"cycles/{world.cycle.pk}/report-card/grades/usual/")
    for _ in range(2):
        assert browser.post(usual).status_code == 302
    assert scale_of(world.cycle).letters[0] == 90
    # For the client, set from a cycle with its own: that one follows as well.
    save(browser, world, **letters(95, 80, 70, 60))
    save(browser, world, **letters(85, 80, 70, 60, scope="client"))
    assert scale_of(world.cycle).letters[0] == 85
    assert GradeScale.objects.count() == 1


def test_numbers_from_ten_to_one(told: Told):
    browser = log_in(told.world.owner)
    tens = {f"ten_{n}": 10 * (n - 1) for n in range(2, 11)}
    assert save(browser, told.world, scheme="tens", scope="cycle", **tens).status_code == 302
    card = card_of(told.world.cycle, told.wave)
    assert {line.name: line.grade_text for line in card.moments}["Queue at the till"] == "2"
    assert card.scale.letters == [87.5, 75.0, 62.5, 50.0]  # kept as they were


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        ((80, 85, 40, 20), "B has to begin below A."),
        ((80, 80, 40, 20), "B has to begin below A."),
        ((80, "", 40, 20), "Say from which percentage B begins."),
        ((120, 80, 40, 20), "A percentage above 0 and up to 100."),
        ((80, 60, 40, 0), "A percentage above 0 and up to 100."),
        (("much", 60, 40, 20), "Enter a number."),
    ],
)
def test_thresholds_that_make_no_sense_are_refused_at_their_field(world, consultant, starts, said):
    response = save(consultant, world, **letters(*starts))
    assert response.status_code == 422
    body = response.content.decode()
    assert said in body
    assert 'aria-invalid="true"' in body
    assert f'value="{starts[0]}"' in body  # what was typed is kept
    assert not GradeScale.objects.exists()


def test_only_editors_set_thresholds(world, manager):
    assert manager.get(world.url(f"cycles/{world.cycle.pk}/report-card/grades/")).status_code == 403
    assert save(manager, world, **letters(80, 60, 40, 20)).status_code == 403


def test_before_anybody_was_asked_the_page_leads_to_the_survey(world, consultant):
    assert "Prepare the survey" in page(consultant, world).content.decode()
    wave_of(survey_of(world.cycle))
    assert "No answers yet" in page(consultant, world).content.decode()
    answer(Wave.objects.get(), [(4, 4), (4, 4), (4, 4)], times=4)
    few = page(consultant, world)
    assert few.status_code == 200
    assert "Too few answers for a grade" in few.content.decode()


# --- Before, during, after -----------------------------------------------------------------------


def test_the_three_phases_are_scored_and_what_has_none_is_named(told: Told):
    Stage.objects.filter(name="Arrive").update(phase="before")
    card = card_of(told.world.cycle, told.wave, Choice(compare=told.before))
    (before,) = card.phases.lines
    assert before.name == "Before"
    assert before.mean is not None
    assert before.mean.value == pytest.approx((2.5 * 4 + 4 * 4.5) / 6.5)
    assert before.interval_text
    assert [str(stage) for stage in card.phases.untagged] == ["Pay"]
    Stage.objects.filter(name="Pay").update(phase="during")
    card = card_of(told.world.cycle, told.wave)
    assert [line.name for line in card.phases.lines] == ["Before", "During"]
    assert not card.phases.untagged
