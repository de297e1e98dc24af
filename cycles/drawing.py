"""The wheel of a cycle: its rows, in the reader's language, as `wheel.draw_wheel` wants them."""

from collections.abc import Callable, Sequence

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cyclemap.rounding import half_up
from cycles.arcs import StageOf
from cycles.emotion import Emotion, Felt, Run, Words, draw_emotion, signed
from cycles.models import Cycle, Moment
from cycles.outline import Entry, Outline, outline_of
from cycles.scores import Scores
from cycles.wheel import Centre, MomentOf, Wheel, draw_wheel


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
    return f"{half_up(value):.1f}".replace(".", get_format("DECIMAL_SEPARATOR"))


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


# --- The emotion curve ---------------------------------------------------------------------------

GLAD = 1  # from here on an expected emotion is a good one
POOR = 2  # up to this colour step a satisfaction is low
NAMED = 5  # so many moments are said by name
TIED = 3  # so many of equal rank are told by their numbers


def emotion_of(outline: Outline) -> Emotion:
    """No query: everything is in the outline."""
    wave = outline.scores.wave
    return draw_emotion(
        [
            Felt(entry.number, entry.moment.emotion, entry.satisfaction, entry.step)
            for entry in outline.entries
        ],
        [Run(str(part.stage), part.stage.colour, len(part.entries)) for part in outline.parts],
        outline.scores.scale,
        Words(
            title=_("Emotion curve of the cycle: %(cycle)s") % {"cycle": outline.cycle},
            description=" ".join(emotion_in_words(outline)),
            feeling=_("Expected emotion"),
            rated=_("Measured satisfaction, %(survey)s") % {"survey": wave}
            if wave
            else _("Measured satisfaction"),
            feelings={
                -2: pgettext("emotion", "very bad"),
                0: pgettext("emotion", "neutral"),
                2: pgettext("emotion", "very good"),
            },
            none=_("Nothing is known yet."),
        ),
    )


def emotion_in_words(outline: Outline) -> list[str]:
    """What the curve shows, for who does not see it."""
    felt = [entry for entry in outline if entry.moment.emotion is not None]
    rated = [entry for entry in outline if entry.satisfaction is not None]
    said = []
    if felt:
        said.append(
            ngettext(
                "An emotion is expected at %(n)d of %(all)d moment, best at %(best)s, worst at %(worst)s.",
                "An emotion is expected at %(n)d of %(all)d moments, best at %(best)s, worst at %(worst)s.",
                len(outline),
            )
            % {
                "n": len(felt),
                "all": len(outline),
                "best": tied(felt, max(map(emotion, felt))),
                "worst": tied(felt, min(map(emotion, felt))),
            }
        )
    if rated:
        best, worst = max(rated, key=rating), min(rated, key=rating)
        said.append(
            _("Satisfaction is highest at %(best)s and lowest at %(worst)s.")
            % {"best": named(best, figure(rating(best))), "worst": named(worst, figure(rating(worst)))}
        )
    let_down = [entry for entry in felt if emotion(entry) >= GLAD and 0 < entry.step <= POOR]
    if let_down:
        said.append(
            _("A good emotion is expected and satisfaction is low at: %(moments)s.")
            % {"moments": listed(let_down)}
        )
    return said or [_("No emotion is expected yet and nobody has rated a moment.")]


def emotion(entry: Entry) -> int:
    return int(entry.moment.emotion or 0)


def rating(entry: Entry) -> float:
    return entry.satisfaction or 0.0


def named(entry: Entry, value: str) -> str:
    return f"{entry.number}, {entry.moment} ({value})"


def tied(felt: Sequence[Entry], value: int) -> str:
    """One moment by its name, several by their numbers: "10, 13 and 17 (+2)"."""
    same = [entry for entry in felt if emotion(entry) == value]
    if len(same) == 1:
        return named(same[0], signed(value))
    told = [str(entry.number) for entry in same[:TIED]]
    if more := len(same[TIED:]):
        told.append(ngettext("%(n)s more", "%(n)s more", more) % {"n": more})
    joined = _("%(first)s and %(last)s") % {"first": ", ".join(told[:-1]), "last": told[-1]}
    return f"{joined} ({signed(value)})"


def listed(entries: Sequence[Entry]) -> str:
    """Many of them by their numbers alone: the names would be a page of text."""
    if len(entries) > NAMED:
        return ", ".join(str(entry.number) for entry in entries)
    return "; ".join(f"{entry.number}, {entry.moment}" for entry in entries)
