"""Lists of customers as tests give them: text files, workbooks, and what an enemy would send."""

import io
import random
import zipfile
from collections.abc import Iterator, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADER = ["correo", "nombre", "ciudad", "idioma", "fecha", "id"]
CITIES = ["Cali", "Bogotá", "Lugo"]


def rows(n: int) -> list[list[str]]:
    return [
        [f"c{k}@correo.example", f"Cliente {k}", CITIES[k % 3], "es", f"2026-0{1 + k % 9}-15", f"X{k}"]
        for k in range(n)
    ]


def csv_of(*lines: Sequence[str]) -> bytes:
    return "\n".join(";".join(line) for line in lines).encode()


def xlsx_of(*lines: Sequence[object]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(data: bytes, name: str = "clientes.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def repacked(data: bytes, **instead: bytes) -> bytes:
    """A workbook with some of its parts replaced; `sheet` and `strings` for short."""
    names = {
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "book": "xl/workbook.xml",
    }
    replaced = {names[name]: content for name, content in instead.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, replaced.get(entry.filename, old.read(entry)))
        for name, content in replaced.items():
            if name not in old.namelist():
                new.writestr(name, content)
    return out.getvalue()


def hostile() -> Iterator[tuple[str, bytes]]:
    """What has broken readers of tables before, each with a name."""
    good = csv_of(HEADER, *rows(20))
    book = xlsx_of(HEADER, *rows(20))
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>%s</sheetData></worksheet>'
    )
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>a@b.example</t></is></c></row>'
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>a@b.example</t></is></c></row>'
    laughs = b'<!DOCTYPE l [<!ENTITY a "ha">%s]>' % b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    yield from {
        "empty": b"",
        "blank": b" \n\t\n",
        "nul": b"\0" * 1000,
        "nul inside": b"correo\na\0b@c.example\n",
        "mark only": b"\xef\xbb\xbf",
        "half utf-16": b"\xff\xfe\x00\xd8",
        "utf-16 odd": "correo\na@b.example".encode("utf-16") + b"x",
        "utf-16 nul": "correo;a\0b\na@b.example;c".encode("utf-16"),
        "utf-16 big": b"\xfe\xff" + good.decode().encode("utf-16-be"),
        "utf-32": good.decode().encode("utf-32"),
        "cp1252": "correo;ciudad\na@b.example;Bogotá\n".encode("cp1252"),
        "cp1252 holes": b"correo;x\na@b.example;\x81\x8d\x8f\n",
        "broken utf-8": b"correo;x\na@b.example;\xc3\x28\xf0\x9f\n",
        "surrogates": b"correo;x\na@b.example;\xed\xa0\x80\n",
        "long field": b"correo;x\na@b.example;" + b"y" * 131_073,
        "long quoted field": b'correo;x\na@b.example;"' + b"y" * 131_073 + b'"',
        "long heading": b"correo;" + b"y" * 100_000 + b"\na@b.example;z",
        "heading controls": b"correo;a\x0bb\na@b.example;z",
        "heading reversed": "correo;a\u202eb\na@b.example;z".encode(),
        "open quotation": b'correo;x\na@b.example;"abc\n' * 50,
        "stray cr": b"correo;x\ra@b.example;y\rc@d.example;z",
        "cr in field": b'correo;x\na@b.example;"y\rz"\n',
        "cr cr lf": b"correo;x\r\r\na@b.example;y\r\r\n",
        "only separators": b";" * 200_000,
        "only commas": b"," * 1_000_000,
        "only quotation": b'"' * 100_000,
        "only brackets": b"<>" * 500_000,
        "brackets and at": b"<@>" * 300_000,
        "only at": b"@" * 200_000,
        "long address": b"correo\n" + b"a" * 200_000 + b"@b.example",
        "address of dots": b"correo\n" + b"a." * 50_000 + b"@b.example",
        "many columns": b";".join(b"c%d" % n for n in range(500)) + b"\na@b.example",
        "same headings": b"correo;correo;correo\na@b.example;b@b.example;c@b.example",
        "no headings": b"a@b.example;Ana\nb@b.example;Eva",
        "no address": b"nombre;ciudad\nAna;Lugo",
        "formulas": b"correo;nombre\na@b.example;=cmd|'/c calc'!A0\n",
        "markup": b"correo;nombre\na@b.example;<script>alert(1)</script>\n",
        "markup heading": b"correo;<img src=x onerror=alert(1)>\na@b.example;<b>b</b>\n",
        "headers": b'correo;nombre\na@b.example;"Ana\nBcc: all@b.example"\n',
        "json path": b'correo;a"b.c[0]$\na@b.example;x\nb@b.example;x\n',
        "digits heading": b"correo;2026\na@b.example;x\nb@b.example;x\n",
        "pdf": b"%PDF-1.7 hello",
        "old excel": b"\xd0\xcf\x11\xe0" + b"\0" * 500,
        "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        "gzip": b"\x1f\x8b" + b"\0" * 100,
        "zip of nothing": b"PK\x05\x06" + b"\0" * 18,
        "zip cut": book[: len(book) // 2],
        "zip head": b"PK\x03\x04",
        "zip no sheet": zip_of({"readme.txt": b"hello"}),
        "zip bomb": repacked(book, sheet=b"<a>" + b" " * 150_000_000 + b"</a>"),
        "zip dense": repacked(book, strings=b"0" * 40_000_000),
        "many entries": zip_of({f"xl/{n}.xml": b"<a/>" for n in range(300)}),
        "billion laughs": repacked(book, sheet=laughs + sheet % b"&i;"),
        "outer entity": repacked(
            book, sheet=b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + sheet % b"&a;"
        ),
        "giant dimension": repacked(book, sheet=sheet % cell),
        "far cell": repacked(book, sheet=sheet % far),
        "sheet not xml": repacked(book, sheet=b"hello"),
        "book not xml": repacked(book, book=b"<"),
        "strings missing": repacked(book, strings=b""),
        "error cells": xlsx_of(["correo", "x"], ["a@b.example", "#N/A"], [None, None], [1.5, True]),
    }.items()


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(name, content)
    return out.getvalue()


def mutants(n: int, seed: int = 11) -> Iterator[tuple[str, bytes]]:
    """Good files with a few bytes changed, cut, doubled or moved: the same ones for a seed."""
    chance = random.Random(seed)
    seeds = [
        csv_of(HEADER, *rows(12)),
        csv_of(HEADER, *rows(12)).decode().encode("utf-16"),
        csv_of(HEADER, *rows(12)).replace(b";", b","),
        xlsx_of(HEADER, *rows(12)),
    ]
    for number in range(n):
        data = bytearray(seeds[number % len(seeds)])
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(data) or 1)
            kind = chance.randrange(5)
            if kind == 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            elif kind == 1:
                data[place:place] = bytes(
                    chance.choices(b'\0\r\n";,@<>\xff\xc3\x1b', k=chance.randint(1, 40))
                )
            elif kind == 2:
                del data[place : place + chance.randint(1, 60)]
            elif kind == 3:
                data += data[place : place + 200]
            else:
                data = data[: place + 1]
        yield f"mutant {number}", bytes(data)
