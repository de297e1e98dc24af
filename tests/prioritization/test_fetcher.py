"""Nothing a person writes makes a report read a file or call a server."""

import http.server
import io
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfReader
from weasyprint import HTML

from accounts import logos
from accounts.models import Client, Workspace
from cycles.models import Action, Cycle, Moment, Requirement, ServiceLevel, Stage
from prioritization.models import QuotedComment
from prioritization.reports import document, pages, pdf
from prioritization.reports.choice import Choice
from prioritization.reports.fetcher import ASSETS, AssetFetcher, RefusedError
from prioritization.reports.registry import USUAL
from surveys.models import Case, Cause, Wave
from tests.prioritization.report_world import Told

pytestmark = pytest.mark.once

CANARY = "canary-4f1d2c"


@dataclass
class Trap:
    """A web server that should never be called, and a file that should never be read."""

    url: str
    file: Path
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    requests: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(302 if "redirect" in self.path else 200)
            if "redirect" in self.path:
                self.send_header("Location", "/secret")
            self.end_headers()
            if "redirect" not in self.path:
                self.wfile.write(CANARY.encode())

        def log_message(self, *args: object) -> None:
            """Quiet: the requests are kept above."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    yield Trap(f"http://127.0.0.1:{server.server_port}", secret, requests)
    server.shutdown()
    thread.join()
    server.server_close()


def vectors(trap: Trap) -> list[str]:
    """Ten ways to make a renderer fetch, over http and from the disk."""
    found = []
    for base in (trap.url + "/x", trap.file.as_uri()):
        found += [
            f'<link rel="stylesheet" href="{base}">',
            f"<style>@import url({base});</style>",
            f"<style>@font-face{{font-family:f;src:url({base})}} *{{font-family:f}}</style>",
            f'<img src="{base}">',
            f'<object data="{base}"></object><embed src="{base}">',
            f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{base}" width="9" height="9"/></svg>',
            f'<svg xmlns="http://www.w3.org/2000/svg"><use href="{base}#a"/></svg>',
            f'<link rel="attachment" href="{base}"><a rel="attachment" href="{base}">a</a>',
            f'<p style="background:url({base}) , url({trap.url}/redirect)">b</p>',
            f"<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
            f"<image href='{base}'/></svg>\">",
        ]
    return found


def test_the_trap_catches_who_falls_into_it(trap):
    """Proof that the vectors bite: WeasyPrint's own fetcher follows them."""
    html = "<html><body>" + "".join(vectors(trap)) + "</body></html>"
    HTML(string=html).write_pdf()
    assert trap.requests


def test_raw_markup_in_a_document_is_refused_by_the_fetcher(trap):
    """The second wall, alone: as if the escaping of the templates had failed."""
    html = "<html lang='en'><head><title>t</title></head><body>" + "".join(vectors(trap)) + "</body></html>"
    made = pdf.typeset(pages.Composed(html, "0" * 64))
    assert trap.requests == []
    assert CANARY.encode() not in made
    assert text_of(made).count(CANARY) == 0


def text_of(made: bytes) -> str:
    reader = PdfReader(io.BytesIO(made))
    assert reader.attachments == {}
    return "".join(page.extract_text() for page in reader.pages)


def write_everywhere(told: Told, text: str) -> document.Document:
    """Into every name, description and owner that a report shows."""
    Client.objects.update(name=text[:120], place=text[:120])
    Cycle.objects.update(name=text[:120], persona=text[:120], description=text)
    Stage.objects.update(name=text[:60])
    Moment.objects.filter(stage__cycle=told.world.cycle).update(name=text[:120], description=text)
    Requirement.objects.update(name=text[:200], minimum=text[:200], desired=text[:200])
    Action.objects.update(name=text[:160], description=text, owner=text[:120])
    Wave.objects.filter(pk=told.wave.pk).update(name=text[:60])
    Workspace.objects.filter(pk=told.world.workspace.pk).update(name=text[:120])
    told.wave.refresh_from_db()
    if not ServiceLevel.objects.filter(cycle=told.world.cycle).exists():
        ServiceLevel.objects.create(cycle=told.world.cycle, name="level", category="quality")
        case = Case.objects.create(cycle=told.world.cycle, number=1)
        case.causes.add(Cause.objects.create(client=told.world.client, name="cause"))
    ServiceLevel.objects.update(name=text[:160], responsible=text[:120], unit=text[:24])
    Cause.objects.update(name=text[:80])
    answer = told.wave.responses.latest("pk")
    type(answer).objects.filter(pk=answer.pk).update(comment=text)
    QuotedComment.objects.get_or_create(response=answer)
    words = Choice(words=dict.fromkeys(USUAL, text))
    cycle = Cycle.objects.get(pk=told.world.cycle.pk)
    return document.gather(cycle, told.wave, "en", timezone.localdate(), words)


