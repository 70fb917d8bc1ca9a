"""Read groups, meetings or practitioners out of a table: all of it, or nothing."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from directory.exchange.basics import Unreadable
from directory.exchange.reading import check_size
from selfhelp.tables import TABLES


class Command(BaseCommand):
    help = "Read a CSV or XLSX file of groups, meetings or practitioners: all of it, or nothing."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=TABLES)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="show what each row would do, and change nothing")
        parser.add_argument(
            "--publish", action="store_true", help="publish what the file calls published; else it waits for a curator"
        )

    def handle(self, *, kind, file, dry_run, publish, **options):
        table = TABLES[kind]
        try:
            check_size(file.stat().st_size)
            dataset = table.read(file.read_bytes())
        except (OSError, Unreadable) as error:
            raise CommandError(error) from error
        # Each row is read, and then written.
        with tqdm(total=2 * len(dataset), unit="row", file=sys.stderr, disable=None) as bar:
            result = table(publish=publish, step=bar.update).import_data(dataset, dry_run=dry_run)
        self.tell(result, all_rows=dry_run or options["verbosity"] > 1)
        if not result.is_fine:
            raise CommandError(_("Nothing was changed. Put the rows right, and import the file once more."))

    def tell(self, result, *, all_rows):
        """Print what came of the rows."""
        for numbers, row in result.told() if all_rows else ((str(row.number), row) for row in result.refused):
            self.stdout.write(f"{numbers}. {row.name}: {row.fate}")
            for text in row.says:
                self.stdout.write(f"    {text}")
        for error in result.base_errors:
            self.stdout.write(str(error.error))
        for note in result.notes:
            self.stdout.write(note)
        self.stdout.write(result.in_short)
