"""Who sees what of a case, and what is forgotten."""

from datetime import timedelta

from django.utils import timezone

from surveys import links
from surveys.cases import closing, looking, moving
from surveys.cases.forgetting import forget_tempers
from surveys.erasing import erase_person
from surveys.models import Case, CaseStatus, CaseStep, Contact, MailState, OutgoingMail, Told
from tests.conftest import log_in
from tests.surveys.cases.low_scores import answered, ruled


def full_case(world):
    wave = ruled(world)
    answered(wave, 1, email="carmen@kanari.example")
    looking.look()
    case = Case.objects.get()
    Case.objects.update(
        title="kanari Carmen", description="kanari words", temper="aggressive", notice_text="kanari told"
    )
    moving.remark(case, world.manager, "kanari note", "n1")
    return case


def test_managers_see_whom_it_is_about_and_viewers_do_not(world):
    case = full_case(world)
    for path in (
        f"cases/{case.pk}/",
        f"cycles/{world.cycle.pk}/cases/",
        f"cycles/{world.cycle.pk}/cases/list/",
    ):
        assert "Carmen" in log_in(world.manager).get(world.url(path)).content.decode()
        seen = log_in(world.viewer).get(world.url(path)).content.decode()
        for word in ("Carmen", "kanari", "Aggressive"):
            assert word not in seen, (path, word)
    assert (
        "C-1"
        in log_in(world.viewer).get(world.url(f"cycles/{world.cycle.pk}/cases/list/?q=c-1")).content.decode()
    )
    none = log_in(world.viewer).get(world.url(f"cycles/{world.cycle.pk}/cases/list/?q=carmen"))
    assert none.context["found"].total == 0
    for path in ("status", "close", "owner", "note", "contact", "facts", "causes"):
        assert log_in(world.viewer).post(world.url(f"cases/{case.pk}/{path}/")).status_code == 403


def test_erased_with_the_person(world):
    case = full_case(world)
    closing.close(
        case, world.manager, case.version, channel=Told.MAIL, on=timezone.localdate(), text="kanari told"
    )
    link = links.follow_up_token_for(case.follow_up)
    erase_person(case.contact)
    case = Case.objects.get()
    assert (case.contact, case.description, case.temper, case.notice_text, case.title) == (
        None,
        "",
        "",
        "",
        "",
    )
    assert not CaseStep.objects.filter(text__contains="kanari").exists()
    mail = OutgoingMail.objects.get(case=case)
    assert (mail.state, mail.recipient) == (MailState.CANCELLED, "")
    assert links.follow_up_for(link) is None
    # It stays as a figure.
    assert (case.status, case.moment.name) == (CaseStatus.CLOSED, "Find the shop")


def test_the_temper_is_forgotten_some_time_after_the_closing(world):
    case = full_case(world)
    now = timezone.now()
    assert forget_tempers(now + timedelta(days=400)) == 0
    closing.close(case, world.manager, case.version, channel=Told.PHONE, on=timezone.localdate())
    assert forget_tempers(now + timedelta(days=29)) == 0
    assert forget_tempers(now + timedelta(days=31)) == 1
    assert Case.objects.get().temper == ""


def test_no_person_has_a_temper():
    assert not [field.name for field in Contact._meta.get_fields() if "temper" in field.name]
