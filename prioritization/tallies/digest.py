"""The worker's part: take the answers that came since the mark into cubes and blocks, each once.

Everything of a wave happens in one transaction under the lock of its digest: a worker that is killed
leaves nothing behind, and of two workers one waits and then finds nothing left to do.
"""

import logging

from django.db import connection, transaction

from prioritization.models import Block, Cube, Digest
from prioritization.tallies import cubes, marks, rows
from prioritization.tallies.blocks import Writer
from prioritization.tallies.cubes import Key
from prioritization.tallies.dimensions import Dimensions
from prioritization.tallies.layout import Layout, Sums, rules
from surveys.models import Wave

log = logging.getLogger(__name__)


def pending() -> list[int]:
    """Waves with answers that are not digested, or whose sums are no longer right. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT w.id FROM surveys_wave w LEFT JOIN prioritization_digest d ON d.wave_id = w.id
                WHERE d.erasures <> w.erasures OR substr(d.fingerprint, 1, %s) <> %s
                   OR {marks.from_another_server("d.mark")}
                   OR EXISTS (SELECT 1 FROM surveys_response r WHERE r.wave_id = w.id
                              AND {marks.not_digested("COALESCE(d.mark, 0)")})
                ORDER BY w.id""",
            [len(rules()), rules()],
        )
        return [row[0] for row in cursor.fetchall()]


def digest_pending() -> int:
    """How many answers were taken in. A wave that fails is reported and holds up no other."""
    taken = 0
    for wave_id in pending():
        try:
            taken += digest_all(wave_id)
        except Exception:
            log.exception("the answers of wave %s could not be digested", wave_id)
    return taken


def digest_all(wave_id: int) -> int:
    """Until there is nothing left, in transactions of a size that holds nobody up."""
    taken = 0
    while now := digest(wave_id):
        taken += now
        if marks.on_postgres():  # always takes all there is
            break
    return taken


def rebuild(wave_id: int) -> int:
    """Forget every sum of the wave and count its answers again."""
    with transaction.atomic():
        clear(locked(wave_id))
        taken = digest(wave_id)
    return taken + digest_all(wave_id)


@transaction.atomic
def digest(wave_id: int) -> int:
    """One transaction; how many answers it took in."""
    found = locked(wave_id)
    # Read before the rows: an erasure that comes in between is seen as one that came after.
    wave = Wave.objects.select_related("survey").get(pk=wave_id)
    layout = layout_of(wave)
    if found.mark and (found.fingerprint != layout.fingerprint or found.erasures != wave.erasures):
        clear(found)
    if marks.is_from_another_server(found.mark):
        marks.forget_stamps_of_another_server(wave_id)
        clear(found)
    new = marks.next_mark(wave_id, found.mark)
    taken = take_in(found, layout, new) if new > found.mark else 0
    if new > found.mark or found.erasures != wave.erasures or found.fingerprint != layout.fingerprint:
        found.mark, found.erasures, found.fingerprint = new, wave.erasures, layout.fingerprint
        found.save()
    return taken


def take_in(found: Digest, layout: Layout, new: int) -> int:
    dimensions = Dimensions.load(found.dimensions)
    more: dict[Key, Sums] = {}
    taken, writer = 0, None
    for batch in rows.stream(found.wave_id, layout, found.mark, new):
        answers = batch.coded(dimensions)
        cubes.add(more, cubes.fold(answers, dimensions, layout))
        writer = writer or Writer(found.wave_id, layout.moments)
        writer.append(answers)
        taken += len(batch)
        found.last_response_id = max(found.last_response_id, batch.last)
    if writer is not None:
        writer.finish()
        cubes.grow(found.wave_id, more, dimensions)
    found.n_responses += taken
    found.dimensions = dimensions.dump()
    return taken


def locked(wave_id: int) -> Digest:
    Digest.objects.get_or_create(wave_id=wave_id)
    return Digest.objects.select_for_update().get(wave_id=wave_id)


def clear(found: Digest) -> None:
    Cube.objects.filter(wave_id=found.wave_id).delete()
    Block.objects.filter(wave_id=found.wave_id).delete()
    found.mark = found.n_responses = found.last_response_id = 0
    found.dimensions, found.fingerprint = [], ""
    found.save()


def layout_of(wave: Wave) -> Layout:
    return Layout.of(wave.survey, wave.survey.items.values_list("pk", "is_requirement"))
