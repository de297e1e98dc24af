"""Snapshots: a matrix kept as it was seen, and two of them held against each other."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cycles.models import Cycle
from prioritization import finding
from prioritization.analysis.crosshair import Crosshair, Rule
from prioritization.analysis.engine import MIN_N
from prioritization.board import Board, Hidden, Row
from prioritization.chart import Scatter
from prioritization.comparison import Change, changes
from prioritization.drawing import scatter_of
from prioritization.frozen_words import said_now
from prioritization.headlines import Headline, as_written
from prioritization.matrix_page import MatrixPage
from prioritization.models import Snapshot

FORMAT = "cyclemap-snapshot/1"
NAMES = 120


def as_json(page: MatrixPage) -> dict[str, Any]:
    """What is shown, and nothing that is not: of a moment too few rated, only its name."""
    assert page.board
    assert page.filters
    rows = [{**asdict(row), "change": None, "quadrant_before": None, "href": ""} for row in page.board.rows]
    return {
        "format": FORMAT,
        "n_respondents": page.board.n_respondents,
        "scale": list(page.board.scale),
        "cross": asdict(page.board.cross) if page.board.cross else None,
        "rule": page.filters.rule_name,
        "rows": rows,
        "hidden": [{"number": h.number, "name": h.name, "n": min(h.n, 1)} for h in page.board.hidden],
        "metrics": (page.result or {}).get("metrics"),
    }


def board_of(stored: Mapping[str, Any]) -> Board:
    cross = stored["cross"]
    names = {field.name for field in fields(Row)}
    return Board(
        stored["n_respondents"],
        (stored["scale"][0], stored["scale"][1]),
        Crosshair(Rule(cross["rule"]), cross["importance"], cross["satisfaction"]) if cross else None,
        tuple(Row(**{k: v for k, v in row.items() if k in names}) for row in stored["rows"]),
        tuple(Hidden(**hidden) for hidden in stored["hidden"]),
    )


def fingerprint_of(query: str, stored: Mapping[str, Any]) -> str:
    text = json.dumps([query, stored], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def freeze(cycle: Cycle, page: MatrixPage, name: str, user: User) -> tuple[Snapshot, bool]:
    """The snapshot, and whether it is new: the same matrix under the same filters is frozen once."""
    assert page.filters
    assert page.board
    stored = json.loads(json.dumps(as_json(page)))
    query = address_of(page)
    mark = fingerprint_of(query, stored)
    wanted = Snapshot(
        cycle=cycle,
        wave=page.filters.wave,
        name=name,
        query=query[:2000],
        filters=[list(pair) for pair in page.filters.in_words],
        board=stored,
        fingerprint=mark,
        frozen_by=user,
    )
    try:
        with transaction.atomic():
            wanted.save()
    except IntegrityError:
        return Snapshot.objects.get(cycle=cycle, fingerprint=mark, deleted_at=None), False
    return wanted, True


def address_of(page: MatrixPage) -> str:
    """Of what is in force: neither what only looks different nor what made no sense is part of it."""
    assert page.filters
    left_out = ["moment", "sort", "ellipses", "compare", *page.filters.errors]
    if page.filters.period is None:
        left_out += ["from", "to"]
    return page.filters.query(**dict.fromkeys(left_out, ""))


def people_of(query: str) -> tuple[str, ...]:
    """Which of those who answered a wave an address is about."""
    asked = QueryDict(query)
    return tuple(asked.get(name, "") for name in ("segment", "from", "to"))


def too_close_to(cycle: Cycle, page: MatrixPage) -> Snapshot | None:
    """A snapshot of the same people from which fewer than ten answers set this page apart.

    Whoever has both can take one from the other and tell what those few answered (S0). Deleted ones
    count: they can be brought back.
    """
    assert page.filters
    assert page.board
    people = people_of(address_of(page))
    for one in cycle.snapshots.filter(wave=page.filters.wave):
        came = abs(page.board.n_respondents - one.board["n_respondents"])
        if 0 < came < MIN_N and people_of(one.query) == people:
            return one
    return None


def restore(snapshot: Snapshot) -> bool:
    """False where an equal one was frozen meanwhile: then that one stands for both."""
    try:
        with transaction.atomic():
            Snapshot.objects.filter(pk=snapshot.pk).update(deleted_at=None)
    except IntegrityError:
        return False
    return True


def delete(snapshot: Snapshot) -> None:
    Snapshot.objects.filter(pk=snapshot.pk, deleted_at=None).update(deleted_at=timezone.now())


@dataclass(frozen=True)
class FrozenPage:
    """A snapshot as the templates of the matrix want it."""

    snapshot: Snapshot
    state = "shown"
    compares = False

    @cached_property
    def board(self) -> Board:
        return board_of(self.snapshot.board)

    @property
    def title(self) -> str:
        return finding.of_the_matrix(self.board)

    threshold = MIN_N

    @property
    def about(self) -> str:
        return finding.of_the_chart(self.board)

    @cached_property
    def chart(self) -> Scatter:
        return scatter_of(self.board, said_now(self.snapshot.board["rule"]))

    @property
    def headlines(self) -> list[Headline]:
        return as_written(self.snapshot.board["metrics"])


@dataclass(frozen=True)
class Pair:
    """One moment in both snapshots; None where it is not in one of them, or not shown there."""

    name: str
    before: Row | None
    now: Row | None
    change: Change | None
    withheld: bool = False

    @property
    def moved(self) -> bool:
        return bool(self.before and self.now and self.before.quadrant != self.now.quadrant)

    @property
    def says(self) -> str:
        if self.withheld:
            return _("Too few new answers to be shown")
        if self.before is None:
            return _("Only in the later one")
        if self.now is None:
            return _("Only in the earlier one")
        if self.change is None:
            return _("Not tested")
        if not self.change.clear:
            return _("May be chance")
        return _("Clearly better") if self.change.difference > 0 else _("Clearly worse")


@dataclass(frozen=True)
class Comparison:
    """The earlier against the later. Of one wave they share answers: then nothing is tested.

    And then what differs is the doing of those who answered in between: of fewer than ten it is not
    shown, since it would tell what they answered (S0).
    """

    before: Snapshot
    now: Snapshot

    @property
    def shares_answers(self) -> bool:
        return self.before.wave_id == self.now.wave_id

    @property
    def same_scale(self) -> bool:
        return bool(self.before.board["scale"] == self.now.board["scale"])

    @property
    def same_source(self) -> bool:
        """Both of stated, or both of derived importance."""
        return len({row.derived for one in (self.before, self.now) for row in board_of(one.board).rows}) < 2

    @property
    def may_reveal(self) -> bool:
        """The people of one are among those of the other, or may be: not those of two segments."""
        if not self.shares_answers:
            return False
        segments = {QueryDict(one.query).get("segment", "") for one in (self.before, self.now)}
        return len(segments) == 1 or "" in segments

    @property
    def too_close(self) -> bool:
        """So few came or went in between that nothing of the two may stand side by side."""
        came = abs(self.now.board["n_respondents"] - self.before.board["n_respondents"])
        return self.may_reveal and 0 < came < MIN_N

    def reveals(self, before: Row, now: Row) -> bool:
        """Of one moment: fewer than ten ratings are the difference, or as many were put in for others."""
        axes = [(before.satisfaction, now.satisfaction, now.n_satisfaction - before.n_satisfaction)]
        if before.derived == now.derived:
            axes.append((before.importance, now.importance, now.n_importance - before.n_importance))
        return any(abs(n) < MIN_N and (n != 0 or then != later) for then, later, n in axes)

    @cached_property
    def pairs(self) -> list[Pair]:
        if self.too_close:
            return []
        earlier = {row.key: row for row in board_of(self.before.board).rows}
        later = {row.key: row for row in board_of(self.now.board).rows}
        found: Mapping[str, Change] = {}
        if self.same_scale and not self.shares_answers:
            found = changes(as_result(later), as_result(earlier))
        keys = [*later, *(key for key in earlier if key not in later)]
        pairs = []
        for k in keys:
            before, now, name = earlier.get(k), later.get(k), (later.get(k) or earlier[k]).name
            if before and now and self.may_reveal and self.reveals(before, now):
                pairs.append(Pair(name, None, None, None, withheld=True))
            else:
                pairs.append(Pair(name, before, now, found.get(k)))
        return pairs

    @property
    def withheld(self) -> int:
        return sum(pair.withheld for pair in self.pairs)

    @property
    def moved(self) -> int:
        return sum(pair.moved for pair in self.pairs)


def as_result(rows: Mapping[str, Row]) -> dict[str, Any]:
    """As `comparison.changes` wants it: one rule for waves and for snapshots."""
    return {
        "moments": [
            {**asdict(row), "id": key, "item": None, "suppressed": False} for key, row in rows.items()
        ]
    }


def comparison_of(a: Snapshot, b: Snapshot) -> Comparison:
    before, now = sorted((a, b), key=lambda one: (one.frozen_at, one.pk))
    return Comparison(before, now)
