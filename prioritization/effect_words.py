"""What is said of an effect (S8.5): described, not claimed; a lack of evidence is never a failure."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from prioritization import figures
from prioritization.analysis.change import ChangeVerdict
from prioritization.analysis.effect import Outcome

if TYPE_CHECKING:
    from prioritization.effect import Aimed, Effect

# Labels of |g|: Cohen's.
SIZES = ((0.8, "large"), (0.5, "medium"), (0.2, "small"), (0.0, "slight"))


def chip_of(verdict: ChangeVerdict | None) -> str:
    """Beside the figures, in two words."""
    if verdict is None:
        return ""
    return {
        ChangeVerdict.IMPROVED: pgettext("verdict on an action", "clear effect"),
        ChangeVerdict.NO_EVIDENCE: pgettext("verdict on an action", "may be chance"),
        ChangeVerdict.WORSENED: pgettext("verdict on an action", "clear fall"),
    }[verdict]


def verdict_of(verdict: ChangeVerdict | None) -> str:
    if verdict is None:
        return ""
    return {
        ChangeVerdict.IMPROVED: _("Improvement demonstrated"),
        ChangeVerdict.NO_EVIDENCE: _("No evidence of a change"),
        ChangeVerdict.WORSENED: _("Fall demonstrated"),
    }[verdict]


def change_text(outcome: Outcome) -> str:
    """+0.52."""
    return figures.signed(outcome.change, 2)


def half_text(outcome: Outcome) -> str:
    """The half of the 95% interval; empty where the spread is not known."""
    half = None if outcome.high is None else outcome.high - outcome.change
    return "" if half is None else figures.decimal(half, 2)


def size_text(g: float | None) -> str:
    """Hedges' g and what it is called."""
    if g is None:
        return figures.MISSING
    called = {
        "large": pgettext("size of an effect", "large"),
        "medium": pgettext("size of an effect", "medium"),
        "small": pgettext("size of an effect", "small"),
        "slight": pgettext("size of an effect", "slight"),
    }
    label = next(called[name] for least, name in SIZES if abs(g) >= least)
    return _("%(g)s (%(size)s)") % {"g": figures.signed(g, 2), "size": label}


def sentence_of(effect: "Effect") -> str:
    """The whole answer of one action, in a few sentences."""
    if effect.stage != "measured":
        return unmeasured(effect)
    aim = effect.main
    assert aim
    assert aim.outcome
    parts = [moved(aim, aim.outcome, effect), *asides(effect, aim.outcome)]
    return " ".join(parts)


def unmeasured(effect: "Effect") -> str:
    return {
        "no_target": _("No target was fixed, so nothing is said about its effect."),
        "planned": _(
            "The target is fixed. It is measured in the first wave that opens after the action begins."
        ),
        "waiting": _("No wave has opened since the action began with enough answers. The next one tells."),
        "counting": _("The answers are being counted. Look again in a moment."),
        "withheld": _("Too few customers answered for the effect to be shown without showing them."),
    }[str(effect.stage)]


def moved(aim: "Aimed", outcome: Outcome, effect: "Effect") -> str:
    told = {
        "moment": aim.name,
        "before": figures.decimal(outcome.before),
        "after": figures.decimal(outcome.after),
        "change": change_text(outcome),
        "half": half_text(outcome) or figures.MISSING,
    }
    if outcome.verdict == ChangeVerdict.IMPROVED:
        return (
            _(
                "“%(moment)s” rose from %(before)s to %(after)s (%(change)s ± %(half)s): "
                "improvement demonstrated."
            )
            % told
        )
    if outcome.verdict == ChangeVerdict.WORSENED:
        return (
            _("“%(moment)s” fell from %(before)s to %(after)s (%(change)s ± %(half)s): fall demonstrated.")
            % told
        )
    said = (
        _(
            "“%(moment)s” went from %(before)s to %(after)s (%(change)s ± %(half)s): "
            "no evidence of a change yet."
        )
        % told
    )
    if outcome.detectable is None:
        return said
    told = {"points": figures.decimal(outcome.detectable, 2)}
    more = _(
        "With these answers a change of %(points)s points would have been found four times in five; "
        "a smaller one may be there all the same."
    )
    return f"{said} {more % told}"


def asides(effect: "Effect", outcome: Outcome) -> list[str]:
    """What else a careful reader has to know."""
    said = []
    measured = effect.measured
    if len(measured) > 1:
        n = sum(one.outcome.verdict == effect.verdict for one in measured if one.outcome)
        said.append(
            ngettext(
                "It holds for %(n)d of the %(all)d moments it aimed at.",
                "It holds for %(n)d of the %(all)d moments it aimed at.",
                n,
            )
            % {"n": n, "all": len(measured)}
        )
    if outcome.verdict == ChangeVerdict.IMPROVED and outcome.beyond and outcome.beyond.low <= 0:
        said.append(_("The moments nobody worked on moved alike, so it may have come by itself."))
    if not effect.in_advance:
        said.append(
            _(
                "The target was fixed after those answers began to come in, so it is tested among "
                "all the moments."
            )
        )
    if effect.provisional:
        said.append(_("The wave is still open: this is how it stands so far."))
    return said
