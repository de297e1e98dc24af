"""The effects of actions as changes on the matrix: an arrow from where each target moment stood."""

from collections.abc import Mapping
from typing import Any

from cycles.models import Cycle
from prioritization.comparison import Change, key_of
from prioritization.effects import Stage, effects_of
from prioritization.matrix import Segment
from surveys.models import Wave


def effect_changes(
    cycle: Cycle, wave: Wave, segment: Segment | None, shown: Mapping[str, Any]
) -> dict[str, Change]:
    """By key, of the moments some action aimed at and this wave measured for this group.

    The verdict is the action's. Where the importance is not one that customers state, or too few stated it
    then, the arrow is level.
    """
    now = {m["id"]: m for m in shown["moments"] if not m["suppressed"]}
    stated = shown.get("source") == "stated"
    found: dict[str, Change] = {}
    for effect in effects_of(cycle):
        if effect.stage != Stage.MEASURED or effect.after != wave or effect.target is None:
            continue
        if effect.target.segment != segment:
            continue
        for aim in effect.measured:
            moment, o = now.get(aim.moment_id), aim.outcome
            if moment is None or o is None:
                continue
            known = found.get(key := key_of(moment))
            # Two actions on one moment share its change; the surer of the two stands for it.
            if known and (known.p is None or (o.p is not None and known.p <= o.p)):
                continue
            importance = aim.importance_before if stated else None
            found[key] = Change(
                moment["importance"] if importance is None else importance,
                o.before,
                o.change,
                o.low,
                o.high,
                o.p,
                str(o.verdict),
            )
    return found
