"""A list of contacts as a job: the row is the job, a Celery message only a hint (docs/adr/0003).

A short list is read and imported by the request that asks, through the same claim as a worker does it.
A list is imported batch by batch, each in a transaction with the count of what it brought: whoever takes
over after a crash brings the rest, and nothing is counted twice.
"""

import hashlib
import logging
import zlib
from collections import Counter
from datetime import timedelta
from time import monotonic
from uuid import uuid4

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Client, User
from surveys.contact_import import add_batch, usable
from surveys.contact_look import BATCH, Look, batches, look
from surveys.contact_table import Table, Told, UnreadableError, decode, is_quick, read_table
from surveys.models import ContactImport, ListState, Wave

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
ATTEMPTS = 3
TELL_SECONDS = 1.0
# Rows that a request looks through or writes while somebody waits: about two seconds.
AT_ONCE = 5_000


class LostClaimError(Exception):
    """The row was taken over after a lost lease, or is gone."""


def keep(
    client: Client, data: bytes, name: str = "", by: User | None = None, wave: Wave | None = None
) -> ContactImport:
    """Keep a list, and read it at once if it is short. UnreadableError: it is no list."""
    quick = is_quick(data)
    text = decode(data) if quick else ""
    table = read_table(text) if quick else None
    kept = ContactImport.objects.create(
        client=client,
        wave=wave,
        name=name[:200],
        fingerprint=hashlib.sha256(data).hexdigest(),
        content=packed(text) if quick else data,
        is_text=quick,
        uploaded_by=by,
    )
    if table is not None and len(table.rows) <= AT_ONCE:
        do_now(kept)
    return kept


def packed(text: str) -> bytes:
    return zlib.compress(text.encode(), 6)


def text_of(kept: ContactImport) -> str:
    return zlib.decompress(bytes(kept.content)).decode()


def is_known(kept: ContactImport) -> bool:
    """Whether the same list was imported for this client before."""
    same = ContactImport.objects.filter(client=kept.client_id, fingerprint=kept.fingerprint)
    return same.filter(state=ListState.DONE).exclude(pk=kept.pk).exists()


def choose(kept: ContactImport, mapping: list[str], wins: str) -> ContactImport:
    """Say what the columns hold and whose value stays; the list is looked through again."""
    waiting = ContactImport.objects.filter(pk=kept.pk, state=ListState.MAPPING)
    same = mapping == kept.looked.get("mapping")
    if same:
        waiting.update(wins=wins)
        return fresh(kept)
    again = {"state": ListState.READING, "attempts": 0, "progress": 0, "lease_until": None}
    if waiting.update(wins=wins, mapping=mapping, **again) and kept.looked.get("rows", 0) <= AT_ONCE:
        do_now(kept)
    return fresh(kept)


def fresh(kept: ContactImport) -> ContactImport:
    return ContactImport.objects.select_related("client", "wave").get(pk=kept.pk)


def is_ready(kept: ContactImport) -> bool:
    """Whether it was looked through, has somebody in it, and no question about it is open."""
    look = kept.looked
    return (
        kept.state == ListState.MAPPING
        and bool(look.get("valid"))
        and not (look["differing"] and not kept.wins)
    )


def begin(kept: ContactImport) -> None:
    """Import it; pressed twice is once."""
    waiting = ContactImport.objects.filter(pk=kept.pk, state=ListState.MAPPING)
    if waiting.update(state=ListState.QUEUED, attempts=0, progress=0) and kept.looked["rows"] <= AT_ONCE:
        do_now(kept)


def do_now(kept: ContactImport) -> None:
    claimed = claim(kept.pk)
    if claimed is not None:
        run(claimed)
    kept.refresh_from_db()


def due() -> QuerySet[ContactImport]:
    return ContactImport.objects.filter(
        Q(state=ListState.QUEUED)
        | Q(state=ListState.READING, lease_until=None)
        | Q(state__in=[ListState.READING, ListState.RUNNING], lease_until__lt=Now())
    ).order_by("pk")


