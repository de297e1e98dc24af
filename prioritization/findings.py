"""What map, table and plan say, each in one sentence made by rules, as finding.py does for the matrix."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization import finding
from prioritization.plan import Plan
from prioritization.situation import Situation
from prioritization.waves import Standing


def listed(names: Sequence[str]) -> str:
    """«A», «B» and «C»."""
    quoted = [_("“%(name)s”") % {"name": name} for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return _("%(first)s and %(last)s") % {"first": ", ".join(quoted[:-1]), "last": quoted[-1]}


def of_the_cycle(standing: Standing | None, moments: int) -> str:
    if standing and standing.board.rows:
        top = sorted(standing.board.rows, key=lambda row: -row.importance)[:3]
        return _("What matters most: %(moments)s") % {"moments": listed([row.name for row in top])}
    return ngettext(
        "%(moments)d moment in which the customer forms an opinion",
        "%(moments)d moments in which the customer forms an opinion",
        moments,
    ) % {"moments": moments}


def beside_the_priorities(standing: Standing) -> str:
    """The sentence under the headline: how bad, and what rose."""
    board = standing.board
    if not board.to_act:
        return ""
    worst = min(board.to_act, key=lambda row: row.satisfaction)
    said = _("%(moment)s is the worst rated of those that matter: satisfaction %(s)s, importance %(i)s.") % {
        "moment": listed([worst.name]),
        "s": worst.satisfaction_text,
        "i": worst.importance_text,
    }
    risen = [row.name for row in board.changed if row.change and row.change.difference > 0][:3]
    if not risen:
        return said
    rose = ngettext(
        "%(moments)s has clearly risen since %(wave)s.",
        "%(moments)s have clearly risen since %(wave)s.",
        len(risen),
    ) % {"moments": listed(risen), "wave": standing.before.wave if standing.before else ""}
    return f"{said} {rose}"


def of_the_table(standing: Standing) -> str:
    return _("%(act)d to act on, %(keep)d to protect, %(watch)d to watch, %(ease)d to ease") % {
        "act": len(standing.board.to_act),
        "keep": len(standing.in_quadrant("keep_up")),
        "watch": len(standing.in_quadrant("low_priority")),
        "ease": len(standing.in_quadrant("possible_overkill")),
    }


def of_the_requirements(requirements: int, moments_without: int) -> str:
    said = ngettext("%(n)d requirement", "%(n)d requirements", requirements) % {"n": requirements}
    if not moments_without:
        return _("%(requirements)s, and no moment without one") % {"requirements": said}
    return ngettext(
        "%(requirements)s; %(n)d moment has none yet",
        "%(requirements)s; %(n)d moments have none yet",
        moments_without,
    ) % {"requirements": said, "n": moments_without}


def of_the_plan(plan: Plan) -> str:
    opened = ngettext("%(n)d action open", "%(n)d actions open", len(plan.open)) % {"n": len(plan.open)}
    if plan.late:
        return ngettext("%(open)s; %(n)d is late", "%(open)s; %(n)d are late", len(plan.late)) % {
            "open": opened,
            "n": len(plan.late),
        }
    if not plan.done:
        return _("%(open)s, none late") % {"open": opened}
    done = len(plan.done)
    return ngettext("%(open)s, %(n)d done, none late", "%(open)s, %(n)d done, none late", done) % {
        "open": opened,
        "n": done,
    }


def of_the_overview(situation: Situation) -> str:
    """The sentence under the name of the cycle: what it is about, and what was found."""
    described = situation.cycle.text("description").strip()
    if situation.standing and situation.standing.board.rows:
        found = finding.of_the_matrix(situation.standing.board) + "."
        return f"{described} {found}".strip()
    if described:
        return described
    if len(situation.outline):
        return of_the_cycle(None, len(situation.outline)) + "."
    return _("A new cycle: map where the customer meets us, then write what each moment requires.")
