"""Service levels on the map, in search, history, bin, sheet, copies and files."""

from datetime import date, timedelta

from django.utils import timezone

from cycles.models import Cycle, Measurement, ServiceLevel
from cycles.service_levels import breaches_of, settle, settle_all
from tests.conftest import log_in, make_world
from tests.cycles.service_levels.agreeing import HTMX, TODAY, agree, months, tiers, typed

# --- Where a breach is seen ----------------------------------------------------------------------


def recent(level, *values):
    months(level, *values, last=(timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1))


def test_a_breach_is_seen_on_the_map_the_panel_the_requirement_and_what_is_missing(
    world, consultant, queue, need
):
    consultant.post(world.url(f"requirements/{need.pk}/service-level/"))
    level = ServiceLevel.objects.get()
    page = world.url(f"cycles/{world.cycle.pk}/")
    assert "Service level missed" not in consultant.get(page).content.decode()
    recent(level, 4)
    consultant.post(
        world.url(f"service-levels/{level.pk}/results/"),
        {"period": timezone.localdate().strftime("%Y-%m"), "value": "6,2"},
    )
    level.refresh_from_db()
    assert level.is_missed
    assert consultant.get(page).content.decode().count("Service level missed") == 1
    opened = consultant.get(f"{page}?moment={queue.pk}").content.decode()
    assert world.url(f"moments/{queue.pk}/service-levels/") in opened
    panel = consultant.get(world.url(f"moments/{queue.pk}/service-levels/"), headers=HTMX).content.decode()
    assert "Missed" in panel
    assert "6.2 min" in panel
    rows = consultant.get(world.url(f"cycles/{world.cycle.pk}/requirements/?moment={queue.pk}"))
    assert "lv-state--breached" in rows.content.decode()
    lacks = consultant.get(world.url(f"cycles/{world.cycle.pk}/coverage/")).content.decode()
    assert "1 service level missed or without a result" in lacks
    assert [one.level for one in breaches_of(world.cycle)] == [level]


def test_the_map_asks_nothing_more_for_it(world, consultant, queue, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page = world.url(f"cycles/{world.cycle.pk}/")
    consultant.get(page)
    with CaptureQueriesContext(connection) as before:
        consultant.get(page)
    recent(agree(world.cycle, moment=queue), 9)
    settle(world.cycle)
    with CaptureQueriesContext(connection) as after:
        assert "Service level missed" in consultant.get(page).content.decode()
    assert len(after) == len(before)


def test_once_a_day_agreements_that_ended_are_settled(world, queue):
    level = agree(world.cycle, moment=queue, valid_until=date(2026, 11, 30))
    months(level, 9)
    settle(world.cycle, TODAY)
    assert ServiceLevel.objects.get().is_missed
    assert settle_all(date(2026, 12, 2)) == 1
    assert not ServiceLevel.objects.get().is_missed


# --- Elsewhere -----------------------------------------------------------------------------------


def test_search_finds_a_level(world, consultant, queue):
    level = agree(world.cycle, moment=queue, responsible="Óscar Benítez")
    page = consultant.get(world.url("search/?q=benitez")).content.decode()
    assert world.url(f"service-levels/{level.pk}/") in page


def test_history_tells_changes_and_brings_back(world, consultant, queue):
    level = agree(world.cycle, moment=queue)
    consultant.post(world.url(f"service-levels/{level.pk}/edit/"), typed(moment=queue.pk, target_value="3"))
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/history/")).content.decode()
    assert "changed the service level “Wait at the till”." in page
    row = level.history.first()
    url = world.url(f"cycles/{world.cycle.pk}/history/service_level/{row.pk}/restore/")
    assert consultant.post(url).status_code == 302
    level.refresh_from_db()
    assert level.target_value == 4


def test_a_level_erased_for_good_comes_back_from_history(world, consultant, queue):
    level = agree(world.cycle, moment=queue)
    key = level.pk
    consultant.post(world.url(f"service-levels/{key}/delete/"))
    ServiceLevel.objects.get(pk=key).delete()
    row = ServiceLevel.history.model.objects.filter(id=key).order_by("-history_id").first()
    url = world.url(f"cycles/{world.cycle.pk}/history/service_level/{row.pk}/restore/")
    assert consultant.post(url).status_code == 302
    assert ServiceLevel.objects.get(pk=key).deleted_at is None


def test_the_bin_is_emptied_of_levels_too(world, queue):
    from cycles import bin as the_bin

    level = agree(world.cycle, moment=queue, deleted_at=timezone.now() - timedelta(days=31))
    Measurement.objects.create(cycle=world.cycle, service_level=level, day=TODAY, value=1)
    the_bin.empty()
    assert not ServiceLevel.objects.exists()
    assert not Measurement.objects.exists()


def test_the_sheet_has_what_both_sign(world, consultant, queue):
    level = agree(
        world.cycle, moment=queue, provider="The shop", provider_signer="Ana Ruiz", customer="Members",
        customer_accepted_on=date(2026, 1, 7), version=3, terms="Not in sales.",
    )  # fmt: skip
    recent(level, 3, None, 6)
    page = consultant.get(world.url(f"service-levels/{level.pk}/sheet/")).content.decode()
    for text in (
        "Version 3", "At most 4 minutes", "The shop", "Ana Ruiz", "Members", "Accepted on 7 January 2026",
        "Responsiveness", "Not in sales.", "kept in 1 of 2 months", "Name and signature", "<svg",
    ):  # fmt: skip
        assert text in page, text


def test_a_stranger_finds_nothing(world, queue):
    level = agree(world.cycle, moment=queue)
    other = make_world("boreal")
    browser = log_in(other.consultant)
    assert browser.get(other.url(f"service-levels/{level.pk}/")).status_code == 404
    assert browser.get(world.url(f"service-levels/{level.pk}/")).status_code == 404
    data = typed(moment=queue.pk)
    answer = browser.post(other.url(f"cycles/{other.cycle.pk}/service-levels/add/"), data)
    assert "moment" in answer.context["form"].errors


def test_a_copy_and_a_file_carry_levels_and_leave_results(world, consultant, queue, need):
    corporate, _department, _customer = tiers(world.cycle, 48, None, 8)
    consultant.post(world.url(f"requirements/{need.pk}/service-level/"))
    months(corporate, 50)
    consultant.post(world.url(f"cycles/{world.cycle.pk}/copy/"), {"name": "To be"})
    copy = Cycle.objects.get(name="To be")
    levels = list(ServiceLevel.objects.filter(cycle=copy))
    assert [level.name for level in levels] == [
        "corporate one", "department one", "customer one", "Minutes in the queue",
    ]  # fmt: skip
    assert levels[1].above == levels[0]
    assert levels[0].copied_from == corporate.pk
    assert levels[3].requirement.moment.stage.cycle == copy
    assert levels[3].moment == levels[3].requirement.moment
    assert not Measurement.objects.filter(cycle=copy).exists()
    file = consultant.get(world.url(f"cycles/{world.cycle.pk}/export.json"))
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = {"client": world.client.pk, "file": SimpleUploadedFile("c.json", file.content)}
    assert consultant.post(world.url("cycles/import/"), data).status_code == 302
    came = Cycle.objects.latest("pk")
    assert came.service_levels.count() == 4
    assert came.service_levels.get(name="department one").above.cycle == came
