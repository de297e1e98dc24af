"""What a case knows of a person: gone with the person, and how they took it some time after the closing."""

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from surveys.links import new_nonce
from surveys.models import ENDED, Case, CasePolicy, CaseStep, Contact, FollowUp

USUAL_TEMPER_DAYS = CasePolicy._meta.get_field("temper_days").default


def forget_person(contact: Contact) -> list[int]:
    """In the transaction that erases the person. The cases stay as figures; the keys of those there were."""
    theirs = Q(contact=contact) | Q(response__invitation__contact=contact)
    keys = list(Case.objects.filter(theirs).values_list("pk", flat=True))
    CaseStep.objects.filter(case__in=keys).update(text="")
    for follow_up in FollowUp.objects.filter(case__in=keys):
        follow_up.nonce = new_nonce()
        follow_up.save(update_fields=["nonce"])
    Case.objects.filter(pk__in=keys).update(
        contact=None,
        title="",
        description="",
        temper="",
        language="",
        notice_text="",
        # Nobody is left to contact: that clock has nothing to measure any more.
        contact_due_at=None,
        version=F("version") + 1,
    )
    return keys


def forget_tempers(now: datetime | None = None) -> int:
    """Every night: how a customer took it is for handling the case, and the case is over."""
    now = now or timezone.now()
    told = Case.objects.filter(status__in=ENDED).exclude(temper="")
    days = dict(CasePolicy.objects.values_list("client_id", "temper_days"))
    clients = set(told.order_by().values_list("cycle__client_id", flat=True))
    gone = 0
    for client in clients:
        before = now - timedelta(days=days.get(client, USUAL_TEMPER_DAYS))
        gone += told.filter(cycle__client=client, closed_at__lte=before).update(temper="")
    return gone
