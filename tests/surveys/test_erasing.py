"""A person is erased: nothing of them is left in any table of asking, and no count changes."""

from django.apps import apps
from django.db import models
from django.utils import timezone

from surveys import contact_jobs, erasing, links
from surveys.cases.opening import open_case
from surveys.funnel import funnel_of
from surveys.models import (
    Case,
    CaseStep,
    Contact,
    ContactFile,
    ContactImport,
    Draft,
    Invitation,
    MailState,
    OutgoingMail,
    Rating,
    Response,
    Suppression,
    Wave,
    Why,
)
from surveys.personal import PERSONAL, Fate
from surveys.suppression import is_suppressed, suppress
from tests.prioritization.answers import answer
from tests.surveys.asking import open_survey, queue

CANARY = "kanarienvogel"
EMAIL = f"{CANARY}@correo.example"


def person(world):
    """Somebody who stands wherever a person can stand, among others who stay."""
    wave = open_survey(world.cycle)
    others = queue(wave, *(f"other{n}@correo.example" for n in range(6)), state=MailState.SENT)
    mail = queue(wave, EMAIL, state=MailState.SENT, relay_reply=f"250 taken for {EMAIL}", reason=f"{EMAIL}?")[
        0
    ]
    carmen = mail.invitation.contact
    carmen.name, carmen.external_id = f"{CANARY} ríos", f"{CANARY}-17"
    carmen.attributes = {"city": "Cali", "nick": CANARY}
    carmen.save()
    OutgoingMail.objects.create(
        campaign=mail.campaign,
        invitation=mail.invitation,
        round=1,
        recipient=EMAIL,
        message_id=f"<{CANARY}@x.example>",
        state=MailState.QUEUED,
    )
    answer(wave, [(5, 4), (3, 2), (1, 5)], times=7)
    for response, invitation in zip(
        Response.objects.order_by("pk"), [mail.invitation, *(m.invitation for m in others)], strict=True
    ):
        response.invitation, response.segments, response.nps = invitation, {"city": "Cali"}, 9
        response.save()
    mine = Response.objects.get(invitation=mail.invitation)
    mine.comment, mine.tags, mine.digest = f"I am {CANARY}", [CANARY], CANARY
    mine.extra = {"1": CANARY, "2": [0, 2], "3": 7, "4": [CANARY]}
    mine.segments = {"city": "Cali", "nick": CANARY}
    mine.save()
    Draft.objects.create(invitation=mail.invitation, data={"comment": CANARY})
    case = open_case(world.cycle, response=mine, title=CANARY, description=CANARY, by=world.owner).case
    Case.objects.update(temper="abusive", notice_text=CANARY)
    CaseStep.objects.create(case=case, what=CaseStep.What.NOTE, text=CANARY)
    wave.recipients.add(carmen)
    ContactFile.objects.create(wave=wave, name=CANARY, text=f"correo\n{EMAIL.upper()}\n")
    contact_jobs.keep(world.client, f"correo;nombre\n{EMAIL};{CANARY}\n".encode(), CANARY)
    contact_jobs.keep(world.client, b"correo;nombre\nkeep@correo.example;Keep\n", "keep.csv")
    return carmen


def everything() -> str:
    """Every value of every row of every table of asking, as text; what is compressed unpacked."""
    told = []
    for model in apps.get_app_config("surveys").get_models():
        for row in model._default_manager.all():
            for field in model._meta.concrete_fields:
                told.append(str(getattr(row, field.attname)))
            if isinstance(row, ContactImport) and row.is_text and row.content:
                told.append(contact_jobs.text_of(row))
    return "\n".join(told).casefold()


def erase(world, browser, contact, **more):
    return browser.post(world.url(f"contacts/{contact.pk}/erase/"), {"sure": "on", **more})


def test_nothing_of_the_person_is_left(world, consultant):
    carmen = person(world)
    assert everything().count(CANARY) > 15
    page = consultant.get(world.url(f"contacts/{carmen.pk}/erase/"))
    assert f"I am {CANARY}" in page.text
    assert erase(world, consultant, carmen).status_code == 302
    assert CANARY not in everything()
    assert ContactImport.objects.get().name == "keep.csv"


def test_no_count_and_no_rating_changes(world, consultant):
    carmen = person(world)
    wave = Wave.objects.get()

    def figures():
        funnel = funnel_of(wave)
        rated = list(Rating.objects.order_by("pk").values_list("importance", "satisfaction", "experienced"))
        answers = list(Response.objects.order_by("pk").values_list("overall", "nps", "effort", "language"))
        return rated, answers, Invitation.objects.count(), funnel.sent, funnel.completed

    before = figures()
    erase(world, consultant, carmen)
    assert figures() == before
    mine = Response.objects.filter(invitation__contact=None).get()
    assert mine.extra == {"2": [0, 2], "3": 7}
    assert mine.segments == {"city": "Cali"}


