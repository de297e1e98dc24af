"""A survey in use: its mail and answers, its matrix, and what waits for somebody."""

import zlib

from django.core.files.base import ContentFile
from django.http import QueryDict
from django.utils import timezone

from cycles.models import Action
from prioritization import matrix
from prioritization.frozen import freeze
from prioritization.matrix_page import page_of
from prioritization.models import (
    Block,
    Cube,
    Digest,
    FormerTarget,
    JobState,
    Matrix,
    RatingsImport,
    Report,
    Snapshot,
    Target,
)
from prioritization.ratings_import.choices import guessed
from prioritization.ratings_import.reading import Opened
from prioritization.ratings_import.upload import take
from surveys import links
from surveys.models import (
    Contact,
    ContactFile,
    ContactImport,
    Draft,
    Knock,
    ListState,
    MailState,
    OpenLink,
    Question,
    Segment,
    SenderPause,
    SendingState,
    Suppression,
    Wave,
    Why,
)
from tests.conftest import World
from tests.furniture.cases import furnish_cases
from tests.furniture.reports import furnish_handing_out, furnish_presets
from tests.furniture.visits import furnish_visits
from tests.prioritization.answers import answer
from tests.surveys.asking import open_survey, queue


def furnish_survey(world: World, times: int) -> dict:
    """One opened survey with mail and answers, its matrix and a report that is ready."""
    for _ in range(times):
        wave = open_survey(world.cycle, name="kanari survey", texts={"pt": {"name": "kanari"}})
        ContactFile.objects.create(wave=wave, name="kanari.csv", text="email\nkanari@example.org\n")
        addresses = [f"kanari{n}-{world.client.pk}@example.org" for n in range(times)]
        mails = queue(wave, *addresses, state=MailState.UNCONFIRMED, transmitting_at=timezone.now())
        for n in range(times):
            question = Question.objects.create(
                survey=wave.survey, position=n, wording={"en": "kanari?"}, options=[{"en": "kanari"}]
            )
            open_link = OpenLink.objects.create(wave=wave, place=f"kanari {n}", nonce=links.new_nonce())
        Knock.objects.get_or_create(key="kanari", minute=1, count=1)
        Draft.objects.create(invitation=mails[0].invitation, data={"comment": "kanari"})
        wave.recipients.set(Contact.objects.filter(email__in=addresses))
        items = wave.survey.items.count()
        answer(wave, [(1 + n % 5, 5 - n % 5) for n in range(items)], times=12 * times)
        wave.responses.update(comment="kanari", tags=["kanari"])
        matrix.refresh_stale()
        report = Report.objects.create(
            cycle=world.cycle,
            wave=wave,
            language="en",
            fingerprint=f"{wave.pk:064}",
            state=JobState.DONE,
            requested_by=world.consultant,
            finished_at=timezone.now(),
        )
        report.file.save("kanari.pdf", ContentFile(b"%PDF-1.7 kanari"))
        handed = furnish_handing_out(world, report)
        # Sums of another time, which nobody reads: inside one transaction nothing is digested.
        Digest.objects.create(wave=wave)
        Cube.objects.create(wave=wave, name="kanari", month=1, n_responses=0, counts=b"\1", products=b"\1")
        Block.objects.create(wave=wave, number=0, n_responses=0, first_day=0, last_day=0, planes=b"\0")
    for n in range(times):
        snapshot, _ = freeze(world.cycle, page_of(world.cycle, QueryDict()), f"kanari {n}", world.consultant)
        binned, snapshot = snapshot, copied(snapshot, f"{n}")
    Snapshot.objects.filter(pk=binned.pk).update(deleted_at=timezone.now())
    for n in range(times):
        segment = Segment.objects.create(client=world.client, name=f"kanari {n}")
        Suppression.objects.create(client=world.client, digest=f"{n:064}", why=Why.OPTED_OUT)
        contact_import = ContactImport.objects.create(
            client=world.client,
            name=f"kanari {n}.csv",
            fingerprint=f"{n:064}",
            content=zlib.compress(b"email;name\nkanari@example.org;kanari\n"),
            is_text=True,
            state=ListState.MAPPING,
        )
    binned_segment = Segment.objects.create(
        client=world.client, name="kanari binned", deleted_at=timezone.now()
    )
    case = furnish_cases(world, wave, times)
    visits = furnish_visits(wave, times)
    SendingState.objects.get_or_create(pk=1)
    SenderPause.objects.get_or_create(sender="kanari@example.org", defaults={"until": timezone.now()})
    mail = mails[0]
    furnish_targets(world, wave)
    return {
        "survey": wave.survey,
        "wave": wave,
        "case": case,
        "contact": mail.invitation.contact,
        "invitation": mail.invitation,
        "campaign": mail.campaign,
        "mail": mail,
        "segment": segment,
        "binned_segment": binned_segment,
        "contact_import": contact_import,
        "question": question,
        "open_link": open_link,
        **visits,
        "matrix": Matrix.objects.get(wave=wave),
        "report": report,
        **handed,
        **furnish_presets(world, times, wave),
        "ratings_import": furnish_imports(world, times),
        "snapshot": snapshot,
        "binned_snapshot": binned,
    }


def furnish_targets(world: World, wave: Wave) -> None:
    """Each action fixed what it is to change, and had fixed something else before."""
    for action in Action.objects.filter(plan__cycle=world.cycle, deleted_at=None):
        for model in (Target, FormerTarget):
            fixed = model.objects.create(
                action=action, baseline=wave, smallest_change="0.3", fixed_by=world.owner, reason="kanari"
            )
            fixed.moments.set(action.moments.all())


def copied(snapshot: Snapshot, mark: str) -> Snapshot:
    """Another of the same cycle, as if other answers had been frozen."""
    return Snapshot.objects.create(
        cycle=snapshot.cycle,
        wave=snapshot.wave,
        name=f"{snapshot.name} again",
        filters=snapshot.filters,
        board=snapshot.board,
        fingerprint=f"{mark:0>64}",
    )


def furnish_imports(world: World, times: int) -> RatingsImport:
    """Files that wait for somebody to say what their columns hold."""
    for n in range(times):
        rows = "".join(f"kanari {n} {row},2024,{1 + row % 5}\n" for row in range(3 * times))
        upload = take(ContentFile(f"respondent,wave,sat:kanari desk\n{rows}".encode(), name="kanari.csv"))
        with Opened(upload.table) as sheet:
            choices = guessed(sheet, world.cycle)
        found = RatingsImport.objects.create(
            cycle=world.cycle,
            name=f"kanari {n}.csv",
            fingerprint=upload.fingerprint,
            table=upload.table,
            choices=choices.as_json(),
            uploaded_by=world.consultant,
        )
    return found
