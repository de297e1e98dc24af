"""Links to one report for people without an account: a key shown once, kept as a hash, which expires."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Count, F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from accounts.invitations import hash_of
from accounts.models import User
from prioritization.models import JobState, Report, ShareLink

KEY_BYTES = 32
MOST_DAYS = 365
# After the password a visit goes on for so long without it.
SESSION_SECONDS = 12 * 3600


def make(report: Report, name: str, days: int, password: str, user: User) -> tuple[ShareLink, str]:
    """The link, and its address: the only time that it is known."""
    key = secrets.token_urlsafe(KEY_BYTES)
    link = ShareLink.objects.create(
        report=report,
        name=name,
        key_hash=hash_of(key),
        password=make_password(password) if password else "",
        expires_at=timezone.now() + timedelta(days=days),
        created_by=user,
    )
    return link, f"{settings.SITE_URL}{reverse('shared:report', args=[key])}"


def revoke(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=Now())


def opened(key: str) -> ShareLink | None:
    """The link this key opens now: neither revoked nor expired, of a report that is there."""
    found = ShareLink.objects.select_related(
        "report__cycle__client__workspace", "report__wave", "created_by"
    ).filter(
        key_hash=hash_of(key),
        revoked_at=None,
        expires_at__gt=timezone.now(),
        report__state=JobState.DONE,
        report__cycle__deleted_at=None,
    )
    return found.first()


def is_right(link: ShareLink, password: str) -> bool:
    return check_password(password, link.password)


def viewed(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(views=F("views") + 1, last_viewed_at=Now())


def downloaded(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(downloads=F("downloads") + 1)


def open_links() -> Count:
    """Of a report, how many of its links open."""
    return Count("links", filter=Q(links__revoked_at=None, links__expires_at__gt=Now()))
