"""Find listings that look like one another. Run it every night."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

import groups.duplicates
import practitioners.duplicates


class Command(BaseCommand):
    help = "Find groups, and practitioners, that look like one another, for a curator to look at."

    def handle(self, *, verbosity, **options):
        for label, room in ((_("Groups"), groups.duplicates), (_("Practitioners"), practitioners.duplicates)):
            pairs, new = room.find_all()
            if verbosity:
                self.stdout.write(
                    _("%(what)s: %(pairs)d pairs look alike, %(new)d of them new.")
                    % {"what": label, "pairs": pairs, "new": new}
                )
