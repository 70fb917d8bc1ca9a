"""Add the fictional groups and practitioners."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy

from directory.history import recording
from groups.rebuilding import rebuild as rebuild_groups
from groups.samples import load_sample_groups
from practitioners.samples import load_sample_practitioners


class Command(BaseCommand):
    help = "Add the fictional sample groups and practitioners. Can be run again."

    @recording(who=gettext_lazy("the site itself"), why=gettext_lazy("Samples loaded"))
    def handle(self, *args, **options):
        groups, practitioners = load_sample_groups(), load_sample_practitioners()
        rebuild_groups()
        if options["verbosity"]:
            self.stdout.write(f"Added {groups} sample groups and {practitioners} sample practitioners.")
