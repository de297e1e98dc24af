"""The cases of a cycle as a list: found, filtered, sorted, a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import F, OrderBy, Q
from django.http import QueryDict

from accounts.models import Membership
from cyclemap.folding import Folded, fold
from cycles.models import Cycle
from surveys.cases.lines import Line, line_of, works_on_cases
from surveys.cases.overdue import due_first, overdue
from surveys.models import ENDED, Case, CaseKind, CaseStatus

PER_PAGE = 50
QUERY_LENGTH = 120
SORTS: dict[str, list[str | OrderBy]] = {
    "opened": ["-opened_at", "-pk"],
    "moment": [F("moment__stage__position").asc(nulls_last=True), "moment__position", "-pk"],
    "owner": ["owner_name", "-pk"],
    "status": ["status", "-pk"],
}
USUAL, BY_DUE = "opened", "due"
OPEN, LATE, NOBODY = "open", "late", "none"


@dataclass(frozen=True)
class Filters:
    """What was asked for; what makes no sense is left out."""

    query: str = ""
    kind: str = ""
    status: str = ""
    moment: str = ""
    owner: str = ""
    sort: str = USUAL

    @classmethod
    def read(cls, told: QueryDict) -> "Filters":
        def among(name: str, known: list[str] | dict[str, object]) -> str:
            value = told.get(name, "")
            return value if value in known else ""

        def key(name: str) -> str:
            value = told.get(name, "")
            return (
                value if value == NOBODY or (value.isascii() and value.isdigit() and len(value) < 18) else ""
            )

        return cls(
            # NUL never stands in a text, and PostgreSQL would rather fail than look for it.
            query=told.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH],
            kind=among("kind", CaseKind.values),
            status=among("status", [*CaseStatus.values, OPEN, LATE]),
            moment=key("moment"),
            owner=key("owner"),
            sort=among("sort", [*SORTS, BY_DUE]) or USUAL,
        )

    @property
    def narrows(self) -> bool:
        return bool(self.query or self.kind or self.status or self.moment or self.owner)


@dataclass(frozen=True)
class Listing:
    page: "Page[Case]"
    lines: list[Line]
    filters: Filters

    @property
    def total(self) -> int:
        return self.page.paginator.count


def listing_of(cycle: Cycle, member: Membership, told: QueryDict, now: datetime) -> Listing:
    filters = Filters.read(told)
    cases = Case.objects.filter(_condition(filters, now), cycle=cycle)
    if filters.query:
        # Whoever sees no person finds none either.
        typed = ("title", "description", "contact__name", "contact__email") if works_on_cases(member) else ()
        cases = cases.annotate(folded=Folded("moment__name", "owner_name", *typed))
        for word in filters.query.split():
            cases = cases.filter(_says(word))
    rows = cases.select_related("moment", "owner", "contact", "follow_up", "cycle")
    order = due_first(now) if filters.sort == BY_DUE else SORTS[filters.sort]
    page = Paginator(rows.order_by(*order), PER_PAGE).get_page(told.get("page", "1"))
    return Listing(page, [line_of(case, member, now) for case in page], filters)


def _says(word: str) -> Q:
    """In the words of a case, or as its number: 12 and C-12 are one."""
    number = word.upper().removeprefix("C-")
    found = Q(folded__contains=fold(word))
    return (
        found | Q(number=int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else found
    )


def _condition(filters: Filters, now: datetime) -> Q:
    found = Q()
    if filters.kind:
        found &= Q(kind=filters.kind)
    if filters.status == OPEN:
        found &= ~Q(status__in=ENDED)
    elif filters.status == LATE:
        found &= overdue(now)
    elif filters.status:
        found &= Q(status=filters.status)
    if filters.moment:
        found &= Q(moment=None) if filters.moment == NOBODY else Q(moment=int(filters.moment))
    if filters.owner:
        found &= Q(owner=None) if filters.owner == NOBODY else Q(owner=int(filters.owner))
    return found
