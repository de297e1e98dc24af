"""Lists of customers as people really give them: each reads, or says in words why not."""

from datetime import date

import pytest

from surveys.contact_table import MAX_BYTES, QUICK_ROWS, TooLongError, UnreadableError, decode, read_table
from surveys.dates import read_dates
from surveys.recipients import Column, guess_mapping, read_language, sort_out


def read(text, opted_out=frozenset()):
    table = read_table(text)
    return sort_out(table, guess_mapping(table), opted_out)


def emails(text):
    return [recipient.email for recipient in read(text).recipients]


# --- Bytes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_any_usual_encoding_reads(encoding):
    text = "correo;nombre\nines@correo.example;Inés Núñez\n"
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\x00\x06\x00 no spreadsheet",
        b"%PDF-1.7 a document",
        b"\xd0\xcf\x11\xe0 an old spreadsheet",
        b"a@b.example\x00c",
        bytes(range(1, 32)) * 40,
        b"\xff\xfe\x00\xd8",
    ],
)
def test_what_is_no_text_says_so(data):
    with pytest.raises(UnreadableError, match="neither a CSV file nor an Excel workbook"):
        decode(data)


def test_a_file_too_large_says_so():
    with pytest.raises(UnreadableError, match="20 MB"):
        decode(b"a" * (MAX_BYTES + 1))
    assert decode(b"a" * MAX_BYTES)


def test_too_many_rows_say_so():
    line = "a{}@b.example,Ana"
    many = "\n".join(line.format(n) for n in range(QUICK_ROWS + 1))
    with pytest.raises(TooLongError, match="20000"):
        read_table(many, QUICK_ROWS)
    assert len(read_table(many.rsplit("\n", 1)[0], QUICK_ROWS).rows) == QUICK_ROWS


@pytest.mark.parametrize("text", ["", "  \n \n", "\ufeff"])
def test_an_empty_list_says_so(text):
    with pytest.raises(UnreadableError, match="empty"):
        read_table(text)


def test_a_heading_alone_says_so():
    with pytest.raises(UnreadableError, match="no customers"):
        read_table("correo;nombre\n")


def test_an_open_quotation_mark_says_where():
    with pytest.raises(UnreadableError, match="Line 2"):
        read_table('correo,nombre\na@b.example,"Ana\n' + "x" * 140_000)


# --- Pasted lines -------------------------------------------------------------------------------


def test_names_and_addresses_one_a_line():
    found = read("Carmen Ríos <carmen@correo.example>\n\nlourdes@correo.example\n").recipients
    assert [(r.line, r.name, r.email) for r in found] == [
        (1, "Carmen Ríos", "carmen@correo.example"),
        (3, "", "lourdes@correo.example"),
    ]


def test_a_line_out_of_a_mail_program():
    text = '"Ríos, Carmen" <carmen@correo.example>, Inés <ines@correo.example>; eva@correo.example'
    found = read(text).recipients
    assert [(r.name, r.email) for r in found] == [
        ("Ríos, Carmen", "carmen@correo.example"),
        ("Inés", "ines@correo.example"),
        ("", "eva@correo.example"),
    ]


def test_a_heading_over_addresses_is_no_customer():
    found = read("E-mail\nana@correo.example\neva@correo.example")
    assert [r.line for r in found.recipients] == [2, 3]
    assert not found.left_out


def test_a_line_that_is_no_address_is_told_with_its_number():
    found = read("ana@correo.example\nnobody\neva@correo.example")
    assert [(f.line, f.value) for f in found.left_out] == [(2, "nobody")]
    assert len(found.recipients) == 2


def test_a_long_line_of_brackets_is_read_in_no_time():
    text = "a" * 300_000 + "<" * 1000 + "\nana@correo.example"
    assert read(text).recipients[0].email == "ana@correo.example"


# --- Columns ------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_usual_separator_and_line_end(separator, end):
    rows = [["correo", "nombre"], ["ana@correo.example", "Ana"], ["eva@correo.example", "Eva"]]
    text = end.join(separator.join(row) for row in rows)
    assert [(r.line, r.email, r.name) for r in read(text).recipients] == [
        (2, "ana@correo.example", "Ana"),
        (3, "eva@correo.example", "Eva"),
    ]


def test_a_quoted_cell_may_hold_the_separator():
    found = read('correo,nombre\nana@correo.example,"Ríos, Ana"').recipients
    assert found[0].name == "Ríos, Ana"


def test_columns_without_heading_are_told_by_what_is_in_them():
    table = read_table("1;Ana;ana@correo.example\n2;Eva;eva@correo.example")
    assert guess_mapping(table) == [Column.IGNORE, Column.NAME, Column.EMAIL]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Correo electrónico", Column.EMAIL),
        ("E-Mail", Column.EMAIL),
        ("NOMBRE", Column.NAME),
        ("first_name", Column.NAME),
        ("Idioma", Column.LANGUAGE),
        ("fecha_compra", Column.SERVICE_ON),
        ("Service date", Column.SERVICE_ON),
        ("Código", Column.EXTERNAL_ID),
    ],
)
def test_headings_in_spanish_and_english(heading, column):
    table = read_table(f"{heading};otra\n1@a.example;2@b.example")
    assert guess_mapping(table)[0] is column


