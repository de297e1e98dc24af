"""Tells people by e-mail that a comment calls them: one letter (accounts/member_mail.py) for some minutes."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.member_mail import A_LOOK, LetterState, claim, hand_over, letter, settle, sweep
from accounts.models import User
from cycles.comments import PAGES
from cycles.mentions import people_of
from cycles.models import Comment, Mention


def mail_due() -> int:
    """Mail everybody who has a mention that is due. Answers how many mails the server took."""
    now = timezone.now()
    sweep(Mention, now)
    due = Mention.objects.filter(state=LetterState.WAITING, due_at__lte=now)
    people = due.order_by("person_id").values_list("person_id", flat=True).distinct()[:A_LOOK]
    return sum(mail_person(person_id, now) for person_id in list(people))


def mail_person(person_id: int, now: datetime) -> bool:
    claimed = claim(Mention.objects.filter(person=person_id), now)
    rows = list(
        claimed.select_related(
            "person",
            "comment__cycle__client__workspace",
            "comment__moment",
            "comment__requirement__moment",
            "comment__action",
        ).order_by("comment__created_at", "pk")
    )
    shown = [row for row in rows if may_read(row)]
    claimed.exclude(pk__in=[row.pk for row in shown]).update(state=LetterState.DROPPED)
    if not shown:
        return False
    person, comments = shown[0].person, [row.comment for row in shown]
    state = hand_over(lambda: written(person, comments), f"mentions of {person.pk}")
    return settle(claimed, state, max(row.attempts for row in shown), now)


def may_read(mention: Mention) -> bool:
    """Asked again when the mail goes out: much may have happened in the minutes between."""
    comment = mention.comment
    thing = thing_of(comment)
    gone = comment.deleted_at or thing.deleted_at or comment.cycle.deleted_at
    return not gone and mention.person in people_of(comment.cycle.client)


def thing_of(comment: Comment):  # type: ignore[no-untyped-def]
    return comment.moment or comment.requirement or comment.action


def written(person: User, comments: list[Comment]) -> EmailMultiAlternatives:
    """In the language of the person."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        said = [
            {
                "who": comment.author_name,
                "thing": str(thing_of(comment)),
                "cycle": str(comment.cycle),
                "text": comment.text,
                "link": link_of(comment),
            }
            for comment in comments
        ]
        n = len(said)
        subject = (
            _("%(who)s mentions you: %(thing)s") % said[0]
            if n == 1
            else ngettext("%(n)d comment mentions you", "%(n)d comments mention you", n) % {"n": n}
        )
        context = {"said": said, "subject": subject}
        return letter(person.email, subject, "cycles/mail/mentions", context)


def link_of(comment: Comment) -> str:
    kind = next(kind for kind in PAGES if getattr(comment, f"{kind}_id"))
    slug = comment.cycle.client.workspace.slug
    path = reverse(PAGES[kind], args=[slug, getattr(comment, f"{kind}_id")])
    return f"{settings.SITE_URL}{path}#c{comment.pk}"
