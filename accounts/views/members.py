"""The people of a workspace: who is there, who is asked, with which role."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import invitations
from accounts.access import MemberRequest, allow
from accounts.finding import found_in
from accounts.forms import InvitationForm, MembershipForm
from accounts.models import EDITORS, MemberInvitation, Membership, Role
from accounts.workspaces import change_role, let_go

OWNERS = frozenset({Role.OWNER})


@allow(read=EDITORS)
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    workspace = request.membership.workspace
    members = workspace.memberships.select_related("user", "client").order_by("user__name", "user__email")
    found = found_in(request, members, "user__name", "user__email", "client__name")
    pending = workspace.pending_invitations.select_related("client", "invited_by")
    context = {"found": found, "members": found.page, "pending": pending}
    return render(request, "accounts/members.html", context)


@allow(read=EDITORS)
@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: MemberRequest) -> HttpResponse:
    form = InvitationForm(request.POST if request.method == "POST" else None, inviter=request.membership)
    if not form.is_valid():
        return render(request, "accounts/invite.html", {"form": form}, status=422 if form.is_bound else 200)
    invitation = form.save(commit=False)
    return send(request, invitation, invitations.issue(invitation))


def send(request: MemberRequest, invitation: MemberInvitation, key: str) -> HttpResponse:
    """Back to the list once mailed; where no mail goes out, the link is shown, this once."""
    if invitations.deliver(invitation, key):
        messages.success(request, _("Invitation sent to %(address)s.") % {"address": invitation.email})
        return redirect(request.membership.url("members:list"))
    context = {"invitation": invitation, "link": invitations.link_of(key)}
    return render(request, "accounts/invitation_link.html", context)


def pending_invitation(request: MemberRequest, pk: int) -> MemberInvitation:
    """An invitation this member could have written: 404 for others' workspaces, 403 above one's role."""
    invitation = get_object_or_404(request.membership.workspace.pending_invitations, pk=pk)
    if invitation.role not in request.membership.roles_to_give:
        raise PermissionDenied
    return invitation


@never_cache
@require_POST
def invitation_resend(request: MemberRequest, member_invitation_id: int) -> HttpResponse:
    """A new key each time: nobody has the old one, only its hash was kept."""
    invitation = pending_invitation(request, member_invitation_id)
    if invitation.sent_at and timezone.now() - invitation.sent_at < invitations.PAUSE_BETWEEN_MAILS:
        messages.info(request, _("It was sent a moment ago. Wait a minute before sending it again."))
        return redirect(request.membership.url("members:list"))
    return send(request, invitation, invitations.give_key(invitation))


@require_POST
def invitation_revoke(request: MemberRequest, member_invitation_id: int) -> HttpResponse:
    invitation = pending_invitation(request, member_invitation_id)
    invitation.delete()
    messages.success(
        request, _("The invitation of %(address)s was withdrawn.") % {"address": invitation.email}
    )
    return redirect(request.membership.url("members:list"))


def reach_member(request: MemberRequest, pk: int) -> Membership:
    members = request.membership.workspace.memberships.select_related("user", "workspace", "client")
    return get_object_or_404(members, pk=pk)


@allow(read=OWNERS, write=OWNERS)
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, member_id: int) -> HttpResponse:
    member = reach_member(request, member_id)
    form = MembershipForm(request.POST if request.method == "POST" else None, instance=member)
    if form.is_bound and change_role(form):
        messages.success(request, _("The role of %(person)s was changed.") % {"person": member.user})
        return redirect(after_change(request, member))
    context = {"form": form, "member": member}
    return render(request, "accounts/member_edit.html", context, status=422 if form.is_bound else 200)


@allow(read=OWNERS, write=OWNERS)
@require_http_methods(["GET", "POST"])
def remove(request: MemberRequest, member_id: int) -> HttpResponse:
    """Asks first, because only a new invitation undoes it."""
    member = reach_member(request, member_id)
    if request.method == "POST" and let_go(member):
        messages.success(
            request, _("%(person)s no longer belongs to the workspace.") % {"person": member.user}
        )
        return redirect(after_change(request, member))
    context = {"member": member, "is_last_owner": member.is_last_owner}
    return render(
        request, "accounts/member_remove.html", context, status=422 if request.method == "POST" else 200
    )


def after_change(request: MemberRequest, member: Membership) -> str:
    """Who has just given up the owner's rights cannot go back to the list of members."""
    myself = member.user_id == request.user.pk
    if myself and not (member.pk and member.is_editor):
        return "/"
    return request.membership.url("members:list")
