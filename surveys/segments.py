"""Saved segments: rules in the words of a person, one question to the database.

A rule is one of
    {"attribute": "city", "is": ["Cali", ""]}        "" is: nothing is known
    {"attribute": "city", "is_not": ["Cali"]}
    {"language": ["es", ""]}
    {"service_from": "2026-01-01", "service_to": "2026-03-31"}   either may be missing; both days included
    {"service_days": 30}                              in the last so many days
    {"wave": 12, "is": "not_answered"}                see `Asked`
All of them hold. A segment without a rule is everybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.models import Client
from surveys.attributes import Attribute
from surveys.contact_look import language_name
from surveys.models import Contact, Invitation, Response, Segment, Wave

Rule = Mapping[str, Any]
Rules = Sequence[Rule]
READY = Q(opted_out_at=None, bounced_at=None)


class Asked(models.TextChoices):
    """What a contact has to do with a wave."""

    ASKED = "asked", pgettext_lazy("contact and wave", "was asked")
    NOT_ASKED = "not_asked", pgettext_lazy("contact and wave", "was not asked")
    ANSWERED = "answered", pgettext_lazy("contact and wave", "has answered")
    NOT_ANSWERED = "not_answered", pgettext_lazy("contact and wave", "was asked and has not answered")


def contacts_of(segment: Segment) -> QuerySet[Contact]:
    """Everybody in it, whether or not they may be asked: one question."""
    return Contact.objects.filter(condition(segment.rules), client=segment.client_id)


def counts(client: Client, segments: Iterable[Segment]) -> dict[int, tuple[int, int]]:
    """How many are in each, and how many of them may be asked: one question for all of them."""
    wanted = {f"s{one.pk}": condition(one.rules) for one in segments}
    asked: dict[str, Any] = {}
    for name, rules in wanted.items():
        asked[name] = Count("pk", filter=rules) if rules else Count("pk")
        asked[f"{name}_ready"] = Count("pk", filter=rules & READY)
    told = Contact.objects.filter(client=client).aggregate(**asked) if asked else {}
    return {int(name[1:]): (told[name], told[f"{name}_ready"]) for name in wanted}


def count(client: Client, rules: Rules) -> tuple[int, int]:
    """How many these rules find, and how many of them may be asked."""
    found = Contact.objects.filter(condition(rules), client=client)
    told = found.aggregate(n=Count("pk"), ready=Count("pk", filter=READY))
    return told["n"], told["ready"]


def condition(rules: Rules) -> Q:
    whole = Q()
    for rule in rules:
        whole &= _condition(rule)
    return whole


def _condition(rule: Rule) -> Q:
    if "attribute" in rule:
        known = Coalesce(Attribute(rule["attribute"]), Value(""), output_field=models.TextField())
        held = Q(In(known, rule.get("is") or rule["is_not"]))
        return held if rule.get("is") else ~held
    if "language" in rule:
        return Q(language__in=rule["language"])
    if "service_days" in rule:
        today = timezone.localdate()
        return Q(service_on__range=(today - timedelta(days=rule["service_days"]), today))
    if "wave" in rule:
        return _asked(rule)
    within = Q(service_on__isnull=False)
    if rule.get("service_from"):
        within &= Q(service_on__gte=rule["service_from"])
    if rule.get("service_to"):
        within &= Q(service_on__lte=rule["service_to"])
    return within


def _asked(rule: Rule) -> Q:
    invited = Invitation.objects.filter(wave_id=rule["wave"], contact=OuterRef("pk"))
    # Of an anonymous survey only that somebody has answered is known, and that is all that is asked here.
    noted = Q(Exists(invited.filter(answered_on__isnull=False)))
    answered = noted | Q(
        Exists(Response.objects.filter(wave_id=rule["wave"], invitation__contact=OuterRef("pk")))
    )
    return {
        Asked.ASKED: Q(Exists(invited)),
        Asked.NOT_ASKED: ~Q(Exists(invited)),
        Asked.ANSWERED: answered,
        Asked.NOT_ANSWERED: Q(Exists(invited)) & ~answered,
    }[Asked(rule["is"])]


def waves_of(client: Client) -> QuerySet[Wave]:
    """Waves that somebody may have been asked in, the latest first."""
    waves = Wave.objects.filter(survey__cycle__client=client, survey__cycle__deleted_at=None)
    return waves.exclude(opened_at=None).select_related("survey").order_by("-opened_at", "-pk")


def in_words(rules: Rules, waves: Mapping[int, Wave]) -> list[str]:
    """Each rule as a person would say it."""
    return [_said(rule, waves) for rule in rules]


def _said(rule: Rule, waves: Mapping[int, Wave]) -> str:
    if "attribute" in rule:
        values = _listed(rule.get("is") or rule["is_not"])
        if rule.get("is"):
            return _("%(attribute)s is %(values)s") % {"attribute": rule["attribute"], "values": values}
        return _("%(attribute)s is not %(values)s") % {"attribute": rule["attribute"], "values": values}
    if "language" in rule:
        names = _listed([language_name(code) if code else "" for code in rule["language"]])
        return _("language is %(values)s") % {"values": names}
    if "service_days" in rule:
        days = rule["service_days"]
        return ngettext("service in the last %(days)d day", "service in the last %(days)d days", days) % {
            "days": days
        }
    if "wave" in rule:
        wave = waves.get(rule["wave"])
        named = f"{wave.survey} · {wave}" if wave else _("a wave that is gone")
        return _("%(asked)s in %(wave)s") % {"asked": Asked(rule["is"]).label, "wave": named}
    return _service(rule.get("service_from"), rule.get("service_to"))


def _service(first: str | None, last: str | None) -> str:
    days = {"first": _day(first), "last": _day(last)}
    if first and last:
        return _("service from %(first)s to %(last)s") % days
    if first:
        return _("service since %(first)s") % days
    return _("service until %(last)s") % days


def _day(told: str | None) -> str:
    return date_format(date.fromisoformat(told)) if told else ""


def _listed(values: Sequence[str]) -> str:
    return _(" or ").join(value or _("nothing") for value in values)


def free_name(segment: Segment) -> str:
    """Its name, or the first like it that no other segment of the client has."""
    others = Segment.objects.filter(client=segment.client_id, deleted_at=None).exclude(pk=segment.pk)
    taken = set(others.values_list("name", flat=True))
    name, number = segment.name, 2
    while name in taken:
        name, number = f"{segment.name[:70]} ({number})", number + 1
    return name
