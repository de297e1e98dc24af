"""The colour of a client, as it can be read: AA contrast on white, whatever was chosen."""

import re

HEX = re.compile(r"#[0-9a-fA-F]{6}")
# Of the program itself, where a client has none.
BRAND = "#0F4B3D"
ENOUGH = 4.5  # WCAG 2.2, 1.4.3


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def on_white(colour: str) -> float:
    """Contrast with white paper, 1 to 21."""
    return 1.05 / (luminance(colour) + 0.05)


def readable(colour: str) -> str:
    """The colour itself, or the lightest shade of it that can be read on white."""
    if not HEX.fullmatch(colour):
        return BRAND
    if on_white(colour) >= ENOUGH:
        return colour.upper()
    # In parts of 100: the darker, the higher the contrast.
    shades = (
        "#" + "".join(f"{round(channel * part / 100):02X}" for channel in channels(colour))
        for part in range(99, -1, -1)
    )
    return next(shade for shade in shades if on_white(shade) >= ENOUGH)
