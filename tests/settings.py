"""Production settings with the trial's embedded defaults, for the tests."""

import os

os.environ.setdefault("CYCLEMAP_TRIAL", "1")

from cyclemap.settings import *  # noqa: F403

# The manifest needs collectstatic; pages are tested without it.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = False
