"""Service levels are agreed, edited, signed, deleted and brought back."""

from datetime import date

from cycles.models import Moment, Requirement, ServiceLevel
from cycles.service_levels import standing_of
from tests.conftest import log_in
from tests.cycles.service_levels.agreeing import HTMX, agree, only, tiers, typed


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


def test_a_first_level_asks_for_little_and_folds_the_rest_away(world, consultant):
    page = consultant.get(world.url(f"cycles/{world.cycle.pk}/service-levels/add/")).content.decode()
    folded = page[page.index('<details class="lv-more">') :]
    assert 'name="name"' not in folded
    assert 'name="target_value"' not in folded
    assert 'name="provider_signer"' in folded
    assert 'name="kind"' in folded
    refused = consultant.post(world.url(f"cycles/{world.cycle.pk}/service-levels/add/"), {"name": ""})
    assert refused.status_code == 422
    assert '<details class="lv-more" open>' in refused.content.decode()
