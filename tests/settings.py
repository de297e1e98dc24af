"""Production settings with the trial's embedded defaults, for the tests."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# What a test run writes goes to a folder of its own, so that two runs never meet.
os.environ.setdefault("CYCLEMAP_TRIAL", "1")
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="cyclemap-test-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from cyclemap.settings import *  # noqa: F403
from cyclemap.settings import DATA_DIR, DATABASES

# A static file is looked for when it is asked for, instead of all of them for each test's own browser.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in real life: threads and other processes see the same database and its locks.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