def test_the_tallies_are_told_where_a_group_changes_and_only_there(world, consultant):
    carmen = person(world)
    wave = Wave.objects.get()
    erase(world, consultant, carmen)
    wave.refresh_from_db()
    assert wave.erasures == 1, "a value that nobody shares was taken out"
    other = Contact.objects.filter(email__startswith="other").first()
    erase(world, consultant, other)
    wave.refresh_from_db()
    assert wave.erasures == 1, "of a large group nothing has to go"


def test_comments_stay_if_they_were_read(world, consultant):
    carmen = person(world)
    erase(world, consultant, carmen, keep_comments="on")
    assert Response.objects.filter(comment=f"I am {CANARY}").exists()
    assert EMAIL not in everything()


def test_nothing_is_sent_any_more_and_the_link_is_dead(world, consultant, customer):
    carmen = person(world)
    link = links.token_for(carmen.invitations.get())
    erase(world, consultant, carmen)
    states = OutgoingMail.objects.filter(recipient="").values_list("state", flat=True)
    assert sorted(states) == [MailState.CANCELLED, MailState.SENT]
    assert customer.post(f"/s/{link}/", {"nps": "1"}).status_code in (200, 404, 409, 410)
    assert Response.objects.count() == 7


def test_a_doubt_about_the_person_is_settled(world, consultant):
    carmen = person(world)
    OutgoingMail.objects.filter(recipient=EMAIL, round=0).update(
        state=MailState.UNCONFIRMED, transmitting_at=timezone.now()
    )
    erase(world, consultant, carmen)
    assert not OutgoingMail.objects.filter(state=MailState.UNCONFIRMED, settled_at=None).exists()


def test_whoever_opted_out_stays_so_and_whoever_did_not_may_come_back(world, consultant):
    carmen = person(world)
    suppress(carmen, Why.OPTED_OUT)
    erase(world, consultant, carmen)
    assert is_suppressed(world.client.pk, EMAIL)
    old = Contact.objects.create(client=world.client, email="old@correo.example", bounced_at=timezone.now())
    erasing.erase_person(old)
    assert is_suppressed(world.client.pk, "old@correo.example"), "of before there were digests"
    ready = Contact.objects.create(client=world.client, email="ready@correo.example")
    erasing.erase_person(ready)
    assert Suppression.objects.count() == 2


def test_without_the_confirmation_nothing_is_erased(world, consultant):
    carmen = person(world)
    page = consultant.post(world.url(f"contacts/{carmen.pk}/erase/"), {})
    assert page.status_code == 422
    assert "Confirm that you understand this" in page.text
    assert Contact.objects.filter(pk=carmen.pk).exists()


# --- The map --------------------------------------------------------------------------------------

HOLD_TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def fields_with_text():
    for model in apps.get_app_config("surveys").get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, HOLD_TEXT):
                yield model.__name__, field.name


def test_every_field_that_can_hold_a_text_is_classified():
    """A new one? Say in surveys/personal.py what becomes of it, and let surveys/erasing.py do it."""
    missing = [f"{model}.{name}" for model, name in fields_with_text() if name not in PERSONAL.get(model, {})]
    assert missing == []


def test_the_map_names_nothing_that_is_not_there():
    there = set(fields_with_text())
    named = {(model, field) for model, fields in PERSONAL.items() for field in fields}
    assert named - there == set()


def test_every_field_about_somebody_has_a_canary_in_it(world):
    """So that the test above would see it if it stayed."""
    person(world)
    silent = []
    for model, fields in PERSONAL.items():
        about = [name for name, fate in fields.items() if fate in (Fate.GONE, Fate.EMPTIED, Fate.THINNED)]
        rows = apps.get_model("surveys", model)._default_manager.all()
        told = {name: " ".join(str(getattr(row, name)) for row in rows).casefold() for name in about}
        silent += [f"{model}.{name}" for name, text in told.items() if CANARY not in text]
    # A code, a digest, columns' names; a list's text is compressed, and its faults are of a refused one.
    known = {
        "Case.language",
        "Case.temper",
        "Contact.language",
        "ContactFile.mapping",
        "ContactImport.fingerprint",
        "ContactImport.content",
        "ContactImport.mapping",
        "ContactImport.faults",
    }
    assert set(silent) == known
