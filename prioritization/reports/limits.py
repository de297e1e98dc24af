"""No report may take the machine's memory: beyond a bound its own allocation fails, and with it the job.

The process that makes it goes on and takes the next one. Where a library ends the process instead, Celery
puts another in its place, and the job is taken up once more (prioritization/jobs.py).
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1024 * 1024
STATM = Path("/proc/self/statm")


def used() -> int | None:
    """Bytes of address space of this process; None where the system does not tell."""
    if not STATM.exists():
        return None
    return int(STATM.read_text().split()[0]) * resource.getpagesize()


@contextmanager
def bounded(megabytes: int) -> Iterator[None]:
    """At most so much more than the process has already; 0: no bound. MemoryError beyond."""
    now = used()
    if now is None or megabytes <= 0:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = now + megabytes * MEGABYTE
    for known in (soft, hard):
        wanted = wanted if known == resource.RLIM_INFINITY else min(wanted, known)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
