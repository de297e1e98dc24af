"""What asks for attention, by rules: the most urgent first, a handful before the rest.

Each rule says what happened in a title, what it means in a line, and where to act.
"""

from collections.abc import Callable, Iterator, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Role
from prioritization import attention_around as beside
from prioritization import figures
from prioritization.around import Around
from prioritization.attention_item import Item, some, worst_of
from prioritization.board import Row
from prioritization.findings import listed
from prioritization.plan import Step
from prioritization.situation import Situation
from prioritization.waves import mark_of

MOST = 6
SOON = 7  # days before the closing day


Rule = Callable[[Situation, Around, Membership], Iterator[Item]]


def attention(situation: Situation, around: Around, membership: Membership) -> tuple[list[Item], list[Item]]:
    """The most urgent, and the rest."""
    found = [item for rule in RULES for item in rule(situation, around, membership)]
    return found[:MOST], found[MOST:]


def worst_moment(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    """The worst rated of those that surely ask for action; worse still when it keeps falling."""
    standing, worst = situation.standing, worst_of(situation)
    if not standing or not worst:
        return
    says = _("Satisfaction %(s)s with importance %(i)s.") % {
        "s": worst.satisfaction_text,
        "i": worst.importance_text,
    }
    title = _("%(moment)s is the worst rated of what matters")
    if worst.change and worst.change.clear:
        change = {"points": worst.difference_text, "wave": standing.before.wave if standing.before else ""}
        if worst.change.difference < 0:
            title = _("%(moment)s is the worst rated of what matters, and still falling")
            says += " " + _("It lost %(points)s since %(wave)s.") % change
        else:
            says += " " + _("It gained %(points)s since %(wave)s.") % change
    if around.low and str(around.low.moment_id) == worst.key:
        says += " " + beside.low_text(around.low)
    yield Item(
        title=title % {"moment": listed([worst.name])},
        says=says,
        button=_("See actions"),
        about=worst.name,
        url=membership.url("cycles:plan", situation.cycle.pk),
        mark=mark_of(worst),
    )


def late_actions(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    late = situation.plan.late
    url = membership.url("cycles:plan", situation.cycle.pk)
    for step in late[:2]:
        yield Item(
            title=ngettext(
                "%(action)s has been late for %(n)d day",
                "%(action)s has been late for %(n)d days",
                step.days_late,
            )
            % {"action": step.action, "n": step.days_late},
            says=who_and_where(situation, step),
            button=_("See the action") if membership.role == Role.VIEWER else _("Update"),
            about=str(step.action),
            url=membership.url("cycles:action", step.action.pk),
            icon="clock",
            tone="is-bad",
        )
    if len(late) > 2:
        more = len(late) - 2
        yield Item(
            title=ngettext("%(n)d more action is late", "%(n)d more actions are late", more) % {"n": more},
            says=codes_of(late[2:]),
            button=_("See the plan"),
            about=_("late actions"),
            url=url,
            icon="clock",
            tone="is-bad",
        )


def codes_of(steps: Sequence[Step]) -> str:
    """Where there are several plans, with their names."""
    plans: dict[str, list[str]] = {}
    for step in steps:
        plans.setdefault(str(step.action.plan), []).append(step.action.code)
    listed = [(plan, ", ".join(codes)) for plan, codes in plans.items()]
    return listed[0][1] if len(listed) == 1 else ". ".join(f"{plan}: {codes}" for plan, codes in listed)


def who_and_where(situation: Situation, step: Step) -> str:
    owner = step.action.owner
    parts = [
        _("Responsible: %(name)s.") % {"name": owner} if owner else _("Nobody is responsible for it."),
    ]
    numbers = [mark.number for mark in situation.marks(step)]
    if numbers:
        parts.append(
            ngettext("It serves moment %(numbers)s.", "It serves moments %(numbers)s.", len(numbers))
            % {"numbers": ", ".join(numbers)}
        )
    return " ".join(parts)


def closing_survey(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    asked = situation.asked
    left = asked.days_left(situation.today) if asked else None
    if asked is None or left is None or left > SOON:
        return
    if left == 0:
        title = _("The survey %(wave)s closes today") % {"wave": asked.wave}
    else:
        title = ngettext(
            "The survey %(wave)s closes in %(n)d day", "The survey %(wave)s closes in %(n)d days", left
        ) % {"wave": asked.wave, "n": left}
    says = ngettext("%(n)d answer so far", "%(n)d answers so far", asked.answers) % {"n": asked.answers}
    if asked.rate is not None:
        says += _(", %(rate)s of the invited") % {"rate": figures.percent(asked.rate)}
    yield Item(
        title=title,
        says=says + ".",
        button=_("See the survey"),
        about=str(asked.wave),
        url=membership.url("surveys:survey", situation.cycle.pk),
        icon="mail",
    )


def moments_without_requirement(
    situation: Situation, around: Around, membership: Membership
) -> Iterator[Item]:
    names = situation.moments_without_requirement
    # A cycle where nothing was written yet is told by its steps; here only what was left out.
    if not names or not situation.requirement_count:
        return
    yield Item(
        title=ngettext("%(n)d moment has no requirement", "%(n)d moments have no requirement", len(names))
        % {"n": len(names)},
        says=some(names),
        button=written(membership, _("Write it") if len(names) == 1 else _("Write them")),
        about=_("requirements"),
        url=membership.url("cycles:requirements", situation.cycle.pk),
    )


def requirements_without_action(
    situation: Situation, around: Around, membership: Membership
) -> Iterator[Item]:
    """Of moments that ask for action, once there is a plan at all."""
    if not situation.plan.counted:
        return
    served = situation.plan.served_requirements
    moments = {row.key for row in situation.standing.board.to_act} if situation.standing else set()
    names = [
        str(requirement)
        for moment_id, rows in situation.requirements.items()
        if str(moment_id) in moments
        for requirement in rows
        if requirement.pk not in served
    ]
    if not names:
        return
    yield Item(
        title=ngettext(
            "%(n)d requirement of the moments to act on has no action",
            "%(n)d requirements of the moments to act on have no action",
            len(names),
        )
        % {"n": len(names)},
        says=some(names),
        button=written(membership, _("Plan it") if len(names) == 1 else _("Plan them")),
        about=_("actions for requirements"),
        url=membership.url("cycles:plan", situation.cycle.pk),
    )


def written(membership: Membership, verb: str) -> str:
    """The way to a page that only editors write on, by what one can do there."""
    return verb if membership.is_editor else _("See which")


def undecided(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    """The most important moment whose quadrant may be chance."""
    rows: list[Row] = []
    if situation.standing:
        rows = [row for row in situation.standing.board.rows if row.uncertain]
    if not rows:
        return
    row = max(rows, key=lambda row: (row.importance, -row.rank))
    says = (
        _("%(share)s certainty that it is %(quadrant)s. %(n)d answers do not decide it.")
        if row.certainty is not None
        else _("How sure it is that it is %(quadrant)s cannot be told from %(n)d answers.")
    )
    yield Item(
        title=_("%(moment)s stands on the border") % {"moment": listed([row.name])},
        says=says % {"share": figures.percent(row.certainty), "quadrant": row.quadrant_name, "n": row.n},
        button=_("See the matrix"),
        about=row.name,
        url=membership.url("prioritization:matrix", situation.cycle.pk),
        mark=mark_of(row),
    )


def good_news(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    """The largest clear rise, so that what worked is written down."""
    standing = situation.standing
    if standing is None or standing.before is None:
        return
    risen = [row for row in standing.board.changed if row.change and row.change.difference > 0]
    if not risen:
        return
    row = risen[0]
    steps = [step for step in situation.plan.done if any(situation.row(pk) == row for pk in step.moment_ids)]
    says = _("From %(before)s to %(now)s.") % {"before": row.before_text, "now": row.satisfaction_text}
    if steps and steps[-1].action.done_on:
        says = _("From %(before)s to %(now)s; %(action)s was done on %(day)s.") % {
            "before": row.before_text,
            "now": row.satisfaction_text,
            "action": steps[-1].action.code,
            "day": date_format(steps[-1].action.done_on, "DATE_FORMAT"),
        }
    yield Item(
        title=_("%(moment)s rose by %(points)s since %(wave)s")
        % {
            "moment": listed([row.name]),
            "points": row.difference_text,
            "wave": standing.before.wave,
        },
        says=says,
        button=_("See the change"),
        about=row.name,
        url=membership.url("prioritization:matrix", situation.cycle.pk),
        icon="check",
        tone="is-good",
    )


RULES: tuple[Rule, ...] = (
    worst_moment,
    late_actions,
    beside.late_cases,
    beside.approvals,
    beside.breaches,
    beside.low_scores,
    beside.falling,
    closing_survey,
    beside.visits,
    beside.worsened,
    moments_without_requirement,
    requirements_without_action,
    undecided,
    beside.improved,
    good_news,
)
