"""The crowd of the matrix benchmarks: the same numbers in every run, loaded by COPY.

R responses x 12 moments on a scale of ten, a fifth of them not lived through, three segments of
6, 4 and 5 values, 24 months, and a halo: who is content is content with everything.
"""

import json
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

MOMENTS, POINTS, MONTHS = 12, 10, 24
START = datetime(2024, 1, 1, 9, tzinfo=UTC)
SEGMENTS = {"region": 6, "channel": 4, "tariff": 5}
AT_ONCE = 25_000


@dataclass
class Crowd:
    """(R, M) importance and satisfaction (0: not lived through), (R,) the rest."""

    importance: np.ndarray
    satisfaction: np.ndarray
    overall: np.ndarray
    nps: np.ndarray
    seconds: np.ndarray  # since START, ascending
    segments: np.ndarray  # (R, 3) from 0

    def __len__(self) -> int:
        return len(self.overall)

    @property
    def month(self) -> np.ndarray:
        """Year * 12 + month - 1."""
        at = np.datetime64(START.replace(tzinfo=None), "s") + self.seconds.astype("timedelta64[s]")
        return at.astype("datetime64[M]").astype(np.int64) + 1970 * 12


def crowd(size: int, moments: int = MOMENTS, points: int = POINTS, seed: int = 9) -> Crowd:
    rng = np.random.default_rng(seed)
    halo = rng.normal(0, 1.1, (size, 1)).astype(np.float32)
    weight = rng.normal(0, 0.7, (size, 1)).astype(np.float32)
    base = rng.uniform(-1.2, 1.2, moments).astype(np.float32)
    need = rng.uniform(-1.0, 1.6, moments).astype(np.float32)
    middle = (points + 1) / 2

    def rounded(x: np.ndarray) -> np.ndarray:
        return np.clip(np.rint(x), 1, points).astype(np.uint8)

    noise = rng.standard_normal((size, moments), dtype=np.float32)
    satisfaction = rounded(middle + 1 + 1.5 * base + halo * 1.4 + noise * 1.5)
    noise = rng.standard_normal((size, moments), dtype=np.float32)
    importance = rounded(middle + 1.3 + 1.2 * need + weight + noise * 1.3)
    overall = rounded(satisfaction.mean(1) + rng.normal(0, 0.9, size))
    nps = np.clip(overall.astype(int) + rng.integers(-2, 3, size), 0, 10).astype(np.uint8)
    satisfaction[rng.random((size, moments), dtype=np.float32) < 0.2] = 0
    days = (datetime(2026, 1, 1, tzinfo=UTC) - START).days
    seconds = np.sort(rng.integers(0, days * 86_400 - 9 * 3600, size))
    segments = np.column_stack([rng.integers(0, n, size) for n in SEGMENTS.values()])
    return Crowd(importance, satisfaction, overall, nps, seconds, segments)


