"""Remove tables that somebody sent to be imported and did not come back to."""

from django.core.management.base import BaseCommand

from directory.exchange.kept import remove_old


class Command(BaseCommand):
    help = "Remove tables that were sent for an import more than an hour ago and not imported. Run it every hour."

    def handle(self, **options):
        removed = remove_old()
        if options["verbosity"]:
            self.stdout.write(f"Removed: {removed}.")
