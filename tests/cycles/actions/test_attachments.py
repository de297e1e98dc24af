"""Files at an action."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cycles.models import ActionFile
from tests.conftest import log_in
from tests.cycles.actions.planning import HTMX

PDF = b"%PDF-1.4 a quote %%EOF"


def attach(browser, world, action, *files, **more):
    url = world.url(f"actions/{action.pk}/files/")
    return browser.post(url, {"file": list(files)}, **more)


def test_files_are_attached_handed_out_deleted_and_brought_back(world, consultant, manager, action):
    assert attach(manager, world, action, SimpleUploadedFile("quote.pdf", PDF)).status_code == 302
    file = ActionFile.objects.get()
    page = consultant.get(world.url(f"actions/{action.pk}/")).content.decode()
    assert "quote.pdf" in page
    answer = log_in(world.viewer).get(world.url(f"action-files/{file.pk}/"))
    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    page = consultant.post(world.url(f"action-files/{file.pk}/delete/"), headers=HTMX).content.decode()
    assert world.url(f"action-files/{file.pk}/restore/") in page
    assert consultant.get(world.url(f"action-files/{file.pk}/")).status_code == 404
    assert "quote.pdf" in consultant.get(world.url(f"cycles/{world.cycle.pk}/bin/")).content.decode()
    assert consultant.post(world.url(f"action-files/{file.pk}/restore/")).status_code == 302
    assert consultant.get(world.url(f"action-files/{file.pk}/")).status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("run.exe", b"MZ", "not taken"),
        ("quote.pdf", b"<html>", "not what the name says"),
        ("big.txt", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        ("empty.txt", b"", "empty"),
    ],
)
def test_files_of_no_allowed_kind_are_refused_in_words(world, consultant, action, name, data, fault):
    answer = attach(consultant, world, action, SimpleUploadedFile(name, data), headers=HTMX)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert not ActionFile.objects.exists()


def test_strangers_find_no_file_and_viewers_attach_none(world, stranger, action):
    attach(log_in(world.owner), world, action, SimpleUploadedFile("quote.pdf", PDF))
    file = ActionFile.objects.get()
    other = log_in(stranger.owner)
    assert other.get(stranger.url(f"action-files/{file.pk}/")).status_code == 404
    assert other.post(stranger.url(f"action-files/{file.pk}/delete/")).status_code == 404
    assert attach(log_in(world.viewer), world, action).status_code == 403
