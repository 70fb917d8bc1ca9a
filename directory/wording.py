"""Plain words about listings that more than one room says."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.choices import ConfirmedBy


def ago(moment):
    """Return how long ago something was, as people say it: 'today', '3 weeks ago', '5 months ago'."""
    days = (timezone.localdate() - timezone.localdate(moment)).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 14:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    if days < 60:
        return ngettext("%(n)d week ago", "%(n)d weeks ago", days // 7) % {"n": days // 7}
    if days < 730:
        return ngettext("%(n)d month ago", "%(n)d months ago", days // 30) % {"n": days // 30}
    return ngettext("%(n)d year ago", "%(n)d years ago", days // 365) % {"n": days // 365}


def confirmed_in_words(listing):
    """Return when and by whom a listing was last confirmed, or that nobody has."""
    if listing.confirmed_at is None:
        return _("Nobody has confirmed this yet")
    return _("Confirmed %(when)s by %(whom)s") % {
        "when": ago(listing.confirmed_at),
        "whom": listing.owner_words
        if listing.confirmed_by == ConfirmedBy.OWNER
        else listing.get_confirmed_by_display(),
    }


def counted_up_to(total, cap):
    """Return a number that is exact up to a cap, as a page shows it: '12', '1,000+'."""
    return _("%(n)s+") % {"n": f"{cap:,}"} if total > cap else str(total)
