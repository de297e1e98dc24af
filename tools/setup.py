#!/usr/bin/env python3
"""Set everything up on a bare machine.

Only the standard library, so that it runs before anything is installed.

    setup.py run     what serving needs: the virtual environment, the text layout library of the PDFs
    setup.py test    besides: test tools, PostgreSQL, Chromium, gettext
    setup.py bench   besides: wrk, which loads the web server, and what the matrix is measured against

Debian (and its kin) as root gets missing system packages by apt-get; elsewhere a sentence says what
to install. What is there already costs a fraction of a second.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

# What is missing -> (how to see that it is there, Debian's package, why).
RUN = {"pango": (lambda: imports("weasyprint"), "libpangoft2-1.0-0", "lays out the text of PDF reports")}
TEST = {
    "PostgreSQL": (lambda: bool(postgres()), "postgresql", "the tests run on it besides SQLite"),
    "Chromium": (lambda: bool(chromium()), "chromium", "the tests drive the pages in it"),
    "gettext": (
        lambda: bool(shutil.which("xgettext")),
        "gettext",
        "checks that the translations are complete",
    ),
}
BENCH = {"wrk": (lambda: bool(shutil.which("wrk")), "wrk", "loads the web server in benchmarks")}


def say(text: str) -> None:
    print(f"[setup] {text}", file=sys.stderr, flush=True)


def imports(module: str) -> bool:
    """Whether the module imports in our environment, remembered so that the next start need not try."""
    seen = VENV / f".imports-{module}"
    if seen.exists():
        return True
    done = subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, check=False)
    if done.returncode == 0:
        seen.touch()
    return done.returncode == 0


def postgres() -> str | None:
    """The folder of PostgreSQL's server programs, the newest there is."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True
    )
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((str(f) for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM") or next((p for p in map(shutil.which, names) if p), None)


def apt(packages: list[str]) -> bool:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    say("apt-get install " + " ".join(packages))
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=env)
    return done.returncode == 0


def fingerprint(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def stamp(requirements: Path) -> Path:
    return VENV / f".installed-{requirements.stem}"


def is_installed(requirements: Path) -> bool:
    return stamp(requirements).exists() and stamp(requirements).read_text() == fingerprint(requirements)


def ensure_python(requirements: Path) -> None:
    """The virtual environment with exactly the locked packages."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs on whatever python3 is
        sys.exit(f"Cyclemap needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if (
        not PYTHON.exists()
        or subprocess.run([PYTHON, "-m", "pip", "-V"], capture_output=True, check=False).returncode
    ):
        say("making the virtual environment")
        try:
            venv.create(VENV, with_pip=True, clear=True)
        except (subprocess.CalledProcessError, SystemExit, OSError):
            if not apt(["python3-venv"]):
                sys.exit("Python has no venv module here. Install it (Debian: apt-get install python3-venv).")
            venv.create(VENV, with_pip=True, clear=True)
    # Who has the test tools has everything that serving needs.
    everything = requirements.with_name("requirements-dev.txt")
    needs_more = requirements.stem == "requirements-bench"
    if is_installed(requirements) or (is_installed(everything) and not needs_more):
        return
    say(f"installing the packages of {requirements.name} (about half a minute)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run(
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(requirements)], check=False
    )
    if done.returncode:
        sys.exit("pip could not install the packages; its message is above. Is a package index reachable?")
    stamp(requirements).write_text(fingerprint(requirements))


def ensure_system(needs: dict) -> None:
    missing = {name: need for name, need in needs.items() if not need[0]()}
    if missing and not apt([package for _, package, _ in missing.values()]):
        lines = [
            f"  {name} ({why}); Debian's package: {package}" for name, (_, package, why) in missing.items()
        ]
        sys.exit("Missing on this system, please install:\n" + "\n".join(lines))
    still = [name for name in missing if not missing[name][0]()]
    if still:
        sys.exit(f"Still missing after installing: {', '.join(still)}")


def compile_catalogues() -> None:
    """locale/*.po -> *.mo where a catalogue is newer than what was compiled."""
    stale = [
        po
        for po in (ROOT / "locale").glob("*/LC_MESSAGES/*.po")
        if not po.with_suffix(".mo").exists() or po.with_suffix(".mo").stat().st_mtime < po.stat().st_mtime
    ]
    if stale:
        subprocess.run([PYTHON, ROOT / "tools" / "catalogues.py", "compile"], check=True)


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else "run"
    ensure_python(ROOT / ("requirements.txt" if what == "run" else "requirements-dev.txt"))
    if what == "bench":
        ensure_python(ROOT / "requirements-bench.txt")
    ensure_system({"run": RUN, "test": RUN | TEST, "bench": RUN | TEST | BENCH}[what])
    compile_catalogues()


if __name__ == "__main__":
    main()
