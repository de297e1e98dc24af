"""Pictures as PNG: drawn with the fonts shipped, on the first request as on every other."""

import struct
import subprocess
import sys

import pytest
from fontTools.ttLib import TTFont

from cyclemap.png import FILES, WEIGHTS, as_png
from tools.plain_fonts import VARIABLE

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" font-family="Instrument Sans">'
    '<rect width="120" height="40" fill="#fff"/><text x="4" y="26" font-size="20" font-weight="{weight}">'
    "{text}</text></svg>"
)


def test_twice_the_size():
    drawn = as_png(SVG.format(weight=400, text="Año"))
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", drawn[16:24]) == (240, 80)


def test_each_weight_has_its_own_letters():
    blank = as_png(SVG.format(weight=400, text=""))
    drawn = {as_png(SVG.format(weight=weight, text="Año − 5")) for weight in WEIGHTS}
    assert len(drawn) == len(WEIGHTS)
    assert blank not in drawn, "the letters are there"


@pytest.mark.parametrize(("weight", "path"), list(zip(WEIGHTS, FILES, strict=True)))
def test_the_plain_fonts_are_those_of_the_pages(weight, path):
    plain, variable = TTFont(path), TTFont(VARIABLE)
    assert plain["OS/2"].usWeightClass == weight
    assert plain.getBestCmap() == variable.getBestCmap(), "run tools/plain_fonts.py"
    assert plain["head"].fontRevision == variable["head"].fontRevision, "run tools/plain_fonts.py"


def test_a_picture_waits_for_no_font_to_be_made():
    """A process that draws its first picture loads nothing that makes fonts."""
    program = f"import sys; from cyclemap.png import as_png; as_png({SVG.format(weight=600, text='A')!r}); "
    program += "print(any(name.startswith('fontTools') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
