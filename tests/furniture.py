"""A workspace in use: at least one row of every model, `times` of whatever a page may list.

A new model belongs here too; tests/test_access.py says so when it is missing.
"""

import zlib
from base64 import b64decode
from dataclasses import dataclass, replace
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.base import ContentFile
from django.http import QueryDict
from django.utils import timezone

from accounts import invitations
from accounts.invitations import hash_of
from accounts.models import Client, MemberInvitation, Membership, Role, User
from cycles.document import document_of, rooted
from cycles.evidence import attach, attach_to_action
from cycles.models import (
    Action,
    ActionFile,
    ActionPlan,
    Assessment,
    Attachment,
    Comment,
    Cycle,
    Indicator,
    Measurement,
    Mention,
    Moment,
    OwnTemplate,
    Requirement,
    ServiceLevel,
    Stage,
    Version,
)
from prioritization import matrix
from prioritization.frozen import freeze
from prioritization.grade_scale import GradeScale
from prioritization.matrix_page import page_of
from prioritization.models import (
    Block,
    Cube,
    Digest,
    FormerTarget,
    JobState,
    Matrix,
    QuotedComment,
    RatingsImport,
    Report,
    ReportMail,
    ReportPreset,
    ReportSchedule,
    SaidPage,
    SaidQuote,
    ShareLink,
    Snapshot,
    Target,
)
from prioritization.ratings_import.choices import guessed
from prioritization.ratings_import.reading import Opened
from prioritization.ratings_import.upload import take
from surveys import links
from surveys.models import (
    Campaign,
    Case,
    Contact,
    ContactFile,
    ContactImport,
    Criterion,
    CriterionWeight,
    Draft,
    Invitation,
    Knock,
    ListState,
    MailState,
    OpenLink,
    OutgoingMail,
    Question,
    Segment,
    SenderPause,
    SendingState,
    Shopper,
    Suppression,
    Survey,
    Visit,
    VisitPhoto,
    VisitScore,
    VisitState,
    Wave,
    Why,
)
from surveys.visits.photos import keep_photo
from surveys.visits.planning import with_link
from tests.conftest import World
from tests.cycles.agreed import furnish_agreed
from tests.furniture_cases import furnish_cases
from tests.prioritization.answers import answer
from tests.surveys.asking import open_survey, queue

# A picture of one dot.
DOT = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)

