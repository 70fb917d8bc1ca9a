"""Write an empty table to fill in."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from directory.exchange.templates import template_of
from selfhelp.tables import TABLES, ending_of


class Command(BaseCommand):
    help = "Write a table to fill in, with an example; as XLSX, with a sheet that explains each column."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=TABLES)
        parser.add_argument("file", type=Path, metavar="FILE", help="ends in .csv or .xlsx")

    def handle(self, *, kind, file, **options):
        try:
            file.write_bytes(template_of(TABLES[kind], ending_of(file)))
        except OSError as error:
            raise CommandError(
                _("The file cannot be written to %(path)s: %(error)s.") % {"path": file, "error": error}
            ) from error
