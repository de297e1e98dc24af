"""A report as a deck: which slides there are, what stands on each and what the speaker's notes say."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyclemap import VERSION
from cyclemap.svg import INK_2, INK_3
from prioritization import figures, findings
from prioritization import finding as matrix_finding
from prioritization.board import Row
from prioritization.reports import parts
from prioritization.reports.document import Document
from prioritization.reports.notes import terms
from prioritization.reports.registry import USUAL
from prioritization.slides import chapters, matrix, tables, wheel
from prioritization.slides.brand import brand_of
from prioritization.slides.deck import INNER, MARGIN, ROOM, TOP, Deck, Run, Slide, describe, inches
from prioritization.slides.setting import cut, fitted
from prioritization.slides.table import over_slides
from prioritization.standing import SURE

LINE = 0.42  # of the contents, where there are not too many


@dataclass(frozen=True)
class Part:
    """One entry of the contents. `draw` puts its slides into the deck and answers them."""

    key: str
    title: str
    draw: Callable[["Writer"], list[Slide]]


class Writer:
    """A deck being written for a document. Nothing is read from the database but the logo."""

    def __init__(self, document: Document, beat: Callable[[], None] = lambda: None) -> None:
        self.document, self.beat = document, beat
        client, cycle = document.cycle.client, document.cycle
        self.deck = Deck(document.language, brand_of(client), f"{cycle}. {client}", str(client.workspace))
        self.deck.footer = cut(". ".join(filter(None, [str(client), str(cycle), self.wave])), 10.4, 10)

    @property
    def wave(self) -> str:
        return str(self.document.wave or "")

    def words(self, key: str) -> str:
        """What the consultant wrote for this section."""
        return self.document.choice.words.get(key, "")

    def page(self, finding: str, part: str, number: int = 0) -> Slide:
        """Where a part goes on over more slides, each says so."""
        more = " " + _("(continued)") if number else ""
        return self.deck.page(finding + more, part)

    def write(self) -> bytes:
        cover(self)
        contents = self.deck.page(_("Contents"))
        found = list(parts_of(self.document))
        starts = []
        for part in found:
            self.beat()
            first = part.draw(self)[0]
            first.add_notes(self.words(part.key))
            starts.append((part.title, first))
        fill_contents(self, contents, starts)
        self.beat()
        return self.deck.save()


def written(document: Document, beat: Callable[[], None] = lambda: None) -> bytes:
    """The deck as a file, in the language of the document."""
    with translation.override(document.language):
        return Writer(document, beat).write()


def parts_of(document: Document) -> Iterator[Part]:
    """As they were chosen, else in the order of the printed report; what says nothing is left out."""
    for key in document.choice.sections or USUAL:
        if part := part_of(key, document):
            yield part


def part_of(key: str, document: Document) -> Part | None:
    standing = document.standing
    rated = bool(standing and standing.board.rows)
    parts: dict[str, Part | None] = {
        "method": Part("method", _("How to read this"), method),
        "cycle": Part("cycle", _("The cycle"), the_cycle),
        "notes": Part("notes", _("About this report"), appendix),
    }
    if rated:
        parts["priorities"] = Part("priorities", _("Priorities"), the_matrix)
        ranked = Part("moments", _("Moments in order of urgency"), lambda w: tables.ranked(w.page, document))
        parts["moments"] = ranked
    if standing and rated and standing.before and standing.board.compared:
        parts["changes"] = Part("changes", _("What changed"), lambda w: tables.changed(w.page, document))
    if document.plan.counted:
        parts["plan"] = Part("plan", _("Action plan"), lambda w: tables.plan(w.page, document))
    if key in chapters.SHAPES and (found := chapters.found_in(key, document)):
        parts[key] = Part(key, found.title, lambda w: chapters.draw(key, found, w.page))
    return parts.get(key)


# --- Cover and contents ----------------------------------------------------------------------------


def cover(writer: Writer) -> None:
    document, deck = writer.document, writer.deck
    below = ", ".join(filter(None, [str(document.cycle.client), writer.wave]))
    slide = deck.cover(
        str(document.cycle), _("Cycle of service and priorities of %(whose)s") % {"whose": below}
    )
    if deck.brand.logo:
        picture = slide.shapes.add_picture(io.BytesIO(deck.brand.logo), *inches((MARGIN, 0.55, 0, 0))[:2])
        fit = min(2.6 * 914400 / picture.width, 0.7 * 914400 / picture.height)
        picture.width, picture.height = round(picture.width * fit), round(picture.height * fit)
        describe(picture, "logo", _("Logo of %(client)s") % {"client": document.cycle.client})
    said = _("Data as of %(day)s") % {"day": date_format(document.as_of, "DATE_FORMAT")}
    slide.text((MARGIN, 5.9, 6.4, 0.3), [Run(said, 12, colour=INK_3[1:])], "date")
    drawn = document.wheel("cover", mini=True)
    wheel.draw(slide, drawn, (7.3, 0.75, 5.5, 6.0), _("The wheel of the cycle, without names"))
    slide.say([certainty(document)])


def fill_contents(writer: Writer, slide: Slide, starts: list[tuple[str, Slide]]) -> None:
    """Each line leads to its slide."""
    tall = min(LINE, ROOM / max(1, len(starts)))
    for k, (title, target) in enumerate(starts):
        y = TOP + k * tall
        box = (MARGIN, y, INNER - 1.2, tall)
        shape = slide.text(box, [Run(cut(f"{k + 1}. {title}", INNER - 1.4, 18), 18)], title, anchor="middle")
        shape.click_action.target_slide = target.slide
        box = (MARGIN + INNER - 1.2, y, 1.2, tall)
        run = Run(str(target.number), 18, colour=INK_3[1:])
        slide.text(box, [run], f"{title}: {target.number}", align="right", anchor="middle")
    slide.say([_("Each line leads to its slide.")])


# --- The parts -------------------------------------------------------------------------------------


def method(writer: Writer) -> list[Slide]:
    """The method on one slide: what was asked, what is computed, how sure it is."""
    document = writer.document
    slide = writer.page(_("Importance against satisfaction, moment by moment"), _("How to read this"))
    standing = document.standing
    blocks = [
        (
            _("The cycle"),
            _(
                "The cycle is every moment in which a customer forms an opinion, in the order of "
                "experiencing it."
            ),
        ),
        (
            _("The question"),
            _("Of each moment customers say how important it is to them and how satisfied they were."),
        ),
        (
            _("The matrix"),
            _(
                "Both means place the moment. The axes cross at the mean of all moments: what matters more "
                "than the mean and satisfies less asks for action first."
            ),
        ),
        (
            _("The certainty"),
            _(
                "A survey is a sample. Certainty is the probability that a moment truly lies in its "
                "quadrant; below %(sure)s its mark is hollow and nothing is claimed of it."
            )
            % {"sure": figures.percent(SURE)},
        ),
    ]
    wide = (INNER - 3 * 0.35) / 4
    for k, (head, text) in enumerate(blocks):
        box = (MARGIN + k * (wide + 0.35), TOP + 0.2, wide, 3.6)
        runs = [
            Run(str(k + 1), 28, True, writer.deck.brand.colour),
            Run(head, 16, True),
            Run(fitted(text, wide, 14, 11), 14, colour=INK_2[1:]),
        ]
        slide.text(box, runs, head)
    if standing:
        said = tables.source(standing)
        slide.text(
            (MARGIN, 5.9, INNER, 0.6), [Run(fitted(said, INNER, 12, 2), 12, colour=INK_3[1:])], "source"
        )
    slide.say([f"{term.term}: {term.says}" for term in terms(document)])
    return [slide]


def the_cycle(writer: Writer) -> list[Slide]:
    document = writer.document
    moments = len(document.outline)
    slide = writer.page(findings.of_the_cycle(document.standing, moments), _("The cycle"))
    drawn = document.wheel("slide")
    said = "; ".join(node.title for node in drawn.nodes)
    wheel.draw(
        slide, drawn, (MARGIN, TOP - 0.1, 7.6, ROOM + 0.1), f"{drawn.title}. {drawn.description}. {said}"
    )
    tables.stages(slide, document, (MARGIN + 7.9, TOP + 0.15, INNER - 7.9, 0))
    key = [
        _("Colour: satisfaction, from orange (low) to blue (high)."),
        _("Size: importance. Double ring: critical moment."),
    ]
    box = (MARGIN + 7.9, FOOT_KEY, INNER - 7.9, 0.5)
    slide.text(box, [Run(cut(text, INNER - 7.9, 10.5), 10.5, colour=INK_3[1:]) for text in key], "key")
    slide.say([drawn.description, *[node.title for node in drawn.nodes], certainty(document)])
    return [slide]


FOOT_KEY = TOP + ROOM - 0.5


def the_matrix(writer: Writer) -> list[Slide]:
    document, standing = writer.document, writer.document.standing
    assert standing
    slide = writer.page(matrix_finding.of_the_matrix(standing.board), _("Priorities"))
    matrix.draw(slide, standing.board, (MARGIN - 0.1, TOP - 0.05, 7.9, ROOM + 0.05), parts.about(standing))
    left, wide = MARGIN + 8.1, INNER - 8.1
    said = findings.beside_the_priorities(standing)
    runs = [Run(fitted(said, wide, 14, 6), 14, colour=INK_2[1:])] if said else []
    slide.text((left, TOP, wide, 1.5), runs or [Run(" ")], "finding")
    tables.to_act(slide, standing, (left, TOP + (1.6 if said else 0), wide, 0))
    source = tables.source(standing)
    hollow = _("Hollow marks: less than %(share)s certainty.") % {"share": figures.percent(SURE)}
    text = fitted(f"{hollow} {source}", wide, 10, 5)
    slide.text(
        (left, TOP + ROOM - 0.85, wide, 0.85), [Run(text, 10, colour=INK_3[1:])], "source", anchor="bottom"
    )
    slide.say(
        [
            parts.about(standing),
            _("The chart is editable: its figures stand in the workbook inside, one series a quadrant."),
            *[said_of(row) for row in standing.board.rows],
            certainty(document),
        ]
    )
    return [slide]


def said_of(row: Row) -> str:
    said = _("%(number)s, %(moment)s: importance %(i)s, satisfaction %(s)s") % {
        "number": row.number,
        "moment": row.name,
        "i": row.importance_text,
        "s": row.satisfaction_text,
    }
    if row.certainty is None:
        return said
    return f"{said}; " + _("certainty %(share)s") % {"share": row.certainty_text}


def certainty(document: Document) -> str:
    """How sure the numbers are, in a sentence: under every slide."""
    standing = document.standing
    if standing is None:
        return _("No survey results are part of this report.")
    board = standing.board
    unsure = sum(row.uncertain for row in board.rows)
    answers = ngettext("%(n)d answer", "%(n)d answers", standing.n_responses) % {"n": standing.n_responses}
    return ngettext(
        "%(answers)s in %(wave)s. %(n)d of %(all)d moments has less than %(sure)s certainty of its quadrant.",
        "%(answers)s in %(wave)s. %(n)d of %(all)d moments have less than %(sure)s certainty of theirs.",
        unsure,
    ) % {
        "answers": answers,
        "wave": standing.wave,
        "all": len(board.rows),
        "n": unsure,
        "sure": figures.percent(SURE),
    }


def appendix(writer: Writer) -> list[Slide]:
    document = writer.document
    said = [(term.term, term.says) for term in terms(document)]
    said.append((_("Program"), f"Cyclemap {VERSION}"))
    finding = _("Where the numbers come from and how to read them")

    def made(number: int) -> Slide:
        slide = writer.page(finding, _("About this report"), number)
        slide.say([certainty(document)])
        return slide

    return over_slides(tables.terms_table(), tables.terms_rows(said), made, finding)
