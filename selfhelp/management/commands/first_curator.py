"""Print a fresh address of the page for the first curator."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from selfhelp.first_curator import first_curator_path, is_wanted

# Where `make run` serves.
HERE, DEFAULT_PORT = {"127.0.0.1", "localhost"}, 8000


class Command(BaseCommand):
    help = "Print an address, good for a day, at which the first curator makes an account."

    def add_arguments(self, parser):
        parser.add_argument("--host", help="the site's host name, with the port where it has one")

    def handle(self, *args, **options):
        if not is_wanted():
            raise CommandError("There is a curator already, who can add more under Users in the admin.")
        host = options["host"] or settings.ALLOWED_HOSTS[0]
        if not options["host"] and host in HERE:
            host = f"{host}:{os.environ.get('PORT', DEFAULT_PORT)}"
        self.stdout.write(f"{'https' if settings.HTTPS else 'http'}://{host.rstrip('/')}{first_curator_path()}")
