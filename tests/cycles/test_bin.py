"""The bin keeps what was deleted for 30 days, then it is gone for good, its files too."""

import datetime as dt
import os

import pytest
from django.conf import settings as site
from django.core.files.base import ContentFile
from django.utils import timezone

from cycles import bin as the_bin
from cycles import evidence, ordering, stages, tasks
from cycles.models import Action, Attachment, Cycle, Moment, Requirement, Stage
from tests.cycles.test_ordering import stage

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=30, minutes=1)
SOON = dt.timedelta(days=29, hours=23)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def full(world):
    """One of everything in the bin, and one of everything in its place."""
    queue = Moment.objects.get(name="Queue at the till")
    plan = ordering.first_plan(world.cycle, "Plan")
    now = timezone.now()
    for binned in (None, now):
        place = None if binned else 0
        Requirement.objects.create(moment=queue, name="Fast", position=place, deleted_at=binned)
        ordering.number_action(Action(plan=plan, name="Second till", deleted_at=binned))
        file = evidence.attach(queue, ContentFile(b"text", name="a.txt"))
        Attachment.objects.filter(pk=file.pk).update(deleted_at=binned)
    ordering.remove_moment(Moment.objects.get(name="Be greeted"))
    leave = stages.insert_stage(Stage(cycle=world.cycle, name="Leave"))
    ordering.insert_moment(Moment(stage=leave, name="Go"))
    stages.remove_stage(leave)
    other = Cycle.objects.create(client=world.client, name="Other", deleted_at=now)
    Stage.objects.create(cycle=other, position=0, name="Only")
    return world


def counts():
    kinds = (Cycle, Moment, Requirement, Action, Attachment)
    return [Stage.everywhere.count(), *(kind.objects.count() for kind in kinds)]


def test_the_number_of_an_action_that_is_gone_for_good_is_not_given_again(full):
    plan = ordering.first_plan(full.cycle, "Plan")
    assert list(Action.objects.values_list("number", flat=True).order_by("number")) == [1, 2]
    the_bin.empty(timezone.now() + LATER)
    assert Action.objects.get().number == 1
    assert ordering.number_action(Action(plan=plan, name="Third till")).number == 3


def test_before_thirty_days_nothing_goes(full):
    before = counts()
    assert the_bin.empty(timezone.now() + SOON) == 0
    assert counts() == before


def test_after_thirty_days_what_was_deleted_goes_and_nothing_else(full, tmp_path):
    assert len(files(tmp_path)) == 2
    assert the_bin.empty(timezone.now() + LATER) > 0
    assert counts() == [2, 1, 2, 1, 1, 1]
    assert [path.name for path in files(tmp_path)] == [os.path.basename(Attachment.objects.get().file.name)]
    assert the_bin.empty(timezone.now() + LATER) == 0


def test_what_was_restored_in_time_stays(full):
    leave = Stage.everywhere.get(name="Leave")
    stages.restore_stage(leave)
    the_bin.empty(timezone.now() + LATER)
    assert [m.name for m in stage(full.cycle, 2).moments.all()] == ["Go"]


def test_files_of_an_erased_client_go_too_but_not_one_that_is_just_being_attached(full, tmp_path):
    full.client.delete()
    assert len(files(tmp_path)) == 2
    assert the_bin.sweep() == 0, "young: the row may not be committed yet"
    assert the_bin.sweep(timezone.now() + dt.timedelta(hours=2)) == 2
    assert files(tmp_path) == []


def test_the_clock_empties_it_every_day(full):
    entry = site.CELERY_BEAT_SCHEDULE["empty-bin"]
    assert entry["task"] == tasks.empty_bin.name
    Moment.objects.filter(name="Be greeted").update(deleted_at=timezone.now() - LATER)
    tasks.empty_bin()
    assert not Moment.objects.filter(name="Be greeted").exists()
    assert Stage.everywhere.filter(name="Leave").exists()


def test_the_bin_shows_and_restores_every_kind(full, consultant):
    page = consultant.get(full.url(f"cycles/{full.cycle.pk}/bin/")).content.decode()
    gone = {
        "stages": Stage.everywhere.get(name="Leave").pk,
        "moments": Moment.objects.get(name="Be greeted").pk,
        "requirements": Requirement.objects.get(deleted_at__isnull=False).pk,
        "actions": Action.objects.get(deleted_at__isnull=False).pk,
        "attachments": Attachment.objects.get(deleted_at__isnull=False).pk,
    }
    assert "30 days" in page
    for kind, pk in gone.items():
        url = full.url(f"{kind}/{pk}/restore/")
        assert url in page, kind
        assert consultant.post(url).status_code == 302
    page = consultant.get(full.url(f"cycles/{full.cycle.pk}/bin/")).content.decode()
    assert "/restore/" not in page
    assert "The bin is empty." in page


def test_a_moment_comes_back_to_the_place_it_had(full, consultant):
    ordering.remove_moment(Moment.objects.get(name="Find the shop"))
    ordering.insert_moment(Moment(stage=stage(full.cycle, 0), name="Park"))
    consultant.post(full.url(f"moments/{Moment.objects.get(name='Find the shop').pk}/restore/"))
    assert [m.name for m in ordering.moments_in(stage(full.cycle, 0).pk).order_by("position")] == [
        "Find the shop",
        "Park",
    ]


def test_a_deleted_cycle_comes_back_from_the_bin_of_the_workspace(full, consultant, manager, stranger):
    from tests.conftest import log_in

    page = consultant.get(full.url("cycles/bin/")).content.decode()
    other = Cycle.objects.get(name="Other")
    assert full.url(f"cycles/{other.pk}/restore/") in page
    assert full.url("cycles/bin/") in consultant.get(full.url()).content.decode()
    assert "Other" not in log_in(stranger.owner).get(stranger.url("cycles/bin/")).content.decode()
    assert "/restore/" not in manager.get(full.url("cycles/bin/")).content.decode()
    consultant.post(full.url(f"cycles/{other.pk}/restore/"))
    assert "Other" not in consultant.get(full.url("cycles/bin/")).content.decode()
    assert "Other" in consultant.get(full.url()).content.decode()
