"""The logo and colour of a client: written anew, bounded, handed out to members alone, readable on white."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import colours, logos
from accounts.models import Client
from accounts.svg_logo import drawn_anew
from tests.conftest import log_in

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def png(size=(40, 20), fmt="PNG", **more):
    out = io.BytesIO()
    Image.new("RGB", size, "#C03").save(out, fmt, **more)
    return out.getvalue()


def give(browser, world, data=None, name="logo.png", **fields):
    typed = {"name": world.client.name, "place": "", **fields}
    if data is not None:
        typed["logo"] = SimpleUploadedFile(name, data)
    return browser.post(world.url(f"clients/{world.client.pk}/edit/"), typed)


def stored(tmp_path):
    return sorted(path.suffix for path in tmp_path.rglob("*") if path.is_file())


def test_a_picture_is_written_anew_under_a_random_name(world, consultant, tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    assert give(consultant, world, png((3000, 1500), "JPEG", exif=exif), "../../x.jpg").status_code == 302
    client = Client.objects.get(pk=world.client.pk)
    data = client.logo.read()
    assert b"secret" not in data
    assert Image.open(io.BytesIO(data)).size == (960, 480)
    assert client.logo.name.startswith("logos/")
    assert "x" not in client.logo.name.removeprefix("logos/").removesuffix(".png")
    assert stored(tmp_path) == [".png"]


def test_another_logo_replaces_the_file_and_none_removes_it(
    world, consultant, tmp_path, django_capture_on_commit_callbacks
):
    give(consultant, world, png())
    with django_capture_on_commit_callbacks(execute=True):
        give(consultant, world, SVG.format('<path d="M0 0H9V9Z" fill="#123456"/>').encode(), "a.svg")
    assert stored(tmp_path) == [".svg"]
    with django_capture_on_commit_callbacks(execute=True):
        give(consultant, world, without_logo="on")
    assert stored(tmp_path) == []
    assert Client.objects.get(pk=world.client.pk).logo.name == ""


def test_members_see_it_and_nobody_else(world, consultant, stranger):
    page = world.url(f"clients/{world.client.pk}/logo/")
    assert consultant.get(page).status_code == 404
    give(consultant, world, SVG.format("<circle r='3'/>").encode(), "a.svg")
    answered = log_in(world.viewer).get(page)
    assert answered["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in answered["Content-Security-Policy"]
    assert answered["X-Content-Type-Options"] == "nosniff"
    assert log_in(stranger.owner).get(page).status_code == 404
    Client.objects.get(pk=world.client.pk).logo.storage.delete(
        Client.objects.get(pk=world.client.pk).logo.name
    )
    assert consultant.get(page).status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "PNG, JPEG or SVG"),
        (b"\x89PNG\r\n\x1a\n broken", "damaged"),
        (png((6000, 5000)), "too many pixels"),
        (b"\x89PNG" + b"0" * (2 * 1024 * 1024), "larger than 2 MB"),
        (b"<svg><path/>", "cannot be read"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "entities"),
        (SVG.format("").encode(), "nothing to see"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', "how large"),
        (SVG.format("<g>" * 50 + "<path/>" + "</g>" * 50).encode(), "too many shapes"),
        (SVG.format("<path/>" * 5001).encode(), "too many shapes"),
        *(
            (SVG.format(f"<path d='M0 0'/>{bad}").encode(), name)
            for bad, name in [
                ("<style>@import url(http://h/)</style>", "style"),
                ("<image href='http://h/x'/>", "image"),
                ("<use href='http://h/#a'/>", "use"),
                ("<foreignObject><img src='http://h/'/></foreignObject>", "foreignObject"),
                ("<text>Lunaria</text>", "text"),
                ("<a href='http://h/'><path/></a>", "“a”"),
                ("<animate/>", "animate"),
                ("<defs><linearGradient/></defs>", "defs"),
                ("<path fill='url(#a)'/>", "url()"),
                ("<path style='fill:url(http://h/)'/>", "url()"),
            ]
        ),
    ],
)
def test_what_cannot_be_a_logo_is_refused_with_a_sentence(data, said):
    with pytest.raises(logos.LogoError, match=re.escape(said)):
        logos.kept(SimpleUploadedFile("a.svg", data))


def test_the_sentence_stands_at_the_field_and_nothing_is_stored(world, consultant, tmp_path):
    answered = give(consultant, world, b"%PDF-1.7", place="Cali")
    assert answered.status_code == 422
    page = answered.content.decode()
    assert "PNG, JPEG or SVG file" in page.split('id="id_logo_error"')[1].split("</p>")[0]
    assert 'value="Cali"' in page
    assert stored(tmp_path) == []


def test_of_a_drawing_only_what_draws_is_kept():
    clean = drawn_anew(
        SVG.format(
            "<title>T</title><metadata>m</metadata><script>alert(1)</script><!-- c -->"
            "<g onload='x()' class='c' style='fill:#fff;stroke-width:2;background:url(http://h)'>"
            "<path d='M0 0L9 9' id='a' filter='url(#f)' href='http://h' fill='javascript:1'/></g>"
            "<path xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='http://h' d='M1 1'/>"
        ).encode()
    ).decode()
    assert clean == (
        '<svg viewBox="0 0 10 10" xmlns="http://www.w3.org/2000/svg">'
        '<g fill="#fff" stroke-width="2"><path d="M0 0L9 9" /></g><path d="M1 1" /></svg>'
    )


@pytest.mark.parametrize(
    ("chosen", "kept"), [("#c03", None), ("c03322", "#C03322"), ("red", None), ("", ""), ("#12345g", None)]
)
def test_a_colour_is_six_digits_or_none(world, consultant, chosen, kept):
    answered = give(consultant, world, accent=chosen)
    assert answered.status_code == (422 if kept is None else 302)
    assert Client.objects.get(pk=world.client.pk).accent == (kept or "")


def test_a_colour_too_light_for_paper_is_darkened_and_said(world, consultant):
    answered = give(consultant, world, accent="#FFCC00")
    client = Client.objects.get(pk=world.client.pk)
    assert client.accent == "#FFCC00"
    assert client.ink == "#8F7200"
    page = consultant.get(answered.url).content.decode()
    assert "#FFCC00 is too light to be read on white: reports use #8F7200" in page
    assert "#8F7200" in consultant.get(world.url(f"clients/{client.pk}/edit/")).content.decode()


@pytest.mark.parametrize(
    "colour", ["#FFFFFF", "#777777", "#767676", "#00FF00", "#0000FF", "#F0F", "", "#000000"]
)
def test_every_colour_can_be_read_on_white(colour):
    ink = colours.readable(colour)
    assert colours.on_white(ink) >= 4.5
    if colours.HEX.fullmatch(colour) and colours.on_white(colour) >= 4.5:
        assert ink == colour
