"""What people say to each other about the map."""

import re
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS, Role
from cyclemap.forms import TidyForm
from cyclemap.htmx import page_or_fragment
from cycles import comments
from cycles.comments import Topic
from cycles.discussion import new_key
from cycles.models import Comment
from cycles.views.bench import Undo
from cycles.views.reached import number_in, the_action, the_moment, the_requirement

# The client's managers take part; who only looks on reads.
SPEAKERS = EDITORS | {Role.MANAGER}
PAGE, FRAGMENT = "cycles/comments.html", "cycles/_comments.html"


class CommentForm(TidyForm, forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "data-mention": ""}),
        help_text=gettext_lazy("@ and a name tells that person by e-mail."),
    )


@allow(write=SPEAKERS)
@require_http_methods(["GET", "POST"])
def moment_comments(request: MemberRequest, moment_id: int) -> HttpResponse:
    moment = the_moment(request, moment_id)
    return about(request, Topic("moment", moment, moment.stage.cycle))


@allow(write=SPEAKERS)
@require_http_methods(["GET", "POST"])
def requirement_comments(request: MemberRequest, requirement_id: int) -> HttpResponse:
    requirement = the_requirement(request, requirement_id)
    return about(request, Topic("requirement", requirement, requirement.moment.stage.cycle))


@allow(write=SPEAKERS)
@require_http_methods(["GET", "POST"])
def action_comments(request: MemberRequest, action_id: int) -> HttpResponse:
    action = the_action(request, action_id)
    return about(request, Topic("action", action, action.plan.cycle))


def about(request: MemberRequest, topic: Topic) -> HttpResponse:
    """The thread of one thing, and a comment more."""
    if request.method != "POST":
        return show(request, topic, undo=undo_in(request, topic))
    form = CommentForm(request.POST)
    if not form.is_valid():
        return show(request, topic, form=form, reply_to=number_in(request.POST, "reply_to"), status=422)
    key = request.POST.get("key", "")
    comment = comments.add(
        topic,
        request.user,
        form.cleaned_data["text"],
        key if re.fullmatch(r"[0-9a-f]{32}", key) else new_key(),
        number_in(request.POST, "reply_to"),
    )
    return changed(request, topic, at=comment)


@allow(read=SPEAKERS, write=SPEAKERS)
@require_http_methods(["GET", "POST"])
def comment_edit(request: MemberRequest, comment_id: int) -> HttpResponse:
    comment, topic = the_comment(request, comment_id)
    if comment.author_id != request.user.pk:
        fault = _("Only %(person)s may change this comment.") % {"person": comment.author_name}
        return show(request, topic, fault=fault, status=422 if request.method == "POST" else 200)
    form = CommentForm(
        request.POST if request.method == "POST" else None,
        initial={"text": comment.text},
        auto_id=f"id_%s_{comment.pk}",
    )
    if form.is_valid():
        comments.edit(comment, form.cleaned_data["text"])
        return changed(request, topic, at=comment)
    return show(request, topic, edit=(comment.pk, form), status=422 if form.is_bound else 200)


@allow(write=SPEAKERS)
@require_POST
def comment_resolve(request: MemberRequest, comment_id: int) -> HttpResponse:
    comment, topic = the_comment(request, comment_id)
    comments.resolve(comment.reply_to or comment, request.user)
    return changed(request, topic, at=comment)


@allow(write=SPEAKERS)
@require_POST
def comment_reopen(request: MemberRequest, comment_id: int) -> HttpResponse:
    comment, topic = the_comment(request, comment_id)
    comments.resolve(comment.reply_to or comment, None)
    return changed(request, topic, at=comment)


@allow(write=SPEAKERS)
@require_POST
def comment_delete(request: MemberRequest, comment_id: int) -> HttpResponse:
    """By who wrote it, or by who edits the map."""
    comment, topic = the_comment(request, comment_id)
    if not may_delete(request, comment):
        fault = _("Only %(person)s may delete this comment.") % {"person": comment.author_name}
        return show(request, topic, fault=fault, status=422)
    Comment.objects.filter(pk=comment.pk).update(deleted_at=timezone.now())
    return changed(request, topic, gone=comment)


@allow(write=SPEAKERS)
@require_POST
def comment_restore(request: MemberRequest, comment_id: int) -> HttpResponse:
    comment, topic = the_comment(request, comment_id, binned=True)
    if not may_delete(request, comment):
        fault = _("Only %(person)s may restore this comment.") % {"person": comment.author_name}
        return show(request, topic, fault=fault, status=422)
    Comment.objects.filter(pk=comment.pk).update(deleted_at=None)
    return changed(request, topic, at=comment)


def may_delete(request: MemberRequest, comment: Comment) -> bool:
    return request.membership.is_editor or comment.author_id == request.user.pk


def the_comment(request: MemberRequest, pk: int, *, binned: bool = False) -> tuple[Comment, Topic]:
    """A comment of a thing that is still there."""
    rows = request.membership.reach(Comment).select_related(
        "cycle__client", "moment", "requirement__moment", "action", "reply_to"
    )
    comment = get_object_or_404(rows, pk=pk)
    kind = next(kind for kind in comments.PAGES if getattr(comment, f"{kind}_id"))
    thing = getattr(comment, kind)
    above = thing.moment if kind == "requirement" else thing
    if thing.deleted_at or above.deleted_at or (comment.deleted_at and not binned):
        raise Http404
    return comment, Topic(kind, thing, comment.cycle)


def changed(
    request: MemberRequest, topic: Topic, *, at: Comment | None = None, gone: Comment | None = None
) -> HttpResponse:
    topic.cycle.touch()
    if request.htmx:
        return show(request, topic, undo=undo_of(request, gone) if gone else None)
    url = topic.url(request.membership)
    return HttpResponseRedirect(f"{url}?deleted={gone.pk}" if gone else f"{url}#c{at.pk}" if at else url)


def undo_of(request: MemberRequest, comment: Comment) -> Undo:
    return Undo(_("The comment is deleted."), request.membership.url("cycles:comment_restore", comment.pk))


def undo_in(request: MemberRequest, topic: Topic) -> Undo | None:
    gone = number_in(request.GET, "deleted")
    binned = Comment.objects.filter(**{topic.kind: topic.thing}, deleted_at__isnull=False)
    comment = binned.filter(pk=gone).first() if gone else None
    return undo_of(request, comment) if comment and may_delete(request, comment) else None


def show(request: MemberRequest, topic: Topic, status: int = 200, **more: Any) -> HttpResponse:
    context = talk_of(request, topic) | more
    return page_or_fragment(request, PAGE, FRAGMENT, context, status=status)


def talk_of(request: MemberRequest, topic: Topic) -> dict[str, Any]:
    """What `_comments.html` prints: for our own page, and for the pages that hold a thread."""
    threads = comments.threads_of(topic, request.membership)
    return {
        "cycle": topic.cycle,
        "topic": topic,
        "talk_url": topic.url(request.membership),
        "threads": threads,
        "n_open": sum(thread.first.comment.resolved_at is None for thread in threads),
        "may_speak": request.membership.role in SPEAKERS,
        "may_edit": request.membership.is_editor,
        "comment_form": CommentForm(auto_id=f"id_%s_{topic.ident}"),
        "key": new_key(),
    }
