"""The same customers in two waves, by the contact their links were sent to: never of an anonymous survey.

Two statements of bounded size: with more pairs than are read here, two waves compared as groups of
strangers are as sure as anybody needs.
"""

from collections.abc import Sequence

import numpy as np

from prioritization.analysis.effect import Linked
from prioritization.matrix import Segment
from prioritization.tallies.dimensions import kind_of
from surveys.models import Rating, Response, Wave

MOST_PAIRS = 5_000


def linked(
    baseline: Wave, after: Wave, moments: Sequence[int], segment: Segment | None, least: int
) -> Linked | None:
    """Satisfactions of those who answered both, of the segment both times; None: nobody can be linked,
    or fewer than may be shown, or more than are read."""
    if baseline.survey.is_anonymous or after.survey.is_anonymous:
        return None
    pairs = pairs_of(baseline, after)
    if len(pairs) > MOST_PAIRS:
        return None
    if segment is not None:
        name, value = segment
        pairs = [
            pair
            for pair in pairs
            if all(kind_of(kind or {}).get(name) == value for kind in (pair[1], pair[3]))
        ]
    if len(pairs) < least:
        return None
    place = {moment: column for column, moment in enumerate(moments)}
    row = {first: k for k, (first, *_) in enumerate(pairs)}
    later = {second: k for k, (_f, _s, second, _t) in enumerate(pairs)}
    before, then = (np.full((len(pairs), len(moments)), np.nan) for _ in range(2))
    rated = Rating.objects.filter(
        response_id__in=[*row, *later],
        item__moment_id__in=list(moments),
        item__is_requirement=False,
        satisfaction__isnull=False,
    ).values_list("response_id", "item__moment_id", "satisfaction")
    for response, moment, satisfaction in rated:
        table, k = (before, row[response]) if response in row else (then, later[response])
        table[k, place[moment]] = satisfaction
    return Linked(before, then)


def pairs_of(baseline: Wave, after: Wave) -> list[tuple[int, dict[str, str], int, dict[str, str]]]:
    """(earlier answer, its segments, later answer, its segments), one row a contact."""
    again = "invitation__contact__invitations"
    found = Response.objects.filter(
        **{"wave": baseline, f"{again}__wave": after, f"{again}__response__isnull": False}
    ).values_list("pk", "segments", f"{again}__response__pk", f"{again}__response__segments")
    return list(found.order_by("pk")[: MOST_PAIRS + 1])