def test_every_vector_through_every_text_field_stays_text(told: Told, trap):
    """The first wall: what a person wrote opens no tag, in the pages and in their drawings."""
    plain = tags(pages.compose(write_everywhere(told, "plain")).html)
    for vector in vectors(trap):
        assert tags(pages.compose(write_everywhere(told, vector)).html) == plain, vector


def tags(html: str) -> Counter[str]:
    """How often each element opens; the lines of a drawing's labels depend on the length of the text."""
    found = Counter(re.findall(r"<([a-zA-Z]+)", html))
    for depends in ("text", "path", "span"):
        found.pop(depends, None)
    return found


@pytest.mark.parametrize("which", [3, 5, 13, 18])
def test_a_report_full_of_vectors_fetches_nothing(told: Told, trap, which):
    """Both walls together, to the last byte."""
    made = pdf.typeset(pages.compose(write_everywhere(told, vectors(trap)[which])))
    assert trap.requests == []
    assert CANARY not in text_of(made)


# --- The logo --------------------------------------------------------------------------------------


def drawings(trap: Trap) -> list[str]:
    """A logo that loads something, in ten ways."""
    found = []
    for base in (trap.url + "/x", trap.file.as_uri()):
        found += [
            f'<?xml-stylesheet href="{base}"?>',
            f"<style>@import url({base});</style>",
            f"<style>@font-face{{font-family:f;src:url({base})}}</style><text font-family='f'>a</text>",
            f'<image href="{base}" width="9" height="9"/>',
            f'<image xlink:href="{base}" width="9" height="9"/>',
            f'<use href="{base}#a"/>',
            f'<a href="{base}"><path d="M0 0H9V9Z"/></a>',
            f'<path d="M0 0H9V9Z" fill="url({base}#a)"/>',
            f'<path d="M0 0H9V9Z" style="fill:url({base}#a), url({trap.url}/redirect)"/>',
            f'<foreignObject width="9" height="9"><img xmlns="http://www.w3.org/1999/xhtml" src="{base}"/>'
            "</foreignObject>",
        ]
    return found


def drawing(inside: str) -> bytes:
    before = inside if inside.startswith("<?") else ""
    return (
        f'{before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 9 9"><path d="M0 0H9V9Z"/>{inside.removeprefix(before)}</svg>'
    ).encode()


def test_a_logo_that_loads_something_is_refused_or_comes_out_without_it(trap):
    for inside in drawings(trap):
        try:
            kept = logos.kept(SimpleUploadedFile("logo.svg", drawing(inside))).read()
        except logos.LogoError:
            continue
        assert b"http://127" not in kept
        assert b"file:" not in kept


def test_even_a_logo_stored_as_it_came_loads_nothing(told: Told, trap):
    """The second wall, alone: as if the reading of the upload had failed."""
    composed = pages.compose(
        document.gather(told.world.cycle, told.wave, "en", timezone.localdate(), Choice(sections=("notes",)))
    )
    html = composed.html.replace(
        '<p class="brand">', '<p class="logo"><img src="asset:logo" alt="Logo"></p><p class="brand">'
    )
    assert "asset:logo" in html
    for inside in drawings(trap):
        assets = {**composed.assets, "logo": (drawing(inside), "image/svg+xml")}
        made = pdf.typeset(pages.Composed(html, "0" * 64, assets))
        assert CANARY not in text_of(made)
    assert trap.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "https://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "data:text/plain,hello",
        "asset:../settings.py",
        "asset:",
        "asset:report.css?x",
        "asset:logo",
        "asset:colours.css",
        "ASSET:report.css",
        "report.css",
        "",
    ],
)
def test_everything_but_the_assets_is_refused(url):
    fetcher = AssetFetcher()
    with pytest.raises(RefusedError):
        fetcher.fetch(url)
    with pytest.raises(RefusedError):
        fetcher.open(url)


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_the_assets_are_served_from_the_project(name):
    path, kind = ASSETS[name]
    response = AssetFetcher().fetch(f"asset:{name}")
    assert response.read() == path.read_bytes()
    assert response.content_type == kind
