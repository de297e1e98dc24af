"""`manage.py prioritize` started on its own: no database, no visitors, so none of their settings.

Loading the whole workbench to read one file would take longer than reading it. What the command needs
of Django is its languages, and for a chart its templates; only a PDF wants the rest.
"""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

import django
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent


def run(argv: list[str]) -> NoReturn:
    """`argv` as manage.py got it: [program, "prioritize", ...]."""
    if any(word == "--pdf" or word.startswith("--pdf=") for word in argv):
        os.environ.setdefault("CYCLEMAP_TRIAL", "1")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cyclemap.settings")
        django.setup()
    else:
        # The products of a survey's few columns are too small to be worth more than one thread.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        settings.configure(**small())
        # django.setup() would load URLs, and with them the models.
        apps.populate(settings.INSTALLED_APPS)
    from prioritization.priority_file import command_line

    parser = ArgumentParser(prog=f"{Path(argv[0]).name} prioritize", description=command_line.ABOUT)
    command_line.add_arguments(parser)
    sys.exit(command_line.run(vars(parser.parse_args(argv[2:])), sys.stdout, sys.stderr))


def small() -> dict[str, Any]:
    """The part of cyclemap.settings that reading a file needs; a test holds the two together."""
    return {
        "BASE_DIR": ROOT,
        "LANGUAGE_CODE": "es",
        "LANGUAGES": [("es", "Spanish"), ("en", "English")],
        "LOCALE_PATHS": [ROOT / "locale"],
        "USE_TZ": True,
        "LOGGING_CONFIG": None,
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [ROOT / "templates"],
                "OPTIONS": {
                    "builtins": ["django.templatetags.i18n"],
                    # What of our own the drawing needs; with all apps Django would find them by itself.
                    "libraries": {
                        "matrix": "prioritization.templatetags.matrix",
                        "stencils": "cyclemap.templatetags.stencils",
                    },
                },
            }
        ],
    }
