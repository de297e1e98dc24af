"""What customers wrote, of what a consultant chose: never of a wave too small to stay anonymous."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prioritization.models import QuotedComment
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.tables import plain
from prioritization.results.who import threshold


def find(document: Document) -> Found | None:
    asked = document.asked
    if document.wave is None or asked is None or asked.answers < threshold(document.wave):
        return None
    chosen = QuotedComment.objects.filter(response__wave=document.wave).exclude(response__comment="")
    texts = list(chosen.order_by("pk").values_list("response__comment", flat=True))
    if not texts:
        return None
    finding = ngettext(
        "%(n)d comment, chosen from those of %(wave)s",
        "%(n)d comments, chosen from those of %(wave)s",
        len(texts),
    ) % {"n": len(texts), "wave": document.wave}
    return Found(_("What customers wrote"), finding, {}, plain(1, texts))


CHAPTER = Chapter("comments", gettext_lazy("Comments of customers"), find)
