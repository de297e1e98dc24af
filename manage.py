#!/usr/bin/env python
"""Django's command line for Cyclemap."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cyclemap.settings")
    if sys.argv[1:2] == ["prioritize"]:
        # Reads a file and answers: no database, no visitors, so no secret to ask the environment for.
        os.environ.setdefault("CYCLEMAP_TRIAL", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
