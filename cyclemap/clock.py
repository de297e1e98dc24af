"""What the clock calls, and how often: tasks that look for due rows, mostly to find that there are none."""

from typing import Any

from celery.schedules import crontab


def every(seconds: int, *tasks: str) -> dict[str, dict[str, Any]]:
    """`expires` keeps a worker that was away from finding a heap of old ticks."""
    return {
        name_of(task): {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}
        for task in tasks
    }


def daily(hour: int, minute: int, *tasks: str) -> dict[str, dict[str, Any]]:
    """In UTC."""
    return {name_of(task): {"task": task, "schedule": crontab(hour=hour, minute=minute)} for task in tasks}


def name_of(task: str) -> str:
    return task.rpartition(".")[2].replace("_", "-")


SCHEDULE = {
    **every(1, "prioritization.tasks.digest_tallies"),
    **every(3, "prioritization.tasks.refresh_matrices"),
    **every(
        5,
        "surveys.tasks.deliver_mail",
        "surveys.tasks.import_contacts",
        "surveys.tasks.open_cases",
        "prioritization.tasks.render_reports",
        "prioritization.tasks.import_ratings",
    ),
    **every(15, "surveys.tasks.sweep_mail"),
    **every(20, "surveys.tasks.start_campaigns"),
    **every(30, "cycles.tasks.mail_mentions", "prioritization.tasks.mail_reports"),
    **every(60, "surveys.tasks.turn_waves", "surveys.tasks.mail_owners"),
    **every(300, "surveys.tasks.read_bounces", "surveys.tasks.remind"),
    **every(600, "prioritization.tasks.order_reports"),
    **daily(2, 40, "surveys.tasks.tidy_answers"),
    **daily(3, 20, "prioritization.tasks.prove_tallies"),
    **daily(3, 50, "cycles.tasks.empty_bin"),
    **daily(4, 10, "cycles.tasks.settle_service_levels", "prioritization.tasks.expire_reports"),
}
