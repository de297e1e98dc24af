"""The whole report task, warm (queries, charts, HTML, PDF), beside WeasyPrint alone on the same HTML."""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.harness import ROOT, Result, environment, fresh_database, interleaved, seconds


def run() -> list[Result]:
    with fresh_database() as database, tempfile.TemporaryDirectory() as folder:
        env = environment(database, Path(folder)) | {"DJANGO_SETTINGS_MODULE": "cyclemap.settings"}
        out = subprocess.run(
            [sys.executable, "-m", __name__], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
        ).stdout
    whole, bare, pages, slides, sheet, peak = json.loads(out)
    detail = (
        f"report {whole:.2f} s, WeasyPrint alone {bare:.2f} s, {pages} pages; "
        f"slides {slides:.2f} s, workbook {sheet:.2f} s; peak {peak:.0f} MB"
    )
    return [Result("report_vs_bare_weasyprint", whole / bare, 1.10, "lower", detail)]


def measure() -> tuple[float, float, int, float, float, float]:
    """Median seconds of the whole task and of WeasyPrint on the same HTML, both warm; pages.

    Beside them seconds of the slides and of the workbook of the same data, and the peak of memory in MB.
    """
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone, translation
    from pypdf import PdfReader
    from weasyprint import HTML

    from cycles.models import Cycle
    from prioritization.reports.document import gather
    from prioritization.reports.fetcher import AssetFetcher
    from prioritization.reports.pages import compose
    from prioritization.reports.pdf import typeset
    from prioritization.sheet import book
    from prioritization.slides import pages as deck
    from surveys.models import Wave

    call_command("migrate", verbosity=0)
    call_command("demo", stdout=io.StringIO())
    wave = Wave.objects.order_by("-opened_at")[0]
    cycle = Cycle.objects.get(surveys__waves=wave)

    def whole() -> bytes:
        with translation.override("es"):
            return typeset(compose(gather(cycle, wave, "es", timezone.localdate())))

    with translation.override("es"):
        composed = compose(gather(cycle, wave, "es", timezone.localdate()))

    def bare() -> bytes:
        html = HTML(string=composed.html, url_fetcher=AssetFetcher(composed.assets))
        pdf: bytes = html.write_pdf(pdf_variant="pdf/ua-1")
        return pdf

    pages = len(PdfReader(io.BytesIO(whole())).pages)
    bare()
    ours, beside = interleaved(lambda: seconds(whole), lambda: seconds(bare), rounds=7)
    document = gather(cycle, wave, "es", timezone.localdate())
    slides, sheet = interleaved(
        lambda: seconds(lambda: deck.written(document)), lambda: seconds(lambda: book.written(document))
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return ours, beside, pages, slides, sheet, peak


if __name__ == "__main__":
    assert os.environ["DJANGO_SETTINGS_MODULE"]
    print(json.dumps(measure()))
