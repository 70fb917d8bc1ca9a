#!/usr/bin/env python
"""Django's command line, with the embedded database around it where no other is named."""

import os
import sys


def main():
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selfhelp.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line

        from selfhelp.postgres import DatabaseUnavailable, local_database

        try:
            with local_database():
                execute_from_command_line(sys.argv)
        except (DatabaseUnavailable, ImproperlyConfigured) as error:
            sys.exit(f"Error: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + 2)  # as a shell counts it, and without a traceback


if __name__ == "__main__":
    main()
