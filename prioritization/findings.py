"""The finding as the headline: what the data says, in one sentence made by rules."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization import figures
from prioritization.plan import Plan
from prioritization.standing import Row, Standing


def listed(names: Sequence[str]) -> str:
    """«A», «B» and «C»."""
    quoted = [_("“%(name)s”") % {"name": name} for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return _("%(first)s and %(last)s") % {"first": ", ".join(quoted[:-1]), "last": quoted[-1]}


def of_the_cycle(standing: Standing | None, moments: int) -> str:
    if standing and standing.shown:
        top = sorted(standing.shown, key=lambda row: -(row.importance or 0))[:3]
        return _("What matters most: %(moments)s") % {"moments": listed([row.name for row in top])}
    return ngettext(
        "%(moments)d moment in which the customer forms an opinion",
        "%(moments)d moments in which the customer forms an opinion",
        moments,
    ) % {"moments": moments}


def of_the_priorities(standing: Standing) -> str:
    """Only moments that are surely in their quadrant may lead (S6.3)."""
    sure = [row for row in standing.to_act if not row.weak]
    if sure:
        names = listed([row.name for row in sure[:2]])
        return ngettext(
            "%(moments)s asks to be acted on first", "%(moments)s ask to be acted on first", len(sure[:2])
        ) % {"moments": names}
    if standing.to_act:
        return _("%(moment)s may ask to be acted on; the answers do not decide it yet") % {
            "moment": listed([standing.to_act[0].name])
        }
    if standing.shown:
        return _("No important moment is below the mean satisfaction")
    return _("There are not enough answers to show a moment")


def beside_the_priorities(standing: Standing) -> str:
    """The sentence under the headline: how bad, and what moved."""
    if not standing.to_act:
        return ""
    worst = min(standing.to_act, key=lambda row: row.satisfaction or 0)
    parts = [
        _("%(moment)s is the worst rated of those that matter: satisfaction %(s)s, importance %(i)s.")
        % {
            "moment": listed([worst.name]),
            "s": figures.decimal(worst.satisfaction),
            "i": figures.decimal(worst.importance),
        }
    ]
    risen = clear(standing, "up")
    if risen:
        parts.append(
            ngettext(
                "%(moments)s has clearly risen since %(wave)s.",
                "%(moments)s have clearly risen since %(wave)s.",
                len(risen[:3]),
            )
            % {"moments": listed([row.name for row in risen[:3]]), "wave": standing.before}
        )
    return " ".join(parts)


def clear(standing: Standing, direction: str) -> list[Row]:
    """Moments whose change is more than chance, the largest first."""
    rows = [row for row in standing.shown if row.change and row.change.direction == direction]
    return sorted(rows, key=lambda row: -abs(row.change.delta if row.change else 0))


def of_the_table(standing: Standing) -> str:
    return _("%(act)d to act on, %(keep)d to protect, %(watch)d to watch, %(ease)d to ease") % {
        "act": len(standing.to_act),
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
    done = len(plan.done)
    return _("%(open)s, %(done)d done, none late") % {"open": opened, "done": done}
