"""Settings of the trial, with one more page: an authenticated one that has nothing on it."""

from cyclemap.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
ALLOWED_HOSTS = ["*"]
