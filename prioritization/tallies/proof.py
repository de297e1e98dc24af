"""The sums of a wave held against its rows: equal, or where they differ."""

from django.db import transaction

from prioritization.models import Block, Digest
from prioritization.tallies import cubes, rows
from prioritization.tallies.blocks import decoded
from prioritization.tallies.cubes import Key
from prioritization.tallies.digest import layout_of
from prioritization.tallies.dimensions import Dimensions
from prioritization.tallies.layout import Layout, Sums
from surveys.models import Wave


def differences(wave_id: int) -> list[str]:
    """Nothing when cubes and blocks say the same as the rows below the mark. Writes nothing.

    A wave whose answers were changed meanwhile is about to be counted again, and is not judged.
    """
    wave = Wave.objects.select_related("survey").get(pk=wave_id)
    layout = layout_of(wave)
    # The sums under the lock, the rows without: below the mark only an erasure changes them.
    with transaction.atomic():
        found = Digest.objects.select_for_update().filter(wave_id=wave_id).first()
        if found is None or found.mark == 0:
            return []
        if found.fingerprint != layout.fingerprint:
            return ["the survey is no longer the one that was counted"]
        known = Dimensions.load(found.dimensions)
        from_cubes, from_blocks = cubes.stored(wave_id), sums_of_blocks(wave_id, known, layout)
    dimensions, expected, n = Dimensions(), dict[Key, Sums](), 0
    for batch in rows.stream(wave_id, layout, 0, found.mark):
        cubes.add(expected, cubes.fold(batch.coded(dimensions), dimensions, layout))
        n += len(batch)
    if Wave.objects.get(pk=wave_id).erasures != found.erasures:
        return []
    fine = {"", *(d.name for d in known.known if d.cubed)}
    expected = {key: sums for key, sums in expected.items() if key[0] in fine}
    out = [] if found.n_responses == n else [f"{found.n_responses} answers digested, {n} in the rows"]
    out += unlike("cube", from_cubes, expected) + unlike("blocks", from_blocks, expected)
    if dimensions.sizes() != known.sizes():
        out.append("the sizes of the segments differ")
    return out


def sums_of_blocks(wave_id: int, known: Dimensions, layout: Layout) -> dict[Key, Sums]:
    found: dict[Key, Sums] = {}
    for block in Block.objects.filter(wave_id=wave_id).order_by("number").iterator(chunk_size=16):
        answers = decoded(bytes(block.planes), block.n_responses, block.first_day, layout.moments)
        cubes.add(found, cubes.fold(answers, known, layout))
    return found


def unlike(what: str, have: dict[Key, Sums], expected: dict[Key, Sums]) -> list[str]:
    return [
        f"{what} {name}={value} in month {month} differs"
        for name, value, month in sorted({*have, *expected})
        if (key := (name, value, month)) not in have
        or key not in expected
        or not have[key].equals(expected[key])
    ]
