"""The example workspace: loaded once, whole in both languages, with figures that hold together."""

import io
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Avg, Count, Q, QuerySet
from django.http import QueryDict
from django.test import Client as Browser
from django.utils import timezone, translation

from accounts.models import Client, Membership, Role, User, Workspace
from cyclemap.example import CONSULTANT, CUSTOMER, MANAGER, PASSWORD, VIEWER, WORKSPACE
from cyclemap.example.comments import COMMENTS
from cyclemap.example.figures import FIGURES, SEGMENTS
from cyclemap.example.simulation import NUMBERS, simulate
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage
from cycles.trail import RECORDS, history_of
from prioritization import views_page
from prioritization.analysis.change import ChangeVerdict
from prioritization.effects import effects_of
from surveys.models import (
    Contact,
    Invitation,
    Item,
    MailState,
    OutgoingMail,
    Rating,
    Respondent,
    Response,
    Survey,
    SurveyStatus,
    Visit,
    Wave,
)

pytestmark = pytest.mark.once  # on PostgreSQL the browser tests load the example


def run_demo(**options: Any) -> str:
    out = io.StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def remove_demo() -> None:
    # Answers are protected from a survey being deleted under them.
    Response.objects.all().delete()
    Workspace.objects.filter(slug=WORKSPACE).delete()
    User.objects.filter(email__endswith=".example").delete()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Any:
    """One load for the whole module: each test rolls back what it writes."""
    with django_db_blocker.unblock():
        try:
            yield run_demo()
        finally:
            remove_demo()


@pytest.fixture
def demo(loaded: str, db: None) -> str:
    return loaded


def customers_answers() -> QuerySet[Response]:
    """Neither what the team believes nor what visits found."""
    return Response.objects.filter(wave__survey__respondent=Respondent.CUSTOMER)


def wave(name: str) -> Wave:
    return Wave.objects.get(name=name)


def means(name: str) -> dict[int, dict[str, Any]]:
    rows = (
        Rating.objects.filter(response__wave__name=name)
        .values("item__position")
        .annotate(
            mean_importance=Avg("importance"),
            mean_satisfaction=Avg("satisfaction"),
            n=Count("satisfaction"),
            lived=Count("pk", filter=Q(experienced=True)),
            asked=Count("pk"),
        )
    )
    return {row["item__position"] + 1: row for row in rows}


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_second_run_changes_nothing(demo: str) -> None:
    before = counts()
    changed = Cycle.objects.values_list("pk", "revision", "changed_at")
    again = list(changed)
    assert run_demo() == demo
    assert counts() == before
    assert list(changed.all()) == again


def test_prints_the_doors_and_they_open(demo: str) -> None:
    for email in (CONSULTANT, MANAGER, VIEWER):
        assert email in demo
        browser = Browser(headers={"accept-language": "en"})
        assert browser.login(email=email, password=PASSWORD)
        assert browser.get(f"/w/{WORKSPACE}/").status_code == 200
    assert PASSWORD in demo
    link = demo[demo.index("/s/") :].split()[0]
    page = Browser(headers={"accept-language": "es"}).get(link)
    assert page.status_code == 200
    assert "Hacer fila en caja" in page.content.decode()
    assert not Response.objects.filter(invitation__contact__email=CUSTOMER).exists()


def test_customer_link_is_another_once_the_first_was_used(demo: str) -> None:
    carmen = Invitation.objects.get(contact__email=CUSTOMER)
    Response.objects.create(wave=carmen.wave, invitation=carmen)
    again = run_demo()
    assert "/s/" in again
    assert again != demo


def test_production_refuses_known_passwords_unless_forced(demo: str, settings: Any) -> None:
    remove_demo()
    settings.TRIAL = settings.DEBUG = False
    with pytest.raises(CommandError, match="password"):
        run_demo()
    assert not Workspace.objects.exists()
    assert not User.objects.exists()
    run_demo(force=True)
    assert Workspace.objects.exists()


def test_people_have_their_roles(demo: str) -> None:
    workspace = Workspace.objects.get(slug=WORKSPACE)
    lunaria = Client.objects.get(workspace=workspace, name="Lunaria Moda")
    of = {m.user.email: (m.role, m.client_id) for m in Membership.objects.filter(workspace=workspace)}
    assert of[CONSULTANT] == (Role.OWNER, None)
    assert of[MANAGER] == (Role.MANAGER, lunaria.pk)
    assert of[VIEWER] == (Role.VIEWER, lunaria.pk)
    assert (Role.CONSULTANT, None) in of.values()
    assert Client.objects.filter(workspace=workspace).count() == 2


TRANSLATED: list[tuple[Any, tuple[str, ...]]] = [
    (Cycle, ("name", "persona", "description")),
    (Stage, ("name",)),
    (
        Moment,
        ("name", "owner_area", "standard", "enhancers", "detractors", "customer_action", "front_stage"),
    ),
    (Requirement, ("name", "minimum", "desired", "measure")),
    (ActionPlan, ("name", "goal")),
    (Action, ("name", "description")),
]


