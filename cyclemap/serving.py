"""The web server as it is started everywhere: by `make run`, the image, the browser tests, the benchmarks."""

WORKERS = 2
# Of each process. Pages wait for the database a little, and more threads only wait for each other.
THREADS = 2
# After a SIGTERM a page may be finished; a process that has missed the signal, in the middle of its own
# start, would else be waited for for ever. Below the ten seconds that containers are given.
STOP_SECONDS = 8


def web_command(port: int, *, host: str = "127.0.0.1") -> list[str]:
    """granian, without its path (docs/adr/0008)."""
    return [
        "granian",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        f"--workers={WORKERS}",
        f"--blocking-threads={THREADS}",
        "--respawn-failed-workers",
        f"--workers-kill-timeout={STOP_SECONDS}",
        "--log-level=warning",
        "cyclemap.wsgi:application",
    ]
