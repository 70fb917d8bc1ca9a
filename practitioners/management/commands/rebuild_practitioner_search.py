"""Write the practitioners' search table anew."""

from django.core.management.base import BaseCommand

from practitioners.indexing import rebuild


class Command(BaseCommand):
    help = "Write the practitioners' search table anew. Safe while the site is serving; run it every night."

    def handle(self, *args, **options):
        rows = rebuild()
        if options["verbosity"]:
            self.stdout.write(f"{rows} practitioners can be found.")
