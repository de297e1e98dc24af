"""The answer as a table to read in a terminal."""

import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from prioritization import figures
from prioritization.analysis.change import ChangeVerdict
from prioritization.analysis.engine import MomentPriority
from prioritization.analysis.estimates import Source
from prioritization.analysis.headline import Metric
from prioritization.priority_file.answer import Answer
from prioritization.quadrant_names import quadrant_name
from prioritization.ratings_file.faults import plain

LABEL = 44


def table(answer: Answer) -> str:
    parts = [heading(answer)]
    ranked = sorted(
        (m for m, p in enumerate(answer.priorities.moments) if p.rank is not None),
        key=lambda m: answer.priorities.moments[m].rank or 0,
    )
    if ranked:
        parts.append(priorities(answer, ranked))
    elif any(p.satisfaction is not None for p in answer.priorities.moments):
        parts.append(satisfactions(answer))
    if answer.change is not None:
        parts.append(changes(answer))
    if metrics(answer):
        parts.append("\n".join(metrics(answer)))
    if answer.notes:
        parts.append("\n".join(f"· {plain(note)}" for note in answer.notes))
    return "\n\n".join(parts) + "\n"


def heading(answer: Answer) -> str:
    source = {
        Source.STATED: _("stated importance"),
        Source.PICKS: _("importance by picks"),
        Source.DERIVED: _("derived importance"),
    }[answer.source]
    words = [source]
    if answer.n_respondents is not None:
        n = answer.n_respondents
        words.insert(0, ngettext("%(n)s respondent", "%(n)s respondents", n) % {"n": figures.decimal(n, 0)})
    if answer.wave:
        words.insert(0, _("wave %s") % answer.wave)
    cross = answer.priorities.crosshair
    if cross is not None:
        words.append(
            _("crosshair at importance %(i)s, satisfaction %(s)s")
            % {
                "i": importance(answer, cross.importance),
                "s": figures.decimal(cross.satisfaction, 2),
            }
        )
    return " · ".join(words)


def importance(answer: Answer, value: float | None) -> str:
    if value is None:
        return figures.MISSING
    if answer.source is Source.PICKS:
        return figures.percent(value)
    if answer.source is Source.DERIVED:
        return figures.decimal(value, 1) + figures.percent_sign()
    return figures.decimal(value, 2)


def priorities(answer: Answer, ranked: Sequence[int]) -> str:
    stated = answer.source is Source.STATED
    head = [
        "#",
        _("Moment"),
        _("Importance"),
        _("Satisfaction"),
        *([_("Gap")] if stated else []),
        _("Index"),
        _("Quadrant"),
        _("Certainty"),
        "n",
    ]
    rows = []
    for m in ranked:
        p = answer.priorities.moments[m]
        gap = p.gap if p.gap is not None else p.gap_pomp
        rows.append(
            [
                str(p.rank),
                answer.labels[m],
                importance(answer, p.importance),
                figures.decimal(p.satisfaction, 2),
                *([figures.signed(gap, 2 if p.gap is not None else 0)] if stated else []),
                figures.decimal(p.priority_index, 2 if answer.source is Source.PICKS else 1),
                quadrant(p),
                certainty(p),
                figures.MISSING
                if p.n_satisfaction is None or p.n_importance is None
                else figures.decimal(min(p.n_satisfaction, p.n_importance), 0),
            ]
        )
    left = {1, len(head) - 3, len(head) - 2}
    return grid(head, rows, left)


def quadrant(p: MomentPriority) -> str:
    if p.quadrant is None:
        return figures.MISSING
    name = quadrant_name(p.quadrant.value)
    return f"{name} *" if p.on_line else name


def certainty(p: MomentPriority) -> str:
    if p.p_quadrant is None or p.quadrant is None or p.verdict is None:
        return figures.MISSING
    word = {
        "firm": pgettext("certainty", "firm"),
        "probable": pgettext("certainty", "probable"),
        "uncertain": pgettext("certainty", "uncertain"),
    }[p.verdict.value]
    return f"{figures.certainty(p.p_quadrant.of(p.quadrant))} {word}"


def satisfactions(answer: Answer) -> str:
    rows = [
        [answer.labels[m], figures.decimal(p.satisfaction, 2), figures.decimal(p.n_satisfaction, 0)]
        for m, p in enumerate(answer.priorities.moments)
        if p.satisfaction is not None
    ]
    return grid([_("Moment"), _("Satisfaction"), "n"], rows, {0})


def changes(answer: Answer) -> str:
    found = answer.change
    assert found is not None
    words = {
        ChangeVerdict.IMPROVED: _("improvement shown"),
        ChangeVerdict.NO_EVIDENCE: _("no evidence"),
        ChangeVerdict.WORSENED: _("worsening shown"),
    }
    rows = []
    for m, verdict in enumerate(found.verdicts):
        if verdict is None:
            continue
        d = found.difference
        low, high = (_or_none(float(x)) for x in (d.low[m], d.high[m]))
        rows.append(
            [
                answer.labels[m],
                figures.decimal(float(d.first[m]), 2),
                figures.decimal(float(d.second[m]), 2),
                figures.signed(float(d.diff[m]), 2),
                f"{figures.signed(low, 2)} … {figures.signed(high, 2)}",
                figures.p_value(_or_none(float(found.p_holm[m]))),
                words[verdict],
            ]
        )
    if not rows:
        return _("No moment can be compared with the wave %s.") % answer.compare
    head = [
        _("Moment"),
        str(answer.compare),
        answer.wave or _("now"),
        _("Change"),
        # xgettext:no-python-format
        _("95% interval"),
        "p (Holm)",
        _("Verdict"),
    ]
    return grid(head, rows, {0, 6})


def metrics(answer: Answer) -> list[str]:
    lines = metric("NPS", answer.nps), metric("CSAT", answer.csat, figures.percent_sign())
    return [line for line in lines if line]


def metric(name: str, found: Metric | None, unit: str = "") -> str:
    if found is None:
        return ""
    return _("%(name)s %(value)s%(unit)s (95%% interval %(low)s to %(high)s, n %(n)s)") % {
        "name": name,
        "value": figures.decimal(found.value, 1),
        "unit": unit,
        "low": figures.decimal(found.low, 1),
        "high": figures.decimal(found.high, 1),
        "n": figures.decimal(found.n, 0),
    }


def _or_none(x: float) -> float | None:
    return None if x != x else x


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], left: set[int]) -> str:
    """Columns side by side; those in `left` to the left, numbers to the right."""
    lines = [[clean(cell) for cell in row] for row in (head, *rows)]
    widths = [max(width(row[k]) for row in lines) for k in range(len(head))]
    out = []
    for row in lines:
        cells = []
        for k, cell in enumerate(row):
            room = " " * (widths[k] - width(cell))
            cells.append(cell + room if k in left else room + cell)
        out.append("  ".join(cells).rstrip())
    out.insert(1, "─" * max(width(line) for line in out))
    return "\n".join(out)


def clean(text: str) -> str:
    """One line, no control characters (a label comes from a file), at most LABEL wide."""
    text = plain(text)
    while width(text) > LABEL:
        text = text[:-2].rstrip() + "…"
    return text


def width(text: str) -> int:
    """Columns of a terminal: wide East Asian characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
