"""A report at a link, for somebody without an account."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.utils import timezone

from prioritization import share_links
from prioritization.models import JobState, Report, ShareLink


@pytest.fixture
def report(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = Report.objects.create(
        cycle=world.cycle,
        language="en",
        fingerprint="f",
        state=JobState.DONE,
        requested_by=world.consultant,
        finished_at=timezone.now(),
    )
    made.file.save("report.pdf", ContentFile(b"%PDF-1.7 of the report"))
    return made


def share(consultant, world, report, **more):
    answer = consultant.post(
        world.url(f"reports/{report.pk}/links/"), {"name": "The board", "days": "7", **more}
    )
    assert answer.status_code == 200
    return re.search(r'value="http[^"]*?(/r/[^"]+)"', answer.content.decode())[1]


def test_a_link_opens_the_report_without_a_log_in_and_is_counted(world, consultant, customer, report):
    address = share(consultant, world, report)
    page = customer.get(address)
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert 'content="noindex' in page.content.decode()
    assert "Cycle of alba" in page.content.decode()
    file = customer.get(f"{address}file/")
    assert b"".join(file.streaming_content) == b"%PDF-1.7 of the report"
    customer.head(address)
    customer.get(address)
    link = ShareLink.objects.get()
    assert (link.views, link.downloads, link.created_by) == (2, 1, world.consultant)
    shown = consultant.get(world.url(f"reports/{report.pk}/links/")).content.decode()
    assert "opened 2 times" in shown
    assert address not in shown, "it is shown once"


def test_only_a_hash_of_key_and_password_is_kept(world, consultant, report):
    address = share(consultant, world, report, password="correct horse")
    key = address.split("/")[2]
    stored = repr(list(ShareLink.objects.values()))
    assert key not in stored
    assert "correct horse" not in stored


def test_a_password_is_asked_for_before_anything_is_said(world, consultant, customer, report):
    address = share(consultant, world, report, password="correct horse")
    page = customer.get(address)
    assert b"Cycle of alba" not in page.content
    assert customer.get(f"{address}file/").status_code == 302
    wrong = customer.post(address, {"password": "wrong horse"})
    assert wrong.status_code == 422
    assert b"not the password" in wrong.content
    assert customer.post(address, {"password": "correct horse"}).status_code == 302
    assert b"Cycle of alba" in customer.get(address).content
    assert customer.get(f"{address}file/").status_code == 200
    assert b"Cycle of alba" not in Browser().get(address).content, "another browser is asked again"
    assert ShareLink.objects.get().views == 1


@pytest.mark.usefixtures("one_minute")
def test_passwords_cannot_be_tried_without_end(world, consultant, customer, report):
    address = share(consultant, world, report, password="correct horse")
    statuses = [customer.post(address, {"password": f"guess {n}"}).status_code for n in range(14)]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert customer.post(address, {"password": "correct horse"}).status_code == 429


def test_a_closed_an_old_a_wrong_link_and_one_of_a_lost_report_look_the_same(
    world, consultant, customer, report
):
    address = share(consultant, world, report)
    wrong = customer.get("/r/nothing/")
    assert wrong.status_code == 404
    assert b"leads nowhere" in wrong.content

    def same_length(a, b):
        return abs(len(a) - len(b)) < 200

    link = ShareLink.objects.get()
    consultant.post(world.url(f"links/{link.pk}/close/"))
    assert customer.get(address).status_code == 404
    assert same_length(customer.get(address).content, wrong.content)
    ShareLink.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    assert customer.get(f"{address}file/").status_code == 404
    ShareLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert customer.get(address).status_code == 200
    Report.objects.update(state=JobState.EXPIRED)
    assert customer.get(address).status_code == 404
    Report.objects.update(state=JobState.DONE)
    type(world.cycle).objects.update(deleted_at=timezone.now())
    assert customer.get(address).status_code == 404


def test_a_form_that_does_not_fit_keeps_what_was_typed(world, consultant, report):
    address = world.url(f"reports/{report.pk}/links/")
    for data in (
        {"name": "", "days": "7"},
        {"name": "A", "days": "0"},
        {"name": "A", "days": "7", "password": "short"},
    ):
        answer = consultant.post(address, data)
        assert answer.status_code == 422
    assert not ShareLink.objects.exists()


def test_a_manager_makes_no_links(world, manager, report):
    assert manager.get(world.url(f"reports/{report.pk}/links/")).status_code == 403
    assert (
        manager.post(world.url(f"reports/{report.pk}/links/"), {"name": "A", "days": "7"}).status_code == 403
    )


def test_the_page_speaks_the_language_of_its_reader(world, consultant, report):
    address = share(consultant, world, report)
    assert 'lang="es"' in Browser(headers={"accept-language": "es"}).get(address).content.decode()
    assert 'lang="en"' in Browser(headers={"accept-language": "en"}).get(address).content.decode()
    assert share_links.opened("nothing") is None
