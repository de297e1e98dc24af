"""How much text fits where, measured before it is set: no line of a deck runs out of its box.

The deck asks for Arial, which every office has (or Liberation Sans of the same widths); it is a little wider
than the font we have measured, so the measures are widened.
"""

from cyclemap.svg import ellipsis, text_width

FONT = "Arial"
WIDER = 1.05
LEADING = 1.2
POINTS = 72  # an inch


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """In inches, of a text in `size` points."""
    return text_width(text, size, 600 if bold else 500) * WIDER / POINTS


def cut(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """On one line of so many inches, with an ellipsis where it is longer."""
    return ellipsis(" ".join(text.split()), width * POINTS / WIDER, size, 600 if bold else 500)


def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """As a renderer breaks it: word after word; a word longer than a line is cut."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and width_of(longer, size, bold=bold) > width:
                lines.append(line)
                longer = word
            line = longer if width_of(longer, size, bold=bold) <= width else cut(word, width, size, bold=bold)
        lines.append(line)
    return lines


def fitted(text: str, width: float, size: float, most: int, *, bold: bool = False) -> str:
    """In `most` lines; the last one ends in an ellipsis where there is more."""
    lines = lines_of(text, width, size, bold=bold)
    if len(lines) <= most:
        return " ".join(lines)
    rest = cut(" ".join(lines[most - 1 :]), width, size, bold=bold)
    return " ".join([*lines[: most - 1], rest])


def sized(
    text: str, width: float, sizes: tuple[float, ...], most: int, *, bold: bool = False
) -> tuple[str, float]:
    """The text in the largest of `sizes` in which it takes no more than `most` lines, else cut."""
    for size in sizes:
        if len(lines_of(text, width, size, bold=bold)) <= most:
            return " ".join(text.split()), size
    return fitted(text, width, sizes[-1], most, bold=bold), sizes[-1]


def height_of(lines: int, size: float) -> float:
    """In inches."""
    return lines * size * LEADING / POINTS
