"""Evidence of a moment: attach, hand out, delete, restore."""

from collections.abc import Callable

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest
from cyclemap.uploads import is_cut_off
from cycles import evidence
from cycles.attachments import KeptFile
from cycles.models import Attachment
from cycles.views.bench import Bench, Undo, changed, show
from cycles.views.reached import the_attachment, the_moment


@require_POST
def attachment_add(request: MemberRequest, moment_id: int) -> HttpResponse:
    moment = the_moment(request, moment_id)
    cycle = moment.stage.cycle
    names, faults = taken(request, lambda file: evidence.attach(moment, file))
    if names:
        said = _("Attached: %(files)s") % {"files": ", ".join(names)}
        return changed(request, cycle, Bench(moment.pk, live=said, more={"file_faults": faults}))
    bench = Bench(moment.pk, more={"file_faults": faults})
    return show(request, cycle, bench, "cycles/_panel.html", status=422)


def taken(request: MemberRequest, attach: Callable[[UploadedFile], KeptFile]) -> tuple[list[str], list[str]]:
    """The files of a form, each for itself: names of those attached, and what is wrong with the others."""
    faults, names = [], []
    if is_cut_off(request):
        faults = [_("The upload is larger than the server takes.")]
    for file in request.FILES.getlist("file"):
        try:
            names.append(attach(file).name)
        except evidence.EvidenceError as error:
            faults.append(f"{evidence.tidy_name(file.name or '')}: {error}")
    if not (faults or names):
        faults = [_("Choose a file.")]
    return names, faults


@require_safe
def attachment(request: MemberRequest, attachment_id: int) -> HttpResponseBase:
    """The file, to whoever may see the moment; a browser saves it and never runs it."""
    return handed_out(the_attachment(request, attachment_id))


def handed_out(found: KeptFile) -> HttpResponseBase:
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
def attachment_delete(request: MemberRequest, attachment_id: int) -> HttpResponse:
    found = the_attachment(request, attachment_id)
    Attachment.objects.filter(pk=found.pk, deleted_at=None).update(deleted_at=timezone.now())
    said = _("“%(file)s” is in the bin.") % {"file": found}
    undo = Undo(said, request.membership.url("cycles:attachment_restore", found.pk))
    return changed(request, found.moment.stage.cycle, Bench(found.moment_id, undo=undo))


@require_POST
def attachment_restore(request: MemberRequest, attachment_id: int) -> HttpResponse:
    found = the_attachment(request, attachment_id, binned=True)
    Attachment.objects.filter(pk=found.pk).update(deleted_at=None)
    said = _("“%(file)s” is back.") % {"file": found}
    return changed(request, found.moment.stage.cycle, Bench(found.moment_id, undo=Undo(said)))
