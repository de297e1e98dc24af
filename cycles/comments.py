"""What is said about a moment, a requirement or an action: read as threads, written once, calling people."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Prefetch
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import Membership, User
from cycles.mentions import mentioned, people_of, with_names
from cycles.models import Action, Comment, Cycle, Mention, Moment, Requirement

# In this time more mentions of the same person join the same mail.
GATHER = timedelta(minutes=3)

PAGES = {
    "moment": "cycles:moment_comments",
    "requirement": "cycles:requirement_comments",
    "action": "cycles:action_comments",
}


@dataclass(frozen=True)
class Topic:
    """What a thread is about."""

    kind: str  # a key of PAGES
    thing: Moment | Requirement | Action
    cycle: Cycle

    @property
    def ident(self) -> str:
        return f"talk-{self.kind}-{self.thing.pk}"

    def url(self, member: Membership) -> str:
        return member.url(PAGES[self.kind], self.thing.pk)


@dataclass(frozen=True)
class Said:
    """One comment as a page shows it."""

    comment: Comment
    text: SafeString
    mine: bool
    may_delete: bool
    made: list[Action]  # the actions that were made from it


@dataclass(frozen=True)
class Thread:
    first: Said
    replies: list[Said]


def threads_of(topic: Topic, member: Membership) -> list[Thread]:
    """The open ones first, each in the order in which it was said. Three queries."""
    made = Prefetch("made_actions", Action.objects.filter(deleted_at=None), to_attr="made")
    about = Comment.objects.filter(**{topic.kind: topic.thing}, deleted_at=None)
    rows = list(about.select_related("resolved_by").prefetch_related(made))
    people = people_of(topic.cycle.client) if any("@" in row.text for row in rows) else []

    def said(row: Comment) -> Said:
        mine = row.author_id == member.user_id
        return Said(row, with_names(row.text, people), mine, mine or member.is_editor, row.made)  # type: ignore[attr-defined]

    replies: dict[int, list[Said]] = {}
    for row in rows:
        if row.reply_to_id:
            replies.setdefault(row.reply_to_id, []).append(said(row))
    threads = [Thread(said(row), replies.get(row.pk, [])) for row in rows if not row.reply_to_id]
    return sorted(threads, key=lambda thread: thread.first.comment.resolved_at is not None)


def open_counts(cycle: Cycle, kind: str) -> dict[int, int]:
    """How many open threads each thing of a kind has. One query."""
    rows = Comment.objects.filter(
        cycle=cycle, reply_to=None, resolved_at=None, deleted_at=None, **{f"{kind}__isnull": False}
    )
    return dict(rows.order_by().values_list(kind).annotate(n=Count("pk")))


def add(topic: Topic, author: User, text: str, key: str, reply_to: int | None) -> Comment:
    """Once a key: the same form sent twice is one comment."""
    first = Comment.objects.filter(**{topic.kind: topic.thing}, pk=reply_to or 0, reply_to=None).first()
    with transaction.atomic():
        comment, new = Comment.objects.get_or_create(
            author=author,
            key=key,
            defaults={
                topic.kind: topic.thing,
                "cycle": topic.cycle,
                "author_name": str(author)[:120],
                "text": text,
                "reply_to": first,
            },
        )
        if new:
            call(comment)
            if first and first.resolved_at:
                resolve(first, None)  # who answers has not done with it
    return comment


def edit(comment: Comment, text: str) -> None:
    """Whoever is named now and was not before is called; nobody is called twice for one comment."""
    with transaction.atomic():
        comment.text, comment.edited_at = text, timezone.now()
        comment.save(update_fields=["text", "edited_at"])
        call(comment)


def call(comment: Comment) -> None:
    due = timezone.now() + GATHER
    for person in mentioned(comment.text, people_of(comment.cycle.client)):
        if person.pk != comment.author_id:
            Mention.objects.get_or_create(comment=comment, person=person, defaults={"due_at": due})


def resolve(comment: Comment, by: User | None) -> None:
    """Done with, or by nobody: open again."""
    comment.resolved_at = timezone.now() if by else None
    comment.resolved_by = by
    comment.save(update_fields=["resolved_at", "resolved_by"])
