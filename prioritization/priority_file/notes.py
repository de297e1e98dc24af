"""What the reader of the figures must be told, in sentences."""

from collections.abc import Iterable, Sequence

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization import figures
from prioritization.analysis.correlation import Missing
from prioritization.analysis.engine import Notice
from prioritization.analysis.estimates import Estimates, Source
from prioritization.analysis.importance import Derived, Refused
from prioritization.analysis.regression import LMG_UP_TO, Method


def of_notices(notices: Iterable[Notice], labels: Sequence[str], min_n: int) -> list[str]:
    """One sentence a kind of notice, with the moments it is about."""
    by_code: dict[str, list[Notice]] = {}
    for notice in notices:
        by_code.setdefault(notice.code, []).append(notice)
    out = []
    for code, found in by_code.items():
        moments = ", ".join(labels[notice.moment] for notice in found if notice.moment is not None)
        if code == "suppressed":
            text = ngettext(
                "Not shown, fewer than %(n)d answer: %(moments)s.",
                "Not shown, fewer than %(n)d answers: %(moments)s.",
                min_n,
            )
        elif code == "indicative":
            text = _("Indicative only, 10 to 29 answers: %(moments)s.")
        elif code == "many_not_answered":
            text = _("More than a fifth saw the question and did not answer: %(moments)s.")
        elif code == "all_suppressed":
            text = _("No moment has enough answers to be shown.")
        elif code == "independent":
            text = _("The certainty takes the moments as independent of each other.")
        else:
            text = _("The two scales differ; gaps are in percent of what is possible.")
        out.append(text % {"n": min_n, "moments": moments})
    return out


def of_derived(derived: Derived | None, labels: Sequence[str], source: Source, e: Estimates) -> list[str]:
    """How importance was derived, or why not; only where it is the importance shown."""
    if source is not Source.DERIVED:
        return []
    if derived is None:
        return [_("Importance cannot be derived: too few respondents answered overall and the moments.")]
    if derived.refused is Refused.TOO_FEW:
        return [
            _(
                "Importance is not derived: answers to overall: %(n)d; at least 100 and ten for each "
                "moment are needed."
            )
            % {"n": derived.n}
        ]
    if derived.refused is not None:
        return [
            _("Importance is not derived: the moments explain only %s of the overall satisfaction.")
            % figures.percent(derived.r2)
        ]
    out = [
        _(
            "Importance is derived from the overall satisfaction (%(method)s, R² %(r2)s): association, "
            "not effect."
        )
        % {"method": method_name(derived.method), "r2": figures.decimal(derived.r2, 2)}
    ]
    if derived.missing is not Missing.LISTWISE:
        out.append(
            _("Each correlation is over those who gave both ratings, at least %d.") % derived.n_min_pair
        )
    if derived.delta > 0:
        out.append(
            _("The correlations contradicted each other and were shrunk by %s.")
            % figures.decimal(derived.delta, 4)
        )
    if derived.method is Method.RELATIVE_WEIGHTS and derived.kept.sum() > LMG_UP_TO:
        out.append(_("Relative weights stand in for LMG, which is out of reach for so many moments."))
    left_out = [labels[m] for m in np.flatnonzero(~derived.kept & (e.n_satisfaction > 0)).tolist()]
    if left_out:
        out.append(_("Without derived importance: %s.") % ", ".join(left_out))
    return out


def method_name(method: Method) -> str:
    return {Method.LMG: "LMG", Method.RELATIVE_WEIGHTS: _("relative weights"), Method.PEARSON: "Pearson"}[
        method
    ]
