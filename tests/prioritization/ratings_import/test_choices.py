"""What a file holds is chosen by a person, and what is wrong is said with line and column."""

import io
import re
from datetime import date

import pytest

from prioritization.models import RatingsImport
from surveys.models import Response, Survey, Wave
from tests.prioritization.ratings_import.files import WIDE, give, given, imported, press, rating, text_of

LONG = """respondent,moment,importance,satisfaction,wave
a,Find the shop,5,4,2018
a,Park the car,4,NE,2018
b,Find the shop,,2,2018
b,Nowhere,1,1,2018
"""


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
