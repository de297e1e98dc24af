"""The question put to a ratings file, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from prioritization.analysis.change import Change, change
from prioritization.analysis.correlation import Missing
from prioritization.analysis.crosshair import CrosshairRule
from prioritization.analysis.engine import MIN_N, Priorities, prioritize, satisfaction_only
from prioritization.analysis.estimates import Estimates, Source, estimate
from prioritization.analysis.headline import Metric, net_promoter, top_two
from prioritization.analysis.importance import Derived, as_estimates, relative_importance
from prioritization.analysis.ratings import Bools
from prioritization.analysis.regression import Method
from prioritization.analysis.resampling import bootstrap
from prioritization.analysis.suppression import reveals_the_rest
from prioritization.priority_file.notes import of_derived, of_notices
from prioritization.ratings_file import CycleFile, Question, RatingsFile, read_ratings
from prioritization.ratings_file.faults import refuse
from prioritization.ratings_file.sums import Sums

# The same file gives the same figures, drawn ones included.
SEED = 20060918
NOBODY = 10**15


@dataclass(frozen=True)
class Options:
    """`importance`: auto, stated, picks or derived; `segments`: name -> value; waves by name."""

    importance: str = "auto"
    method: str | None = None
    crosshair: CrosshairRule = "grand_mean"
    wave: str | None = None
    compare: str | None = None
    segments: Mapping[str, str] = field(default_factory=dict)
    weighted: bool = False
    min_n: int = MIN_N


@dataclass(frozen=True, eq=False)
class Answer:
    """`moments` are ids, `labels` their names; None is "not known"."""

    moments: tuple[str, ...]
    labels: tuple[str, ...]
    n_respondents: int | None
    source: Source
    estimates: Estimates
    priorities: Priorities
    derived: Derived | None
    nps: Metric | None
    csat: Metric | None
    change: Change | None
    before: Estimates | None
    wave: str | None
    compare: str | None
    notes: tuple[str, ...]


def answer(path: Path, cycle: CycleFile, options: Options, language: str) -> Answer:
    """FileFaultError: everything that is wrong with the file or cannot be asked of it."""
    question = Question(options.segments, options.weighted, grouped=options.importance == "derived")
    file = read_ratings(path, cycle, question)
    source = source_of(file, options.importance)
    if source is Source.DERIVED and not question.grouped:
        # Only the file could tell that it holds no other importance: read again, keeping what the
        # bootstrap needs.
        file = read_ratings(path, cycle, replace(question, grouped=True))
    names = cycle.labels.get(language, {})
    labels = tuple(names.get(moment, moment) for moment in file.moments)
    if file.points is not None:
        return _of_points(file, file.points, labels, options)
    return _of_waves(file, source, labels, options)


def source_of(file: RatingsFile, asked: str) -> Source:
    """The importance asked for, or the first that the file has. FileFaultError: it has none."""
    has = {
        Source.STATED: file.has_importance,
        Source.PICKS: file.has_picks,
        Source.DERIVED: file.has_overall,
    }
    if asked == "auto":
        found = next((source for source, there in has.items() if there), None)
        if found is None:
            raise refuse(
                _(
                    "no importance: expected ratings in imp:<moment>, picks in pick1..pickK, or overall "
                    "to derive it from"
                )
            )
        return found
    source = Source(asked)
    if not has[source]:
        raise refuse(
            {
                Source.STATED: _("no stated importance: expected ratings in imp:<moment>"),
                Source.PICKS: _("no picks: expected the columns pick1..pickK"),
                Source.DERIVED: _(
                    "no overall satisfaction to derive importance from: expected ratings in overall"
                ),
            }[source]
        )
    return source


def _of_points(file: RatingsFile, points: Estimates, labels: tuple[str, ...], options: Options) -> Answer:
    if options.wave is not None or options.compare is not None:
        raise refuse(_("a table of means has no waves"))
    rng = np.random.default_rng(SEED)
    found = prioritize(points, crosshair=options.crosshair, min_n=options.min_n, rng=rng)
    notes = (*file.notes, *of_notices(found.warnings, labels, options.min_n))
    return Answer(
        file.moments,
        labels,
        None,
        Source.STATED,
        points,
        found,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        notes,
    )


def _of_waves(file: RatingsFile, source: Source, labels: tuple[str, ...], options: Options) -> Answer:
    notes = list(file.notes)
    wave, compare = _waves(file, options, notes)
    sums = file.waves[wave] if wave is not None else reduce(add, file.waves.values())
    respondents = sums.tally.respondents
    if not respondents:
        raise refuse(_("no respondent is in this segment"))
    min_n = options.min_n
    if options.segments and reveals_the_rest(respondents, sums.every, min_n):
        notes.append(
            _("Nothing is shown: the segment or what it leaves out has fewer than %d respondents.") % min_n
        )
        min_n = NOBODY
    e = sums.estimates(source)
    included = (e.n_satisfaction >= min_n) & (e.n_satisfaction > 1)
    derived = _derived(sums, included, options)
    priorities, e = _priorities(source, e, sums, derived, min_n, options)
    notes += of_notices(priorities.warnings, labels, options.min_n)
    notes += of_derived(derived, labels, source, e)
    changed = before = None
    if compare is not None:
        before = estimate(file.waves[compare].tally)
        changed = change(before, estimate(sums.tally), min_n=min_n)
    nps, csat = _metrics(sums, min_n)
    return Answer(
        file.moments,
        labels,
        respondents,
        source,
        e,
        priorities,
        derived,
        nps,
        csat,
        changed,
        before,
        wave or None,
        compare,
        tuple(notes),
    )


def _derived(sums: Sums, included: Bools, options: Options) -> Derived | None:
    """None where nobody was asked for an overall rating, or too few gave it."""
    correlations = None if sums.tally.overall is None else sums.correlations(included)
    if correlations is None:
        return None
    method = None if options.method is None else Method(options.method)
    if method is Method.LMG and included.sum() > 20:
        raise refuse(_("LMG of more than 20 moments is out of reach; take relative-weights"))
    return relative_importance(correlations, method=method)


def _waves(file: RatingsFile, options: Options, notes: list[str]) -> tuple[str | None, str | None]:
    """The wave shown (None: all together) and the one it is compared with."""
    known = list(file.waves)
    for name in (options.wave, options.compare):
        if name is not None and name not in file.waves:
            raise refuse(
                _("no wave of the name %(name)s; expected one of: %(known)s")
                % {"name": name, "known": ", ".join(filter(None, known)) or "–"}
            )
    wave = options.wave
    if options.compare is not None:
        if wave is None and len(known) > 1:
            wave = [name for name in known if name != options.compare][-1]
            notes.append(_("The wave shown is %s, the last one.") % wave)
        if wave == options.compare or wave is None:
            raise refuse(_("a wave cannot be compared with itself"))
    elif wave is None and len(known) > 1:
        notes.append(
            _("The file has %(n)d waves (%(known)s), taken together; choose one with --wave.")
            % {"n": len(known), "known": ", ".join(known)}
        )
    return wave, options.compare


def _priorities(
    source: Source, e: Estimates, sums: Sums, derived: Derived | None, min_n: int, options: Options
) -> tuple[Priorities, Estimates]:
    rng = np.random.default_rng(SEED)
    if source is Source.DERIVED:
        if derived is None or derived.refused is not None:
            return satisfaction_only(e, min_n=min_n), e
        covariance = None
        if sums.grouped is not None:
            covariance = bootstrap(
                sums.grouped,
                derived.kept,
                derived.method,
                rng,
                listwise=derived.missing is Missing.LISTWISE,
                resamples=1000 if derived.kept.sum() <= 40 else 200,
            ).covariance()
        e = as_estimates(e, derived, covariance)
    return prioritize(e, crosshair=options.crosshair, min_n=min_n, rng=rng), e


def _metrics(sums: Sums, min_n: int) -> tuple[Metric | None, Metric | None]:
    """NPS and CSAT, of at least `min_n` answers."""
    tally = sums.tally
    nps = None if tally.nps is None else net_promoter(tally.nps)
    csat = None if tally.overall is None else top_two(tally.overall)
    return tuple(None if found is None or found.n < min_n else found for found in (nps, csat))  # type: ignore[return-value]
