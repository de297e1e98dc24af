"""Did it work? What was measured of the actions that had a target."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prioritization import effect_words
from prioritization.analysis.change import ChangeVerdict
from prioritization.effect import Effect, Stage
from prioritization.effects import effects_of
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.reports.tables import Block, Table

CSS = {ChangeVerdict.IMPROVED: "up", ChangeVerdict.WORSENED: "down", ChangeVerdict.NO_EVIDENCE: "flat"}


def find(document: Document) -> Found | None:
    effects = [e for e in effects_of(document.cycle, document.outline) if e.stage != Stage.NO_TARGET]
    if not effects:
        return None
    measured = [e for e in effects if e.stage == Stage.MEASURED]
    waiting = [e for e in effects if e.stage != Stage.MEASURED]
    blocks = [
        Block(title, [line(e) for e in some], "")
        for title, some in ((_("Measured"), measured), (_("Not measured yet"), waiting))
        if some
    ]
    return Found(_("Measured effects"), finding_of(measured, len(effects)), {}, Table(4, blocks))


def finding_of(measured: list[Effect], n: int) -> str:
    if not measured:
        return ngettext(
            "%(n)d action has a target; none is measured yet",
            "%(n)d actions have a target; none is measured yet",
            n,
        ) % {"n": n}
    shown = sum(e.verdict == ChangeVerdict.IMPROVED for e in measured)
    return ngettext(
        "%(shown)d of %(n)d measured action shows an improvement",
        "%(shown)d of %(n)d measured actions show an improvement",
        len(measured),
    ) % {"shown": shown, "n": len(measured)}


def line(effect: Effect) -> dict[str, object]:
    outcome = effect.outcome
    verdict = effect.verdict
    return {
        "action": effect.action,
        "name": effect.action.text("name"),
        "change": effect_words.change_text(outcome) if outcome else "",
        "verdict": effect_words.chip_of(verdict),
        "css": CSS[verdict] if verdict else "flat",
        "says": effect.sentence,
    }


CHAPTER = Chapter("effects", gettext_lazy("Measured effects"), find)
