"""Remove every fictional listing."""

from django.core.management.base import BaseCommand
from django.db import transaction

from directory.history import forget_changes
from groups.models import Group, Venue
from groups.samples import remove_sample_groups
from practitioners.models import Practitioner
from practitioners.samples import remove_sample_practitioners


class Command(BaseCommand):
    help = "Remove all sample groups and practitioners, and nothing else."

    @transaction.atomic
    def handle(self, *args, **options):
        samples = [
            (model._meta.db_table, list(model.objects.filter(sample=True).values_list("pk", flat=True)))
            for model in (Group, Practitioner, Venue)
        ]
        practitioners, groups = remove_sample_practitioners(), remove_sample_groups()
        for table, ids in samples:
            forget_changes(table, ids)
        self.stdout.write(f"Removed {groups} sample groups and {practitioners} sample practitioners.")
