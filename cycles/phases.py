"""Before, during or after the transaction: which phase a stage without one most likely belongs to."""

from collections import Counter
from collections.abc import Mapping

from cycles.choices import Kind, Phase
from cycles.models import Cycle, Stage
from cycles.outline import Outline, Part

ORDER = list(Phase.values)
OF_KIND: dict[str, Phase] = {
    Kind.NEED: Phase.BEFORE,
    Kind.RESEARCH: Phase.BEFORE,
    Kind.CHOICE: Phase.BEFORE,
    Kind.PURCHASE: Phase.DURING,
    Kind.AFTER_PURCHASE: Phase.AFTER,
    Kind.REACTION: Phase.AFTER,
}


def suggested(outline: Outline) -> dict[int, str]:
    """By stage, for those that have moments and no phase: by the types of their moments, else by their
    place on the cycle; never earlier than a stage before them, nor later than one after them."""
    parts = [part for part in outline.parts if part.entries]
    found: dict[int, str] = {}
    for at, part in enumerate(parts):
        if part.stage.phase:
            continue
        guess = of_moments(part)
        if guess is None:
            guess = min(2, 3 * at // len(parts))
        earliest = max((ORDER.index(p) for p in known(parts[:at], found)), default=0)
        latest = min((ORDER.index(p) for p in known(parts[at + 1 :], {})), default=2)
        found[part.stage.pk] = ORDER[max(earliest, min(guess, latest))]
    return found


def of_moments(part: Part) -> int | None:
    """What most of its moments are; of two equally many the earlier."""
    votes = Counter(OF_KIND[kind] for e in part.entries if (kind := e.moment.kind) in OF_KIND)
    if not votes:
        return None
    return min(map(ORDER.index, votes), key=lambda place: (-votes[Phase(ORDER[place])], place))


def known(parts: list[Part], found: Mapping[int, str]) -> list[str]:
    return [phase for part in parts if (phase := part.stage.phase or found.get(part.stage.pk))]


def tag(cycle: Cycle, phases: Mapping[int, str]) -> int:
    """Give stages their phase; answers how many changed."""
    changed = 0
    for stage in Stage.objects.filter(cycle=cycle, pk__in=phases):
        if stage.phase != phases[stage.pk]:
            stage.phase = phases[stage.pk]
            stage.save(update_fields=["phase"])
            changed += 1
    if changed:
        cycle.touch()
    return changed
