"""Set the next date of each meeting whose last one has passed."""

import sys

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext
from tqdm import tqdm

from groups.dates import passed, refresh
from groups.models import Meeting


class Command(BaseCommand):
    help = (
        "Set the next date of meetings where it has passed. Safe while the site is serving, and quick: run it every "
        "hour, and with --all after an update of the bank holidays."
    )

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", dest="everything", help="look at every meeting")
        parser.add_argument("--quiet", action="store_true", help="say nothing, and show no progress")

    def handle(self, *, everything, quiet, **options):
        ids = Meeting.objects.order_by("pk").values_list("pk", flat=True) if everything else passed()
        changed = refresh(ids, progress=iter if quiet else progress)
        if not quiet and options["verbosity"]:
            self.stdout.write(
                ngettext("%(n)d meeting has another next date.", "%(n)d meetings have another next date.", changed)
                % {"n": changed}
            )


def progress(parts):
    """Show a bar while the dates are set, where a person looks on."""
    return tqdm(parts, unit="part", file=sys.stderr, disable=None)
