"""What asks for attention beside map, plan and matrix: cases, service levels, approvals, visits, effects."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Role
from prioritization.analysis.change import ChangeVerdict
from prioritization.around import Around, LowScores
from prioritization.attention_item import Item, some, worst_of
from prioritization.effect import Effect
from prioritization.findings import listed
from prioritization.situation import Situation
from prioritization.waves import mark_of


def late_cases(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    late = around.late_cases
    if not late:
        return
    unowned = sum(one.case.owner_id is None for one in late)
    says = _("%(cases)s. Start with whoever has waited longest.") % {
        "cases": ", ".join(one.case.code for one in late[:4]) + (" …" if len(late) > 4 else "")
    }
    if unowned:
        says += " " + ngettext(
            "%(n)d of them has nobody responsible.", "%(n)d of them have nobody responsible.", unowned
        ) % {"n": unowned}
    yield Item(
        title=ngettext("%(n)d case is overdue", "%(n)d cases are overdue", len(late)) % {"n": len(late)},
        says=says,
        button=_("See the cases"),
        about=_("overdue cases"),
        url=membership.url("surveys:cases", situation.cycle.pk),
        icon="clock",
        tone="is-bad",
    )


def approvals(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    """Told to whoever may approve, and to the others as something that waits; where nobody approves, not."""
    n = len(around.waiting)
    if not n or not around.managers:
        return
    if membership.role == Role.MANAGER:
        title = ngettext("%(n)d action waits for your approval", "%(n)d actions wait for your approval", n)
    else:
        title = ngettext("%(n)d action waits for approval", "%(n)d actions wait for approval", n)
    says = some([str(action) for action in around.waiting])
    if membership.role != Role.MANAGER:
        said = {"names": ", ".join(str(person) for person in around.managers[:3])}
        says += " " + _("Who approves: %(names)s.") % said
    yield Item(
        title=title % {"n": n},
        says=says,
        button=_("See the plan"),
        about=_("actions waiting for approval"),
        url=membership.url("cycles:plan", situation.cycle.pk),
        icon="check",
    )


def breaches(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    missed = around.breaches
    if not missed:
        return
    first = missed[0]
    if len(missed) == 1:
        title = _("%(level)s is not kept") % {"level": listed([str(first.level)])}
    else:
        title = ngettext(
            "%(n)d service level is not kept", "%(n)d service levels are not kept", len(missed)
        ) % {"n": len(missed)}
    says = some([str(one.level) for one in missed])
    if len(missed) == 1 and first.target:
        says = _("%(value)s in %(period)s; agreed: %(target)s.") % {
            "value": first.last_text,
            "period": first.last_period,
            "target": first.target.text,
        }
    yield Item(
        title=title,
        says=says,
        button=_("See the service levels"),
        about=str(first.level),
        url=membership.url("cycles:service_levels", situation.cycle.pk),
        icon="target",
        tone="is-bad",
    )


def low_scores(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    """But for the worst moment, whose own item says it (see `low_text`)."""
    low, worst = around.low, worst_of(situation)
    entry = situation.outline.entry(low.moment_id) if low else None
    if low is None or entry is None or (worst and worst.key == str(low.moment_id)):
        return
    yield Item(
        title=_("New low scores at %(moment)s") % {"moment": listed([str(entry.moment)])},
        says=low_text(low),
        button=_("See the answers"),
        about=str(entry.moment),
        url=membership.url("prioritization:results", situation.cycle.pk),
        mark=situation.mark(low.moment_id),
    )


def low_text(low: LowScores) -> str:
    said = {"n": low.n, "of": low.of, "up_to": low.up_to}
    return _("%(n)d of the last %(of)d answers of the week gave it %(up_to)d or less.") % said


def falling(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    """Clear falls (S8.5), but for the one that the worst moment has told already."""
    standing = situation.standing
    if standing is None or standing.before is None:
        return
    told = worst_of(situation)
    fallen = [row for row in standing.board.changed if row.change and row.change.difference < 0]
    for row in [row for row in reversed(fallen) if row is not told][:2]:
        yield Item(
            title=_("%(moment)s is falling") % {"moment": listed([row.name])},
            says=_("From %(before)s to %(now)s since %(wave)s: more than chance.")
            % {"before": row.before_text, "now": row.satisfaction_text, "wave": standing.before.wave},
            button=_("See the change"),
            about=row.name,
            url=membership.url("prioritization:matrix", situation.cycle.pk),
            mark=mark_of(row),
        )


def visits(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    due = around.visits
    # The people of the client would expect a visit that they read of here.
    if not due or not membership.is_editor:
        return
    late = sum(visit.day < situation.today for visit in due)
    says = _("The next: %(place)s, %(day)s.") % {
        "place": due[0].place,
        "day": date_format(due[0].day, "MONTH_DAY_FORMAT"),
    }
    if late:
        says += " " + ngettext(
            "%(n)d should have been made already.", "%(n)d should have been made already.", late
        ) % {"n": late}
    yield Item(
        title=ngettext(
            "%(n)d mystery visit to make within a week",
            "%(n)d mystery visits to make within a week",
            len(due),
        )
        % {"n": len(due)},
        says=says,
        button=_("See the visits"),
        about=_("mystery visits"),
        url=membership.url("surveys:visits", due[0].wave_id),
        icon="search",
        tone="is-bad" if late else "",
    )


def worsened(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    for effect in around.with_verdict(ChangeVerdict.WORSENED)[:2]:
        title = _("After %(action)s its moments fell") % {"action": effect.action.code}
        yield measured(situation, membership, effect, title, "is-bad")


def improved(situation: Situation, around: Around, membership: Membership) -> Iterator[Item]:
    for effect in around.with_verdict(ChangeVerdict.IMPROVED)[:1]:
        title = _("%(action)s: improvement demonstrated") % {"action": effect.action.code}
        yield measured(situation, membership, effect, title, "is-good")


def measured(situation: Situation, membership: Membership, effect: Effect, title: str, tone: str) -> Item:
    return Item(
        title=title,
        says=effect.sentence,
        button=_("See the effects"),
        about=str(effect.action),
        url=membership.url("prioritization:effects", situation.cycle.pk),
        icon="check" if tone == "is-good" else "down",
        tone=tone,
    )