@pytest.mark.parametrize(("model", "fields"), TRANSLATED, ids=lambda value: getattr(value, "__name__", ""))
def test_every_text_is_there_in_both_languages(demo: str, model: Any, fields: tuple[str, ...]) -> None:
    rows = list(model.objects.all())
    assert rows
    for row in rows:
        written = "en" if "en" not in row.translations else "es"
        other = {"en": "es", "es": "en"}[written]
        for field in fields:
            if getattr(row, field):
                assert row.translations[other].get(field), (row, field)


def test_the_map_and_the_plan(demo: str) -> None:
    cycle = Cycle.objects.get(client__name="Lunaria Moda")
    moments = list(Moment.objects.filter(stage__cycle=cycle))
    assert cycle.stages.count() == 5
    assert len(moments) == 17
    assert [k for k, moment in enumerate(moments, 1) if moment.is_critical] == [9, 11, 15]
    assert Requirement.objects.filter(moment__in=moments).count() == 42
    with translation.override("en"):
        assert str(moments[10]) == "Queue at the till"
    actions = list(Action.objects.filter(plan__cycle=cycle).prefetch_related("moments", "requirements"))
    assert [action.number for action in actions] == list(range(1, 13))
    today = timezone.localdate()
    assert [action.code for action in actions if action.is_late] == ["A1"]
    assert actions[0].due_on == today - timedelta(days=6)
    done = [action for action in actions if action.done_on]
    assert {action.status for action in done} == {"done"}
    assert len(done) == 4
    t3, t4 = wave("T3"), wave("T4")
    assert t3.closed_at
    assert t4.opened_at
    for action in done:
        # What was done between the waves can show in the second.
        assert action.done_on
        assert t3.closed_at.date() < action.done_on < t4.opened_at.date()
    assert sum(action.is_quick_win for action in actions) == 7
    for action in actions:
        linked = {requirement.moment_id for requirement in action.requirements.all()}
        assert linked
        assert linked <= {moment.pk for moment in action.moments.all()}
    assert not Survey.objects.filter(cycle__client__name="Harbour Clinic").exists()


@pytest.mark.parametrize(("name", "number"), [("T3", 0), ("T4", 1)])
def test_the_means_are_the_wanted_ones(demo: str, name: str, number: int) -> None:
    found = means(name)
    assert sorted(found) == sorted(FIGURES)
    for moment, figure in FIGURES.items():
        row = found[moment]
        assert row["mean_importance"] == pytest.approx(figure.importance[number], abs=0.02), moment
        assert row["mean_satisfaction"] == pytest.approx(figure.satisfaction[number], abs=0.02), moment
        assert row["lived"] / row["asked"] == pytest.approx(figure.reach, abs=0.08), moment
        assert row["n"] <= row["lived"]


def test_the_fitting_room_really_improved(demo: str) -> None:
    def of(name: str) -> QuerySet[Rating, Any]:
        return Rating.objects.filter(response__wave__name=name, item__position=8, satisfaction__isnull=False)

    before, after = (
        np.array(list(of(name).values_list("satisfaction", flat=True)), dtype=float) for name in ("T3", "T4")
    )
    error = np.sqrt(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after))
    assert (after.mean() - before.mean()) / error > 4


def test_no_number_without_experience(demo: str) -> None:
    ratings = Rating.objects.filter(response__wave__survey__respondent=Respondent.CUSTOMER)
    missed = ratings.filter(experienced=False)
    share = missed.count() / ratings.count()
    assert 0.25 < share < 0.40
    assert not missed.filter(Q(importance__isnull=False) | Q(satisfaction__isnull=False)).exists()
    assert Rating.objects.filter(experienced=True, satisfaction=None).exists()


def test_answers_of_one_customer_hang_together(demo: str) -> None:
    rows = (
        customers_answers().annotate(felt=Avg("ratings__satisfaction")).values_list("felt", "overall", "nps")
    )
    felt, overall, nps = np.array(list(rows), dtype=float).T
    assert np.corrcoef(felt, overall)[0, 1] > 0.6
    assert np.corrcoef(overall, nps)[0, 1] > 0.6
    assert 0 <= nps.min() <= nps.max() <= 10


def test_funnel_is_plausible(demo: str) -> None:
    for name, status in (("T3", SurveyStatus.CLOSED), ("T4", SurveyStatus.OPEN)):
        row = wave(name)
        assert row.status == status
        invited = Invitation.objects.filter(wave=row)
        mails = OutgoingMail.objects.filter(invitation__wave=row)
        answered = invited.filter(response__isnull=False)
        assert 950 < invited.count() == mails.count() == row.recipients.count() < 1100
        assert 350 < answered.count() < 450
        assert answered.filter(opened_at=None).count() == 0
        assert invited.filter(opened_at__isnull=False).count() > answered.count()
        states = set(mails.values_list("state", flat=True))
        assert states == {MailState.SENT, MailState.FAILED, MailState.UNCONFIRMED, MailState.SUPPRESSED}
        # Only who got the mail can answer it, and nothing is left for a worker to send.
        assert set(mails.filter(invitation__in=answered).values_list("state", flat=True)) == {MailState.SENT}
        times = Response.objects.filter(wave=row).values_list("submitted_at", "invitation__mails__sent_at")
        assert all(sent and sent < submitted < timezone.now() for submitted, sent in times)
    assert wave("T4").is_open


