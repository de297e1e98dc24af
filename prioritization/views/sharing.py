"""Links to a report for people without an account: make one, see how often it was opened, close it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.htmx import page_or_fragment
from prioritization import share_links
from prioritization.handing_forms import ShareForm
from prioritization.models import JobState, Report, ShareLink


def report_or_404(request: MemberRequest, report_id: int) -> Report:
    found = request.membership.reach(Report).select_related("cycle__client", "wave")
    return get_object_or_404(found, pk=report_id, state=JobState.DONE)


def answer(
    request: MemberRequest,
    report: Report,
    form: ShareForm | None = None,
    address: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "cycle": report.cycle,
        "report": report,
        "form": form or ShareForm(),
        "links": report.links.select_related("created_by"),
        "address": address,
    }
    return page_or_fragment(
        request, "prioritization/share.html", "prioritization/_share.html", context, status
    )


@allow(read=EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: MemberRequest, report_id: int) -> HttpResponse:
    """The address is shown once, in the answer to the press: nobody can read it again."""
    report = report_or_404(request, report_id)
    if request.method != "POST":
        return answer(request, report)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return answer(request, report, form, status=422)
    chosen = form.cleaned_data
    _link, address = share_links.make(
        report, chosen["name"], chosen["days"], chosen["password"], request.user
    )
    return answer(request, report, address=address)


@require_POST
def share_revoke(request: MemberRequest, share_id: int) -> HttpResponse:
    found = request.membership.reach(ShareLink).select_related("report__cycle__client", "report__wave")
    link = get_object_or_404(found, pk=share_id)
    share_links.revoke(link)
    messages.success(request, _("The link is closed: it leads nowhere any more."))
    if request.htmx and link.report.state == JobState.DONE:
        return answer(request, link.report)
    if link.report.state == JobState.DONE:
        return redirect(request.membership.url("prioritization:share", link.report_id))
    return redirect(request.membership.url("prioritization:reports", link.report.cycle_id))
