"""Where the importance of the moments comes from: stated by customers, or derived (S7)."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from django.utils.translation import gettext as _

from prioritization.analysis.engine import MIN_N
from prioritization.analysis.estimates import Estimates, Source, estimate
from prioritization.analysis.importance import Derived, Refused, as_estimates, derive
from prioritization.analysis.influence import covariance_of_shares
from prioritization.analysis.picks import from_ratings, in_percent
from prioritization.analysis.ratings import Bools, Floats
from prioritization.analysis.tally import Tally


def rated(e: Estimates) -> Bools:
    """(M,) moments whose satisfaction may be shown."""
    return np.asarray(~np.isnan(e.satisfaction) & (e.n_satisfaction >= MIN_N))


def derived_from(tally: Tally) -> Derived | None:
    """None when nothing can be correlated: no overall question, or no spread."""
    if tally.overall is None or tally.cross is None:
        return None
    included = rated(estimate(tally))
    return derive(tally, included) if included.sum() >= 2 else None


def refusal(tally: Tally, derived: Derived | None) -> str | None:
    """Why no ranking may be made of derived importance; None where one may."""
    if tally.overall is None:
        return str(Refused.NO_OVERALL)
    if derived is None:
        return str(Refused.TOO_FEW)
    return str(derived.refused) if derived.refused else None


def of(tally: Tally, derived: bool, answers: Callable[[], Floats] | None = None) -> Estimates:
    """The estimates by which the moments are placed; without importance where derived is refused.

    `answers` gives satisfactions one by one (see `tallies.sample`): without them it is not known how
    certain derived importance is.
    """
    e = estimate(tally)
    if not derived:
        return e
    found = derived_from(tally)
    if found is None or found.refused:
        return without_importance(e)
    if answers is None:
        return as_estimates(e, found)
    return as_estimates(e, found, covariance_of_shares(answers(), found, tally.respondents))


def picked(tally: Tally) -> Estimates:
    """Of a survey that had the most important moments picked: the share who picked each, in percent."""
    return in_percent(estimate(from_ratings(tally), Source.PICKS))


def without_importance(e: Estimates) -> Estimates:
    none: Floats = np.full(e.moments, np.nan)
    return replace(e, importance=none, n_importance=np.zeros(e.moments, np.int64))


def refused_in_words(why: str) -> str:
    return {
        Refused.NO_OVERALL: _(
            "Importance is not derived: these customers were not asked for their overall satisfaction."
        ),
        Refused.TOO_FEW: _(
            "Importance is not derived: there are too few answers. It takes 100, and ten for each moment, "
            "from people who rated both the moment and the whole."
        ),
        Refused.TOO_WEAK: _(
            "Importance is not derived: the moments explain less than a tenth of the overall satisfaction, "
            "so their shares would be chance."
        ),
    }[Refused(why)]
