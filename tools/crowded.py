"""A workspace with too much in it: what pages must bear. Loaded by tools/screens.py beside the example.

60 moments in 12 stages, 180 requirements, 200 actions, 40 surveys, 600 answers, and words of a length that
German has.
"""

import json
from datetime import timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.models import Client, Membership, Role, User, Workspace
from cycles.choices import STAGE_COLOURS, ActionStatus, Dimension, Level, Vertex
from cycles.models import Action, ActionPlan, Cycle, Moment, Requirement, Stage
from prioritization.matrix import refresh
from surveys import instrument
from surveys.models import Contact, Rating, Response, Survey, Wave

SLUG = "crowded"
STAGES, MOMENTS, ACTIONS, SURVEYS, ANSWERS = 12, 5, 200, 40, 600
LONG = (
    "Rechtsschutzversicherungsgesellschaft",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "Kraftfahrzeughaftpflichtversicherungsbeitragsberechnung",
    "Fußbodenschleifmaschinenverleih",
    "Aufmerksamkeitsdefizit der Warteschlangenbetreuungsfachkraft",
)


@transaction.atomic
def load(owner_email: str) -> int:
    """The key of the crowded cycle; one that is there already stays as it is."""
    known = Cycle.objects.filter(client__workspace__slug=SLUG).first()
    if known:
        return known.pk
    workspace = Workspace.objects.create(name=f"{LONG[0]} & {LONG[3]} Beratung", slug=SLUG)
    Membership.objects.create(workspace=workspace, user=User.objects.get(email=owner_email), role=Role.OWNER)
    client = Client.objects.create(workspace=workspace, name=LONG[1], place=LONG[2])
    cycle = Cycle.objects.create(client=client, name=f"{LONG[2]} beantragen", persona=LONG[4], language="en")
    moments = load_map(cycle)
    load_plans(cycle, moments)
    for n in range(SURVEYS - 1):
        survey = instrument.draft_survey(cycle, name=f"{n + 1}. {LONG[n % len(LONG)]}", brand=LONG[3])
        if n % 2:
            instrument.close_wave(instrument.open_wave(survey.waves.get()))
    load_answers(cycle)
    load_contacts(client)
    return cycle.pk


def load_map(cycle: Cycle) -> list[Moment]:
    stages = Stage.objects.bulk_create(
        Stage(cycle=cycle, position=n, name=word(n, 60), colour=STAGE_COLOURS[n % len(STAGE_COLOURS)])
        for n in range(STAGES)
    )
    moments = Moment.objects.bulk_create(
        Moment(
            stage=stage,
            position=n,
            name=f"{word(k * MOMENTS + n, 100)} {n + 1}",
            description=" ".join(LONG),
            is_critical=n == 0,
            emotion=n - 2,
        )
        for k, stage in enumerate(stages)
        for n in range(MOMENTS)
    )
    Requirement.objects.bulk_create(
        Requirement(
            moment=moment,
            position=n,
            name=f"{word(n, 150)} {n + 1}",
            minimum=LONG[n],
            desired=LONG[n + 1],
            dimension=list(Dimension)[n],
            vertex=list(Vertex)[n],
            level=list(Level)[n],
        )
        for moment in moments
        for n in range(3)
    )
    return moments


def load_plans(cycle: Cycle, moments: list[Moment]) -> None:
    today = timezone.localdate()
    plans = [ActionPlan.objects.create(cycle=cycle, name=word(n, 100), goal=LONG[n]) for n in range(4)]
    states = list(ActionStatus)
    for n in range(ACTIONS):
        action = Action.objects.create(
            plan=plans[n % 4],
            number=n + 1,
            name=f"{word(n, 140)} {n + 1}",
            owner=LONG[n % 5][:40],
            due_on=today + timedelta(days=n - 60),
            effort=n % 5 + 1,
            impact=n // 5 % 5 + 1,
            status=states[n % len(states)],
            done_on=today if states[n % len(states)] == ActionStatus.DONE else None,
        )
        action.moments.add(moments[n % len(moments)])


def load_answers(cycle: Cycle) -> None:
    """Deterministic: some moments good, some bad, some hardly met."""
    rng = np.random.default_rng(60)
    survey: Survey = instrument.draft_survey(cycle, name=LONG[4], brand=LONG[3])
    wave: Wave = instrument.open_wave(survey.waves.get())
    items = list(survey.items.all())
    level = rng.uniform(1.8, 4.8, len(items))
    weight = rng.uniform(2.2, 4.9, len(items))
    responses = Response.objects.bulk_create(
        Response(
            wave=wave,
            submitted_at=wave.opened_at or timezone.now(),
            overall=int(rng.integers(1, 6)),
            nps=int(rng.integers(0, 11)),
            comment=" ".join(LONG) if n % 10 == 0 else "",
            segments={"Versicherungsnehmerkategorie": LONG[n % 5]},
        )
        for n in range(ANSWERS)
    )
    Rating.objects.bulk_create(
        (
            Rating(
                response=response,
                item=item,
                satisfaction=int(np.clip(round(rng.normal(level[k], 1)), 1, 5)),
                importance=int(np.clip(round(rng.normal(weight[k], 1)), 1, 5)),
            )
            for response in responses
            for k, item in enumerate(items)
            if rng.random() < 0.6
        ),
        batch_size=5000,
    )
    refresh(wave)


def load_contacts(client: Client) -> None:
    Contact.objects.bulk_create(
        Contact(client=client, email=f"{n}@{'sehr-' * 8}lang.example", name=f"{LONG[n % 5][:60]} {n}")
        for n in range(2000)
    )


def word(n: int, longest: int) -> str:
    return f"{LONG[n % 5]} {LONG[(n + 2) % 5]}"[:longest]


def tell(owner_email: str) -> None:
    print(json.dumps(load(owner_email)))
