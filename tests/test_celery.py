"""A hint is only a hint: who asks for work never suffers from a broker that is away."""

import os
import subprocess
import sys
from pathlib import Path

from celery import current_app

from tests.smtp_sink import closed_port

ROOT = Path(__file__).resolve().parent.parent
ASK = """
from django.db import transaction
from cyclemap.celery import hint
from surveys.tasks import deliver_mail
with transaction.atomic():
    hint(deliver_mail)
print("saved")
"""


def test_a_hint_without_a_broker_is_told_to_the_log_and_survived(tmp_path):
    """In a process of its own, because Celery keeps its connections: at this address nobody listens."""
    env = {**os.environ, "CYCLEMAP_TRIAL": "1", "DATA_DIR": str(tmp_path)}
    env |= {
        "REDIS_URL": f"redis://127.0.0.1:{closed_port()}/0",
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "",
    }
    env = {name: value for name, value in env.items() if value}
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", ASK],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "saved", done.stderr
    assert "broker unreachable, the clock will find the work: surveys.tasks.deliver_mail" in done.stderr


def test_every_entry_of_the_clock_names_a_task():
    current_app.loader.import_default_modules()
    for name, entry in current_app.conf.beat_schedule.items():
        assert entry["task"] in current_app.tasks, name
