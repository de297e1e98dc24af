"""An SVG of ours drawn as PNG at twice its size."""

from pathlib import Path

import resvg_py

FAMILY = "Instrument Sans"
ZOOM = 2
# The renderer reads neither woff2 nor the axes of a variable font: one plain file a weight. To make them
# takes seconds, so they are shipped (tools/plain_fonts.py makes them) and no picture waits for it.
WEIGHTS = (400, 500, 600)
FONTS = Path(__file__).resolve().parent / "fonts"
FILES = tuple(str(FONTS / f"instrument-sans-{weight}.ttf") for weight in WEIGHTS)


def as_png(svg: str) -> bytes:
    """Only the font shipped with the project: the picture is the same on every server."""
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=list(FILES),
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
    return bytes(drawn)