def survey_for(moments: int = MOMENTS, points: int = POINTS) -> Any:
    """A workspace with one person, a cycle of so many moments, an opened wave of its survey."""
    from django.utils import timezone

    from accounts.models import Client, Membership, Role, User, Workspace
    from cycles.models import Cycle, Moment, Stage
    from surveys.models import Item, Survey, SurveyStatus, Wave

    workspace, _ = Workspace.objects.get_or_create(name="Bench", slug="bench")
    if not User.objects.exists():
        owner = User.objects.create_user("owner@bench.example", "a long password", name="Owner")
        Membership.objects.create(user=owner, workspace=workspace, role=Role.OWNER)
    client = Client.objects.create(workspace=workspace, name=f"Client {Client.objects.count()}")
    cycle = Cycle.objects.create(client=client, name="Cycle", language="en")
    survey = Survey.objects.create(
        cycle=cycle, name="Survey", brand="Bench", language="en", scale_max=points, frozen_at=timezone.now()
    )
    for s in range(3):
        stage = Stage.objects.create(cycle=cycle, position=s, name=f"Stage {s}", colour="abc"[s])
        for m in range(s * moments // 3, (s + 1) * moments // 3):
            moment = Moment.objects.create(stage=stage, position=m, name=f"Moment {m}")
            words = {"en": moment.name}
            Item.objects.create(survey=survey, moment=moment, position=m, wording=words, stage=words)
    return Wave.objects.create(
        survey=survey, number=1, name="Wave", status=SurveyStatus.OPEN, opened_at=timezone.now()
    )


def left_empty() -> dict[str, str]:
    """What else a response must have, whatever is asked besides the moments: column -> its empty value."""
    from django.db.models import NOT_PROVIDED, JSONField

    from surveys.models import Response

    ours = {"id", "wave_id", "submitted_at", "language", "overall", "nps", "segments"}
    found = {}
    for field in Response._meta.concrete_fields:
        if field.column not in ours and not field.null and field.db_default is NOT_PROVIDED:
            value = field.get_default()
            found[field.column] = json.dumps(value) if isinstance(field, JSONField) else str(value)
    return found


def load(wave: Any, answers: Crowd) -> None:
    """Responses and ratings by COPY, in one transaction; checks of single rows are left to the tests."""
    from django.db import connection, transaction

    items = np.array(list(wave.survey.items.values_list("pk", flat=True)), np.int64)
    rest = left_empty()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM surveys_response")
        first = cursor.fetchone()[0]
        with cursor.copy(
            "COPY surveys_response (id, wave_id, submitted_at, language, overall, nps, segments, "
            f"{', '.join(rest)}) FROM STDIN"
        ) as copy:
            for k in range(len(answers)):
                at = START + timedelta(seconds=int(answers.seconds[k]))
                kind = {n: f"{n} {v}" for n, v in zip(SEGMENTS, answers.segments[k].tolist(), strict=True)}
                line = (
                    first + k,
                    wave.pk,
                    at,
                    "en",
                    answers.overall[k],
                    answers.nps[k],
                    json.dumps(kind),
                    *rest.values(),
                )
                copy.write("\t".join(map(str, line)) + "\n")
        with cursor.copy(
            "COPY surveys_rating (response_id, item_id, importance, satisfaction, experienced) "
            "FROM STDIN (FORMAT BINARY)"
        ) as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0))
            for start in range(0, len(answers), AT_ONCE):
                part = slice(start, start + AT_ONCE)
                for lived in (True, False):
                    there = (answers.satisfaction[part] > 0) == lived
                    row, column = np.nonzero(there)
                    copy.write(
                        as_binary(
                            first + start + row,
                            items[column],
                            answers.importance[part][there],
                            answers.satisfaction[part][there] if lived else None,
                        )
                    )
            copy.write(struct.pack(">h", -1))
        cursor.execute("SELECT setval('surveys_response_id_seq', %s)", [first + len(answers)])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response, surveys_rating")


def as_binary(
    response: np.ndarray, item: np.ndarray, importance: np.ndarray, satisfaction: np.ndarray | None
) -> bytes:
    """Rows of PostgreSQL's binary COPY: each field is its length and its value; no value has length -1."""
    fields = [("n", ">i2"), ("l1", ">i4"), ("response", ">i8"), ("l2", ">i4"), ("item", ">i8")]
    fields += [("l3", ">i4"), ("importance", ">i2"), ("l4", ">i4")]
    fields += [("satisfaction", ">i2")] if satisfaction is not None else []
    rows = np.zeros(len(response), np.dtype([*fields, ("l5", ">i4"), ("experienced", "u1")]))
    rows["n"], rows["l1"], rows["l2"], rows["l3"], rows["l5"] = 5, 8, 8, 2, 1
    rows["response"], rows["item"], rows["importance"] = response, item, importance
    rows["l4"] = -1 if satisfaction is None else 2
    rows["experienced"] = satisfaction is not None
    if satisfaction is not None:
        rows["satisfaction"] = satisfaction
    return rows.tobytes()


def frame(answers: Crowd) -> dict[str, np.ndarray]:
    """The ratings as the columns of a table, segments and overall beside each: what peers scan."""
    row, moment = np.nonzero(answers.satisfaction)
    return {
        "moment": moment.astype(np.int16),
        "importance": answers.importance[row, moment].astype(np.int16),
        "satisfaction": answers.satisfaction[row, moment].astype(np.int16),
        "overall": answers.overall[row].astype(np.int16),
        "month": answers.month[row].astype(np.int32),
        **{name: answers.segments[row, k].astype(np.int16) for k, name in enumerate(SEGMENTS)},
    }