def test_values_that_come_again_are_a_segment_and_others_are_not_taken():
    rows = [f"c{n}@correo.example;{'Con' if n % 2 else 'Sin'} arreglo;calle {n}" for n in range(12)]
    table = read_table("correo;arreglo;dirección\n" + "\n".join(rows))
    assert guess_mapping(table) == [Column.EMAIL, Column.SEGMENT, Column.IGNORE]
    first = sort_out(table, guess_mapping(table)).recipients[0]
    assert first.segments == {"arreglo": "Sin arreglo"}


def test_two_columns_of_addresses_give_one():
    table = read_table("correo;email\na@x.example;b@x.example")
    assert guess_mapping(table).count(Column.EMAIL) == 1


def test_short_rows_read():
    assert emails("nombre;correo;idioma\nAna;ana@correo.example\n") == ["ana@correo.example"]


def test_without_an_address_column_it_says_so():
    table = read_table("nombre;ciudad\nAna;Lugo")
    with pytest.raises(UnreadableError, match="which column"):
        sort_out(table, guess_mapping(table))


# --- Rows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";Ana", "No e-mail address"),
        ("ana at correo;Ana", "not an e-mail address"),
        ("ana@correo;Ana", "not an e-mail address"),
        ("a@b@c.example;Ana", "not an e-mail address"),
        ("ñandú@correo.example;Ana", "not an e-mail address"),
        ("ana@correo.example;" + "A" * 121, "longer than 120"),
        ('ana@correo.example;"Ana\nBcc: all@correo.example"', "invisible"),
        ("ana@correo.example;Ana\x0bB", "invisible"),
        ("ana@correo.example;Ana\u2028B", "invisible"),
        ("ana@correo.example;Ana\u202eB", "invisible"),
        ("ana\x01@correo.example;Ana", "invisible"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(row, reason):
    found = read(f"correo;nombre\n{row}\neva@correo.example;Eva")
    assert [r.email for r in found.recipients] == ["eva@correo.example"]
    assert len(found.left_out) == 1
    assert found.left_out[0].line == 2
    assert reason in found.left_out[0].reason


def test_a_hostile_cell_in_a_column_left_out_does_no_harm():
    table = read_table('correo;nota\nana@correo.example;"a\nb"')
    assert len(sort_out(table, [Column.EMAIL, Column.IGNORE]).recipients) == 1


def test_the_same_address_twice_is_one_customer():
    found = read("correo;nombre\nAna@Correo.example;Ana\nana@correo.EXAMPLE;Anita")
    assert [(r.email, r.name) for r in found.recipients] == [("ana@correo.example", "Ana")]
    assert [(f.line, f.reason) for f in found.duplicates] == [(3, "Already in line 2.")]


def test_who_opted_out_is_not_taken():
    found = read("correo\nana@correo.example\nEVA@correo.example", opted_out={"eva@correo.example"})
    assert [r.email for r in found.recipients] == ["ana@correo.example"]
    assert [f.line for f in found.opted_out] == [3]


def test_a_language_or_date_that_is_none_leaves_the_customer():
    found = read("correo;idioma;fecha\nana@correo.example;klingon;someday\neva@correo.example;EN;15/11/2025")
    assert [(r.language, r.service_on) for r in found.recipients] == [("", None), ("en", date(2025, 11, 15))]
    assert [f.line for f in found.remarks] == [2, 2]
    assert not found.left_out


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("es", "es"),
        ("Español", "es"),
        ("es-MX", "es"),
        ("en_GB", "en"),
        ("Inglés", "en"),
        ("fr", "fr"),
        ("pt-BR", "pt"),
        ("Alemán", "de"),
        ("xx", ""),
        ("", ""),
    ],
)
def test_languages(text, language):
    assert read_language(text) == language


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        (["2025-11-15", "2025/1/2"], [date(2025, 11, 15), date(2025, 1, 2)]),
        (["2025-11-15 10:30"], [date(2025, 11, 15)]),
        (["5/11/2025", "6.12.25"], [date(2025, 11, 5), date(2025, 12, 6)]),
        (["1/5/2025", "1/25/2025"], [date(2025, 1, 5), date(2025, 1, 25)]),
        (["31/31/2025", "", "x"], [None, None, None]),
    ],
)
def test_dates_as_spreadsheets_write_them(cells, dates):
    assert read_dates(cells) == dates


# --- Who opted out ------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Baja", "Opt-out", "Do not contact", "No molestar"])
def test_a_column_says_who_opted_out(heading):
    found = read(f"correo;nombre;{heading}\nana@x.example;Ana;\neva@x.example;Eva;sí\nluz@x.example;Luz;No\n")
    assert [one.email for one in found.recipients] == ["ana@x.example", "luz@x.example"]
    assert found.said_out == ["eva@x.example"]
    assert [(fault.line, fault.reason) for fault in found.opted_out] == [
        (3, "The list says that they opted out.")
    ]


def test_one_line_that_says_so_is_enough():
    found = read("correo;baja\nana@x.example;\nana@x.example;2024-05-01\n")
    assert found.recipients == []
    assert found.said_out == ["ana@x.example"]
