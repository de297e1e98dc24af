"""An empty deck of ours (16:9, two layouts, the client's colour in the theme) and what is put on it.

Lengths are inches. Everything is a thing of its own kind: titles are titles, tables tables, charts charts.
"""

import io
import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Length, Pt

from cyclemap.svg import INK, INK_3
from prioritization.slides.brand import Brand
from prioritization.slides.setting import FONT, cut, sized
from prioritization.slides.still import still

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.6
INNER = WIDTH - 2 * MARGIN
TITLE_TOP, TITLE_HEIGHT = 0.62, 0.92
TOP = 1.72  # of what a slide is about
FOOT = 7.0
ROOM = FOOT - 0.12 - TOP
TITLE_SIZES = (26.0, 22.0, 19.0)
LAYOUTS = {"cover": "Title Slide", "page": "Title Only"}
LOCALES = {"es": "es-ES", "en": "en-GB"}
EPOCH = datetime(2020, 1, 1)
REFUSED = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Box = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True)
class Run:
    """Some words in one look."""

    text: str
    size: float = 12
    bold: bool = False
    colour: str = INK[1:]


class Slide:
    """One slide, and where on it things go."""

    def __init__(self, deck: "Deck", slide: Any) -> None:
        self.deck, self.slide, self.shapes = deck, slide, slide.shapes

    @property
    def number(self) -> int:
        return self.deck.slides.index(self) + 1

    def text(
        self,
        box: Box,
        runs: Sequence[Run],
        name: str,
        *,
        align: str = "left",
        anchor: str = "top",
        shapes: Any = None,
    ) -> Any:
        """One paragraph a run."""
        shape = (shapes or self.shapes).add_textbox(*inches(box))
        shape.name = name
        self.deck.write(shape.text_frame, runs, align=align, anchor=anchor)
        return shape

    def say(self, notes: Iterable[str]) -> None:
        """The speaker's notes: how the numbers came about and how sure they are."""
        frame = self.slide.notes_slide.notes_text_frame
        kept = [note for note in notes if note]
        frame.text = "\n".join(kept)
        for paragraph in frame.paragraphs:
            for run in paragraph.runs:
                run._r.get_or_add_rPr().set("lang", self.deck.locale)

    def add_notes(self, text: str) -> None:
        """After what the notes say already."""
        if text.strip():
            said = self.slide.notes_slide.notes_text_frame.text
            self.say([text.strip(), *said.splitlines()])


class Deck:
    def __init__(self, language: str, brand: Brand, title: str, author: str) -> None:
        self.locale, self.brand = LOCALES[language], brand
        self.file = Presentation()
        self.slides: list[Slide] = []
        self.file.slide_width, self.file.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self._keep_two_layouts()
        self._paint_theme()
        said = self.file.core_properties
        said.title, said.author, said.last_modified_by = title[:250], author[:250], "Cyclemap"
        said.language, said.subject, said.keywords = self.locale, "", ""
        said.created = said.modified = EPOCH
        said.revision = 1
        self.footer = ""

    # --- Slides ----------------------------------------------------------------------------------

    def cover(self, title: str, below: str) -> Slide:
        slide = self._new("cover")
        heading, subtitle = slide.shapes.title, slide.slide.placeholders[1]
        text, size = sized(title, 6.4, (44, 36, 30, 24), 4, bold=True)
        self.write(heading.text_frame, [Run(text, size, True)], anchor="bottom")
        text, size = sized(below, 6.4, (18, 16, 14), 4)
        self.write(subtitle.text_frame, [Run(text, size, colour="45524B")])
        return slide

    def page(self, title: str, section: str = "") -> Slide:
        """A slide under what it says; `section` stands small above it."""
        slide = self._new("page")
        text, size = sized(title, INNER, TITLE_SIZES, 2, bold=True)
        self.write(slide.shapes.title.text_frame, [Run(text, size, True)], anchor="top")
        if section:
            box = (MARGIN, 0.34, INNER, 0.26)
            slide.text(box, [Run(cut(section, INNER, 11), 11, colour=INK_3[1:])], "section")
        return slide

    def _new(self, layout: str) -> Slide:
        made = Slide(self, self.file.slides.add_slide(self._layout(layout)))
        self.slides.append(made)
        return made

    def _layout(self, name: str) -> Any:
        return self.file.slide_layouts.get_by_name(LAYOUTS[name])

    # --- Texts -----------------------------------------------------------------------------------

    def write(
        self, frame: Any, runs: Sequence[Run], *, align: str = "left", anchor: str = "top", margin: float = 0
    ) -> None:
        frame.word_wrap = True
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = {
            "top": MSO_ANCHOR.TOP,
            "middle": MSO_ANCHOR.MIDDLE,
            "bottom": MSO_ANCHOR.BOTTOM,
        }[anchor]
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Inches(margin)
        for k, words in enumerate(runs):
            paragraph = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
            paragraph.alignment = {
                "left": PP_ALIGN.LEFT,
                "right": PP_ALIGN.RIGHT,
                "centre": PP_ALIGN.CENTER,
            }[align]
            self.run(paragraph, words)

    def run(self, paragraph: Any, words: Run) -> Any:
        run = paragraph.add_run()
        run.text = clean(words.text)
        font = run.font
        font.size, font.bold = Pt(words.size), words.bold
        font.color.rgb = RGBColor.from_string(words.colour)
        run._r.get_or_add_rPr().set("lang", self.locale)
        return run

    # --- The file --------------------------------------------------------------------------------

    def save(self) -> bytes:
        """The same bytes for the same deck."""
        for slide in self.slides[1:]:
            self._number(slide)
        out = io.BytesIO()
        self.file.save(out)
        return still(out.getvalue())

    def _number(self, slide: Slide) -> None:
        """The footer and the number, as the placeholders of the layout."""
        for shape in self._layout("page").placeholders:
            kind = shape.element.find(f".//{qn('p:ph')}").get("type")
            if kind not in ("ftr", "sldNum"):
                continue
            copied = deepcopy(shape.element)
            # An identity of its own, the highest so far and one.
            used = [int(found.get("id")) for found in slide.slide.element.iter(qn("p:cNvPr"))]
            copied.find(f".//{qn('p:cNvPr')}").set("id", str(max(used) + 1))
            slide.shapes._spTree.append(copied)
            for text in copied.iter(qn("a:t")):
                text.text = str(slide.number) if kind == "sldNum" else clean(self.footer)
            for props in copied.iter(qn("a:rPr")):
                props.set("lang", self.locale)

    def _keep_two_layouts(self) -> None:
        for layout in list(self.file.slide_layouts):
            if layout.name not in LAYOUTS.values():
                self.file.slide_layouts.remove(layout)
        master = self.file.slide_master
        for sheet in (master, *self.file.slide_layouts):
            for shape in list(sheet.placeholders):
                self._place(shape, cover=sheet.name == LAYOUTS["cover"])
        for level in master.element.find(f".//{qn('p:titleStyle')}").iter(qn("a:lvl1pPr")):
            level.set("algn", "l")
        master.shapes._spTree.append(_rule())

    def _place(self, shape: Any, *, cover: bool) -> None:
        kind = shape.element.find(f".//{qn('p:ph')}").get("type")
        boxes: dict[str | None, Box] = {
            "title": (MARGIN, TITLE_TOP, INNER, TITLE_HEIGHT),
            "ctrTitle": (MARGIN, 1.2, 6.4, 2.9),
            "subTitle": (MARGIN, 4.3, 6.4, 1.3),
            "ftr": (MARGIN, FOOT, 10.5, 0.26),
            "sldNum": (WIDTH - MARGIN - 1.2, FOOT, 1.2, 0.26),
        }
        if kind not in boxes:
            # No date, no body: what stands empty in the layout asks to be filled in.
            if cover or kind == "dt" or kind == "body":
                shape.element.getparent().remove(shape.element)
            return
        shape.left, shape.top, shape.width, shape.height = inches(boxes[kind])
        if kind in ("ftr", "sldNum"):
            frame = shape.text_frame
            frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
            _make_small(shape, "l" if kind == "ftr" else "r", self.locale)

    def _paint_theme(self) -> None:
        part = next(
            rel.target_part
            for rel in self.file.slide_master.part.rels.values()
            if rel.reltype.endswith("/theme")
        )
        theme = part.blob.decode()
        for name, colour in (("accent1", self.brand.colour), ("dk2", INK[1:]), ("hlink", self.brand.colour)):
            theme = re.sub(rf"(<a:{name}><a:srgbClr val=\")[0-9A-F]+", rf"\g<1>{colour}", theme)
        part._blob = theme.replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{FONT}"/>').encode()


