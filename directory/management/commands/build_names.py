"""Make the list of people's names out of the package Faker, which comes with the development requirements."""

import gzip
import importlib

from django.core.management.base import BaseCommand

from directory.names import FILE, SHORTEST
from directory.words import plain

# The languages of the people who live here, as far as Faker has their names in Latin letters.
LOCALES = (
    "cs_CZ da_DK de_DE en_GB en_IE en_IN en_KE en_NG en_NZ en_PK en_US es_ES fi_FI fr_BE fr_CA fr_FR ga_IE hu_HU it_IT"
    " lt_LT nl_NL no_NO pl_PL pt_PT ro_RO sk_SK sv_SE sw tr_TR vi_VN yo_NG zu_ZA"
)


class Command(BaseCommand):
    help = "Make directory/data/names.txt.gz anew. Needs the development requirements."

    def handle(self, **options):
        names = sorted(set().union(*map(_names_of, LOCALES.split())))
        # Without the moment in which it was made: the same names give the same bytes.
        FILE.write_bytes(gzip.compress("\n".join(names).encode(), mtime=0))
        if options["verbosity"]:
            self.stdout.write(f"{len(names)} names.")


def _names_of(locale):
    """Return each word of the given names and surnames of a locale, in plain letters."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    tables = [getattr(provider, each) for each in dir(provider) if each.startswith(("first_name", "last_name"))]
    words = {word for table in tables if not callable(table) for name in table for word in plain(name).split()}
    return {word for word in words if len(word) >= SHORTEST}
