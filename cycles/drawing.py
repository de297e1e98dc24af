"""The wheel of a cycle: its rows, in the reader's language, as `wheel.draw_wheel` wants them."""

from collections.abc import Callable

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cycles.models import Cycle, Moment
from cycles.outline import Entry, Outline, outline_of
from cycles.scores import Scores
from cycles.wheel import Centre, MomentOf, StageOf, Wheel, draw_wheel


def wheel_of(
    cycle: Cycle,
    *,
    scores: Scores,
    selected: int | None = None,
    link: Callable[[Moment], str] | None = None,
    mini: bool = False,
    ident: str = "wheel",
    outline: Outline | None = None,
) -> Wheel:
    """Two queries, or none with an `outline` read before. `link` gives a moment's address; None: no links."""
    # An outline without moments is false, but read all the same.
    outline = outline if outline is not None else outline_of(cycle, scores)
    return draw_wheel(
        [StageOf(str(part.stage), part.stage.colour, len(part.entries)) for part in outline.parts],
        [
            MomentOf(
                key=entry.moment.pk,
                number=entry.number,
                name=str(entry.moment),
                title=spoken(entry),
                weight=weight(entry.importance, scores.scale),
                step=entry.step,
                critical=entry.moment.is_critical,
                few=entry.few,
                href=link(entry.moment) if link else "",
            )
            for entry in outline
        ],
        title=_("Wheel of the cycle: %(cycle)s") % {"cycle": cycle},
        description=counts(outline) if not mini else "",
        start=_("Start"),
        centre=centre(outline),
        selected=selected,
        mini=mini,
        ident=ident,
    )


def weight(importance: float | None, scale: tuple[int, int]) -> float | None:
    """Importance as 0 to 1 over the upper 62.5 % of its scale, where answers live."""
    if importance is None:
        return None
    low = scale[0] + 0.375 * (scale[1] - scale[0])
    return (importance - low) / (scale[1] - low)


def spoken(entry: Entry) -> str:
    """What the node says: "4, Pay at the till, importance 4.6, satisfaction 3.1, critical"."""
    words = [str(entry.number), str(entry.moment)]
    if entry.importance is not None:
        words.append(_("importance %(value)s") % {"value": figure(entry.importance)})
    if entry.satisfaction is not None:
        words.append(_("satisfaction %(value)s") % {"value": figure(entry.satisfaction)})
    elif entry.few:
        words.append(_("not enough answers"))
    if entry.moment.is_critical:
        words.append(_("critical"))
    return ", ".join(words)


def figure(value: float) -> str:
    """One decimal, rounded, as the reader's language writes it."""
    return f"{value:.1f}".replace(".", get_format("DECIMAL_SEPARATOR"))


def counts(outline: Outline) -> str:
    moments, answers = len(outline), outline.scores.n_responses
    text = ngettext("%(n)d moment", "%(n)d moments", moments) % {"n": moments}
    if answers:
        text += ", " + ngettext("%(n)d answer", "%(n)d answers", answers) % {"n": answers}
    return text


def centre(outline: Outline) -> Centre:
    scores, moments = outline.scores, len(outline)
    if scores.satisfaction is None:
        return Centre(
            figure=str(moments),
            below=ngettext("moment of truth", "moments of truth", moments),
            small=ngettext("in %(n)d stage", "in %(n)d stages", len(outline.parts))
            % {"n": len(outline.parts)},
        )
    return Centre(
        figure=figure(scores.satisfaction),
        above=_("Mean satisfaction"),
        below=_("out of %(highest)d, weighted") % {"highest": scores.scale[1]},
        small=counts(outline),
    )
