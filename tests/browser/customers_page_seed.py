"""Run by tests/browser/test_customers_page.py inside the product: a survey that asks everything."""

import json

from accounts.models import Client, Workspace
from cycles.models import Cycle, Moment, Stage
from surveys import instrument, links
from surveys.models import Contact, Invitation, OpenLink, Question, Survey, Wave

workspace = Workspace.objects.create(name="Page", slug="page")


def opened(name: str, **fields: object) -> Wave:
    client = Client.objects.create(workspace=workspace, name=name)
    cycle = Cycle.objects.create(client=client, name=name, language="en")
    stage = Stage.objects.create(cycle=cycle, position=0, name="In the shop")
    for n in range(4):
        Moment.objects.create(stage=stage, position=n, name=f"Wait for somebody to be free, time {n}")
    survey = instrument.draft_survey(cycle)
    given = {"importance": "picks", "picks": 2, "asks_effort": True, "language": "en", "brand": "Lunaria"}
    Survey.objects.filter(pk=survey.pk).update(**given, **fields)
    verdict = Question.objects.create(
        survey=survey, position=0, wording={"en": "Again?", "es": "¿Otra vez?"},
        options=[{"en": "Yes", "es": "Sí"}, {"en": "No", "es": "No"}],
    )  # fmt: skip
    Question.objects.create(
        survey=survey, position=1, kind="multiple", wording={"en": "Why?", "es": "¿Por qué?"},
        options=[{"en": "The price", "es": "El precio"}], shown_if=verdict, shown_if_options=[1],
    )  # fmt: skip
    Question.objects.create(survey=survey, position=2, kind="number", wording={"en": "How often?"})
    return instrument.open_wave(survey.waves.get())


def personal(wave: Wave, name: str) -> str:
    contact = Contact.objects.create(
        client=wave.survey.cycle.client, email=f"{name}@mail.example", language="en"
    )
    invitation = Invitation.objects.create(wave=wave, contact=contact, nonce=links.new_nonce())
    return f"/s/{links.token_for(invitation)}/"


def place(wave: Wave, name: str, *, is_kiosk: bool = False) -> str:
    open_link = OpenLink.objects.create(wave=wave, place=name, is_kiosk=is_kiosk, nonce=links.new_nonce())
    return f"/o/{links.open_token_for(open_link)}/"


named, nameless = opened("Named"), opened("Nameless", is_anonymous=True)
found = {name: personal(named, name) for name in ("fresh", "resumed", "kept")}
found |= {"anonymous": personal(nameless, "one"), "open": place(named, "Counter")}
found["kiosk"] = place(named, "Screen", is_kiosk=True)
print(json.dumps(found))
