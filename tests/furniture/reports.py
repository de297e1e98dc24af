"""Reports in use: who gets them, and what was composed for them."""

from datetime import timedelta

from django.utils import timezone

from accounts.invitations import hash_of
from cycles.models import Action
from prioritization.models import (
    QuotedComment,
    Report,
    ReportMail,
    ReportPreset,
    ReportSchedule,
    SaidPage,
    SaidQuote,
    ShareLink,
)
from surveys import links
from surveys.models import Wave
from tests.conftest import World


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
