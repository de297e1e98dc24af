"""A drawing as SVG, read by a short list of what may be in it and written anew.

Shapes and plain colours, nothing that names something else: no script, no style sheet, no text, no
picture, no link, no reference even within the file. What would change the look if it were left out is
refused by its name, so that nobody gets a logo with half its colours.
"""

import re
from xml.etree.ElementTree import Element, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

SVG = "http://www.w3.org/2000/svg"
SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
HOLDERS = {"svg", "g"}
# They draw nothing, so they are left out in silence.
SILENT = {"title", "desc", "metadata", "namedview", "script"}
MOST_ELEMENTS = 5_000
DEEPEST = 40

LENGTH = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(px|pt|mm|cm|in|%)?")
NUMBERS = re.compile(r"[-+.,\deE\s]{0,200000}")
PATH = re.compile(r"[MmZzLlHhVvCcSsQqTtAa\deE.,+\-\s]{0,1000000}")
TRANSFORM = re.compile(r"((matrix|translate|scale|rotate|skewX|skewY)\([-+.,\deE\s]{0,200}\)[\s,]*){1,20}")
COLOUR = re.compile(r"none|currentColor|transparent|[a-zA-Z]{3,24}|#[0-9a-fA-F]{3,8}|rgb\([\d\s,.%]{1,40}\)")
WORD = re.compile(r"[a-zA-Z-]{1,20}")
RATIO = re.compile(r"[a-zA-Z\s]{1,20}")

ALLOWED = {
    **dict.fromkeys(
        ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height"), LENGTH
    ),
    **dict.fromkeys(("stroke-width", "stroke-miterlimit", "stroke-dashoffset"), LENGTH),
    **dict.fromkeys(("opacity", "fill-opacity", "stroke-opacity"), LENGTH),
    **dict.fromkeys(("viewBox", "points", "stroke-dasharray"), NUMBERS),
    **dict.fromkeys(("fill", "stroke", "color"), COLOUR),
    **dict.fromkeys(
        ("fill-rule", "clip-rule", "stroke-linecap", "stroke-linejoin", "display", "visibility"), WORD
    ),
    "d": PATH,
    "transform": TRANSFORM,
    "preserveAspectRatio": RATIO,
}


def drawn_anew(data: bytes) -> bytes:
    """ValueError: a sentence why not."""
    try:
        root = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ValueError(_("The SVG cannot be read: it is damaged, or defines entities.")) from error
    if root.tag != f"{{{SVG}}}svg":
        raise ValueError(_("The SVG cannot be read: it is damaged, or defines entities."))
    if sum(1 for _element in root.iter()) > MOST_ELEMENTS:
        raise ValueError(_("The SVG has too many shapes for a logo."))
    clean = copied(root, 0)
    if clean is None or not any(child.tag in SHAPES for child in clean.iter()):
        raise ValueError(_("There is nothing to see in the SVG."))
    if "viewBox" not in clean.attrib and not {"width", "height"} <= set(clean.attrib):
        raise ValueError(_("The SVG does not say how large it is."))
    clean.set("xmlns", SVG)
    return tostring(clean, encoding="unicode").encode()


def copied(element: Element, depth: int) -> Element | None:
    """None: nothing that is drawn."""
    space, _brace, name = str(element.tag).rpartition("}")
    if depth > DEEPEST:
        raise ValueError(_("The SVG has too many shapes for a logo."))
    if space != "{" + SVG or name in SILENT or (name == "defs" and not len(element)):
        return None
    if name not in SHAPES | HOLDERS or (name == "svg" and depth):
        raise ValueError(
            _(
                "The SVG uses “%(name)s”, which is not taken. Export it as shapes with plain colours, "
                "or as PNG."
            )
            % {"name": name[:40]}
        )
    made = Element(name, attributes_of(element))
    for child in element:
        if isinstance(child.tag, str) and (clean := copied(child, depth + 1)) is not None:
            made.append(clean)
    return made


def attributes_of(element: Element) -> dict[str, str]:
    """`style` is taken apart into attributes, which are drawn where inline styles are forbidden."""
    found = {name: value for name, value in element.attrib.items() if not name.startswith("{")}
    for declaration in found.pop("style", "").split(";"):
        name, _colon, value = declaration.partition(":")
        if name.strip() in ALLOWED:
            found[name.strip()] = value.strip()
    kept = {}
    for name, value in found.items():
        allowed = ALLOWED.get(name)
        if allowed and allowed.fullmatch(value.strip()):
            kept[name] = value.strip()
        elif name in ("fill", "stroke") and "url(" in value:
            raise ValueError(
                _(
                    "The SVG uses “%(name)s”, which is not taken. Export it as shapes with plain colours, "
                    "or as PNG."
                )
                % {"name": "url()"}
            )
    return kept
