"""One-page PDFs: the sheet of a service level, the report card."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cycles.models import ServiceLevel
from prioritization.reports import one_page
from prioritization.reports.filename import plain
from prioritization.reports.pages import Composed
from prioritization.views.reports import cycle_or_404


def printed(sizes: Iterable[Composed], name: str) -> HttpResponse:
    # Here, because only who asks for a PDF needs WeasyPrint.
    from prioritization.reports.pdf import on_one_page

    response = HttpResponse(on_one_page(sizes), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{plain(name)[:100] or "cyclemap"}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def level_pdf(request: MemberRequest, level_id: int) -> HttpResponse:
    levels = request.membership.reach(ServiceLevel).filter(deleted_at=None)
    level = get_object_or_404(levels.select_related("cycle__client__workspace", "moment"), pk=level_id)
    name = _("Service level") + f" {level}"
    return printed(one_page.of_level(level, timezone.localdate()), name)


@require_safe
def card_pdf(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Under the filters of the page. 404 where there is nothing to grade yet."""
    cycle = cycle_or_404(request, cycle_id)
    sizes = one_page.of_card(cycle, request.GET, timezone.localdate())
    if sizes is None:
        raise Http404
    return printed(sizes, _("Report card") + f" {cycle}")
