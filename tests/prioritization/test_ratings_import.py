"""A file of answers, from the upload to the matrix and back, as a consultant does it."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client as Browser

from cycles.models import Moment
from prioritization import matrix
from prioritization.models import ImportState, RatingsImport
from prioritization.ratings_import import jobs
from prioritization.tasks import import_ratings
from surveys.instrument import next_wave
from surveys.models import Rating, Response, Survey, SurveyStatus, Wave
from tests.conftest import World

HEADER = (
    "respondent_id,wave,weight,seg:city,overall,nps,imp:Find the shop,sat:find the SHÓP,sat:Be greeted,Extra"
)
WIDE = f"""{HEADER}
a,2018,1.5,north,4,9,5,4,NE,x
b,2018,0.5,south,3,,4,2,3,x
c,2015,1,north,,10,,,5,x
"""
LONG = """respondent,moment,importance,satisfaction,wave
a,Find the shop,5,4,2018
a,Park the car,4,NE,2018
b,Find the shop,,2,2018
b,Nowhere,1,1,2018
"""


def give(browser: Browser, world: World, content: str | bytes, name: str = "old.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    url = world.url(f"cycles/{world.cycle.pk}/import/file/")
    return browser.post(url, {"file": ContentFile(data, name=name)})


def given(browser: Browser, world: World, content: str | bytes, name: str = "old.csv") -> str:
    """The address of the page of the file."""
    response = give(browser, world, content, name)
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def press(browser: Browser, url: str, **told: str) -> Any:
    return browser.post(f"{url}columns/", {"import": "1", **told})


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def imported(browser: Browser, world: World, content: str = WIDE, **told: str) -> RatingsImport:
    url = given(browser, world, content)
    assert press(browser, url, **told).status_code == 302
    found = RatingsImport.objects.get()
    assert found.state == ImportState.DONE
    return found


def rating(response: Response, moment: str) -> tuple[int | None, int | None, bool] | None:
    found = Rating.objects.filter(response=response, item__moment__name=moment).first()
    return (found.importance, found.satisfaction, found.experienced) if found else None


def test_a_wide_file_becomes_a_survey_with_closed_waves(world, consultant):
    survey = imported(consultant, world).survey
    assert survey is not None
    assert survey.frozen_at is not None
    assert (survey.respondent, survey.scale_max) == ("customer", 5)
    assert (survey.asks_importance, survey.asks_overall, survey.asks_nps) == (True, True, True)
    waves = list(survey.waves.values_list("name", "number", "status"))
    assert waves == [("2015", 1, SurveyStatus.CLOSED), ("2018", 2, SurveyStatus.CLOSED)]
    assert [item.moment.name for item in survey.items.all()] == ["Find the shop", "Be greeted"]
    a, b = Response.objects.filter(wave__name="2018").order_by("pk")
    assert (a.overall, a.nps, a.weight, a.segments) == (4, 9, 1.5, {"city": "north"})
    assert (b.overall, b.nps, b.invitation) == (3, None, None)


def test_the_four_kinds_of_no_number_stay_apart(world, consultant):
    imported(consultant, world)
    a, b = Response.objects.filter(wave__name="2018").order_by("pk")
    c = Response.objects.get(wave__name="2015")
    assert rating(a, "Find the shop") == (5, 4, True)
    assert rating(a, "Be greeted") == (None, None, False), "NE: not experienced"
    assert rating(b, "Be greeted") == (None, 3, True)
    assert rating(c, "Find the shop") is None, "nobody of that wave said anything: not asked"
    assert rating(c, "Be greeted") == (None, 5, True)


def test_an_empty_cell_beside_answers_of_others_is_no_answer(world, consultant):
    imported(consultant, world, "respondent,sat:Be greeted\na,4\nb,\n")
    b = Response.objects.order_by("pk").last()
    assert rating(b, "Be greeted") == (None, None, True)


def test_the_same_file_again_changes_nothing(world, consultant):
    found = imported(consultant, world)
    before = Response.objects.count(), Rating.objects.count(), Survey.objects.count(), Wave.objects.count()
    url = given(consultant, world, WIDE, "another name.csv")
    assert url.endswith(f"/imports/{found.pk}/")
    press(consultant, url)
    assert before == (
        Response.objects.count(),
        Rating.objects.count(),
        Survey.objects.count(),
        Wave.objects.count(),
    )
    assert "here already" in text_of(consultant.get(url))


def test_undo_takes_away_exactly_what_came(world, consultant):
    moments = set(Moment.objects.values_list("pk", flat=True))
    Survey.objects.create(cycle=world.cycle, name="Ours", brand="Alba")
    found = imported(consultant, world, WIDE.replace("Be greeted", "Park the car"))
    matrix.refresh_stale()
    assert Moment.objects.filter(name="Park the car").exists()
    assert consultant.post(world.url(f"imports/{found.pk}/remove/")).status_code == 302
    assert list(Survey.objects.values_list("name", flat=True)) == ["Ours"]
    assert not Response.objects.exists()
    assert not Rating.objects.exists()
    assert set(Moment.objects.values_list("pk", flat=True)) == moments
    assert not RatingsImport.objects.exists()
    assert imported(consultant, world, WIDE).state == ImportState.DONE


def test_undo_leaves_a_new_moment_that_somebody_worked_on(world, consultant):
    found = imported(consultant, world, WIDE.replace("Be greeted", "Park the car"))
    moment = Moment.objects.get(name="Park the car")
    moment.requirements.create(position=0, name="A place near the door")
    answer = consultant.post(world.url(f"imports/{found.pk}/remove/"), follow=True)
    assert "1 new moment stays on the map" in text_of(answer)
    assert Moment.objects.filter(pk=moment.pk).exists()
    assert not Survey.objects.exists()


def test_undo_is_refused_once_the_survey_was_asked_again(world, consultant):
    found = imported(consultant, world)
    next_wave(found.survey)
    answer = consultant.post(world.url(f"imports/{found.pk}/remove/"), follow=True)
    assert "has been asked again" in text_of(answer)
    assert Response.objects.count() == 3


def test_moments_the_map_lacks_are_made_at_the_end_of_the_chosen_stage(world, consultant):
    stage = world.cycle.stages.get(name="Arrive")
    header = WIDE.replace("Be greeted", "Park the car")
    imported(consultant, world, header, stage=str(stage.pk), name_8="Leave the car")
    assert list(stage.moments.order_by("position").values_list("name", flat=True)) == [
        "Find the shop",
        "Be greeted",
        "Leave the car",
    ]


def test_a_moment_can_be_left_out(world, consultant):
    found = imported(consultant, world, WIDE, target_8="")
    assert [item.moment.name for item in found.survey.items.all()] == ["Find the shop"]
    assert found.summary["ignored"] == ["sat:Be greeted", "Extra"]


def test_two_new_columns_of_one_name_are_one_moment(world, consultant):
    content = "respondent,Q7a,Q7b\na,5,4\nb,4,3\n"
    url = given(consultant, world, content)
    told = {
        "kind_1": "importance",
        "kind_2": "satisfaction",
        "target_1": "new",
        "target_2": "new",
        "name_1": "Pick up",
        "name_2": "pick up",
    }
    assert press(consultant, url, **told).status_code == 302
    moment = Moment.objects.get(name="Pick up")
    assert list(Rating.objects.order_by("pk").values_list("importance", "satisfaction")) == [(5, 4), (4, 3)]
    assert moment.items.count() == 1


def test_the_long_layout_maps_its_moments_too(world, consultant):
    url = given(consultant, world, LONG)
    assert "a row a rating" in text_of(consultant.get(url))
    assert press(consultant, url, target_1="").status_code == 302
    found = RatingsImport.objects.get()
    assert found.summary["passed_over"] == 1
    a, b = Response.objects.order_by("pk")
    assert rating(a, "Park the car") == (4, None, False)
    assert rating(b, "Park the car") is None, "no row: not asked"
    assert rating(b, "Find the shop") == (None, 2, True)


def test_means_without_respondents_are_refused_in_words(world, consultant):
    answer = give(consultant, world, "moment,importance,satisfaction\nPay,4.2,3.1\n")
    assert answer.status_code == 422
    assert "Means cannot become answers" in text_of(answer)
    assert not RatingsImport.objects.exists()


def test_codes_are_mapped_by_the_person(world, consultant):
    content = "respondent,nps,sat:Be greeted\na,11,6\nb,9,99\nc,0,5\n"
    url = given(consultant, world, content)
    told = {"scale": "5", "not_experienced": "NE, 6", "no_answer": "99", "nps_none": "11"}
    assert press(consultant, url, **told).status_code == 302
    a, b, c = Response.objects.order_by("pk")
    assert [a.nps, b.nps, c.nps] == [None, 9, 0]
    assert rating(a, "Be greeted") == (None, None, False)
    assert rating(b, "Be greeted") == (None, None, True)
    assert rating(c, "Be greeted") == (None, 5, True)


def test_what_was_chosen_is_kept_after_an_error(world, consultant):
    url = given(consultant, world, WIDE)
    answer = press(consultant, url, not_experienced="NE, 3", kind_9="segment", scale="7")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "3 is a rating of the scale" in text_of(answer)
    assert 'value="NE, 3"' in page
    assert re.search(r'name="kind_9".*?<option value="segment" selected>', page, re.DOTALL)
    assert '<option value="7" selected>' in page
    again = consultant.get(url)
    assert again.status_code == 200
    assert 'value="NE, 3"' in again.content.decode()
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("d,2018,1,n,4,9,5,8,1,x", "line 5, column sat:find the SHÓP: found “8”; expected a whole number"),
        ("d,2018,1,n,4,9,0,4,1,x", "line 5, column imp:Find the shop: found “0”; scales begin at 1 here"),
        ("d,2018,1,n,4,9,5,4,N/A,x", "line 5, column sat:Be greeted: found “N/A”; expected"),
        ("d,2018,0,n,4,9,5,4,1,x", "line 5, column weight: found “0”; expected a weight above zero"),
        ("d,2018,nan,n,4,9,5,4,1,x", "line 5, column weight: found “nan”"),
        ("d,2018,inf,n,4,9,5,4,1,x", "line 5, column weight: found “inf”"),
        ("d,2018,1,n,9,9,5,4,1,x", "line 5, column overall: found “9”"),
        ("d,2018,1,n,4,11,5,4,1,x", "line 5, column nps: found “11”"),
        ("a,2018,1,n,4,9,5,4,1,x", "line 5, column respondent_id: respondent “a” is already on line 2"),
        ("d,,1,n,4,9,5,4,1,x", "line 5, column wave: expected the name of the wave"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_column(world, consultant, row, sentence):
    url = given(consultant, world, f"{WIDE}{row}\n")
    answer = press(consultant, url)
    assert answer.status_code == 422
    assert sentence in text_of(answer).replace("&quot;", '"')
    assert not Survey.objects.exists()


def test_a_row_of_another_length_is_told_at_once(world, consultant):
    answer = give(consultant, world, f"{WIDE}d,2018,1\n")
    assert answer.status_code == 422
    assert "line 5: 3 cells; expected 10" in text_of(answer)


def test_a_person_twice_in_the_long_layout_is_told(world, consultant):
    url = given(consultant, world, f"{LONG}a,Find the shop,1,1,2018\nb,Park the car,1,9,2018\n")
    answer = press(consultant, url)
    assert answer.status_code == 422
    assert "line 7, column satisfaction: found “9”" in text_of(answer)
    url = given(consultant, world, f"{LONG}a,Find the shop,1,1,2018\n")
    assert "line 6, column moment: this respondent already rated this moment on line 2" in text_of(
        press(consultant, url)
    )


def test_dates_in_a_column_or_told_a_wave(world, consultant):
    imported(consultant, world, "respondent,fecha,sat:Be greeted\na,31/05/2018,4\nb,02/06/2018,5\n")
    wave = Wave.objects.get()
    assert (wave.opened_at.date(), wave.closed_at.date()) == (date(2018, 5, 31), date(2018, 6, 2))
    assert [r.submitted_at.date() for r in Response.objects.order_by("pk")] == [
        date(2018, 5, 31),
        date(2018, 6, 2),
    ]
    url = given(consultant, world, WIDE)
    assert press(consultant, url, wave_0="2015", day_0="2099-01-01").status_code == 422
    told = {"wave_0": "2015", "day_0": "2015-06-30", "wave_1": "2018", "day_1": "2018-06-30"}
    assert press(consultant, url, **told).status_code == 302
    assert Response.objects.get(wave__name="2015").submitted_at.date() == date(2015, 6, 30)


def test_a_survey_without_importance_leaves_every_page_standing(world, consultant):
    rows = "".join(f"r{n},{1 + n % 5},{1 + n % 4},{1 + n % 5}\n" for n in range(40))
    found = imported(consultant, world, f"respondent,overall,sat:Find the shop,sat:Be greeted\n{rows}")
    assert found.survey.asks_importance is False
    matrix.refresh_stale()
    for page in ("", "matrix/", "overview/", "survey/", "reports/", "import/"):
        assert consultant.get(world.url(f"cycles/{world.cycle.pk}/{page}")).status_code == 200, page
    wave = found.survey.waves.get()
    assert consultant.get(world.url(f"waves/{wave.pk}/")).status_code == 200
    assert "No importance in this file" in text_of(consultant.get(world.url(f"imports/{found.pk}/")))


def test_an_imported_survey_gives_a_matrix(world, consultant):
    rows = "".join(f"r{n},{5 - n % 2},{2 + n % 2},{1 + n % 2},{4 + n % 2}\n" for n in range(60))
    header = "respondent,imp:Find the shop,sat:Find the shop,imp:Be greeted,sat:Be greeted\n"
    imported(consultant, world, header + rows)
    matrix.refresh_stale()
    page = text_of(consultant.get(world.url(f"cycles/{world.cycle.pk}/matrix/")))
    assert "Find the shop" in page
    assert "60" in page


def test_what_is_too_much_for_a_request_is_left_to_a_worker(world, consultant, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE_RESPONDENTS", 2)
    url = given(consultant, world, WIDE)
    assert press(consultant, url).status_code == 302
    found = RatingsImport.objects.get()
    assert found.state == ImportState.QUEUED
    assert "Waiting for its turn" in text_of(consultant.get(url))
    press(consultant, url)
    import_ratings()
    found.refresh_from_db()
    assert (found.state, Response.objects.count(), bytes(found.table)) == (ImportState.DONE, 3, b"")
    import_ratings()
    assert Response.objects.count() == 3


def test_a_worker_that_died_twice_is_given_up_and_the_file_can_be_tried_again(world, consultant):
    url = given(consultant, world, WIDE)
    found = RatingsImport.objects.get()
    assert jobs.queue(found)
    for _ in range(jobs.ATTEMPTS):
        claimed = jobs.claim()
        assert claimed is not None
        assert jobs.claim() is None, "nobody else gets it while the lease lasts"
        RatingsImport.objects.update(lease_until="2020-01-01T00:00Z")
    assert jobs.claim() is None
    assert "stopped twice" in text_of(consultant.get(url))
    assert press(consultant, url).status_code == 302
    assert Response.objects.count() == 3


def test_who_lost_the_claim_writes_nothing(world, consultant):
    given(consultant, world, WIDE)
    jobs.queue(RatingsImport.objects.get())
    first = jobs.claim()
    RatingsImport.objects.update(lease_until="2020-01-01T00:00Z")
    second = jobs.claim()
    jobs.run(first)
    assert not Survey.objects.exists()
    jobs.run(second)
    assert Survey.objects.count() == 1


def test_a_moment_that_left_the_map_meanwhile_fails_with_nothing_written(world, consultant):
    url = given(consultant, world, WIDE)
    jobs.queue(RatingsImport.objects.get())
    Moment.objects.filter(name="Be greeted").delete()
    import_ratings()
    assert not Survey.objects.exists()
    answer = consultant.get(url)
    assert "The map changed meanwhile" in text_of(answer)
    assert "This moment is no longer on the map" in text_of(answer)


def test_a_spreadsheet_in_spanish_is_understood(world, consultant):
    from openpyxl import Workbook

    book = Workbook()
    for row in [
        [
            "Folio",
            "Oleada",
            "Fecha",
            "Satisfacción general",
            "Importancia de Be greeted",
            "BE GREETED",
            "Segmento: País",
        ],
        ["a", 2018, date(2018, 5, 31), 4, 5, 4.0, "México"],
        ["b", 2018, date(2018, 6, 1), 3, None, "NE", "Perú"],
    ]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    url = given(consultant, world, out.getvalue(), "vieja.xlsx")
    assert press(consultant, url).status_code == 302
    a, b = Response.objects.order_by("pk")
    assert (a.overall, a.segments, a.wave.name) == (4, {"País": "México"}, "2018")
    assert rating(a, "Be greeted") == (5, 4, True)
    assert rating(b, "Be greeted") == (None, None, False)


def test_western_and_semicolons_as_old_spreadsheets_write(world, consultant):
    content = "Encuestado;Peso;Satisfacción - Be greeted;seg:País\r\na;1,5;4;México\r\n"
    imported_bytes = content.encode("cp1252")
    url = given(consultant, world, imported_bytes)
    assert press(consultant, url).status_code == 302
    response = Response.objects.get()
    assert (response.weight, response.segments) == (1.5, {"País": "México"})


def test_a_manager_neither_sees_nor_imports(world, consultant, manager):
    url = given(consultant, world, WIDE)
    assert manager.get(url).status_code == 403
    assert press(manager, url).status_code == 403
    assert not Response.objects.exists()


def test_the_survey_and_the_matrix_lead_here(world, consultant):
    for page in ("survey/", "matrix/"):
        answer = consultant.get(world.url(f"cycles/{world.cycle.pk}/{page}"))
        assert world.url(f"cycles/{world.cycle.pk}/import/") in answer.content.decode()


def test_htmx_gets_the_fragment_and_422_keeps_it(world, consultant):
    url = given(consultant, world, WIDE)
    answer = consultant.post(
        f"{url}columns/", {"scale": "5", "no_answer": "4"}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 422
    assert b"<html" not in answer.content
    answer = consultant.post(f"{url}columns/", {"no_answer": ""}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "Import 3 respondents" in text_of(answer)


def test_all_of_it_is_written_or_nothing(world, consultant):
    """A file that is right until its last row leaves no trace."""
    rows = "".join(f"r{n},4\n" for n in range(3000))
    url = given(consultant, world, f"respondent,sat:Park the car\n{rows}last,77\n")
    answer = press(consultant, url)
    assert "line 3002, column sat:Park the car" in text_of(answer)
    assert not Moment.objects.filter(name="Park the car").exists()
    assert not Survey.objects.exists()


def test_the_csv_of_the_page_is_what_csv_reads(world, consultant):
    """Names with separators and quotes go through."""
    out = io.StringIO()
    csv.writer(out).writerows([["respondent", 'sat:Ask "why", wait'], ["a", "4"]])
    imported(consultant, world, out.getvalue())
    assert Moment.objects.filter(name='Ask "why", wait').exists()
