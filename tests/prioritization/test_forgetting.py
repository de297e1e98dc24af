"""A person is erased: no text of any model, and no file of a report, says who it was."""

from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from accounts.models import Client
from cycles.models import Action, ActionPlan, Cycle, Moment
from prioritization import jobs, tasks
from prioritization.forgetting import TEXTS
from prioritization.models import FailureReason, JobState, QuotedComment, RatingsImport, Report
from prioritization.ratings_import.upload import table_of
from surveys import erasing
from surveys.models import Contact, MailState, Response
from surveys.traces import NOTED, Person, texts_of
from tests.furniture import furnish
from tests.prioritization.answers import answer
from tests.surveys.asking import open_survey, queue

EMAIL, NAME = "filomena.kanarienvogel@correo.example", "Filomena Kanarienvögel"
SAYS = f"Told {NAME.upper()} <{EMAIL}>"
OURS = ("accounts", "cycles", "surveys", "prioritization")
HOLD_TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
# What others typed or keep of themselves, not of the client's customers; keys, digests and counts.
NOT_WRITTEN = {
    "GradeScale": {"letters", "tens"},
    "Cube": {"name", "value", "counts", "products"},
    "Digest": {"fingerprint", "dimensions"},
    "Block": {"planes"},
    "Matrix": {"result"},
    "ReportMail": {"occasion", "claim"},
    "Report": {"fingerprint", "file", "reason"},
    "ShareLink": {"key_hash", "password"},
    "SaidPage": {"nonce"},
    "Snapshot": {"query", "filters", "fingerprint"},
    "Target": {"segment_name", "segment_value"},
    "FormerTarget": {"segment_name", "segment_value"},
    "RatingsImport": {"fingerprint", "table", "choices", "summary", "reason"},
}


def where_it_stands() -> list[str]:
    """Every value of every row of every model: which fields still say who it was."""
    found = []
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            names = [one.attname for one in model._meta.concrete_fields if isinstance(one, HOLD_TEXT)]
            for row in model._base_manager.values(*names):
                found += [f"{model.__name__}.{name}" for name, told in row.items() if tells(told)]
    return sorted(set(found))


def tells(told: Any) -> bool:
    said = str(told).casefold()
    return EMAIL in said or "kanarienvogel" in said or "kanarienvögel" in said


def filomena(world) -> Contact:
    return Contact.objects.create(client=world.client, email=EMAIL, name=NAME)


def written_models():
    cycles = {model: texts_of(model) for model in apps.get_app_config("cycles").get_models()}
    return {**cycles, **TEXTS, **NOTED, Response: ["comment"]}


def says(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        deep = {"es": {"name": SAYS}, "n": 3, "list": [1, SAYS]}
        return {**value, **deep} if isinstance(value, dict) else [*(value or []), SAYS]
    return SAYS if (field.max_length or 999) >= len(SAYS) else value


def test_in_whatever_a_team_wrote_the_person_is_blacked_out(world):
    furnish(world)
    person = filomena(world)
    filled = 0
    for model, names in written_models().items():
        path = getattr(model, "client_path", "workspace__clients")
        for row in model._base_manager.filter(**{path: world.client}):
            told = {name: says(model._meta.get_field(name), getattr(row, name)) for name in names}
            told = {name: value for name, value in told.items() if not is_unique(model, name)}
            filled += model._base_manager.filter(pk=row.pk).update(**told)
    assert filled > 60
    assert len(where_it_stands()) > 80
    erasing.erase_person(person)
    assert where_it_stands() == []
    assert Moment.objects.first().name == "Told ■■■ <■■■>"


def is_unique(model: type[models.Model], name: str) -> bool:
    return getattr(model._meta.get_field(name), "unique", False) or name in (
        "key",
        "form_key",
        "fingerprint",
        "claim",
    )


def test_every_field_of_a_report_that_can_hold_a_text_is_decided_about():
    """A new one? What people write stands in prioritization/forgetting.py; the rest up here."""
    open_question = []
    for model in apps.get_app_config("prioritization").get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, HOLD_TEXT) and not field.choices:
                known = {*TEXTS.get(model, ()), *NOT_WRITTEN.get(model.__name__, ())}
                open_question += [f"{model.__name__}.{field.name}"] if field.name not in known else []
    assert open_question == []


# --- What counts as the person ---------------------------------------------------------------------


def blacked(text: str, name: str = NAME, **more: Any) -> str:
    return Person(client=1, email=EMAIL, name=name, **more).without(text)


def test_with_other_accents_spaces_and_capitals_it_is_the_same_person():
    assert blacked("Sra. FILOMENA  KANARIENVOGEL llamó") == "Sra. ■■■ llamó"
    assert blacked(f"({EMAIL.upper()})") == "(■■■)"
    assert blacked("İzmir: Filomena Kanarienvo\u0308gel") == "İzmir: ■■■"


