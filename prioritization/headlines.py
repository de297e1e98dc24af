"""The headline metrics of a wave beside its matrix, with their intervals (S9)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from prioritization import figures
from prioritization.analysis.engine import MIN_N
from prioritization.analysis.headline import Metric, net_promoter, top_two
from prioritization.analysis.suppression import may_say_everyone
from prioritization.analysis.tally import Tally


def of(tally: Tally, least: int = MIN_N) -> dict[str, Any]:
    """NPS and CSAT, or null where it was not asked or may not be shown (S0)."""
    nps = net_promoter(tally.nps) if tally.nps else None
    csat = top_two(tally.overall) if tally.overall else None
    return {"nps": shown(nps, least), "csat": shown(csat, least)}


def shown(metric: Metric | None, least: int = MIN_N) -> dict[str, Any] | None:
    """Not of fewer than ten; and "all" or "none" of few would be a word about each of them."""
    if metric is None or metric.n < least:
        return None
    if abs(metric.value) in (0.0, 100.0) and not may_say_everyone(metric.n, least):
        return None
    return asdict(metric)


@dataclass(frozen=True)
class Headline:
    key: str
    name: str
    value: str
    low: str
    high: str
    n: int
    says: str


def as_written(metrics: Mapping[str, Any] | None) -> list[Headline]:
    found = []
    metrics = metrics or {}
    if nps := metrics.get("nps"):
        value, low, high = (figures.signed(nps[x], 0) for x in ("value", "low", "high"))
        says = _("Share who would recommend (9 or 10) less the share who would not (0 to 6).")
        found.append(Headline("nps", _("Recommendation (NPS)"), value, low, high, nps["n"], says))
    if csat := metrics.get("csat"):
        value, low, high = (figures.percent(csat[x] / 100) for x in ("value", "low", "high"))
        says = _("Share of customers who chose one of the two highest points overall.")
        found.append(Headline("csat", _("Overall satisfaction (CSAT)"), value, low, high, csat["n"], says))
    return found
