"""Delete words of searches that found nothing, once they are too old to keep, or none shall be kept."""

from django.conf import settings
from django.core.management.base import BaseCommand

from directory.models.unmatched import remove_old


class Command(BaseCommand):
    help = (
        "Delete the counts of words that found nothing, once they are older than 90 days; with KEEP_SEARCHED_WORDS=off,"
        " all of them. Run it every night."
    )

    def handle(self, **options):
        words = remove_old(all_of_them=not settings.KEEP_SEARCHED_WORDS)
        if options["verbosity"]:
            self.stdout.write(f"Removed: {words} words.")
