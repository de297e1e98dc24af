"""What a heading probably means: the product's own words, then those of old surveys in two languages."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from cyclemap.text import bare_letters
from prioritization.ratings_file.layout import Layout


class Kind(StrEnum):
    """What a column holds."""

    IGNORE = ""
    SATISFACTION = "satisfaction"
    IMPORTANCE = "importance"
    MOMENT = "moment"
    RESPONDENT = "respondent"
    WAVE = "wave"
    SEGMENT = "segment"
    OVERALL = "overall"
    NPS = "nps"
    WEIGHT = "weight"
    DATE = "date"


AXES = (Kind.SATISFACTION, Kind.IMPORTANCE)

# As folded.
WORDS: dict[Kind, frozenset[str]] = {
    kind: frozenset(word.strip() for word in words.split(","))
    for kind, words in {
        Kind.RESPONDENT: "respondent id, respondent, respondent no, response id, id, folio, encuestado, "
        "id encuestado, participante, id respuesta, cliente id, customer id, case id, "
        "numero de encuesta, entrevista",
        Kind.WAVE: "wave, ola, oleada, medicion, periodo, period, round, ronda, year, ano, anio, edicion",
        Kind.WEIGHT: "weight, peso, ponderacion, ponderador, factor, factor de expansion",
        Kind.DATE: "date, fecha, submitted at, timestamp, marca temporal, fecha de respuesta, response date",
        Kind.OVERALL: "overall, overall satisfaction, satisfaccion general, satisfaccion global, general",
        Kind.NPS: "nps, recommend, recommendation, recomendacion, recomendaria, would you recommend us",
        Kind.MOMENT: "moment, momento, moment of truth, momento de la verdad, touchpoint",
        Kind.SATISFACTION: "satisfaction, satisfaccion, sat",
        Kind.IMPORTANCE: "importance, importancia, imp",
    }.items()
}
SEGMENT = re.compile(r"\s*(?:seg|segment|segmento)\s*[:_]\s*(?P<rest>.+)", re.IGNORECASE)
PREFIX = re.compile(
    r"\s*(?P<axis>imp|sat|importance|importancia|satisfaction|satisfaccion|satisfacción)"
    r"(?:\s*[:_–—-]\s*|\s+(?:of|with|de|con)\s+)(?P<rest>.+)",
    re.IGNORECASE,
)
SUFFIX = re.compile(
    r"(?P<rest>.+?)\s*[-–—:_(\[]\s*(?P<axis>imp|sat|importance|importancia|satisfaction|satisfaccion|satisfacción)"
    r"\s*[)\]]?\s*",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """Case, accents and signs make no difference."""
    return " ".join(re.findall(r"[^\W_]+", bare_letters(text)))


def split_heading(heading: str) -> tuple[Kind, str]:
    """What the heading says by itself, and the name in it: of the moment or of the segment."""
    if found := SEGMENT.fullmatch(heading):
        return Kind.SEGMENT, found["rest"].strip()
    word = folded(heading)
    for kind, words in WORDS.items():
        if word in words:
            return kind, heading.strip()
    if found := PREFIX.fullmatch(heading) or SUFFIX.fullmatch(heading):
        axis = Kind.IMPORTANCE if found["axis"][0] in "iI" else Kind.SATISFACTION
        return axis, found["rest"].strip()
    return Kind.IGNORE, heading.strip()


def guess(header: Sequence[str], moments: Iterable[str]) -> tuple[Layout, list[Kind]]:
    """The layout and the kinds of the columns. A heading that is the name of a moment is its satisfaction.

    `moments`: their folded names. Whatever may be there once is so: the first column has it.
    """
    known = set(moments)
    kinds = []
    for heading in header:
        kind, name = split_heading(heading)
        kinds.append(Kind.SATISFACTION if kind is Kind.IGNORE and folded(name) in known else kind)
    layout = layout_of(kinds, header)
    bare = {Kind.SATISFACTION, Kind.IMPORTANCE}
    taken: set[Kind] = set()
    for place, kind in enumerate(kinds):
        alone = kind in SINGLE or (layout is Layout.LONG and kind in bare)
        if (alone and kind in taken) or (kind is Kind.MOMENT and layout is Layout.WIDE):
            kinds[place] = Kind.IGNORE
        taken.add(kind)
    return layout, kinds


SINGLE = frozenset({Kind.RESPONDENT, Kind.WAVE, Kind.WEIGHT, Kind.DATE, Kind.OVERALL, Kind.NPS, Kind.MOMENT})


def layout_of(kinds: Sequence[Kind], header: Sequence[str]) -> Layout:
    """Long and points have one column for the moment and one an axis; all else is wide."""
    axes = [
        place for place, kind in enumerate(kinds) if kind in AXES and folded(header[place]) in WORDS[kind]
    ]
    if Kind.MOMENT not in kinds or not axes:
        return Layout.WIDE
    return Layout.LONG if Kind.RESPONDENT in kinds else Layout.POINTS
