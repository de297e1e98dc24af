"""Answers from a file: give it, say what its columns hold, import it, take it back."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, allow
from accounts.models import EDITORS
from cyclemap.celery import hint
from cyclemap.htmx import page_or_fragment
from cyclemap.uploads import is_cut_off
from cycles.models import Cycle
from prioritization.models import ImportState, RatingsImport
from prioritization.ratings_file.faults import FileFaultError
from prioritization.ratings_import import jobs
from prioritization.ratings_import.choices import Choices
from prioritization.ratings_import.page import Mapping, is_described, mapping_of, what_went_wrong
from prioritization.ratings_import.taking import described
from prioritization.ratings_import.upload import Given, given, table_of, too_large
from prioritization.ratings_import.writing import TakenUpError, remove
from prioritization.tasks import digest_tallies, import_ratings, refresh_matrices


def cycle_or_404(request: MemberRequest, cycle_id: int) -> Cycle:
    cycles = request.membership.reach(Cycle).filter(deleted_at=None).select_related("client")
    return get_object_or_404(cycles, pk=cycle_id)


def import_or_404(request: MemberRequest, import_id: int) -> RatingsImport:
    found = request.membership.reach(RatingsImport).filter(cycle__deleted_at=None)
    # The page asks again and again: the file itself only where it is looked into.
    return get_object_or_404(found.select_related("cycle__client", "survey").defer("table"), pk=import_id)


def front(request: MemberRequest, cycle: Cycle, faults: list[str] | None = None) -> HttpResponse:
    """Where a file is given, and the files given before."""
    given = RatingsImport.objects.filter(cycle=cycle).defer("table").select_related("survey", "uploaded_by")
    context = {"cycle": cycle, "faults": faults, "imports": given[:50]}
    return render(request, "prioritization/imports.html", context, status=422 if faults else 200)


def answer(
    request: MemberRequest, found: RatingsImport, mapping: Mapping | None = None, status: int = 200
) -> HttpResponse:
    """One import as it stands: to be described, being worked on, or done."""
    if mapping is None and not is_described(found):
        mapping = mapping_of(found, Choices.from_json(found.choices))
    wave = found.survey.waves.last() if found.survey else None
    faults = what_went_wrong(found) if found.state == ImportState.REFUSED else []
    context = {"cycle": found.cycle, "found": found, "mapping": mapping, "wave": wave, "faults": faults}
    return page_or_fragment(
        request, "prioritization/import.html", "prioritization/_import.html", context, status
    )


@allow(read=EDITORS)
@require_safe
def imports(request: MemberRequest, cycle_id: int) -> HttpResponse:
    return front(request, cycle_or_404(request, cycle_id))


@require_POST
def import_give(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Keep a file and guess what it holds; a large one is read by a worker.

    The same file again leads to what became of it.
    """
    cycle = cycle_or_404(request, cycle_id)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return front(request, cycle, [too_large() if is_cut_off(request) else _("Choose a file.")])
    try:
        whole = given(file)
        kept = read_now(whole, cycle) if whole.is_quick else read_later(whole)
    except FileFaultError as error:
        return front(request, cycle, error.lines())
    name = "".join(char for char in file.name or "" if char.isprintable())[:200]
    one = {"cycle": cycle, "fingerprint": whole.fingerprint}
    RatingsImport.objects.filter(**one, state=ImportState.REFUSED).delete()
    kept |= {"name": name, "uploaded_by": request.user}
    found, new = RatingsImport.objects.get_or_create(**one, defaults=kept)
    if not new:
        messages.info(request, _("This file was here already. Nothing was added."))
    elif found.is_being_read:
        hint(import_ratings)
    return redirect(request.membership.url("prioritization:import", found.pk))


def read_now(whole: Given, cycle: Cycle) -> dict[str, object]:
    table = table_of(whole.data)
    return {"table": table, "choices": described(table, cycle).as_json()}


def read_later(whole: Given) -> dict[str, object]:
    return {"table": whole.data, "state": ImportState.READING}


@allow(read=EDITORS)
@require_safe
def import_page(request: MemberRequest, import_id: int) -> HttpResponse:
    return answer(request, import_or_404(request, import_id))


@require_POST
def import_columns(request: MemberRequest, import_id: int) -> HttpResponse:
    """Keep what was chosen, right or wrong; with `import` pressed, import it if nothing is wrong."""
    found = import_or_404(request, import_id)
    if is_described(found):
        return moved_on(request, found)
    choices = Choices.from_json(found.choices).chosen(request.POST)
    found.choices = choices.as_json()
    still = RatingsImport.objects.filter(pk=found.pk, state=found.state)
    still.update(choices=found.choices)
    mapping = mapping_of(found, choices)
    if mapping.faults or mapping.problems:
        return answer(request, found, mapping, status=422)
    if "import" in request.POST and mapping.ready:
        begin(found, mapping)
    return moved_on(request, found)


def begin(found: RatingsImport, mapping: Mapping) -> None:
    """What is small is imported while the person waits, the rest by a worker. Pressed twice is once."""
    if not jobs.queue(found):
        return
    if not mapping.small:
        hint(import_ratings)
        return
    claimed = jobs.claim(found.pk)
    if claimed is not None:
        jobs.run(claimed)
        hint(digest_tallies)
        hint(refresh_matrices)


def moved_on(request: MemberRequest, found: RatingsImport) -> HttpResponse:
    if request.htmx:
        return answer(request, import_or_404(request, found.pk))
    return redirect(request.membership.url("prioritization:import", found.pk))


@require_POST
def import_remove(request: MemberRequest, import_id: int) -> HttpResponse:
    """Undo an import, or give up a file that was not imported."""
    found = import_or_404(request, import_id)
    if found.state == ImportState.RUNNING:
        messages.error(request, _("It is being imported right now. Wait until it is done, then undo it."))
        return redirect(request.membership.url("prioritization:import", found.pk))
    try:
        kept = remove(found)
    except TakenUpError as error:
        messages.error(request, str(error))
        return redirect(request.membership.url("prioritization:import", found.pk))
    messages.success(request, _("Everything that came with this file is gone again."))
    if kept:
        messages.info(
            request,
            ngettext(
                "%(n)d new moment stays on the map, because it has been worked on since.",
                "%(n)d new moments stay on the map, because they have been worked on since.",
                kept,
            )
            % {"n": kept},
        )
    return redirect(request.membership.url("prioritization:imports", found.cycle_id))
