"""Service levels: what is agreed, from whom it comes, whether it is kept, and what is felt of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cycles.models import Cycle, Measurement, Moment, Requirement, ServiceLevel
from cycles.recording import record
from cycles.service_levels import breaches_of, settle, settle_all, standing_of
from tests.conftest import log_in, make_world

HTMX = {"HX-Request": "true"}
TODAY = date(2026, 11, 22)


@pytest.fixture
def queue(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Queue at the till")


def agree(cycle, **more):
    said = {
        "name": "Wait at the till",
        "category": "responsiveness",
        "bound": "at_most",
        "target_value": Decimal(4),
        "unit": "minutes",
    }
    return ServiceLevel.objects.create(cycle=cycle, **{**said, **more})


def months(level, *values, last=date(2026, 10, 1)):
    """The last of the values is of the month `last`; None is a gap."""
    day = last
    for value in reversed(values):
        if value is not None:
            record(level, day, Decimal(str(value)))
        day = (day - timedelta(days=1)).replace(day=1)


def only(cycle, today=TODAY):
    (standing,) = standing_of(cycle, today)
    return standing


def typed(**more):
    said = {
        "name": "Wait at the till",
        "category": "responsiveness",
        "kind": "service",
        "bound": "at_most",
        "target_value": "4",
        "unit": "minutes",
        "every": "month",
        "statistic": "median",
    }
    return {**said, **more}


# --- Standing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "values", "state", "words"),
    [
        ("at_most", [3, 4, 3.9, 5, 2, 1], "met", "5 of 6 months"),
        ("at_most", [3, 4, 4.1], "breached", "2 of 3 months"),
        ("at_least", [3, 4, 4.1], "met", "2 of 3 months"),
        ("at_least", [5, 3.9], "breached", "1 of 2 months"),
        ("at_most", [], "not_measured", ""),
        ("at_most", [1] * 14, "met", "12 of 12 months"),
        ("at_most", [9], "breached", "0 of 1 month"),
    ],
)
def test_the_last_result_says_where_a_level_stands(world, queue, bound, values, state, words):
    months(agree(world.cycle, moment=queue, bound=bound), *values)
    standing = only(world.cycle)
    assert (standing.state, standing.words) == (state, words)


def test_a_missing_month_is_a_gap_and_no_zero(world, queue):
    months(agree(world.cycle, moment=queue, bound="at_least"), 5, None, None, 6)
    standing = only(world.cycle)
    assert standing.words == "2 of 2 months"
    assert standing.gaps == 2
    assert not standing.is_stale
    assert only(world.cycle, date(2027, 1, 5)).is_stale
    assert only(world.cycle, date(2027, 1, 5)).gaps == 4


def test_results_outside_the_agreement_are_not_judged(world, queue):
    level = agree(world.cycle, moment=queue, valid_from=date(2026, 9, 15), valid_until=date(2026, 10, 31))
    months(level, 9, 9, 3, 3)
    standing = only(world.cycle)
    assert standing.words == "2 of 2 months"
    assert [standing.kept(one) for one in standing.results] == [None, None, True, True]
    assert not standing.in_force
    assert only(world.cycle, date(2026, 10, 20)).in_force


def test_days_are_counted_by_days(world, queue):
    level = agree(world.cycle, moment=queue, every="day")
    for n, value in enumerate([3, 5, 3], 1):
        record(level, TODAY - timedelta(days=n), Decimal(value))
    assert only(world.cycle).words == "2 of 3 days"


# --- Tiers ---------------------------------------------------------------------------------------


def tiers(cycle, *values):
    found, above = [], None
    for tier, value in zip(("corporate", "department", "customer"), values, strict=True):
        said = {"target_value": value, "bound": "at_most" if value else "", "unit": "h" if value else ""}
        above = agree(cycle, name=f"{tier} one", kind="multilevel", tier=tier, above=above, **said)
        found.append(above)
    return found


def test_customer_overrides_department_overrides_corporate(world):
    tiers(world.cycle, 48, 24, 8)
    corporate, department, customer = standing_of(world.cycle, TODAY)
    assert customer.target.text == "At most 8 h"
    assert customer.from_words == (
        "Overrides the department target, at most 24 h. Overrides the corporate target, at most 48 h."
    )
    assert department.from_words == "Overrides the corporate target, at most 48 h."
    assert corporate.from_words == ""
    assert [level.tier for level in corporate.overridden_by] == ["department"]


def test_a_tier_that_says_nothing_takes_the_wider_target_and_says_so(world):
    corporate, department, customer = tiers(world.cycle, 48, None, None)
    standings = standing_of(world.cycle, TODAY)
    assert [one.target.text for one in standings] == ["At most 48 h"] * 3
    assert standings[2].from_words == "From the corporate level “corporate one”."
    months(customer, 50)
    assert standing_of(world.cycle, TODAY)[2].state == "breached"
    # Without the wider one there is nothing to hold it against.
    corporate.deleted_at = timezone.now()
    corporate.save()
    assert [one.target for one in standing_of(world.cycle, TODAY)] == [None, None]
    assert department.tier == "department"


def test_the_database_keeps_the_rules(world, queue):
    wrong = (
        {"kind": "service", "tier": "corporate"},
        {"kind": "multilevel", "tier": ""},
        {"kind": "elsewhere"},
        {"category": "none"},
        {"bound": ""},
        {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 1)},
    )
    for more in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            agree(world.cycle, moment=queue, **more)
    level = agree(world.cycle, moment=queue)
    said = {"cycle": world.cycle, "day": TODAY, "value": 1}
    Measurement.objects.create(service_level=level, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.create(service_level=level, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.create(**said)


# --- The requirement's own number ----------------------------------------------------------------


@pytest.fixture
def need(queue):
    return Requirement.objects.create(
        moment=queue,
        position=0,
        name="Wait little",
        measure="Minutes in the queue",
        target_bound="at_most",
        target_value=Decimal("4.50"),
        target_unit="min",
    )


def test_the_number_of_a_requirement_becomes_a_service_level_by_one_click(world, consultant, need):
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/service-levels/")).content.decode()
    assert "Make it a service level" in page
    for _ in range(2):
        answer = consultant.post(world.url(f"requirements/{need.pk}/service-level/"))
        assert answer.status_code == 302
    level = ServiceLevel.objects.get()
    assert (level.name, level.moment_id, level.requirement_id) == (
        "Minutes in the queue",
        need.moment_id,
        need.pk,
    )
    assert level.target_value is None
    standing = only(world.cycle)
    assert standing.target.text == "At most 4.5 min"
    assert "From the requirement “Wait little”." in standing.from_words
    # The number is in one place: changed at the requirement, it is changed here.
    Requirement.objects.filter(pk=need.pk).update(target_value=3)
    assert only(world.cycle).target.text == "At most 3 min"
    assert (
        "Make it a service level"
        not in consultant.get(world.url(f"cycles/{world.cycle.pk}/service-levels/")).content.decode()
    )


def test_a_requirement_without_a_number_has_nothing_to_measure(world, consultant, need):
    Requirement.objects.filter(pk=need.pk).update(target_value=None, target_bound="", target_unit="")
    assert consultant.post(world.url(f"requirements/{need.pk}/service-level/")).status_code == 422
    assert not ServiceLevel.objects.exists()


# --- Add, edit, delete ---------------------------------------------------------------------------


def test_a_level_is_agreed_with_all_it_has(world, consultant, queue):
    data = typed(
        moment=queue.pk,
        name_elsewhere="Espera en caja",
        kind="customer",
        applies_to="Members",
        responsible="Ana",
        valid_from="2026-01-01",
        valid_until="2026-12-31",
        terms="Not on the first day of sales.",
        provider="The shop",
        provider_signer="Ana",
        provider_accepted_on="2026-01-05",
        customer="Members",
        customer_signer="Luz",
        customer_accepted_on="2026-01-07",
    )
    answer = consultant.post(world.url(f"cycles/{world.cycle.pk}/service-levels/add/"), data, follow=True)
    assert answer.status_code == 200
    level = ServiceLevel.objects.get()
    assert (level.version, level.accepted_on, level.translations["es"]["name"]) == (
        1,
        date(2026, 1, 7),
        "Espera en caja",
    )
    page = answer.content.decode()
    for text in ("At most 4 minutes", "By customer", "Members", "Version 1", "Ana"):
        assert text in page
    row = consultant.get(world.url(f"cycles/{world.cycle.pk}/service-levels/")).content.decode()
    assert "3. Queue at the till" in row
    assert "Not measured" in row


FAULTS = [
    ({"name": ""}, "name"),
    ({"name": "a\x01"}, "name"),
    ({"target_value": "", "bound": ""}, "target_value"),
    ({"target_value": ""}, "target_value"),
    ({"bound": ""}, "bound"),
    ({"target_value": "many"}, "target_value"),
    ({"target_value": "99999999999"}, "target_value"),
    ({"kind": "multilevel"}, "tier"),
    ({"kind": "multilevel", "tier": "customer"}, "applies_to"),
    ({"kind": "customer"}, "applies_to"),
    ({"kind": "x"}, "kind"),
    ({"category": ""}, "category"),
    ({"valid_from": "2026-05-01", "valid_until": "2026-04-01"}, "valid_until"),
    ({"valid_from": "31/31/2026"}, "valid_from"),
    ({"provider": "Shop", "provider_accepted_on": "2999-01-01"}, "provider_accepted_on"),
    ({"provider_accepted_on": "2026-01-01"}, "provider"),
    ({"moment": "999999"}, "moment"),
]


def test_faults_are_said_at_the_field_and_everything_typed_is_kept(world, consultant):
    for more, field in FAULTS:
        data = typed(terms="As always.", **more)
        answer = consultant.post(world.url(f"cycles/{world.cycle.pk}/service-levels/add/"), data)
        assert answer.status_code == 422, more
        form = answer.context["form"]
        assert field in form.errors, (more, form.errors)
        assert "As always." in answer.content.decode()
    assert not ServiceLevel.objects.exists()


def test_tiers_and_requirements_have_to_fit(world, consultant, queue, need):
    corporate, department, _customer = tiers(world.cycle, 48, 24, 8)
    url = world.url(f"cycles/{world.cycle.pk}/service-levels/add/")
    data = typed(kind="multilevel", tier="corporate", above=department.pk)
    assert "above" in consultant.post(url, data).context["form"].errors
    other = Moment.objects.get(stage__cycle=world.cycle, name="Be greeted")
    answer = consultant.post(url, typed(moment=other.pk, requirement=need.pk))
    assert "Queue at the till" in str(answer.context["form"].errors["requirement"])
    # With the requirement alone, its moment is known.
    consultant.post(url, typed(requirement=need.pk, bound="", target_value="", unit=""))
    level = ServiceLevel.objects.get(requirement=need)
    assert level.moment == queue
    again = consultant.post(url, typed(requirement=need.pk, bound="", target_value="", unit=""))
    assert "requirement" in again.context["form"].errors
    inherits = typed(kind="multilevel", tier="department", applies_to="Tills", above=corporate.pk)
    inherits |= {"bound": "", "target_value": "", "unit": ""}
    assert consultant.post(url, inherits).status_code == 302


def test_what_both_accepted_and_is_changed_is_a_new_version(world, consultant, queue):
    level = agree(
        world.cycle,
        moment=queue,
        provider="Shop",
        customer="Members",
        provider_accepted_on=date(2026, 1, 5),
        customer_accepted_on=date(2026, 1, 7),
    )
    url = world.url(f"service-levels/{level.pk}/edit/")
    days = {"provider": "Shop", "customer": "Members"}
    days |= {"provider_accepted_on": "2026-01-05", "customer_accepted_on": "2026-01-07"}
    # Who answers for it is no term of the agreement.
    consultant.post(url, typed(moment=queue.pk, responsible="Ana", **days))
    level.refresh_from_db()
    assert (level.version, level.is_accepted, level.responsible) == (1, True, "Ana")
    answer = consultant.post(url, typed(moment=queue.pk, target_value="3", **days), follow=True)
    level.refresh_from_db()
    assert (level.version, level.is_accepted) == (2, False)
    assert "Saved as version 2." in answer.content.decode()
    assert {"version", "target_value"} <= set(level.history.first().delta)


def test_two_who_edit_at_once_are_both_heard(world, consultant, queue):
    level = agree(world.cycle, moment=queue)
    url = world.url(f"service-levels/{level.pk}/edit/")
    opened = consultant.get(url).context["form"].opened
    consultant.post(url, typed(moment=queue.pk, target_value="3", opened=opened))
    # Another field: both stay.
    consultant.post(url, typed(moment=queue.pk, responsible="Ana", opened=opened))
    level.refresh_from_db()
    assert (level.target_value, level.responsible) == (3, "Ana")
    answer = consultant.post(url, typed(moment=queue.pk, target_value="2", opened=opened))
    assert answer.status_code == 409
    level.refresh_from_db()
    assert level.target_value == 3


def test_delete_with_undo_and_the_bin(world, consultant, queue):
    level = agree(world.cycle, moment=queue)
    page = consultant.post(world.url(f"service-levels/{level.pk}/delete/"), follow=True).content.decode()
    assert "“Wait at the till” is in the bin." in page
    assert "Undo" in page
    assert consultant.get(world.url(f"service-levels/{level.pk}/")).status_code == 404
    assert "Wait at the till" in consultant.get(world.url(f"cycles/{world.cycle.pk}/bin/")).content.decode()
    answer = consultant.post(world.url(f"service-levels/{level.pk}/restore/"), headers=HTMX)
    assert "is back." in answer.content.decode()
    assert consultant.get(world.url(f"service-levels/{level.pk}/")).status_code == 200


def test_a_restored_level_does_not_take_a_requirement_twice(world, consultant, need):
    consultant.post(world.url(f"requirements/{need.pk}/service-level/"))
    first = ServiceLevel.objects.get()
    consultant.post(world.url(f"service-levels/{first.pk}/delete/"))
    consultant.post(world.url(f"requirements/{need.pk}/service-level/"))
    assert consultant.post(world.url(f"service-levels/{first.pk}/restore/")).status_code == 422
    assert ServiceLevel.objects.filter(deleted_at=None).count() == 1


def test_a_viewer_reads_and_changes_nothing(world, queue):
    level = agree(world.cycle, moment=queue)
    viewer = log_in(world.viewer)
    page = viewer.get(world.url(f"service-levels/{level.pk}/")).content.decode()
    assert "Wait at the till" in page
    assert 'name="value"' not in page
    assert viewer.get(world.url(f"service-levels/{level.pk}/edit/")).status_code == 403
    assert viewer.post(world.url(f"service-levels/{level.pk}/delete/")).status_code == 403


def test_a_level_of_a_deleted_moment_is_gone_with_it(world, consultant, queue):
    level = agree(world.cycle, moment=queue)
    consultant.post(world.url(f"moments/{queue.pk}/delete/"))
    assert standing_of(world.cycle) == []
    assert consultant.get(world.url(f"service-levels/{level.pk}/")).status_code == 404
    consultant.post(world.url(f"moments/{queue.pk}/restore/"))
    assert len(standing_of(world.cycle)) == 1


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
        "Version 3", "At most 4 minutes", "The shop", "Ana Ruiz", "Members", "Accepted on Jan. 7, 2026",
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
