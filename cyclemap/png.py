"""An SVG of ours drawn as PNG at twice its size."""

from functools import cache
from io import BytesIO

import resvg_py
from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FAMILY = "Instrument Sans"
ZOOM = 2
WEIGHTS = (400, 500, 600)


def as_png(svg: str) -> bytes:
    """Only the font shipped with the project: the picture is the same on every server."""
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=list(font_files()),
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
    return bytes(drawn)


@cache
def font_files() -> tuple[str, ...]:
    """The renderer reads neither woff2 nor the axes of a variable font: one plain file a weight."""
    folder = settings.DATA_DIR / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for weight in WEIGHTS:
        path = folder / f"instrument-sans-{weight}.ttf"
        if not path.exists():
            font = TTFont(settings.BASE_DIR / "static/fonts/instrument-sans-var.woff2")
            font.flavor = None
            plain = instantiateVariableFont(font, {"wght": weight}, updateFontNames=False)
            plain["OS/2"].usWeightClass = weight
            out = BytesIO()
            plain.save(out)
            # Whole at once, whatever another process does meanwhile.
            part = path.with_suffix(f".{weight}.part")
            part.write_bytes(out.getvalue())
            part.replace(path)
        found.append(str(path))
    return tuple(found)
