"""The tables of a deck: what is in their rows, and what the speaker's notes say of them."""

from collections.abc import Callable, Iterable, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cyclemap.svg import STAGES
from cycles.choices import ActionStatus
from prioritization import figures, findings
from prioritization import finding as matrix_finding
from prioritization.board import Board, Row
from prioritization.plan import Step
from prioritization.reports import parts
from prioritization.reports.document import Document
from prioritization.shapes import LOOKS
from prioritization.slides.deck import TOP, Box, Slide
from prioritization.slides.table import Cell, Column, Line, Table, heading, line, over_slides
from prioritization.waves import Standing

Page = Callable[[str, str, int], Slide]  # finding, part, which slide of it

# A list beside a drawing.
BESIDE = 12


def stages(slide: Slide, document: Document, box: Box) -> None:
    """Beside the wheel: every stage, its satisfaction, its weakest moment."""
    rated = document.standing is not None
    columns = [Column(_("Stage"), 5), Column(_("Moments"), 2.1, right=True)]
    if rated:
        columns += [Column(_("Satisfaction"), 2.6, right=True)]
    rows = []
    for part in document.outline.parts[:BESIDE]:
        name = Cell(str(part.stage), True, STAGES[part.stage.colour][1:])
        cells = [name, Cell(str(len(part.entries)))]
        if rated:
            cells.append(Cell(figures.decimal(part.satisfaction)))
        rows.append(Line(tuple(cells)))
        weak = parts.weakest(document, [entry.moment.pk for entry in part.entries])
        if weak:
            said = _("Weakest: %(number)s, %(moment)s, %(s)s") % {
                "number": weak.number,
                "moment": weak.name,
                "s": weak.satisfaction_text,
            }
            rows.append(Line((Cell(said, colour="45524B"),), heading=True))
    table = Table("stages", columns, width=box[2])
    fits = fitting(table, rows, 4.2)
    table.draw(slide, fits, box, _("The stages of the cycle with their moments"))


def fitting(table: Table, rows: Sequence[Line], room: float) -> list[tuple[Line, float]]:
    return next(table.parts(rows, room), [])


def to_act(slide: Slide, standing: Standing, box: Box) -> None:
    """Beside the matrix: what asks for action, the most urgent first; else what comes next."""
    rows = sorted(standing.board.rows, key=lambda row: row.place)
    columns = [
        Column(_("No."), 0.9, right=True),
        Column(_("Moment"), 6),
        Column(_("Certainty"), 1.9, right=True),
    ]
    table = Table("first moments", columns, width=box[2])
    lines = [
        line(Cell(row.number, True, LOOKS[row.quadrant].ink[1:]), row.name, row.certainty_text)
        for row in rows
    ]
    room = TOP + 4.0 - box[1]
    table.draw(slide, fitting(table, lines, room), box, _("The most urgent moments"))


def source(standing: Standing) -> str:
    """Where the figures come from."""
    low, high = standing.board.scale
    said = [
        _("Means from %(low)d to %(high)d.") % {"low": low, "high": high},
        _("The axes cross at the mean of the moments shown."),
        ngettext("%(wave)s, %(n)d answer.", "%(wave)s, %(n)d answers.", standing.n_responses)
        % {"wave": standing.wave, "n": standing.n_responses},
    ]
    return " ".join(said)


# --- Ranked ----------------------------------------------------------------------------------------


def ranked(page: Page, document: Document) -> list[Slide]:
    standing = document.standing
    assert standing
    columns = [
        Column(_("No."), 0.8, right=True),
        Column(_("Moment"), 6, most=2),
        Column(_("Importance"), 2.6, right=True),
        Column(_("Satisfaction"), 2.6, right=True),
        Column(_("Gap"), 1.1, right=True),
        Column(_("Certainty"), 1.4, right=True),
        Column(_("Answers"), 1.5, right=True),
    ]
    finding = findings.of_the_table(standing)

    def made(number: int) -> Slide:
        slide = page(finding, _("Moments in order of urgency"), number)
        slide.say(
            [
                _("Behind each mean its 95% confidence interval, in brackets."),
                _("By quadrant, and within it by gap weighted by importance, the largest shortfall first."),
                source(standing),
            ]
        )
        return slide

    return over_slides(Table("ranked moments", columns), ranked_lines(standing.board), made, finding)


def ranked_lines(board: Board) -> list[Line]:
    """By quadrant; at the end those that are not shown."""
    rows: list[Line] = []
    for group in board.groups:
        if group.rows:
            look = LOOKS[group.quadrant]
            rows.append(heading(group.name, look.ink[1:], look.background[1:]))
            rows += [
                line(
                    Cell(row.number, True, look.ink[1:]),
                    row.name,
                    with_range(row.importance_text, row.importance_range),
                    with_range(row.satisfaction_text, row.satisfaction_range),
                    row.gap_text,
                    row.certainty_text,
                    str(row.n),
                )
                for row in group.rows
            ]
    if board.hidden:
        rows.append(heading(_("Not shown: too few answers")))
        rows += [
            line(hidden.number, hidden.name, *[figures.MISSING] * 4, Cell("")) for hidden in board.hidden
        ]
    return rows


