"""The plain fonts of cyclemap/png.py out of the variable one that the pages use.

    .venv/bin/python -m tools.plain_fonts

To be run again when static/fonts changes; tests/test_png.py says so.
"""

from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from cyclemap.png import FILES, FONTS, WEIGHTS

VARIABLE = FONTS.parent.parent / "static/fonts/instrument-sans-var.woff2"


def main() -> None:
    FONTS.mkdir(exist_ok=True)
    for weight, path in zip(WEIGHTS, FILES, strict=True):
        font = TTFont(VARIABLE, recalcTimestamp=False)
        font.flavor = None
        plain = instantiateVariableFont(font, {"wght": weight}, updateFontNames=False)
        plain["OS/2"].usWeightClass = weight
        plain.save(Path(path))


if __name__ == "__main__":
    main()
