"""A cycle in use: its map, plan, files, comments, grades and versions."""

from django.core.files.base import ContentFile
from django.utils import timezone

from cycles.document import document_of, rooted
from cycles.evidence import attach, attach_to_action
from cycles.models import (
    Action,
    ActionFile,
    ActionPlan,
    Assessment,
    Comment,
    Cycle,
    Mention,
    Moment,
    OwnTemplate,
    Requirement,
    Stage,
    Version,
)
from prioritization.grade_scale import GradeScale
from tests.conftest import World
from tests.furniture.agreed import furnish_agreed


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