def test_others_of_the_same_name_stay():
    assert blacked("Filomena said so") == "Filomena said so"
    assert blacked(f"x{EMAIL}") == f"x{EMAIL}"
    assert blacked("Ana and Anabel", name="Ana") == "Ana and Anabel"
    assert blacked("Anna Li was here", name="Ana Li") == "Anna Li was here"


def test_what_the_person_wrote_is_blacked_out_where_it_was_copied():
    comment = "The man at the till shouted at my mother"
    assert blacked(f"“{comment}”, so we train", written=[comment, "thanks"]) == "“■■■”, so we train"
    assert blacked("many thanks", written=[comment, "thanks"]) == "many thanks"


def test_filters_keep_their_values():
    choice = {"filters": {"segment": f"seller={NAME}"}, "words": {"top": f"For {NAME}"}}
    told = Person(client=1, email=EMAIL, name=NAME).without(choice)
    assert told == {"filters": {"segment": f"seller={NAME}"}, "words": {"top": "For ■■■"}}


# --- What is made of answers -----------------------------------------------------------------------


def answered(world) -> tuple[Contact, Report]:
    """Filomena answered, her comment was chosen for the report, and there is one."""
    wave = open_survey(world.cycle)
    mail = queue(wave, EMAIL, state=MailState.SENT)[0]
    answer(wave, [(5, 4), (3, 2), (1, 5)], times=6)
    mine = Response.objects.first()
    mine.invitation, mine.comment = mail.invitation, "I am Filomena and I waited long"
    mine.save()
    tasks.refresh_matrices()
    QuotedComment.objects.create(response=mine)
    report = jobs.ask(world.cycle, wave, "en", world.owner)[0]
    return mail.invitation.contact, report


def shelved(report: Report) -> str:
    name = default_storage.save(f"reports/{report.pk}.pdf", ContentFile(b"I am Filomena and I waited long"))
    Report.objects.filter(pk=report.pk).update(state=JobState.DONE, file=name, size=31)
    return name


def test_a_report_that_quotes_the_person_is_withdrawn_and_can_be_made_again(
    world, consultant, django_capture_on_commit_callbacks
):
    contact, report = answered(world)
    name = shelved(report)
    assert erasing.about(contact).files == 1
    page = consultant.get(world.url(f"contacts/{contact.pk}/erase/")).text
    assert "Reports that may name the person" in page
    with django_capture_on_commit_callbacks(execute=True):
        consultant.post(world.url(f"contacts/{contact.pk}/erase/"), {"sure": "on"})
    report.refresh_from_db()
    assert (report.state, report.reason) == (JobState.EXPIRED, FailureReason.ERASED)
    assert not default_storage.exists(name)
    listed = consultant.get(world.url(f"cycles/{world.cycle.pk}/reports/")).text
    assert "A person was erased who may stand in this file." in listed
    assert jobs.ask_again(report, world.owner)


def test_a_report_that_is_being_made_begins_anew(world):
    contact, report = answered(world)
    held = jobs.Held(jobs.claim())
    erasing.erase_person(contact)
    report.refresh_from_db()
    assert report.state == JobState.QUEUED
    held.finish("reports/old.pdf", 31, "x") if held.ours.exists() else None
    report.refresh_from_db()
    assert report.state == JobState.QUEUED


def test_reports_of_others_stay(world):
    _contact, report = answered(world)
    name = shelved(report)
    other = Contact.objects.create(client=world.client, email="other@correo.example", name="Other Person")
    erasing.erase_person(other)
    report.refresh_from_db()
    assert report.state == JobState.DONE
    assert default_storage.exists(name)


def test_a_file_of_answers_that_waits_with_the_person_in_it_is_thrown_away(world):
    def waiting(text: str, mark: str) -> RatingsImport:
        return RatingsImport.objects.create(
            cycle=world.cycle, fingerprint=mark * 64, table=table_of(text.encode())
        )

    waiting(f"who;rating\n{EMAIL.upper()};4\n", "a")
    other = waiting("who;rating\nother@correo.example;4\n", "b")
    erased = erasing.erase_person(filomena(world))
    assert erased.lists == 1
    assert RatingsImport.objects.get() == other


def test_an_action_and_its_history_keep_everything_but_the_person(world):
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    action = Action.objects.create(plan=plan, number=1, name=f"Call {NAME} back")
    action.name = f"Call {NAME} and {EMAIL}"
    action.save()
    elsewhere = Client.objects.create(workspace=world.workspace, name="Other")
    stranger = Cycle.objects.create(client=elsewhere, name=f"{NAME} elsewhere")
    contact = filomena(world)
    counted = erasing.about(contact).texts
    assert Action.objects.get().name == f"Call {NAME} and {EMAIL}", "looking changes nothing"
    erased = erasing.erase_person(contact)
    assert erased.texts == counted
    assert Action.objects.get().name == "Call ■■■ and ■■■"
    stranger.refresh_from_db()
    assert stranger.name == f"{NAME} elsewhere", "another client's customers are not theirs"
    assert all("Call" in row.name for row in Action.history.all())
    assert not any(tells(row.delta) or tells(row.name) for row in Action.history.all())
