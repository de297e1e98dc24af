"""The overview's key figures, and its strips of dots stage by stage."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyclemap.rounding import half_up
from prioritization import figures
from prioritization.situation import Situation
from prioritization.strips import Domain, Strip, domain_of, strip


@dataclass(frozen=True)
class Figure:
    """`delta` is a change and its direction, up, down or flat."""

    label: str
    value: str
    unit: str
    says: str
    delta: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Line:
    name: str
    colour: str
    mean: str
    strip: Strip


@dataclass(frozen=True)
class Strips:
    lines: tuple[Line, ...]
    domain: Domain

    @property
    def caption(self) -> str:
        return _("satisfaction, %(low)s to %(high)s") % {
            "low": short(self.domain.low),
            "high": short(self.domain.high),
        }


def short(value: float) -> str:
    return figures.decimal(value, 0 if value == int(value) else 1)


def figures_of(situation: Situation) -> list[Figure]:
    """Nothing that is not known: a new cycle has none, and its steps say what to do."""
    found = []
    standing, asked, plan = situation.standing, situation.asked, situation.plan
    if standing and standing.satisfaction is not None:
        found.append(satisfaction(situation))
        found.append(to_act(situation))
    if asked:
        found.append(answers(situation))
    if plan.counted:
        parts = [ngettext("%(n)d open", "%(n)d open", len(plan.open)) % {"n": len(plan.open)}]
        if plan.late:
            parts.append(ngettext("%(n)d late", "%(n)d late", len(plan.late)) % {"n": len(plan.late)})
        if plan.quick_wins:
            n = len(plan.quick_wins)
            parts.append(ngettext("%(n)d quick win", "%(n)d quick wins", n) % {"n": n})
        done = _("of %(n)d") % {"n": plan.counted}
        found.append(Figure(_("Actions done"), str(len(plan.done)), done, ", ".join(parts)))
    return found


def satisfaction(situation: Situation) -> Figure:
    standing = situation.standing
    assert standing is not None
    unit = _("of %(n)d") % {"n": standing.board.scale[1]}
    value = figures.decimal(standing.satisfaction)
    if standing.change is None or standing.before is None:
        return Figure(_("Mean satisfaction"), value, unit, _("weighted by importance"))
    against = _("against %(wave)s, weighted by importance") % {"wave": standing.before.wave}
    moved = half_up(standing.change)
    direction = "up" if moved > 0 else "down" if moved < 0 else ""
    if not direction:
        return Figure(
            _("Mean satisfaction"), value, unit, _("as in %(wave)s") % {"wave": standing.before.wave}
        )
    return Figure(
        _("Mean satisfaction"), value, unit, against, figures.decimal(abs(standing.change)), direction
    )


def to_act(situation: Situation) -> Figure:
    standing = situation.standing
    assert standing is not None
    board = standing.board
    critical = [e for e in situation.outline if e.moment.is_critical]
    acting = sum(
        1 for e in critical if (row := situation.row(e.moment.pk)) and row.quadrant == "concentrate_here"
    )
    says = ""
    if critical and acting == len(critical):
        says = ngettext("The critical one is there", "The %(n)d critical ones are there", acting)
    elif critical and acting:
        says = ngettext("%(n)d critical one is there", "%(n)d critical ones are there", acting)
    elif critical:
        says = _("No critical one is there")
    if not board.to_act and not critical:
        says = _("Nothing important is below the mean")
    return Figure(
        _("Moments in Act"),
        str(len(board.to_act)),
        _("of %(n)d") % {"n": len(board.rows)},
        says % {"n": acting} if "%" in says else says,
    )


def answers(situation: Situation) -> Figure:
    asked = situation.asked
    assert asked is not None
    said = ngettext("%(n)d answer", "%(n)d answers", asked.answers) % {"n": asked.answers}
    if asked.rate is None:
        return Figure(_("Answers"), str(asked.answers), "", str(asked.wave))
    return Figure(_("Response rate"), figures.percent(asked.rate), "", f"{said}, {asked.wave}")


def strips_of(situation: Situation) -> Strips | None:
    standing = situation.standing
    if standing is None or not standing.board.rows:
        return None
    scale = standing.board.scale
    domain = domain_of([row.satisfaction for row in standing.board.rows], scale)
    lines = []
    for part in situation.outline.parts:
        known = [(str(e.moment), e.satisfaction) for e in part.entries if e.satisfaction is not None]
        drawn = strip(known, part.satisfaction, domain, scale)
        lines.append(Line(str(part.stage), part.stage.colour, figures.decimal(part.satisfaction), drawn))
    return Strips(tuple(lines), domain)
