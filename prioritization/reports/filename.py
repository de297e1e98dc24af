"""What a report is called on the reader's own disk."""

import re
import unicodedata

from django.utils.translation import override

from prioritization.models import Report
from prioritization.reports.kinds import file_type

MAX = 100


def plain(text: str) -> str:
    """Letters and digits of any script, joined by hyphens: no file system stumbles over it."""
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", text), flags=re.UNICODE)
    return words.strip("-_")


def download_name(report: Report) -> str:
    """`Lunaria-Moda-Comprar-un-vestido-T4-2025-es.pdf`, in the language of the report."""
    with override(report.language):
        parts = [str(report.cycle.client), str(report.cycle), str(report.wave or "")]
    name = "-".join(filter(None, map(plain, parts)))[:MAX].strip("-")
    return f"{name or 'cyclemap'}-{report.language}.{file_type(report.kind).ending}"
