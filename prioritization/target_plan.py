"""How many answers it takes to see the change an action is to bring (S10), moment by moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from cycles.models import Cycle, Moment
from prioritization.analysis.change import ALPHA, minimum_detectable
from prioritization.analysis.estimates import estimate
from prioritization.analysis.planner import sample_before_after, sample_before_after_paired
from prioritization.matrix import Segment, least_shown, read
from prioritization.models import Target
from prioritization.sampling import usual_rate
from prioritization.tallies.read import BeingCountedError
from surveys.models import Contact, Wave
from surveys.segments import READY

# How alike the two answers of one customer are, where nobody has answered twice yet.
ALIKE = 0.5


@dataclass(frozen=True)
class Needed:
    """Of one moment. `n` and `sd` in the baseline, None where too few rated it; `needed` answers about
    this moment in each wave, `later` in the later one given what the baseline has (None: no number is
    enough), `invitations` to send for those, `paired` customers who answer both times.
    `detectable`: what the baseline could show if everybody answered later."""

    name: str
    n: int | None
    sd: float | None = None
    needed: int | None = None
    later: int | None = None
    invitations: int | None = None
    paired: int | None = None
    detectable: float | None = None

    @property
    def short(self) -> bool:
        """The baseline alone is too small."""
        return self.n is not None and self.needed is not None and self.n < self.needed

    @property
    def never(self) -> bool:
        return self.needed is not None and self.later is None


@dataclass(frozen=True)
class Planned:
    rows: tuple[Needed, ...]
    tests: int
    rate: float
    people: int  # of the client who may be asked
    change: float
    can_be_linked: bool

    @property
    def others(self) -> int:
        """Tests that the targets of other actions add to those chosen."""
        return self.tests - len(self.rows)

    @property
    def is_too_few(self) -> bool:
        """There are contacts, but not as many as it takes; without any, customers come by a link."""
        return 0 < self.people < (self.invitations or 0)

    @property
    def invitations(self) -> int | None:
        """For the moment that takes most."""
        return max((row.invitations for row in self.rows if row.invitations), default=None)


def planned(
    cycle: Cycle,
    action_id: int,
    moments: Sequence[Moment],
    wave: Wave,
    segment: Segment | None,
    change: float,
) -> Planned | None:
    """None while the answers are being counted."""
    try:
        reading = read(wave, segment)
    except BeingCountedError:
        return None
    tally = reading.segment if segment and reading.segment is not None else reading.everybody
    e, least = estimate(tally), least_shown(wave)
    place = {item.moment_id: k for k, item in enumerate(reading.items)}
    rate = usual_rate(cycle)
    tests = tested_at_once(cycle, action_id, moments, wave, segment)
    rows = []
    for moment in moments:
        k = place.get(moment.pk)
        n = int(e.n_satisfaction[k]) if k is not None else 0
        sd = float(e.sd_satisfaction[k]) if k is not None and n >= least else 0.0
        if not sd > 0:
            rows.append(Needed(str(moment), n if n >= least else None))
            continue
        share = n / tally.respondents
        needed = sample_before_after(sd, change, tests=tests).needed
        later = in_the_later_wave(needed, n)
        paired = sample_before_after_paired(sd, change, ALIKE, tests=tests).needed
        lowest = minimum_detectable(np.array([sd / n**0.5]), ALPHA / tests)
        invitations = ceil(later / share / rate) if later else None
        rows.append(Needed(str(moment), n, sd, needed, later, invitations, paired, float(lowest[0])))
    people = Contact.objects.filter(READY, client=cycle.client).count()
    return Planned(tuple(rows), tests, rate, people, change, not wave.survey.is_anonymous)


def in_the_later_wave(needed: int, n: int) -> int | None:
    """1/n2 = 2/needed - 1/n: a small baseline is made up for by a large later wave, up to a point."""
    if n >= needed:
        return needed
    rest = 2 / needed - 1 / n
    return ceil(1 / rest) if rest > 1e-9 else None


def tested_at_once(
    cycle: Cycle, action_id: int, moments: Sequence[Moment], wave: Wave, segment: Segment | None
) -> int:
    """With what other actions fixed against the same wave: Holm counts them all. One query."""
    others = Target.objects.filter(action__plan__cycle=cycle, action__deleted_at=None, baseline=wave)
    rows = others.exclude(action=action_id).values_list("moments", "segment_name", "segment_value")
    fixed = {(pk, (name, value) if name else None) for pk, name, value in rows if pk}
    return len(fixed | {(m.pk, segment) for m in moments})
