"""Remove every fictional listing."""

from django.core.management.base import BaseCommand
from django.db import transaction

from groups.samples import remove_sample_groups
from practitioners.samples import remove_sample_practitioners


class Command(BaseCommand):
    help = "Remove all sample groups and practitioners, and nothing else."

    @transaction.atomic
    def handle(self, *args, **options):
        practitioners, groups = remove_sample_practitioners(), remove_sample_groups()
        self.stdout.write(f"Removed {groups} sample groups and {practitioners} sample practitioners.")