# A passkey as a browser gave it to a test server, so that the pages about keys have one to show.
PASSKEY = {
    "name": "kanari key",
    "passwordless": True,
    "credential": {
        "type": "public-key",
        "id": "0fP4li4t8LH2hw0KSkEDBb8-7kakLnugHZvEFdby5oU",
        "rawId": "0fP4li4t8LH2hw0KSkEDBb8-7kakLnugHZvEFdby5oU",
        "authenticatorAttachment": "platform",
        "response": {
            "clientDataJSON": (
                "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiNVNKX3BhZWFkWUZlczUyZjdHUzRI"
                "N0xrd3BSZURtd3ZhLU1wa3RpQ2lpRSIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6ODEwMSIsImNy"
                "b3NzT3JpZ2luIjpmYWxzZX0"
            ),
            "attestationObject": (
                "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMd"
                "l2NFAAAAAQECAwQFBgcIAQIDBAUGBwgAINHz-JYuLfCx9ocNCkpBAwW_Pu5GpC57oB2bxBXW8uaFpQEC"
                "AyYgASFYIHtHneU7KD-Hk3ER2xXgorCjFtjJxBAGslGsABLkS2ceIlgggWbhhiTvxAgRM_V4Y0xj8p5_"
                "lUKyydp0NFhhOUOniNc"
            ),
            "transports": ["internal"],
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    },
}


@dataclass
class Furnished:
    """One of each, for the addresses of pages."""

    world: World
    key: str
    member: Membership
    member_invitation: MemberInvitation
    authenticator: Authenticator
    stage: Stage
    moment: Moment
    binned_moment: Moment
    binned_stage: Stage
    attachment: Attachment
    binned_attachment: Attachment
    requirement: Requirement
    binned_requirement: Requirement
    plan: ActionPlan
    case: Case
    action: Action
    binned_action: Action
    level: ServiceLevel
    binned_level: ServiceLevel
    indicator: Indicator
    binned_indicator: Indicator
    measurement: Measurement
    binned_measurement: Measurement
    binned_plan: ActionPlan
    action_file: ActionFile
    binned_action_file: ActionFile
    comment: Comment
    binned_comment: Comment
    binned_cycle: Cycle
    version: Version
    template: OwnTemplate
    survey: Survey
    wave: Wave
    contact: Contact
    invitation: Invitation
    campaign: Campaign
    mail: OutgoingMail
    segment: Segment
    binned_segment: Segment
    contact_import: ContactImport
    question: Question
    open_link: OpenLink
    shopper: Shopper
    visit: Visit
    visit_photo: VisitPhoto
    matrix: Matrix
    report: Report
    schedule: ReportSchedule
    share: ShareLink
    said: SaidPage
    quote: SaidQuote
    preset: ReportPreset
    binned_preset: ReportPreset
    ratings_import: RatingsImport
    snapshot: Snapshot
    binned_snapshot: Snapshot
    assessment: Assessment
    binned_assessment: Assessment

    @property
    def client(self) -> Client:
        return self.world.client

    @property
    def cycle(self) -> Cycle:
        return self.world.cycle

    @property
    def token(self) -> str:
        return links.token_for(self.invitation)

    @property
    def follow_up_token(self) -> str:
        return links.follow_up_token_for(self.case.follow_up)

    @property
    def share_key(self) -> str:
        return f"kanari-{self.report.pk}"

    @property
    def open_token(self) -> str:
        return links.open_token_for(self.open_link)

    @property
    def visit_token(self) -> str:
        return links.visit_token_for(self.visit)

    @property
    def unsubscribe_token(self) -> str:
        return links.unsubscribe_token_for(self.invitation)


def furnish(world: World, times: int = 1) -> Furnished:
    """Fill the world's first client, and `times` of everything beside it."""
    people = furnish_people(world, times)
    for n in range(times):
        other = Client.objects.create(workspace=world.workspace, name=f"Other {n} of {world.workspace.slug}")
        Cycle.objects.create(client=other, name=f"Theirs {n}")
        Cycle.objects.create(client=world.client, name=f"Another {n}")
    return Furnished(world, **people, **furnish_cycle(world, times), **furnish_survey(world, times))


def neighbour(furnished: Furnished) -> Furnished:
    """A second client of the same workspace, as full as the first: what its people must not see."""
    world = furnished.world
    client = Client.objects.create(workspace=world.workspace, name="kanari next door")
    cycle = Cycle.objects.create(client=client, name="kanari next door")
    stage = Stage.objects.create(cycle=cycle, position=0, name="First")
    Moment.objects.create(stage=stage, position=0, name="Alone")
    beside = replace(world, client=client, cycle=cycle)
    people = {
        name: getattr(furnished, name) for name in ("key", "member", "member_invitation", "authenticator")
    }
    return Furnished(beside, **people, **furnish_cycle(beside, 1), **furnish_survey(beside, 1))


def furnish_people(world: World, times: int) -> dict:
    workspace = world.workspace
    world.client.logo.save("kanari.png", ContentFile(b"kanari"))
    for n in range(times):
        user = User.objects.create_user(f"person{n}@{workspace.slug}.example", "a long password")
        member = Membership.objects.create(user=user, workspace=workspace, role=Role.CONSULTANT)
        asked = MemberInvitation(
            workspace=workspace,
            email=f"asked{n}@{workspace.slug}.example",
            role=Role.VIEWER,
            client=world.client,
            invited_by=world.owner,
        )
        key = invitations.issue(asked)
    EmailAddress.objects.create(user=world.owner, email=world.owner.email, primary=True, verified=True)
    TOTP.activate(world.owner, generate_totp_secret())
    RecoveryCodes.activate(world.owner)
    authenticator = Authenticator.objects.create(
        user=world.owner,
        type=Authenticator.Type.WEBAUTHN,
        data=PASSKEY,
    )
    return {"key": key, "member": member, "member_invitation": asked, "authenticator": authenticator}


def furnish_cycle(world: World, times: int) -> dict:
    cycle = world.cycle
    now = timezone.now()
    cycle.persona = "kanari"
    cycle.save()
    plan = ActionPlan.objects.create(cycle=cycle, name="kanari plan")
    first = cycle.stages.get(position=0)
    for n in range(times):
        stage = Stage.objects.create(cycle=cycle, position=10 + n, name=f"kanari stage {n}")
        for m in range(times):
            moment = Moment.objects.create(stage=stage, position=m, name=f"kanari moment {n} {m}")
            for r in range(times):
                requirement = Requirement.objects.create(
                    moment=moment, position=r, name=f"kanari requirement {r}"
                )
            action = Action.objects.create(
                plan=plan, number=n * times + m + 1, name="kanari action", effort=2, impact=4, owner="Ana"
            )
            action.moments.set(stage.moments.all())
            action.requirements.set(moment.requirements.all())
    kept = furnish_kept(world, times)
    gone = Cycle.objects.create(client=world.client, name="kanari in the bin", deleted_at=now)
    return {
        "stage": stage,
        "moment": moment,
        "requirement": requirement,
        "plan": plan,
        "action": action,
        "binned_moment": Moment.objects.create(stage=first, name="kanari binned", deleted_at=now),
        "binned_stage": Stage.everywhere.create(cycle=world.cycle, name="kanari binned", deleted_at=now),
        **furnish_evidence(moment, times),
        **furnish_agreed(stage, moment, requirement, times),
        "binned_requirement": Requirement.objects.create(moment=moment, name="kanari binned", deleted_at=now),
        "binned_action": Action.objects.create(plan=plan, number=999, name="kanari", deleted_at=now),
        "binned_plan": ActionPlan.objects.create(cycle=world.cycle, name="kanari binned", deleted_at=now),
        **furnish_files(action, times),
        "binned_cycle": gone,
        **furnish_comments(world, times, moment=moment, requirement=requirement, action=action),
        **furnish_grades(world, times),
        **kept,
    }


def furnish_files(action: Action, times: int) -> dict:
    for n in range(times):
        file = attach_to_action(action, ContentFile(b"kanari", name=f"kanari {n}.txt"))
    binned = attach_to_action(action, ContentFile(b"kanari", name="kanari binned.txt"))
    ActionFile.objects.filter(pk=binned.pk).update(deleted_at=timezone.now())
    return {"action_file": file, "binned_action_file": binned}


def furnish_evidence(moment: Moment, times: int) -> dict:
    for n in range(times):
        attachment = attach(moment, ContentFile(b"kanari", name=f"kanari {n}.txt"))
    binned = attach(moment, ContentFile(b"kanari", name="kanari binned.txt"))
    binned.deleted_at = timezone.now()
    binned.save()
    return {"attachment": attachment, "binned_attachment": binned}


def furnish_comments(world: World, times: int, **targets: Moment | Requirement | Action) -> dict:
    """On each of them, and each of the first calls somebody."""

    def say(**more: object) -> Comment:
        return Comment.objects.create(
            cycle=world.cycle, author=world.owner, author_name="kanari", text="kanari?", **more
        )

    for _ in range(times):
        for name, target in targets.items():
            comment = say(**{name: target})
            say(**{name: target}, reply_to=comment)
            Mention.objects.create(comment=comment, person=world.consultant, due_at=timezone.now())
    return {"comment": comment, "binned_comment": say(moment=targets["moment"], deleted_at=timezone.now())}


def furnish_grades(world: World, times: int) -> dict:
    """How grades are given, and how mature the organisation says it is."""
    GradeScale.objects.create(client=world.client)
    GradeScale.objects.create(client=world.client, cycle=world.cycle)

    def judged(name: str, **more: object) -> Assessment:
        levels = {"relationship": 2, "doubts": 3, "value": 1, "experience": 5}
        return Assessment.objects.create(cycle=world.cycle, name=name, made_by="kanari", **levels, **more)

    for n in range(times):
        assessment = judged(f"kanari {n}")
    binned = judged("kanari binned", deleted_at=timezone.now())
    return {"assessment": assessment, "binned_assessment": binned}


def furnish_kept(world: World, times: int) -> dict:
    """Versions of the cycle and templates of the workspace."""
    document = document_of(world.cycle, rooted())
    for n in range(times):
        version = Version.objects.create(
            cycle=world.cycle, name=f"kanari {n}", document=document, fingerprint=f"{n}"
        )
        template = OwnTemplate.objects.create(
            workspace=world.workspace,
            name=f"kanari {n}",
            language="es",
            document=document,
            fingerprint=f"{world.client.pk}-{n}",
        )
    return {"version": version, "template": template}


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


def furnish_handing_out(world: World, report: Report) -> dict:
    """Who gets the report: by mail, every month, at a link; and what the customers see of the plan."""
    ReportMail.objects.create(report=report, person=world.manager)
    schedule = ReportSchedule.objects.create(cycle=world.cycle, language="en", created_by=world.consultant)
    schedule.recipients.add(world.manager)
    share = ShareLink.objects.create(
        report=report,
        name="kanari",
        key_hash=hash_of(f"kanari-{report.pk}"),
        expires_at=timezone.now() + timedelta(days=30),
        created_by=world.consultant,
    )
    said, _ = SaidPage.objects.get_or_create(cycle=world.cycle, defaults={"nonce": links.new_nonce()})
    action = Action.objects.filter(plan__cycle=world.cycle, deleted_at=None).latest("pk")
    quote = SaidQuote.objects.create(action=action, response=report.wave.responses.latest("pk"))
    return {"schedule": schedule, "share": share, "said": said, "quote": quote}


def furnish_presets(world: World, times: int, wave: Wave) -> dict:
    """What was composed for reports, and the comments chosen for them."""

    def preset(name: str, **more: object) -> ReportPreset:
        return ReportPreset.objects.create(client=world.client, name=name, language="en", **more)

    for response in wave.responses.all()[:times]:
        QuotedComment.objects.create(response=response, chosen_by=world.consultant)
    kept = [preset(f"kanari {n}") for n in range(times)]
    return {"preset": kept[-1], "binned_preset": preset("kanari binned", deleted_at=timezone.now())}


def furnish_targets(world: World, wave: Wave) -> None:
    """Each action fixed what it is to change, and had fixed something else before."""
    for action in Action.objects.filter(plan__cycle=world.cycle, deleted_at=None):
        for model in (Target, FormerTarget):
            fixed = model.objects.create(
                action=action, baseline=wave, smallest_change="0.3", fixed_by=world.owner, reason="kanari"
            )
            fixed.moments.set(action.moments.all())


def furnish_visits(wave: Wave, times: int) -> dict:
    """Mystery visits that were made, each with a photo; and how much a criterion counts."""
    items = list(wave.survey.items.all())
    CriterionWeight.objects.create(survey=wave.survey, criterion=Criterion.TONE, weight=2)
    for n in range(times):
        shopper = Shopper.objects.create(client=wave.survey.cycle.client, name=f"kanari {n}")
        visit = Visit(wave=wave, shopper=shopper, place=f"kanari {n}", day=timezone.localdate())
        visit.state, visit.done_at = VisitState.DONE, timezone.now()
        with_link(visit).save()
        VisitScore.objects.bulk_create(
            VisitScore(visit=visit, item=item, criterion=Criterion.TONE, value=4) for item in items
        )
        for _ in range(times):
            photo = keep_photo(visit, ContentFile(DOT, name="kanari.png"))
    return {"shopper": shopper, "visit": visit, "visit_photo": photo}


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
