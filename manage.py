#!/usr/bin/env python
"""Django's command line for Cyclemap."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["prioritize"]:
        # Reads a file and answers: no database, no visitors, so no settings to ask the environment for.
        from prioritization.priority_file.start import run

        run(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cyclemap.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
