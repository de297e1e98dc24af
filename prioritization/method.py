"""The five steps of the method for one cycle: what stands, and what is missing, in a sentence each."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from prioritization.situation import Situation
from surveys.models import SurveyStatus


@dataclass(frozen=True)
class Step:
    """`state` colours the words below: done, late, or nothing special."""

    number: int
    name: str
    says: str
    status: str
    state: str
    percent: int
    url: str


def steps_of(situation: Situation, membership: Membership) -> list[Step]:
    told = [
        moments(situation),
        requirements(situation),
        plan(situation),
        matrix(situation),
        survey(situation),
    ]
    pages = ("cycles:map", "cycles:requirements", "cycles:plan", "prioritization:matrix", "surveys:survey")
    names = (_("Moments"), _("Requirements"), _("Action plans"), _("Prioritization"), _("Survey"))
    return [
        Step(number, name, *rest, membership.url(page, situation.cycle.pk))
        for number, (name, rest, page) in enumerate(zip(names, told, pages, strict=True), 1)
    ]


Told = tuple[str, str, str, int]  # says, status, state, percent


def share(part: int, whole: int) -> int:
    """Full only when nothing is missing, empty only when nothing is there."""
    if part in (0, whole):
        return 100 if part else 0
    return min(99, max(1, round(100 * part / whole)))


def moments(situation: Situation) -> Told:
    outline = situation.outline
    if not len(outline):
        return _("Where does the customer meet us? Begin with the first contact."), _("Not begun"), "", 0
    stages, critical = len(outline.parts), sum(e.moment.is_critical for e in outline)
    says = _("%(moments)s %(stages)s, %(critical)s.") % {
        "moments": ngettext("%(n)d moment", "%(n)d moments", len(outline)) % {"n": len(outline)},
        "stages": ngettext("in %(n)d stage", "in %(n)d stages", stages) % {"n": stages},
        "critical": ngettext("%(n)d critical", "%(n)d critical", critical) % {"n": critical}
        if critical
        else _("none critical"),
    }
    empty = sum(not part.entries for part in outline.parts)
    if empty:
        filled = stages - empty
        status = ngettext("%(n)d stage is empty", "%(n)d stages are empty", empty) % {"n": empty}
        return says, status, "", share(filled, stages)
    return says, _("Complete"), "done", 100


def requirements(situation: Situation) -> Told:
    n, moments, without = (
        situation.requirement_count,
        len(situation.outline),
        len(situation.moments_without_requirement),
    )
    if not n:
        return _("What minimum would we need here, were we the customer?"), _("Not begun"), "", 0
    says = ngettext("%(n)d requirement.", "%(n)d requirements.", n) % {"n": n}
    if without:
        says += " " + ngettext("%(n)d moment has none yet.", "%(n)d moments have none yet.", without) % {
            "n": without
        }
        status = ngettext("%(n)d missing", "%(n)d missing", without) % {"n": without}
        return says, status, "", share(moments - without, moments)
    return says, _("Complete"), "done", 100


def plan(situation: Situation) -> Told:
    plan = situation.plan
    if not plan.counted:
        return _("What will we do, who, by when?"), _("Not begun"), "", 0
    says = _("%(actions)s, %(done)s.") % {
        "actions": ngettext("%(n)d action", "%(n)d actions", plan.counted) % {"n": plan.counted},
        "done": ngettext("%(n)d done", "%(n)d done", len(plan.done)) % {"n": len(plan.done)},
    }
    percent = share(len(plan.done), plan.counted)
    if plan.late:
        return (
            says,
            ngettext("%(n)d late", "%(n)d late", len(plan.late)) % {"n": len(plan.late)},
            "late",
            percent,
        )
    if plan.open:
        return says, ngettext("%(n)d open", "%(n)d open", len(plan.open)) % {"n": len(plan.open)}, "", percent
    return says, _("All done"), "done", 100


def matrix(situation: Situation) -> Told:
    standing = situation.standing
    if standing is None:
        return _("Where do we act first? The customers' answers say it."), _("Needs answers"), "", 0
    if not standing.board.rows:
        return _("Too few answers to show a moment."), _("Needs answers"), "", 0
    act = len(standing.board.to_act)
    says = ngettext("%(n)d moment in Act", "%(n)d moments in Act", act) % {"n": act}
    before = acted_before(situation)
    if before is None:
        says += "."
    elif before == act:
        says = _("%(moments)s, as many as in %(wave)s.") % {"moments": says, "wave": earlier(situation)}
    else:
        says = _("%(moments)s, %(before)d in %(wave)s.") % {
            "moments": says,
            "before": before,
            "wave": earlier(situation),
        }
    asked = situation.asked
    if asked and asked.wave == standing.wave and asked.answers != standing.n_responses:
        return says, _("New answers are being counted"), "", 99
    return says, _("Up to date"), "done", 100


def earlier(situation: Situation) -> str:
    before = situation.standing.before if situation.standing else None
    return str(before.wave) if before else ""


def acted_before(situation: Situation) -> int | None:
    """How many were to be acted on in the wave before."""
    before = situation.standing.before if situation.standing else None
    if before is None:
        return None
    return sum(1 for m in before.result["moments"] if m["quadrant"] == "concentrate_here")


def survey(situation: Situation) -> Told:
    asked = situation.asked
    if asked is None:
        return _("What do customers really think? Ask them."), _("Not begun"), "", 0
    says = ngettext("%(n)d answer", "%(n)d answers", asked.answers) % {"n": asked.answers}
    if asked.invited:
        said = ngettext("to %(n)d invitation", "to %(n)d invitations", asked.invited) % {"n": asked.invited}
        says = f"{says} {said}"
    says += "."
    percent = round(100 * asked.rate) if asked.rate is not None else 100 if asked.answers else 0
    if asked.wave.status == SurveyStatus.CLOSED or not asked.wave.is_open:
        return says, _("Closed"), "done", 100
    left = asked.days_left(situation.today)
    if left is None:
        return says, _("Open"), "", percent
    if left == 0:
        return says, _("Closes today"), "late", percent
    status = ngettext("Open %(n)d more day", "Open %(n)d more days", left) % {"n": left}
    return says, status, "", percent
