"""What people say to each other about the map, and whom they call by it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.member_mail import Letter, LetterState


def new_key() -> str:
    return uuid.uuid4().hex


def about(*targets: str) -> Q:
    """One of these targets and no other."""
    either = Q()
    for target in targets:
        either |= Q(**{f"{other}__isnull": other != target for other in targets})
    return either


class Comment(models.Model):
    """A remark on a moment, a requirement or an action, or a reply to one."""

    client_path: ClassVar[str] = "cycle__client"

    # What it is about never changes its cycle, so the way to the client is short.
    cycle = models.ForeignKey("cycles.Cycle", on_delete=models.CASCADE, related_name="comments")
    moment = models.ForeignKey("cycles.Moment", on_delete=models.CASCADE, null=True, related_name="comments")
    requirement = models.ForeignKey(
        "cycles.Requirement", on_delete=models.CASCADE, null=True, related_name="comments"
    )
    action = models.ForeignKey("cycles.Action", on_delete=models.CASCADE, null=True, related_name="comments")
    reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    # The name outlives the account.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=120)
    # Given by the form: the same form sent twice is one comment.
    key = models.CharField(max_length=32, default=new_key)
    text = models.TextField(_("comment"), max_length=2000)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=about("moment", "requirement", "action"), name="comment_about_one_thing"
            ),
            models.UniqueConstraint(fields=["author", "key"], name="comment_once_a_form"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"


class Mention(Letter):
    """One person called by name in one comment, and what became of the mail about it."""

    client_path: ClassVar[str] = "comment__cycle__client"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="mention_once_a_comment"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="mention_state_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="mention_waiting")]

    def __str__(self) -> str:
        return f"@{self.person_id} · {self.state}"
