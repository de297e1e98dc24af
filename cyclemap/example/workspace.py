"""Write the example workspace, all of it or nothing."""

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import Client, Membership, Role, User, Workspace
from cyclemap.example import COLLEAGUE, CONSULTANT, MANAGER, PASSWORD, VIEWER, WORKSPACE, actions, plan
from cyclemap.example.authors import sign
from cyclemap.example.cases import load_cases
from cyclemap.example.effects import load_targets
from cyclemap.example.levels import load_levels
from cyclemap.example.maturity import load_maturity
from cyclemap.example.sides import load_sides
from cyclemap.example.survey import load_survey
from cycles.library import create_cycle
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement
from prioritization.matrix import refresh


@transaction.atomic
def load(today: date) -> Workspace:
    """The workspace as of `today`. One that is there already stays as it is."""
    known = Workspace.objects.filter(slug=WORKSPACE).first()
    if known is not None:
        return known
    workspace = Workspace.objects.create(name="Ferrer Consultores", slug=WORKSPACE)
    # Texts that are made on the way are in the language of the firm.
    with translation.override("es"):
        clinic = Client.objects.create(
            workspace=workspace, name="Harbour Clinic", place="Harbour Road, outpatient wing"
        )
        create_cycle(clinic, "outpatient_visit", language="en")
        fashion = Client.objects.create(
            workspace=workspace, name="Lunaria Moda", place="Centro Comercial Plaza Mirador"
        )
        cycle = create_cycle(fashion, "buying_a_dress", language="es")
        # The work began some weeks before the first survey.
        cycle.created_at = timezone.now() - timedelta(days=140)
        cycle.save(update_fields=["created_at"])
        _load_plan(cycle, today)
        load_maturity(cycle, today)
        for wave in load_survey(cycle, today).waves.all():
            refresh(wave)
    _load_people(workspace, fashion)
    actions.fill_in(workspace, cycle, today)
    load_targets(cycle, today)
    load_cases(cycle, today)
    with translation.override("es"):
        for wave in load_sides(cycle, today):
            refresh(wave)
    load_levels(cycle, today)
    sign(workspace)
    return workspace


def _load_people(workspace: Workspace, fashion: Client) -> None:
    people = [
        (CONSULTANT, "Elena Ferrer", Role.OWNER, None),
        (COLLEAGUE, "Tomás Vidal", Role.CONSULTANT, None),
        (MANAGER, "Noelia Prado", Role.MANAGER, fashion),
        (VIEWER, "Lucía Peña", Role.VIEWER, fashion),
    ]
    # Hashing is slow on purpose, and this password is no secret.
    password = make_password(PASSWORD)
    for email, name, role, client in people:
        user, _new = User.objects.update_or_create(
            email=email, defaults={"password": password}, create_defaults={"password": password, "name": name}
        )
        # Second factors ask for a confirmed address.
        EmailAddress.objects.get_or_create(
            user=user, email=email, defaults={"verified": True, "primary": True}
        )
        Membership.objects.create(user=user, workspace=workspace, role=role, client=client)


def _load_plan(cycle: Cycle, today: date) -> None:
    moments = list(Moment.objects.filter(stage__cycle=cycle))
    requirements = {
        (requirement.moment_id, requirement.position): requirement
        for requirement in Requirement.objects.filter(moment__in=moments)
    }
    made = ActionPlan(
        cycle=cycle,
        name=plan.NAME["es"],
        goal=plan.GOAL["es"],
        owner=plan.OWNER,
        created_at=cycle.created_at + timedelta(days=50),
    )
    made.translate("en", name=plan.NAME["en"], goal=plan.GOAL["en"])
    made.save()

    actions = _actions_of(made, today)
    Action.objects.bulk_create(actions)
    served = [
        (action, moments[number - 1], places)
        for action, planned in zip(actions, plan.ACTIONS, strict=True)
        for number, places in planned.serves.items()
    ]
    Action.moments.through.objects.bulk_create(
        Action.moments.through(action=action, moment=moment) for action, moment, _ in served
    )
    Action.requirements.through.objects.bulk_create(
        Action.requirements.through(action=action, requirement=requirements[moment.pk, place - 1])
        for action, moment, places in served
        for place in places
    )


def _actions_of(made: ActionPlan, today: date) -> list[Action]:
    def day(offset: int | None) -> date | None:
        return None if offset is None else today + timedelta(days=offset)

    actions = []
    for planned in plan.ACTIONS:
        action = Action(
            plan=made,
            number=planned.number,
            name=planned.name["es"],
            description=planned.description["es"],
            owner=planned.owner,
            effort=planned.effort,
            impact=planned.impact,
            status=planned.status,
            created_at=made.created_at,
            due_on=day(planned.due),
            done_on=day(planned.done),
        )
        action.translate("en", name=planned.name["en"], description=planned.description["en"])
        actions.append(action)
    return actions
