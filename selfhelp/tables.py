"""The tables that commands write and read, by their names."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from directory.exchange.formats import WRITTEN
from groups.exchange import GroupExchange, MeetingExchange
from practitioners.exchange import PractitionerExchange

TABLES = {table.kind: table for table in (GroupExchange, MeetingExchange, PractitionerExchange)}


def ending_of(path):
    """Return 'csv' or 'xlsx' for the name of a file; raise `CommandError` for another."""
    ending = path.suffix.removeprefix(".").lower()
    if ending not in WRITTEN:
        raise CommandError(_("Give the file a name that ends in .csv or .xlsx."))
    return ending
