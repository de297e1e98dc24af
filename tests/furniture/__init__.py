"""A workspace in use: at least one row of every model, `times` of whatever a page may list.

A new model belongs here too; tests/test_access.py says so when it is missing.
"""

from dataclasses import dataclass, replace

from allauth.mfa.models import Authenticator

from accounts.models import Client, MemberInvitation, Membership
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
    Moment,
    OwnTemplate,
    Requirement,
    ServiceLevel,
    Stage,
    Version,
)
from prioritization.models import (
    Matrix,
    RatingsImport,
    Report,
    ReportPreset,
    ReportSchedule,
    SaidPage,
    SaidQuote,
    ShareLink,
    Snapshot,
)
from surveys import links
from surveys.models import (
    Campaign,
    Case,
    Contact,
    ContactImport,
    Invitation,
    OpenLink,
    OutgoingMail,
    Question,
    Segment,
    Shopper,
    Survey,
    Visit,
    VisitPhoto,
    Wave,
)
from tests.conftest import World
from tests.furniture.cycle import furnish_cycle
from tests.furniture.people import furnish_people
from tests.furniture.survey import furnish_survey


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
