"""The command line of `prioritize`: what may be asked, and where the answer goes.

Knows nothing of Django's command framework, so that `start.py` need not load it.
"""

from argparse import ArgumentParser
from math import isfinite
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from prioritization.analysis.crosshair import CrosshairRule, Rule
from prioritization.analysis.engine import MIN_N
from prioritization.analysis.regression import Method
from prioritization.priority_file import document
from prioritization.priority_file.answer import Answer, Options, answer
from prioritization.priority_file.table import table
from prioritization.ratings_file import CycleFile, FileFaultError, read_cycle
from prioritization.ratings_file.faults import refuse

ABOUT = "Rank the moments of a ratings file (CSV or XLSX; wide, long or points), most urgent first."
SMALLEST_MIN_N = 5


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--cycle", type=Path, help="JSON with scales, labels and stages of the moments")
    parser.add_argument("--importance", choices=["auto", "stated", "picks", "derived"], default="auto")
    parser.add_argument("--method", choices=[method.value for method in Method])
    parser.add_argument(
        "--crosshair",
        default="grand_mean",
        help="grand_mean, scale_midpoint, median, trimmed_mean or user:I,S",
    )
    parser.add_argument("--wave")
    parser.add_argument("--compare", metavar="WAVE", help="the wave before, to tell what changed")
    parser.add_argument("--segment", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--weighted", action="store_true")
    parser.add_argument("--min-n", type=int, default=MIN_N)
    parser.add_argument(
        "--language", choices=[code for code, _name in settings.LANGUAGES], default=settings.LANGUAGE_CODE
    )
    parser.add_argument("--json", metavar="OUT", help="- is standard output")
    parser.add_argument("--svg", type=Path, metavar="OUT")
    parser.add_argument("--pdf", type=Path, metavar="OUT")


def run(given: dict[str, Any], out: TextIO, err: TextIO) -> int:
    """0, or 2 with one line a fault on `err`."""
    with translation.override(given["language"]):
        try:
            prioritize(given, out)
        except FileFaultError as error:
            for line in error.lines():
                err.write(line + "\n")
            return 2
    return 0


def prioritize(given: dict[str, Any], out: TextIO) -> None:
    options = options_of(given)
    cycle = read_cycle(given["cycle"]) if given["cycle"] else CycleFile()
    found = answer(given["file"], cycle, options, given["language"])
    to_screen = given["json"] == "-"
    if given["json"]:
        text = document.as_text(document.document(found, options))
        if to_screen:
            out.write(text)
        else:
            write(Path(given["json"]), text.encode())
    draw(found, given)
    if not to_screen:
        out.write(table(found))


def draw(found: Answer, given: dict[str, Any]) -> None:
    """FileFaultError: a chart is asked for and no moment may be shown."""
    if given["svg"] is None and given["pdf"] is None:
        return
    # Only a drawing needs the templates and the font's measures.
    from prioritization.priority_file import drawing

    if given["svg"] is not None:
        if found.priorities.crosshair is None:
            raise refuse(_("no chart: no moment can be placed on the matrix"))
        write(given["svg"], drawing.svg(found).encode())
    if given["pdf"] is not None:
        write(given["pdf"], drawing.pdf(found, given["file"].name))


def options_of(given: dict[str, Any]) -> Options:
    """FileFaultError: an option that is not as described."""
    segments = {}
    for text in given["segment"]:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise refuse(_("--segment %s: expected NAME=VALUE") % text)
        segments[name.strip()] = value.strip()
    if given["min_n"] < SMALLEST_MIN_N:
        raise refuse(
            _("--min-n %(n)d: expected at least %(least)d") % {"n": given["min_n"], "least": SMALLEST_MIN_N}
        )
    return Options(
        given["importance"],
        given["method"],
        crosshair_of(given["crosshair"]),
        given["wave"],
        given["compare"],
        segments,
        given["weighted"],
        given["min_n"],
    )


def crosshair_of(text: str) -> CrosshairRule:
    """FileFaultError: neither a rule nor user:I,S."""
    if text in {rule.value for rule in Rule if rule is not Rule.USER}:
        return text
    name, _colon, values = text.partition(":")
    parts = values.split(",")
    if name == Rule.USER and len(parts) == 2:
        try:
            importance, satisfaction = (float(part) for part in parts)
        except ValueError:
            importance = satisfaction = float("nan")
        if isfinite(importance) and isfinite(satisfaction):
            return "user", importance, satisfaction
    raise refuse(
        _("--crosshair %s: expected grand_mean, scale_midpoint, median, trimmed_mean or user:I,S") % text
    )


def write(path: Path, content: bytes) -> None:
    """FileFaultError: the place cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise refuse(
            _("%(path)s cannot be written: %(why)s") % {"path": path, "why": error.strerror or error}
        ) from error
