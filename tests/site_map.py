"""Every route of the site, read from the URLconf, and the objects that fill its address."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from prioritization import said
from tests.furniture import Furnished

# What each argument of an address stands for. A route with an argument that is not here fails
# tests/test_access.py: add the argument, and the object to tests/furniture/.
ARGUMENTS: dict[str, Callable[[Furnished], object]] = {
    "workspace": lambda f: f.world.workspace.slug,
    "client_id": lambda f: f.client.pk,
    "member_id": lambda f: f.member.pk,
    "member_invitation_id": lambda f: f.member_invitation.pk,
    "cycle_id": lambda f: f.cycle.pk,
    "stage_id": lambda f: f.stage.pk,
    "moment_id": lambda f: f.moment.pk,
    "attribute": lambda f: "standard",
    "attachment_id": lambda f: f.attachment.pk,
    "requirement_id": lambda f: f.requirement.pk,
    "plan_id": lambda f: f.plan.pk,
    "action_id": lambda f: f.action.pk,
    "level_id": lambda f: f.level.pk,
    "indicator_id": lambda f: f.indicator.pk,
    "measurement_id": lambda f: f.measurement.pk,
    "file_id": lambda f: f.action_file.pk,
    "comment_id": lambda f: f.comment.pk,
    "survey_id": lambda f: f.survey.pk,
    "open_link_id": lambda f: f.open_link.pk,
    "wave_id": lambda f: f.wave.pk,
    "visit_id": lambda f: f.visit.pk,
    "photo_id": lambda f: f.visit_photo.pk,
    "shopper_id": lambda f: f.shopper.pk,
    "language": lambda f: "pt",
    "question_id": lambda f: f.question.pk,
    "contact_id": lambda f: f.contact.pk,
    "segment_id": lambda f: f.segment.pk,
    "list_id": lambda f: f.contact_import.pk,
    "invitation_id": lambda f: f.invitation.pk,
    "campaign_id": lambda f: f.campaign.pk,
    "mail_id": lambda f: f.mail.pk,
    "case_id": lambda f: f.case.pk,
    "response_id": lambda f: f.wave.responses.latest("pk").pk,
    "report_id": lambda f: f.report.pk,
    "schedule_id": lambda f: f.schedule.pk,
    "share_id": lambda f: f.share.pk,
    "quote_id": lambda f: f.quote.pk,
    "preset_id": lambda f: f.preset.pk,
    "import_id": lambda f: f.ratings_import.pk,
    "assessment_id": lambda f: f.assessment.pk,
    "kind": lambda f: "moment",
    "entry_id": lambda f: f.moment.history.last().pk,
    "version_id": lambda f: f.version.pk,
    "template_id": lambda f: f.template.pk,
    "snapshot_id": lambda f: f.snapshot.pk,
    "lane": lambda f: "front_stage",
    "pk": lambda f: f.authenticator.pk,
    "token": lambda f: f.token,
    "key": lambda f: f.key,
    "uidb36": lambda f: "1",
}

# Where an address needs an object in another state.
EXCEPTIONS: dict[tuple[str, str], Callable[[Furnished], object]] = {
    ("cycles:restore", "cycle_id"): lambda f: f.binned_cycle.pk,
    ("cycles:bin", "cycle_id"): lambda f: f.cycle.pk,
    ("cycles:stage_restore", "stage_id"): lambda f: f.binned_stage.pk,
    ("cycles:moment_restore", "moment_id"): lambda f: f.binned_moment.pk,
    ("cycles:attachment_restore", "attachment_id"): lambda f: f.binned_attachment.pk,
    ("cycles:requirement_restore", "requirement_id"): lambda f: f.binned_requirement.pk,
    ("cycles:action_restore", "action_id"): lambda f: f.binned_action.pk,
    ("cycles:level_restore", "level_id"): lambda f: f.binned_level.pk,
    ("cycles:indicator_restore", "indicator_id"): lambda f: f.binned_indicator.pk,
    ("cycles:measurement_restore", "measurement_id"): lambda f: f.binned_measurement.pk,
    ("cycles:action_file_restore", "file_id"): lambda f: f.binned_action_file.pk,
    ("cycles:plan_restore", "plan_id"): lambda f: f.binned_plan.pk,
    ("cycles:comment_restore", "comment_id"): lambda f: f.binned_comment.pk,
    ("cycles:assessment_restore", "assessment_id"): lambda f: f.binned_assessment.pk,
    ("surveys:segment_restore", "segment_id"): lambda f: f.binned_segment.pk,
    ("prioritization:preset_restore", "preset_id"): lambda f: f.binned_preset.pk,
    ("prioritization:snapshot_restore", "snapshot_id"): lambda f: f.binned_snapshot.pk,
    ("customers:open", "token"): lambda f: f.open_token,
    ("shared:report", "token"): lambda f: f.share_key,
    ("shared:file", "token"): lambda f: f.share_key,
    ("shared:said", "token"): lambda f: said.token_of(f.said),
    ("customers:visit", "token"): lambda f: f.visit_token,
    ("customers:unsubscribe", "token"): lambda f: f.unsubscribe_token,
    ("customers:follow_up", "token"): lambda f: f.follow_up_token,
    ("customers:follow_up_stop", "token"): lambda f: f.follow_up_token,
}


@dataclass(frozen=True)
class Route:
    name: str
    arguments: tuple[str, ...]
    view: Any
    pattern: str

    @property
    def is_of_workspace(self) -> bool:
        return "workspace" in self.arguments

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(argument for argument in self.arguments if argument != "workspace")

    def url(self, furnished: Furnished, **instead: object) -> str:
        kwargs = {
            argument: EXCEPTIONS.get((self.name, argument), ARGUMENTS[argument])(furnished)
            for argument in self.arguments
        }
        return reverse(self.name, kwargs={**kwargs, **instead})


def routes() -> list[Route]:
    return sorted(walk(get_resolver(), "", (), ""), key=lambda route: route.name)


def walk(resolver: URLResolver, namespace: str, arguments: tuple[str, ...], prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        names = (*arguments, *entry.pattern.regex.groupindex)
        pattern = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry, inner, names, pattern)
        elif isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name}", names, entry.callback, pattern)


def needs_no_login(route: Route) -> bool:
    return not getattr(route.view, "login_required", True)
