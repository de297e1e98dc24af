"""Asking a person to join: a key that is mailed once, kept as a hash, and used once."""

import hashlib
import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.member_mail import TIMEOUT, letter
from accounts.models import MemberInvitation, Membership, User

log = logging.getLogger(__name__)

VALID_FOR = timedelta(days=14)
# A second press on "Send again" within this time sends nothing.
PAUSE_BETWEEN_MAILS = timedelta(minutes=1)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def link_of(key: str) -> str:
    return f"{settings.SITE_URL}{reverse('accounts:join', args=[key])}"


def find(key: str) -> MemberInvitation | None:
    """The invitation this key opens, whatever its state."""
    found = MemberInvitation.objects.select_related("workspace", "client", "invited_by")
    return found.filter(key_hash=hash_of(key)).first()


def give_key(invitation: MemberInvitation) -> str:
    """A new key, which ends the life of any older one, and a new fortnight. Saves."""
    key = secrets.token_urlsafe(32)
    invitation.key_hash = hash_of(key)
    invitation.expires_at = timezone.now() + VALID_FOR
    invitation.sent_at = None
    invitation.save()
    return key


def issue(invitation: MemberInvitation) -> str:
    """Save a new invitation, in the place of an expired one to the same address."""
    with transaction.atomic():
        pending = invitation.workspace.pending_invitations.filter(email__iexact=invitation.email)
        pending.filter(expires_at__lte=timezone.now()).delete()
        return give_key(invitation)


def deliver(invitation: MemberInvitation, key: str) -> bool:
    """Mail the key in the language that is active, and say whether the mail server took it."""
    context = {"invitation": invitation, "link": link_of(key)}
    subject = _("%(person)s invites you to %(workspace)s") % {
        "person": invitation.invited_by or _("A colleague"),
        "workspace": invitation.workspace,
    }
    mail = letter(invitation.email, subject, "accounts/mail/invitation", context)
    mail.connection = get_connection(timeout=TIMEOUT)
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        # The inviter is shown the link instead; the operator reads why.
        log.warning("invitation %s could not be mailed: %s", invitation.pk, error)
        return False
    invitation.sent_at = timezone.now()
    invitation.save(update_fields=["sent_at"])
    return True


def accept(invitation: MemberInvitation, user: User) -> Membership | None:
    """Make the user a member. None when the invitation was used or withdrawn meanwhile."""
    with transaction.atomic():
        used = MemberInvitation.objects.filter(
            pk=invitation.pk, key_hash=invitation.key_hash, accepted_at=None
        ).update(accepted_at=timezone.now())
        if not used:
            return None
        membership, _created = Membership.objects.get_or_create(
            user=user,
            workspace=invitation.workspace,
            defaults={"role": invitation.role, "client": invitation.client},
        )
        return membership


def accept_as_new(invitation: MemberInvitation, name: str, password: str, language: str) -> User | None:
    """Make the person and the membership in one go, or neither."""
    with transaction.atomic():
        user = User.objects.create_user(invitation.email, password, name=name, language=language)
        # Who holds a key that went out by mail reads that mailbox.
        proven = invitation.sent_at is not None
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=proven)
        if accept(invitation, user) is None:
            transaction.set_rollback(True)
            return None
        return user