def claim(pk: int | None = None) -> ContactImport | None:
    """The oldest due list, or the one asked for, now ours; None when there is nothing to do."""
    rows = due() if pk is None else due().filter(pk=pk)
    for key, attempts in rows.values_list("pk", "attempts")[:20]:
        # `attempts` rises with every claim: whoever comes second updates no row.
        unchanged = due().filter(pk=key, attempts=attempts)
        if attempts >= ATTEMPTS:
            refuse(unchanged, [_("The work on this list was cut off several times. Give it once more.")])
            continue
        state = Case(When(state=ListState.QUEUED, then=Value(ListState.RUNNING)), default=F("state"))
        if unchanged.update(state=state, claim=uuid4(), lease_until=Now() + LEASE, attempts=attempts + 1):
            return ContactImport.objects.select_related("client", "wave__survey", "uploaded_by").get(pk=key)
    return None


def run(kept: ContactImport) -> None:
    """Read or import a claimed list. What goes wrong ends as a state with a sentence."""
    ours = ContactImport.objects.filter(pk=kept.pk, claim=kept.claim, state=kept.state)
    language = kept.uploaded_by.language if kept.uploaded_by else ""
    with translation.override(language or translation.get_language() or "en"):
        try:
            (_read if kept.state == ListState.READING else _import)(kept, ours)
        except LostClaimError:
            log.info("list %s stopped: taken over or gone", kept.pk)
        except UnreadableError as error:
            refuse(ours, [str(error)])
        except Exception:
            log.exception("list %s failed", kept.pk)
            refuse(ours, [_("This list could not be worked on. Give it once more.")])


def refuse(ours: QuerySet[ContactImport], faults: list[str]) -> None:
    ours.update(
        state=ListState.REFUSED, faults=faults, content=b"", looked={}, lease_until=None, finished_at=Now()
    )


def _teller(ours: QuerySet[ContactImport]) -> Told:
    """Writes down how far the work is, and that it goes on, now and then."""
    last = monotonic()

    def told(rows: int) -> None:
        nonlocal last
        if monotonic() - last >= TELL_SECONDS:
            last = monotonic()
            _hold(ours, progress=rows, lease_until=Now() + LEASE)

    return told


def _hold(ours: QuerySet[ContactImport], **values: object) -> None:
    if not ours.update(**values):
        raise LostClaimError


def _read(kept: ContactImport, ours: QuerySet[ContactImport]) -> None:
    told = _teller(ours)
    text = text_of(kept) if kept.is_text else decode(bytes(kept.content), told)
    found = look(kept.client, read_table(text), kept.mapping, told)
    _hold(
        ours,
        state=ListState.MAPPING,
        content=bytes(kept.content) if kept.is_text else packed(text),
        is_text=True,
        mapping=found.mapping,
        looked=found.as_json(),
        progress=0,
        attempts=0,
        lease_until=None,
    )


def _import(kept: ContactImport, ours: QuerySet[ContactImport]) -> None:
    table = read_table(text_of(kept))
    recipients = usable(kept.client, table, kept.mapping)
    # From the first again after a crash: what is written already changes nothing and is not counted twice.
    counts = Counter(kept.summary)
    for number, batch in enumerate(batches(recipients), 1):
        with transaction.atomic():
            counts.update(add_batch(kept.client, batch, kept.wins, kept.wave))
            end = min(number * BATCH, len(recipients))
            _hold(ours, progress=end, summary=dict(counts), lease_until=Now() + LEASE)
    _hold(ours, **_finished(kept, table, counts, len(recipients)))


def _finished(kept: ContactImport, table: Table, counts: Counter[str], used: int) -> dict[str, object]:
    """Figures only: from here the list holds nobody's name or address."""
    shown = Look.from_json(kept.looked)
    return {
        "state": ListState.DONE,
        "summary": {
            "added": counts["added"],
            "changed": counts["changed"],
            "rows": len(table.rows),
            "used": used,
            "repeated": shown.repeated,
            "barred": shown.barred,
            "unusable": shown.unusable,
        },
        "content": b"",
        "looked": {},
        "faults": [],
        "lease_until": None,
        "finished_at": Now(),
    }


def import_next() -> bool:
    """Read or import one list; False when none is due."""
    kept = claim()
    if kept is None:
        return False
    run(kept)
    return True
