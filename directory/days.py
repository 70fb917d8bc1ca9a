"""Days as people type them."""

from datetime import date

from django.utils.translation import gettext_lazy as _

# Further away is a slip of the finger.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
ODD_YEAR = _("Is this the right year? Give one from 1900 to 2199.")


def is_meant(day):
    """Whether a day lies in a year that somebody may mean."""
    return FIRST_DAY <= day <= LAST_DAY
