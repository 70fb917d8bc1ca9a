"""Write the search table anew, the best listings first."""

from django.core.management.base import BaseCommand

from groups.rebuilding import rebuild


class Command(BaseCommand):
    help = "Write the groups' search table anew. Safe while the site is serving; run it every night."

    def handle(self, *args, **options):
        rows = rebuild()
        if options["verbosity"]:
            self.stdout.write(f"{rows} groups can be found.")