def test_nobody_gets_mail_after_opting_out(demo: str) -> None:
    gone = Contact.objects.filter(opted_out_at__isnull=False)
    assert gone.count() == 12
    for contact in gone:
        sent = OutgoingMail.objects.filter(invitation__contact=contact, state=MailState.SENT)
        assert not sent.filter(sent_at__gt=contact.opted_out_at).exists()
        assert not Response.objects.filter(invitation__contact=contact).exists()


def test_segments_are_those_of_the_contact_and_differ(demo: str) -> None:
    for response in customers_answers().select_related("invitation__contact"):
        assert response.invitation
        assert response.invitation.contact
        assert response.segments == response.invitation.contact.attributes
        assert set(response.segments) == set(SEGMENTS)
    shops = Rating.objects.filter(
        item__position=10, response__wave__survey__respondent=Respondent.CUSTOMER
    ).values_list("response__segments__Tienda")
    by_shop = dict(shops.annotate(mean=Avg("satisfaction")))
    assert by_shop["Bahía Norte"] - by_shop["Gran Vía"] > 0.3


def test_comments_are_all_different_and_in_the_language_of_the_customer(demo: str) -> None:
    language = {comment.text: comment.language for comment in COMMENTS}
    assert len(language) == len(COMMENTS)
    written = list(Response.objects.exclude(comment="").values_list("comment", "language"))
    assert len(written) > 100
    assert len({text for text, _ in written}) == len(written)
    assert all(language[text] == spoken for text, spoken in written)
    assert {spoken for _, spoken in written} == {"es", "en"}


def test_the_instrument_is_frozen_in_both_languages(demo: str) -> None:
    survey = Survey.objects.get(respondent=Respondent.CUSTOMER)
    assert survey.frozen_at
    items = list(Item.objects.filter(survey=survey))
    assert len(items) == 17
    assert items[10].wording == {"es": "Hacer fila en caja", "en": "Queue at the till"}
    assert items[10].is_critical


def test_contacts_are_different_people_with_invented_addresses(demo: str) -> None:
    contacts = list(Contact.objects.all())
    assert len({contact.email for contact in contacts}) == len(contacts) > 1500
    assert all(contact.email.isascii() and contact.email.endswith(".example") for contact in contacts)


def test_simulation_is_the_same_for_the_same_seed() -> None:
    segments = [{"Tienda": "Gran Vía"}, {"Tienda": "Bahía Norte"}] * 50
    one, two, other = (simulate(np.random.default_rng(seed), 0, segments) for seed in (3, 3, 4))
    assert np.array_equal(one.satisfaction, two.satisfaction)
    assert not np.array_equal(one.satisfaction, other.satisfaction)
    assert one.satisfaction.shape == (100, len(NUMBERS))
    assert not one.satisfaction[~one.experienced].any()


def test_the_team_and_six_visits_stand_beside_the_customers(demo: str) -> None:
    """What the team believes is clearly above what customers say, at the till most of all."""
    cycle = Cycle.objects.get(client__name="Lunaria Moda")
    page = views_page.page_of(cycle, QueryDict())
    assert page.views
    assert {kind: str(one) for kind, one in page.waves.items()} == {
        "customer": "T4",
        "staff": "Equipo",
        "mystery_shopper": "Visitas",
    }
    assert page.views.n_visits == 6
    assert set(Visit.objects.exclude(state="planned").values_list("place", flat=True)) == {
        "Plaza Mirador",
        "Gran Vía",
    }
    widest = page.views.widest
    assert widest
    assert widest.entry.number == 11
    assert widest.staff
    assert widest.staff.n == 20


def test_three_actions_have_a_clear_effect_and_one_may_be_chance(demo: str) -> None:
    """The story of the page of effects; the fifth target waits for its action to begin."""
    cycle = Cycle.objects.get(client__name="Lunaria Moda")
    found = {e.action.number: e.verdict or e.stage for e in effects_of(cycle)}
    clear = ChangeVerdict.IMPROVED
    assert found == {3: clear, 4: ChangeVerdict.NO_EVIDENCE, 5: "planned", 8: clear, 11: clear}


def test_its_history_names_the_people_and_when_they_worked(demo: str) -> None:
    unsigned = {
        model.__name__: history_of(model, records.manager_name)._default_manager.filter(author="").count()
        for model, records in RECORDS.items()
    }
    assert set(unsigned.values()) == {0}, unsigned
    cycle = Cycle.objects.get(client__name="Lunaria Moda")
    browser = Browser(headers={"accept-language": "en"})
    browser.login(email=CONSULTANT, password=PASSWORD)
    page = browser.get(f"/w/{WORKSPACE}/cycles/{cycle.pk}/history/").content.decode()
    assert "Elena Ferrer" in page
    assert "Tomás Vidal" in page
    assert "Somebody" not in page
    assert cycle.history.get().history_date == cycle.created_at