def _rule() -> Any:
    """The strong line at the head of every slide, in the colour of the theme."""
    x, y, w, h = (int(length) for length in inches((MARGIN, 0.22, INNER, 0.05)))
    return parse_xml(
        '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr>'
        '<p:cNvPr id="99" name="rule"><a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
        '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
        '</a:ext></a:extLst></p:cNvPr><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        '</a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln>'
        "</p:spPr></p:sp>"
    )


def _make_small(shape: Any, align: str, locale: str) -> None:
    """Small and grey, with a run to be filled in where the layout has none."""
    body = shape.element.find(qn("p:txBody"))
    for paragraph in body.findall(qn("a:p")):
        body.remove(paragraph)
    is_number = align == "r"
    grey = f'<a:solidFill><a:srgbClr val="{INK_3[1:]}"/></a:solidFill>'
    look = f'lang="{locale}" sz="1000">{grey}</a:rPr><a:t> </a:t>'
    tag = 'a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"' if is_number else "a:r"
    body.append(
        parse_xml(
            '<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            f'<a:pPr algn="{align}"/><{tag}><a:rPr {look}</{tag.split()[0]}></a:p>'
        )
    )


def inches(box: Box) -> tuple[Length, Length, Length, Length]:
    left, top, width, height = box
    return Inches(left), Inches(top), Inches(width), Inches(height)


def clean(text: str) -> str:
    """Without what XML refuses."""
    return REFUSED.sub("", text)


def describe(shape: Any, name: str, alt: str) -> None:
    """What the thing is called, and what a screen reader says of it."""
    shape.name = name
    shape._element.find(f".//{qn('p:cNvPr')}").set("descr", clean(alt)[:900])


def oval(shapes: Any, x: float, y: float, radius: float) -> Any:
    return shapes.add_shape(MSO_SHAPE.OVAL, *inches((x - radius, y - radius, 2 * radius, 2 * radius)))


def fill(shape: Any, colour: str | None, line: str | None = None, weight: float = 0.75) -> None:
    """`None`: none."""
    if colour is None:
        shape.fill.background()
    else:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    if line is None:
        shape.line.fill.background()
    else:
        shape.line.color.rgb = RGBColor.from_string(line)
        shape.line.width = Pt(weight)
    flat(shape)


def flat(shape: Any) -> None:
    """Without the shadow that the theme gives to every shape."""
    shape.shadow.inherit = False
    effect = shape._element.find(f".//{qn('a:effectRef')}")
    if effect is not None:
        effect.set("idx", "0")


def emu(value: float) -> Emu:
    return Emu(round(value * 914400))
