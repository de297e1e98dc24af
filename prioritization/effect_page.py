"""The page of effects: the finding in its title, and of each action what was found, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from cycles.action_marks import ShortEffect
from cycles.models import Action, Cycle
from cycles.scores import Scores
from prioritization import figures
from prioritization.analysis.change import ChangeVerdict
from prioritization.analysis.effect import Outcome
from prioritization.effect import Aimed, Effect, Stage
from prioritization.effect_words import change_text, chip_of, half_text, size_text, verdict_of
from prioritization.effects import effects_of
from prioritization.shapes import LOOKS

CHIPS = {
    ChangeVerdict.IMPROVED: "chip--good",
    ChangeVerdict.NO_EVIDENCE: "chip--line",
    ChangeVerdict.WORSENED: "chip--bad",
}


@dataclass(frozen=True)
class Line:
    """One target moment."""

    aim: Aimed
    css: str  # the shape of its quadrant, "" where it has none

    @property
    def outcome(self) -> Outcome | None:
        return self.aim.outcome

    @property
    def chip(self) -> str:
        return chip_of(self.outcome.verdict) if self.outcome else ""

    @property
    def chip_css(self) -> str:
        return CHIPS[self.outcome.verdict] if self.outcome else ""

    @property
    def change(self) -> str:
        return change_text(self.outcome) if self.outcome else figures.MISSING

    @property
    def half(self) -> str:
        return half_text(self.outcome) if self.outcome else ""

    @property
    def before(self) -> str:
        return figures.decimal(self.outcome.before if self.outcome else None)

    @property
    def after(self) -> str:
        return figures.decimal(self.outcome.after if self.outcome else None)

    @property
    def interval(self) -> str:
        o = self.outcome
        if o is None or o.low is None:
            return figures.MISSING
        return _("%(low)s to %(high)s") % {"low": figures.signed(o.low, 2), "high": figures.signed(o.high, 2)}

    @property
    def p(self) -> str:
        return figures.p_value(self.outcome.p if self.outcome else None)

    @property
    def size(self) -> str:
        return size_text(self.outcome.g if self.outcome else None)

    @property
    def size_range(self) -> str:
        o = self.outcome
        if o is None or o.g_low is None:
            return ""
        said = {"low": figures.signed(o.g_low, 2), "high": figures.signed(o.g_high, 2)}
        return _("%(low)s to %(high)s") % said

    @property
    def adjusted(self) -> str:
        return figures.signed(self.outcome.adjusted if self.outcome else None, 2)

    @property
    def detectable(self) -> str:
        return figures.decimal(self.outcome.detectable if self.outcome else None, 2)

    @property
    def beyond(self) -> str:
        return figures.signed(self.outcome.beyond.change, 2) if self.outcome and self.outcome.beyond else ""

    @property
    def beyond_range(self) -> str:
        beyond = self.outcome.beyond if self.outcome else None
        if beyond is None:
            return ""
        said = {"low": figures.signed(beyond.low, 2), "high": figures.signed(beyond.high, 2)}
        return _("%(low)s to %(high)s") % said

    @property
    def who(self) -> str:
        """Whose answers were compared."""
        o = self.outcome
        if o is None:
            return ""
        if o.pairs is not None:
            said = ngettext(
                "%(n)d customer who rated it both times, each compared with what they said before",
                "%(n)d customers who rated it both times, each compared with what they said before",
                o.pairs,
            )
            return said % {"n": o.pairs}
        return _("%(before)d ratings before and %(after)d after, two groups of customers") % {
            "before": o.n_before,
            "after": o.n_after,
        }


@dataclass(frozen=True)
class Told:
    """One action as the page says it."""

    effect: Effect
    lines: tuple[Line, ...]

    @property
    def main(self) -> Line | None:
        aim = self.effect.main
        return next((line for line in self.lines if line.aim == aim), None) if aim else None

    @property
    def verdict(self) -> str:
        return verdict_of(self.effect.verdict)

    @property
    def chip_css(self) -> str:
        return CHIPS[self.effect.verdict] if self.effect.verdict else ""

    @property
    def is_measured(self) -> bool:
        return self.effect.stage == Stage.MEASURED

    @property
    def smaller_than_wanted(self) -> bool:
        """Clear, and yet less than what was fixed as worth detecting."""
        e = self.effect
        wanted = float(e.target.smallest_change) if e.target else 0.0
        return bool(e.verdict == ChangeVerdict.IMPROVED and e.change is not None and e.change < wanted)


@dataclass(frozen=True)
class EffectsPage:
    measured: tuple[Told, ...]
    others: tuple[Told, ...]

    @property
    def waiting(self) -> list[Told]:
        """Not measured, though something was fixed."""
        return [one for one in self.others if one.effect.stage != Stage.NO_TARGET]

    @property
    def aimless(self) -> list[Told]:
        return [one for one in self.others if one.effect.stage == Stage.NO_TARGET]

    @property
    def title(self) -> str:
        """The finding."""
        n = len(self.measured)
        if not n:
            return _("No effect has been measured yet")
        clear = sum(one.effect.verdict == ChangeVerdict.IMPROVED for one in self.measured)
        if clear == 0:
            return ngettext(
                "Of the action measured, no clear effect so far",
                "Of the %(n)d actions measured, none has a clear effect so far",
                n,
            ) % {"n": n}
        return ngettext(
            "%(clear)d of the %(n)d actions measured has a clear effect",
            "%(clear)d of the %(n)d actions measured have a clear effect",
            clear,
        ) % {"clear": clear, "n": n}

    @property
    def after(self) -> str:
        """The wave that answered, where it is one for all."""
        waves = {str(one.effect.after) for one in self.measured}
        return waves.pop() if len(waves) == 1 else ""


def told_of(effect: Effect, scores: Scores) -> Told:
    lines = []
    for aim in effect.moments:
        score = scores.of(aim.moment_id)
        look = LOOKS.get(score.quadrant or "") if score else None
        lines.append(Line(aim, look.css if look else ""))
    return Told(effect, tuple(lines))


def page_of(effects: Sequence[Effect], scores: Scores) -> EffectsPage:
    """The surest first; then what waits."""
    told = [told_of(effect, scores) for effect in effects]
    measured = [one for one in told if one.is_measured]
    order = [ChangeVerdict.WORSENED, ChangeVerdict.IMPROVED, ChangeVerdict.NO_EVIDENCE]
    measured.sort(key=lambda one: (order.index(one.effect.verdict), one.effect.p_holm or 0))  # type: ignore[arg-type]
    return EffectsPage(tuple(measured), tuple(one for one in told if not one.is_measured))


# --- On the pages of the plan (settings ACTION_EFFECTS, ACTION_PARTS) ---------------------------------


def in_short(cycle: Cycle) -> dict[int, ShortEffect]:
    """By action, of those that were measured."""
    found = {}
    for effect in effects_of(cycle):
        told = told_of(effect, Scores())
        if (line := told.main) is None:
            continue
        said = {"chip": line.chip, "before": line.before, "after": line.after}
        found[effect.action.pk] = ShortEffect(
            line.change,
            line.half,
            _("%(chip)s, %(before)s to %(after)s") % said,
            effect.verdict != ChangeVerdict.NO_EVIDENCE,
        )
    return found


def part_of(action: Action, membership: Membership) -> tuple[str, dict[str, object]]:
    """A section of the page of an action: its target and what became of it."""
    known = effects_of(action.plan.cycle)
    mine = next((e for e in known if e.action.pk == action.pk), None)
    told = told_of(mine, action.plan.cycle.scores) if mine else None
    context: dict[str, object] = {"action": action, "told": told, "may_edit": membership.is_editor}
    return "prioritization/_action_effect.html", context
