"""A table as a file, piece by piece: text, or a workbook that is zipped while it is written."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from html import escape

from prioritization.results.export import Cell, Table

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Pieces = Iterator[bytes]
ROWS_AT_ONCE = 500
# A sheet holds 1,048,576 rows; what is more goes on the next.
ROWS_OF_A_SHEET = 1_000_000
# Characters that no XML may have.
NOT_IN_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])


def csv_of(table: Table) -> Pieces:
    """With a byte order mark, by which spreadsheets know UTF-8."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(table.header)
    for number, row in enumerate(table.rows(), 1):
        writer.writerow(row)
        if number % ROWS_AT_ONCE == 0:
            yield drained(out).encode()
    yield drained(out).encode()


def drained(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


class Passing(io.RawIOBase):
    """What is written is kept until somebody takes it; nobody can go back in it."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.at = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.kept.append(piece)
        self.at += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self.at

    def take(self) -> bytes:
        pieces, self.kept = self.kept, []
        return b"".join(pieces)


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def xlsx_of(table: Table) -> Pieces:
    """Cells are numbers or texts, never formulas."""
    out = Passing()
    rows = table.rows()
    sheets = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        row: Sequence[Cell] | None = next(rows, None)
        while row is not None or not sheets:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
                sheet.write(xml_row(table.header))
                written = 1
                while row is not None and written < ROWS_OF_A_SHEET:
                    sheet.write(xml_row(row))
                    written += 1
                    if written % ROWS_AT_ONCE == 0:
                        yield out.take()
                    row = next(rows, None)
                sheet.write(b"</sheetData></worksheet>")
        for name, text in frame(sheets).items():
            archive.writestr(name, HEAD + text)
    yield out.take()


def xml_row(row: Sequence[Cell]) -> bytes:
    return f"<row>{''.join(map(xml_cell, row))}</row>".encode()


def xml_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):
        text = escape(cell.translate(NOT_IN_XML), quote=False)
        return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f"<c><v>{cell}</v></c>"


def frame(sheets: int) -> dict[str, str]:
    """What makes a workbook of the sheets."""
    numbers = range(1, sheets + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}"/>' for n in numbers
    )
    book = SHEET_TYPE.replace("worksheet+xml", "sheet.main+xml")
    xml = "application/vnd.openxmlformats-package.relationships+xml"
    names = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{xml}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{book}"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
    }
