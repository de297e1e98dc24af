"""Sums by month, of everybody and of each value of each segment."""

from collections.abc import Collection, Mapping

import numpy as np

from prioritization.analysis.ratings import Ints
from prioritization.models import Cube
from prioritization.tallies.answers import Answers, counted
from prioritization.tallies.dimensions import Dimensions
from prioritization.tallies.layout import Layout, Sums, packed, unpacked

Key = tuple[str, str, int]  # segment, value, month; "", "" is everybody, month 0 all months
ALL_MONTHS = 0


def month_of(year: int, month: int) -> int:
    return year * 12 + month - 1


def months(answers: Answers) -> Ints:
    since_1970 = answers.days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return since_1970 + 1970 * 12


def fold(answers: Answers, dimensions: Dimensions, layout: Layout) -> dict[Key, Sums]:
    """What these answers add to each cube."""
    found: dict[Key, Sums] = {}
    when = months(answers)
    for month in np.unique(when).tolist():
        part = answers.take(when == month)
        found["", "", month] = counted(part, layout)
        for codes, dimension in zip(part.codes, dimensions.known, strict=False):
            if dimension.cubed:
                for code, value in enumerate(dimension.values or (), 1):
                    those = codes == code
                    if those.any():
                        found[dimension.name, value, month] = counted(part.take(those), layout)
    for (name, value, _month), sums in list(found.items()):
        add(found, {(name, value, ALL_MONTHS): sums})
    return found


def add(to: dict[Key, Sums], more: Mapping[Key, Sums]) -> None:
    for key, sums in more.items():
        to[key] = to[key] + sums if key in to else sums


def stored(wave_id: int, touched: Collection[Key] | None = None) -> dict[Key, Sums]:
    cubes = Cube.objects.filter(wave_id=wave_id)
    if touched is not None:
        cubes = cubes.filter(month__in={month for _, _, month in touched})
    return {
        (cube.name, cube.value, cube.month): Sums(
            cube.n_responses, unpacked(bytes(cube.counts)), unpacked(bytes(cube.products))
        )
        for cube in cubes.iterator()
    }


def grow(wave_id: int, more: dict[Key, Sums], dimensions: Dimensions) -> None:
    """Add to the stored cubes; a segment that has become too fine for cubes loses them."""
    too_fine = [d.name for d in dimensions.known if not d.cubed]
    if too_fine:
        Cube.objects.filter(wave_id=wave_id, name__in=too_fine).delete()
    wanted = {key: sums for key, sums in more.items() if key[0] not in too_fine}
    before = stored(wave_id, wanted)
    rows = []
    for (name, value, month), sums in sorted(wanted.items()):
        now = before[name, value, month] + sums if (name, value, month) in before else sums
        rows.append(
            Cube(
                wave_id=wave_id,
                name=name,
                value=value,
                month=month,
                n_responses=now.n,
                counts=packed(now.counts),
                products=packed(now.products),
            )
        )
    Cube.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["wave", "name", "value", "month"],
        update_fields=["n_responses", "counts", "products"],
        batch_size=100,
    )
