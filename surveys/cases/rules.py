"""Which answers open a case: the rule of a survey as a condition of the database, and as reasons."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q

from surveys.models import CaseRule, Item, Rating, Response, Survey

MOMENT, OVERALL, NPS, CONTACT = "moment", "overall", "nps", "contact"
Reason = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """A survey's rule with its items, read once for many answers."""

    survey: Survey
    rule: CaseRule

    @cached_property
    def items(self) -> list[Item]:
        return list(Item.objects.filter(survey=self.survey, is_requirement=False).select_related("moment"))

    @cached_property
    def limits(self) -> dict[int, int]:
        """By the key of the item: at most this opens a case. What is not there opens none."""
        if not self.rule.is_on:
            return {}
        usual = self.rule.moment_at_most or 0
        own = self.rule.moments
        found = {item.pk: int(own.get(str(item.moment_id), usual)) for item in self.items}
        return {pk: limit for pk, limit in found.items() if limit}

    @property
    def asks_contact(self) -> bool:
        return self.survey.asks_contact and not self.survey.is_anonymous

    @property
    def condition(self) -> Q | None:
        """None: no answer opens a case."""
        parts = [Q(wants_contact=True)] if self.asks_contact else []
        rule = self.rule
        if rule.is_on and rule.overall_at_most is not None:
            parts.append(Q(overall__lte=rule.overall_at_most))
        if rule.is_on and rule.nps_at_most is not None:
            parts.append(Q(nps__lte=rule.nps_at_most))
        if self.limits:
            parts.append(Q(Exists(Rating.objects.filter(self._low(), response_id=OuterRef("pk")))))
        either = Q()
        for part in parts:
            either |= part
        return either if parts else None

    def _low(self) -> Q:
        items: dict[int, list[int]] = defaultdict(list)
        for item, limit in self.limits.items():
            items[limit].append(item)
        low = Q()
        for limit, keys in items.items():
            low |= Q(item__in=keys, satisfaction__lte=limit)
        return low

    def reasons(self, response: Response, ratings: Sequence[Rating]) -> list[Reason]:
        """What in the answer meets the rule, the moment to begin with first."""
        rule, found = self.rule, list[Reason]()
        if self.asks_contact and response.wants_contact:
            found.append({"what": CONTACT})
        low = [
            rating
            for rating in ratings
            if rating.satisfaction is not None and rating.satisfaction <= self.limits.get(rating.item_id, 0)
        ]
        places = {item.pk: item for item in self.items}
        # The lowest; of equal ones a critical one, then what matters more to the customer.
        low.sort(
            key=lambda r: (
                r.satisfaction,
                not places[r.item_id].is_critical,
                -(r.importance or 0),
                places[r.item_id].position,
            )
        )
        found += [{"what": MOMENT, "item": r.item_id, "score": r.satisfaction} for r in low]
        for what, score, limit in (
            (OVERALL, response.overall, rule.overall_at_most),
            (NPS, response.nps, rule.nps_at_most),
        ):
            if rule.is_on and limit is not None and score is not None and score <= limit:
                found.append({"what": what, "score": score})
        return found

    def worst(self, reasons: Sequence[Reason]) -> Item | None:
        key = next((reason["item"] for reason in reasons if reason["what"] == MOMENT), None)
        return next((item for item in self.items if item.pk == key), None)
