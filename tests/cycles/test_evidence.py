"""Evidence: a file is what is in it, not what it is called, and only who may see the moment gets it."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cycles import evidence
from cycles.models import Attachment, Moment

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "panel"}
SECRET = b"secret-in-the-metadata"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def a_picture(format, size=(30, 20), mode="RGB"):
    out = io.BytesIO()
    image = Image.new(mode, size, 3)
    more = {}
    if format == "JPEG":
        exif = image.getexif()
        exif[0x010E] = SECRET.decode()
        exif[0x0112] = 6  # lying on its side
        more["exif"] = exif
    image.save(out, format, **more)
    return out.getvalue()


def a_package(part, *more, size=10):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in ("[Content_Types].xml", part, *more):
            package.writestr(name, b"0" * size)
    return out.getvalue()


DOCX, XLSX, PPTX = (a_package(part) for part in evidence.OFFICE)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00"


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("a.png", a_picture("PNG"), "image/png"),
        ("a.PNG", a_picture("PNG", mode="P"), "image/png"),
        ("a.jpg", a_picture("JPEG"), "image/jpeg"),
        ("a.jpeg", a_picture("JPEG", mode="L"), "image/jpeg"),
        ("a.webp", a_picture("WEBP"), "image/webp"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.docx", DOCX, evidence.OFFICE["word/document.xml"][1]),
        ("a.xlsx", XLSX, evidence.OFFICE["xl/workbook.xml"][1]),
        ("a.pptx", PPTX, evidence.OFFICE["ppt/presentation.xml"][1]),
        ("a.txt", "año €".encode(), "text/plain"),
        ("a.csv", "año;5\r\n".encode("cp1252"), "text/csv"),
    ],
)
def test_what_is_allowed_is_kept(name, data, content_type):
    kept = evidence.looked_at(ContentFile(data, name=name))
    assert (kept.name, kept.content_type) == (name, content_type)
    assert kept.data


def test_a_picture_is_written_anew_upright_and_without_what_else_was_in_it():
    source = a_picture("JPEG")
    assert SECRET in source
    kept = evidence.looked_at(ContentFile(source + HTML, name="a.jpg")).data
    assert SECRET not in kept
    assert HTML not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (20, 30)


def test_a_large_picture_becomes_one_that_a_screen_shows():
    kept = evidence.looked_at(ContentFile(a_picture("PNG", (6000, 30), "L"), name="a.png")).data
    with Image.open(io.BytesIO(kept)) as image:
        assert image.width == evidence.LONGEST_SIDE


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.png", a_picture("JPEG"), "is not what the name says"),
        ("a.jpg", HTML, "is not what the name says"),
        ("a.png", a_picture("PNG")[:40], "is not what the name says"),
        ("a.webp", PROGRAM, "is not what the name says"),
        ("a.pdf", HTML, "is not what the name says"),
        ("a.pdf", PDF[:12], "is not what the name says"),
        ("a.docx", XLSX, "is not what the name says"),
        ("a.docx", b"PK\x03\x04 no", "is not what the name says"),
        ("a.xlsx", PDF, "is not what the name says"),
        ("a.txt", PROGRAM, "is not what the name says"),
        ("a.csv", PDF, "is not what the name says"),
        ("a.txt", a_picture("PNG"), "is not what the name says"),
        ("a.docx", a_package("word/document.xml", "word/vbaProject.bin"), "has macros in it"),
        ("a.exe", PROGRAM, "not taken"),
        ("a.svg", b"<svg/>", "not taken"),
        ("a.html", HTML, "not taken"),
        ("a", PDF, "not taken"),
        ("a.pdf", b"", "empty"),
        ("a.png", a_picture("PNG", (9000, 9000), "1"), "too many pixels"),
        ("a.txt", b"x" * (evidence.MOST_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_what_is_not_is_refused_with_the_reason(name, data, reason):
    with pytest.raises(evidence.EvidenceError, match=reason):
        evidence.looked_at(ContentFile(data, name=name))


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\fotos\\caja.png", "caja.png"),
        ("a\u202egnp.txt", "agnp.txt"),
        ("n\x00ul\n.txt", "nul.txt"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("📷 añó.png", "📷 añó.png"),
    ],
)
def test_a_name_is_made_harmless(name, tidy):
    assert evidence.tidy_name(name) == tidy


def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")


def attach(browser, world, *files, headers=HTMX):
    data = {"file": [SimpleUploadedFile(name, content) for name, content in files]}
    return browser.post(world.url(f"moments/{queue(world).pk}/attachments/"), data, headers=headers)


def test_a_file_is_attached_shown_handed_out_deleted_and_brought_back(world, consultant, manager, tmp_path):
    answer = attach(consultant, world, ("queue at noon.txt", b"Seven people"), ("till.png", a_picture("PNG")))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "queue at noon.txt" in text
    found = Attachment.objects.get(name="queue at noon.txt")
    assert "queue" not in found.file.name
    assert (tmp_path / found.file.name).read_bytes() == b"Seven people"
    url = world.url(f"attachments/{found.pk}/")
    for reader in (consultant, manager):
        file = reader.get(url)
        assert b"".join(file) == b"Seven people"
        assert file["Content-Type"] == "text/plain"
        assert file["X-Content-Type-Options"] == "nosniff"
        assert file["Content-Disposition"] == 'attachment; filename="queue at noon.txt"'
        assert "sandbox" in file["Content-Security-Policy"]
    answer = consultant.post(f"{url}delete/", headers=HTMX)
    assert f"{url}restore/" in answer.content.decode()
    assert consultant.get(url).status_code == 404
    assert "queue at noon.txt" in consultant.get(world.url(f"cycles/{world.cycle.pk}/bin/")).content.decode()
    consultant.post(f"{url}restore/", headers=HTMX)
    assert consultant.get(url).status_code == 200


def test_a_stranger_gets_nothing_and_a_manager_attaches_nothing(world, stranger, consultant, manager):
    from tests.conftest import log_in

    attach(consultant, world, ("a.txt", b"a"))
    found = Attachment.objects.get()
    theirs = log_in(stranger.owner)
    for path in ("", "delete/", "restore/"):
        for base in (world.url(f"attachments/{found.pk}/"), stranger.url(f"attachments/{found.pk}/")):
            answer = theirs.post(base + path) if path else theirs.get(base)
            assert answer.status_code == 404
    assert attach(manager, world, ("b.txt", b"b")).status_code == 403
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_refusal_names_the_file_and_keeps_the_good_ones(world, consultant, headers, tmp_path):
    answer = attach(consultant, world, ("a.png", HTML), headers=headers)
    assert answer.status_code == 422
    assert "a.png: The content is not what the name says" in answer.content.decode().replace("\n", "")
    assert not Attachment.objects.exists()
    assert not list(tmp_path.rglob("*.*"))
    if headers:
        answer = attach(consultant, world, ("a.png", HTML), ("b.txt", b"b"), headers=headers)
        assert answer.status_code == 200
        assert "is not what the name says" in answer.content.decode()
        assert Attachment.objects.get().name == "b.txt"


def test_no_file_at_all_is_said(world, consultant):
    answer = attach(consultant, world)
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_a_request_that_declares_two_gigabytes_is_refused_in_words(world, consultant, monkeypatch, settings):
    settings.MAX_UPLOAD = 1000
    answer = attach(consultant, world, ("a.txt", b"x" * 5000))
    assert answer.status_code == 422
    assert "larger than the server takes" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_moment_has_thirty_files_at_most(world, consultant, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_FILES", 1)
    attach(consultant, world, ("a.txt", b"a"))
    answer = attach(consultant, world, ("b.txt", b"b"))
    assert answer.status_code == 422
    assert "A moment has at most 1 files." in answer.content.decode()


def test_any_storage_will_do(world, consultant, settings):
    """Nothing asks for a path on a disk, which the storages of the cloud do not have."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    attach(consultant, world, ("a.pdf", PDF))
    found = Attachment.objects.get()
    assert isinstance(found.file.storage._wrapped, InMemoryStorage)
    assert b"".join(consultant.get(world.url(f"attachments/{found.pk}/"))) == PDF
    found.file.storage.delete(found.file.name)
    assert consultant.get(world.url(f"attachments/{found.pk}/")).status_code == 404


def test_a_document_that_unpacks_to_too_much_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(evidence, "MOST_UNPACKED", 1024 * 1024)
    bomb = a_package("xl/workbook.xml", size=1024 * 1024)
    assert len(bomb) < 10_000
    with pytest.raises(evidence.EvidenceError, match="unpacks to more than is safe"):
        evidence.looked_at(ContentFile(bomb, name="a.xlsx"))
