"""What customers wrote, to be searched, and sorted by words that consultants give it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from cyclemap.folding import Folded, fold
from cyclemap.text import unprintable
from prioritization.results.choice import Chosen
from prioritization.results.counts import part_of
from surveys.models import Response, Wave

PER_PAGE = 25
MOST_WORDS = 6
LONGEST_TAG = 40
MOST_TAGS = 10


@dataclass(frozen=True)
class Tag:
    name: str
    n: int
    chosen: bool


@dataclass(frozen=True)
class Comments:
    page: "Page[Response]"
    tags: tuple[Tag, ...]
    total: int  # of the group, before search and tag


class TagError(ValueError):
    """The message is a sentence for the person."""


def in_order(answers: QuerySet[Response], wave: Wave) -> QuerySet[Response]:
    """The latest first; of an anonymous survey in an order that has nothing to do with the hour."""
    return (
        answers.order_by("digest", "pk")
        if wave.survey.is_anonymous
        else answers.order_by("-submitted_at", "-pk")
    )


def answers_of(chosen: Chosen) -> QuerySet[Any]:
    """The answers of the group or of the period."""
    wave = chosen.wave
    found = Response.objects.filter(wave=wave)
    if chosen.filters.period:
        first, last = chosen.filters.period
        return found.filter(submitted_at__date__gte=first, submitted_at__date__lte=last)
    if chosen.group is None:
        return found
    _name, value = chosen.group
    part = part_of(chosen.split, is_anonymous=wave.survey.is_anonymous)
    return found.annotate(part=part).filter(part=value)


def comments_of(chosen: Chosen, answers: QuerySet[Response]) -> Comments:
    """Three statements, however many comments."""
    written = answers.exclude(comment="")
    lists = list(written.order_by().values_list("tags").annotate(n=Count("pk")))
    counts: Counter[str] = Counter()
    for tags, n in lists:
        counts.update(dict.fromkeys(tags, n))
    tags = tuple(
        Tag(name, n, name == chosen.tag)
        for name, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )
    wanted = in_order(searched(written, chosen.words), chosen.wave)
    if chosen.tag:
        wanted = wanted.filter(having(chosen.tag, [tags for tags, _n in lists]))
    page = Paginator(wanted.select_related("quoted"), PER_PAGE).get_page(chosen.page)
    return Comments(page, tags, sum(n for _tags, n in lists))


def searched(written: QuerySet[Response], words: str) -> QuerySet[Response]:
    """Every word, in any order; case and accents do not matter."""
    if not words:
        return written
    found = written.annotate(folded=Folded("comment"))
    for word in fold(words).split()[:MOST_WORDS]:
        found = found.filter(folded__contains=word)
    return found


def having(tag: str, lists: Sequence[list[str]]) -> Q:
    """No database-independent way leads into a list, but there are few different lists."""
    found = Q(pk__in=[])
    for tags in lists:
        if tag in tags:
            found |= Q(tags=tags)
    return found


def tag_named(text: str) -> str:
    """TagError: nothing, or too long."""
    name = " ".join(text.split())
    if not name:
        raise TagError(_("Write a word to sort the comment by."))
    if unprintable(name):
        raise TagError(_("This text has a control character in it. Please type it again."))
    if len(name) > LONGEST_TAG:
        raise TagError(_("At most %(most)d characters.") % {"most": LONGEST_TAG})
    return name


def add_tag(answer: Response, name: str) -> None:
    """The row is locked by the caller. TagError: too many. Another case is the same tag."""
    if fold(name) in {fold(tag) for tag in answer.tags}:
        return
    if len(answer.tags) >= MOST_TAGS:
        raise TagError(_("A comment has at most %(most)d tags.") % {"most": MOST_TAGS})
    answer.tags = sorted([*answer.tags, name])
    answer.save(update_fields=["tags"])


def remove_tag(answer: Response, name: str) -> None:
    if name in answer.tags:
        answer.tags = [tag for tag in answer.tags if tag != name]
        answer.save(update_fields=["tags"])
