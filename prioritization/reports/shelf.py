"""Where finished reports lie: whole or not at all."""

import os
from pathlib import Path
from uuid import uuid4

from django.core.files.storage import default_storage

from prioritization.models import Report
from prioritization.reports.kinds import file_type


def name_of(report: Report) -> str:
    """One name a report, so that a second attempt writes over what a first one left."""
    return f"reports/{report.requested_at:%Y/%m}/{report.pk}.{file_type(report.kind).ending}"


def put(report: Report, content: bytes) -> str:
    """Write beside the final name, make it durable, then rename. A full disk leaves nothing behind."""
    name = name_of(report)
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return name


def remove(report: Report) -> None:
    """Under the name it was given, and the one it would be given now."""
    for name in {report.file.name or "", name_of(report)} - {""}:
        Path(default_storage.path(name)).unlink(missing_ok=True)
