"""What a reader of the plan page has chosen: view, filters, order. All of it stands in the address."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from cyclemap.folding import fold
from cycles import approval
from cycles.choices import ActionStatus
from cycles.models import Action

LIST, BOARD, TABLE = "list", "board", "table"
VIEWS = (LIST, BOARD, TABLE)
NOBODY = "-"  # stands for "nobody is responsible" among the owners of a filter

# What the table can be ordered by; a row without a value comes last, whichever way it is turned.
Key = Callable[[Action], Any]
ORDERS: dict[str, Key] = {
    "number": lambda action: action.number,
    "name": lambda action: fold(action.text("name")),
    "plan": lambda action: fold(str(action.plan)),
    "status": lambda action: approval.STATES.index(approval.state_of(action)),
    "owner": lambda action: fold(action.owner) or None,
    "due": lambda action: action.due_on,
    "effort": lambda action: action.effort,
    "impact": lambda action: action.impact,
    "days": lambda action: action.effort_days,
    "duration": lambda action: action.duration_days,
    "cost": lambda action: action.cost,
    "lift": lambda action: action.lift,
    "confidence": lambda action: action.confidence,
}


@dataclass(frozen=True)
class Choice:
    view: str = LIST
    plan: int | None = None
    status: str = ""
    owner: str = ""
    moment: int | None = None
    late: bool = False
    sort: str = ""  # a key of ORDERS, with "-" before it for the other way
    whole: tuple[str, ...] = ()  # the long lists that are shown to their end: a status, or the table

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Choice":
        """What is none of the choices counts as not chosen."""
        view, status, sort = query.get("view", ""), query.get("status", ""), query.get("sort", "")
        known = (*ActionStatus.values, approval.SENT_BACK)
        return cls(
            view=view if view in VIEWS else LIST,
            plan=number(query.get("plan")),
            status=status if status in known else "",
            owner=query.get("owner", "")[:120],
            moment=number(query.get("moment")),
            late=query.get("late") == "1",
            sort=sort if sort.removeprefix("-") in ORDERS else "",
            whole=tuple(
                key for key in (*ActionStatus.values, TABLE) if key in query.get("whole", "").split(",")
            ),
        )

    @property
    def is_narrow(self) -> bool:
        return bool(self.plan or self.status or self.owner or self.moment or self.late)

    def query(self, **instead: Any) -> str:
        """As an address has it, without what is not chosen."""
        said = replace(self, **instead)
        values = {
            "view": said.view if said.view != LIST else "",
            "plan": said.plan,
            "status": said.status,
            "owner": said.owner,
            "moment": said.moment,
            "late": "1" if said.late else "",
            "sort": said.sort,
            "whole": ",".join(said.whole),
        }
        return urlencode({name: value for name, value in values.items() if value})

    def holds(self, action: Action, today: date) -> bool:
        """Whether an action is among those that are asked for; its moments are prefetched."""
        return (
            self.plan in (None, action.plan_id)
            and self.status in ("", str(action.status), approval.state_of(action))
            and self.owner in ("", action.owner or NOBODY)
            and (self.moment is None or self.moment in {moment.pk for moment in action.moments.all()})
            and (not self.late or (action.is_open and action.due_on is not None and action.due_on < today))
        )

    def ordered(self, actions: Iterable[Action]) -> list[Action]:
        """As the table shows them; without a choice by number."""
        rows = sorted(actions, key=lambda action: (action.number, action.plan_id))
        if not self.sort:
            return rows
        key = ORDERS[self.sort.removeprefix("-")]
        known = [action for action in rows if key(action) is not None]
        known.sort(key=key, reverse=self.sort.startswith("-"))
        return known + [action for action in rows if key(action) is None]

    def with_whole(self, key: str) -> "Choice":
        """With this list shown to its end as well."""
        return replace(self, whole=(*self.whole, key)) if key and key not in self.whole else self

    def turned_over(self, key: str) -> str:
        """The address of the same page with this list shown to its end; if it is, cut again."""
        rest = tuple(one for one in self.whole if one != key)
        return self.query(whole=rest) if key in self.whole else self.with_whole(key).query()

    def turned(self, column: str) -> str:
        """The address of the same table ordered by that column; by the same one again, the other way."""
        return self.query(sort=f"-{column}" if self.sort == column else column)

    def direction(self, column: str) -> str:
        """For `aria-sort`."""
        if self.sort.removeprefix("-") != column:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"


def number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
