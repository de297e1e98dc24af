"""The wheel of a cycle as shapes: the places come from cycles/wheel.py, as those of the SVG do."""

import re
from math import degrees, radians
from typing import Any

from pptx.dml.color import RGBColor
from pptx.util import Pt

from cyclemap.svg import INK, INK_2, INK_3, LINE_2, polar
from cycles.arcs import BAND, BAND_IN, BAND_OUT, CHEVRON, Arc
from cycles.labels import Label
from cycles.wheel import RING, Node, Wheel
from prioritization.slides.deck import Box, Run, Slide, describe, emu, fill, flat, oval
from prioritization.slides.setting import cut, width_of

STEP = 4.0  # degrees between two corners of an arc
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
LEAST = 7.0  # points; nothing is set smaller


class Drawing:
    """Where the units of a wheel lie on a slide."""

    def __init__(self, slide: Slide, wheel: Wheel, box: Box) -> None:
        self.slide, self.wheel = slide, wheel
        left, top, right, bottom = wheel.bounds
        self.scale = min(box[2] / (right - left), box[3] / (bottom - top))
        self.x0 = box[0] + box[2] / 2 - self.scale * (left + right) / 2
        self.y0 = box[1] + box[3] / 2 - self.scale * (top + bottom) / 2
        self.group = slide.shapes.add_group_shape()
        # Measured once, when all is in it, not at every shape.
        self.group.shapes._recalculate_extents = lambda: None

    def measure(self) -> None:
        del self.group.shapes._recalculate_extents
        self.group.shapes._recalculate_extents()

    @property
    def shapes(self) -> Any:
        return self.group.shapes

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        return self.x0 + self.scale * point[0], self.y0 + self.scale * point[1]

    def points(self, units: float) -> float:
        """A size of letters in points."""
        return max(LEAST, round(units * self.scale * 72 * 2) / 2)

    def disc(self, centre: tuple[float, float], radius: float) -> Any:
        x, y = self.at(centre)
        return oval(self.shapes, x, y, radius * self.scale)

    def line(self, points: list[tuple[float, float]], *, closed: bool) -> Any:
        corners = [tuple(int(emu(v)) for v in self.at(point)) for point in points]
        builder = self.shapes.build_freeform(*corners[0], scale=1.0)
        builder.add_line_segments(corners[1:], close=closed)
        return builder.convert_to_shape()


def draw(slide: Slide, wheel: Wheel, box: Box, alt: str) -> Any:
    """One group, so that it moves as one and every part of it can be changed."""
    on = Drawing(slide, wheel, box)
    ring = on.disc((0, 0), RING)
    ring.name = "ring"
    fill(ring, None, LINE_2[1:], 1)
    for number, arc in enumerate(wheel.arcs, 1):
        draw_arc(on, arc, number)
    for node in wheel.nodes:
        draw_node(on, node)
    if wheel.centre:
        draw_centre(on)
    on.measure()
    describe(on.group, "wheel", alt)
    return on.group


def band(start: float, end: float) -> list[tuple[float, float]]:
    """The corners of a stage: an arrow along the band."""
    tip = degrees(CHEVRON / BAND)
    steps = max(1, round((end - start) / STEP))
    outer = [polar(BAND_OUT, start + (end - start) * k / steps) for k in range(steps + 1)]
    inner = [polar(BAND_IN, end - (end - start) * k / steps) for k in range(steps + 1)]
    return [*outer, polar(BAND, end + tip), *inner, polar(BAND, start + tip)]


def draw_arc(on: Drawing, arc: Arc, number: int) -> None:
    shape = on.line(band(arc.start, arc.end), closed=True)
    fill(shape, arc.fill[1:])
    describe(shape, f"stage {number}", arc.name)
    if on.wheel.mini:
        return
    middle = (arc.start + arc.end) / 2 + degrees(CHEVRON / 2 / BAND)
    # Straight words on a round band: no longer than what stays inside it.
    size = on.points(12)
    room = min(radians(arc.end - arc.start) * BAND * 0.78, 104.0) * on.scale
    text = cut(arc.name, room, size, bold=True)
    if len(text) < 5 and text != arc.name:
        text = str(number)
    flip = 90 < middle % 360 < 270
    x, y = on.at(polar(BAND, middle))
    wide = room + 0.1
    box = (x - wide / 2, y - 0.12, wide, 0.24)
    shape = on.slide.text(
        box,
        [Run(text, size, True, "FFFFFF")],
        f"name of stage {number}",
        align="centre",
        anchor="middle",
        shapes=on.shapes,
    )
    shape.text_frame.word_wrap = False
    shape.rotation = (middle + (180 if flip else 0)) % 360


def draw_node(on: Drawing, node: Node) -> None:
    if node.critical:
        ring = on.disc(node.centre, float(node.ring))
        ring.name = f"critical {node.number}"
        fill(ring, "FFFFFF", INK[1:], 1.25)
    disc = on.disc(node.centre, float(node.r))
    describe(disc, f"moment {node.number}", node.title)
    rated = node.step > 0
    fill(disc, node.fill[1:], "FFFFFF" if rated else INK_3[1:], 0.75)
    if on.wheel.mini:
        return
    size = on.points(float(node.number_size))
    run = Run(str(node.number), size, True, node.text_fill[1:])
    on.slide.deck.write(disc.text_frame, [run], align="centre", anchor="middle")
    disc.text_frame.word_wrap = False
    if node.label:
        draw_label(on, node, node.label)


def draw_label(on: Drawing, node: Node, label: Label) -> None:
    if label.leader:
        numbers = [float(found) for found in NUMBER.findall(label.leader)]
        corners = list(zip(numbers[::2], numbers[1::2], strict=True))
        leader = on.line(corners, closed=False)
        leader.name = f"leader {node.number}"
        leader.fill.background()
        leader.line.color.rgb = RGBColor.from_string("AEB6AF")
        leader.line.width = Pt(0.75)
        flat(leader)
    size = on.points(float(label.size))
    _left, top, _right, bottom = label.box
    y = on.at((0, top))[1]
    height = on.scale * (bottom - top)
    # As wide as the font of the deck needs it, away from the wheel.
    lines = [line.text for line in label.lines]
    wide = max(width_of(line, size) for line in lines) + 0.06
    anchor_x = on.at((float(label.lines[0].x), 0))[0]
    x = anchor_x if label.anchor == "start" else anchor_x - wide
    shape = on.slide.text(
        (x, y, wide, height),
        [Run(line, size) for line in lines],
        f"name of moment {node.number}",
        align="left" if label.anchor == "start" else "right",
        anchor="middle",
        shapes=on.shapes,
    )
    shape.text_frame.word_wrap = False
    for paragraph in shape.text_frame.paragraphs:
        paragraph.line_spacing = 0.92


def draw_centre(on: Drawing) -> None:
    centre = on.wheel.centre
    assert centre
    x, y = on.at((0, 0))
    wide = 2 * 138 * on.scale
    lines = [
        (centre.above, 14, False, INK_2, -76, 26),
        (centre.figure, 58, True, INK, -52, 72),
        (centre.below, 14, False, INK_2, 18, 26),
        (centre.small, 13, False, INK_3, 42, 24),
    ]
    for text, units, bold, colour, top, tall in lines:
        if text:
            size = on.points(units)
            box = (x - wide / 2, y + top * on.scale, wide, tall * on.scale)
            on.slide.text(
                box,
                [Run(cut(text, wide, size, bold=bold), size, bold, colour[1:])],
                "centre",
                align="centre",
                anchor="middle",
                shapes=on.shapes,
            )
