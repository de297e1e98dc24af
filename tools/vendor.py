#!/usr/bin/env python3
"""Third-party browser files, committed with their licences so that nobody needs npm to run Cyclemap.

vendor.py          check the files against vendor.lock (offline, sha256)
vendor.py --fetch  npm pack each package, verify the tarball's sha512, extract the listed files
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "vendor.lock"


def fetch(package: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{package['name']}@{package['version']}"
        packed = subprocess.run(
            ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder, wanted],
            check=True,
            capture_output=True,
            text=True,
        )
        tarball = Path(folder) / packed.stdout.split()[-1]
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
        if package.setdefault("integrity", integrity) != integrity:
            sys.exit(f"{package['name']}: the tarball does not match vendor.lock")
        target = ROOT / package["folder"]
        target.mkdir(parents=True, exist_ok=True)
        with tarfile.open(tarball) as archive:
            for source, name in package["files"].items():
                member = archive.extractfile(f"package/{source}")
                if member is None:
                    sys.exit(f"{package['name']}: no file {source}")
                (target / name).write_bytes(member.read())
                package.setdefault("sha256", {})[name] = sha256(target / name)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    packages = json.loads(LOCK.read_text())
    if "--fetch" in sys.argv:
        for package in packages:
            fetch(package)
        LOCK.write_text(json.dumps(packages, indent=1) + "\n")
    wrong = [
        name
        for package in packages
        for name, expected in package["sha256"].items()
        if sha256(ROOT / package["folder"] / name) != expected
    ]
    print("vendor:", f"changed: {', '.join(wrong)}" if wrong else "ok")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
