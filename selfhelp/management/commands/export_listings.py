"""Write groups, meetings or practitioners into a table."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from directory.exchange.formats import WRITTEN
from directory.exchange.writing import Unwritable
from selfhelp.tables import TABLES, ending_of


class Command(BaseCommand):
    help = "Write all groups, meetings or practitioners into a CSV or XLSX file, with what only curators may see."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=TABLES)
        parser.add_argument("file", type=Path, metavar="FILE", help="ends in .csv or .xlsx")

    def handle(self, *, kind, file, **options):
        file_format = WRITTEN[ending_of(file)]()
        dataset = TABLES[kind]().export()
        dataset.title = kind
        try:
            # Readable by nobody else: it holds contacts of people.
            file.touch(mode=0o600)
            file.write_bytes(file_format.export_data(dataset))
        except Unwritable as error:
            raise CommandError(error) from error
        except OSError as error:
            raise CommandError(
                _("The file cannot be written to %(path)s: %(error)s.") % {"path": file, "error": error}
            ) from error
        if options["verbosity"]:
            self.stdout.write(_("%(count)d rows.") % {"count": len(dataset)})