def with_range(value: str, interval: str) -> str:
    return f"{value} ({interval})" if interval else value


# --- What changed ----------------------------------------------------------------------------------


def changed(page: Page, document: Document) -> list[Slide]:
    """Clear changes first; what may be chance is listed as that."""
    standing = document.standing
    assert standing
    assert standing.before
    before, now = str(standing.before.wave), str(standing.wave)
    columns = [
        Column(_("No."), 0.8, right=True),
        Column(_("Moment"), 6, most=2),
        Column(before, 1.7, right=True),
        Column(now, 1.7, right=True),
        Column(_("Change"), 2.9, right=True),
        Column(_("Quadrant"), 2.8),
    ]
    finding = matrix_finding.of_the_changes(standing.board)

    def made(number: int) -> Slide:
        slide = page(finding, _("What changed"), number)
        slide.say(
            [
                _(
                    "Difference of the mean satisfaction from %(wave)s (Welch's test; Holm's correction, "
                    "because many moments are compared at once). Called clear when chance would give it "
                    "less than 5 times in 100. It does not prove a cause."
                )
                % {"wave": before},
            ]
        )
        return slide

    return over_slides(Table("changes", columns), changed_lines(standing.board), made, finding)


def changed_lines(board: Board) -> list[Line]:
    compared = [row for row in board.rows if row.change]
    clear = [row for row in compared if row.change and row.change.clear]
    chance = [row for row in compared if row not in clear]
    rows: list[Line] = []
    for title, found in ((_("More than chance"), clear), (_("May be chance"), chance)):
        if found:
            rows.append(heading(title))
            rows += [change_line(row) for row in found]
    return rows


def change_line(row: Row) -> Line:
    change = row.change
    assert change
    interval = ""
    if change.low is not None and change.high is not None:
        interval = _("%(low)s to %(high)s") % {
            "low": figures.signed(change.low, 2),
            "high": figures.signed(change.high, 2),
        }
    colour = "14201B" if not change.clear else "14587F" if change.difference > 0 else "A83A06"
    moved = f"{row.quadrant_before_name} → {row.quadrant_name}" if row.moved else row.quadrant_name
    return line(
        row.number,
        row.name,
        row.before_text,
        row.satisfaction_text,
        Cell(with_range(figures.signed(change.difference), interval), change.clear, colour),
        moved,
    )


# --- Plan ------------------------------------------------------------------------------------------


def plan(page: Page, document: Document) -> list[Slide]:
    columns = [
        Column(_("Code"), 0.9),
        Column(_("Action"), 6, most=2),
        Column(_("Responsible"), 2.6),
        Column(_("Date"), 1.8),
        Column(_("Moments"), 1.8),
        Column(_("Note"), 2.3),
    ]
    found = document.plan
    rows: list[Line] = []
    for title, steps in (
        (_("In progress"), found.doing),
        (_("To begin"), found.waiting),
        (_("Done"), found.done),
    ):
        if steps:
            rows.append(heading(title))
            rows += [step_line(document, step) for step in steps]
    finding = findings.of_the_plan(found)

    def made(number: int) -> Slide:
        slide = page(finding, _("Action plan"), number)
        slide.say(
            [
                parts.quick_wins(document),
                _("A quick win costs little effort and promises much; both are estimates of the team."),
            ]
        )
        return slide

    return over_slides(Table("actions", columns), rows, made, finding)


def step_line(document: Document, step: Step) -> Line:
    action = step.action
    day = action.done_on if action.status == ActionStatus.DONE else action.due_on
    note = Cell("")
    if step.late:
        late = ngettext("%(n)d day late", "%(n)d days late", step.days_late) % {"n": step.days_late}
        note = Cell(late, True, "A83A06")
    elif step in document.plan.quick_wins:
        note = Cell(pgettext("action", "Quick win"), True, "14587F")
    return line(
        action.code,
        action.text("name"),
        action.owner,
        date_format(day, "SHORT_DATE_FORMAT") if day else figures.MISSING,
        ", ".join(mark.number for mark in document.marks(step)),
        note,
    )


# --- About -----------------------------------------------------------------------------------------


def terms_table() -> Table:
    return Table("terms", [Column(_("Term"), 2.2), Column(_("Meaning"), 9.8, most=6)])


def terms_rows(terms: Iterable[tuple[str, str]]) -> list[Line]:
    return [line(Cell(term, True), says) for term, says in terms]
